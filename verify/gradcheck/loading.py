"""Finding somebody's function: ``path/to/file.py:function``.  The file is run, as ``import`` would."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from derive.errors import InputError
from verify.gradcheck.calling import Backward, someone_elses

USUAL = "backward"
"""The function that is meant where none is named."""
_MODULE = "checked_by_gradcheck"


def load(word: str) -> Backward:
    """The function that a word names.  Raises InputError if there is none, UserCodeError for what the file raises."""
    path, name = split(word)
    if not path.is_file():
        mend = "a word is path/to/file.py:function"
        raise InputError("is a folder" if path.is_dir() else "there is no such file", str(path), mend)
    return _callable(_module(path), name, path)


def split(word: str) -> tuple[Path, str]:
    """The file and the function; a colon may be part of the file's name."""
    file, colon, name = word.rpartition(":")
    if colon and name.isidentifier() and not Path(word).is_file():
        return Path(file), name
    return Path(word), USUAL


def _module(path: Path) -> ModuleType:
    """Run the file, with its folder importable as if it were started from there, and leave no compiled file behind."""
    file = str(path.resolve())
    spec = spec_from_file_location(_MODULE, file)
    if spec is None or spec.loader is None:
        raise InputError("is not a Python file: its name does not end in .py", str(path))
    module = module_from_spec(spec)
    sys.modules[_MODULE] = module
    with _from_its_folder(path), someone_elses(file, "while the file was imported"):
        spec.loader.exec_module(module)
    return module


@contextmanager
def _from_its_folder(path: Path) -> Iterator[None]:
    """The folder stays importable: the function may import more when it is called."""
    sys.path.insert(0, str(path.resolve().parent))
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def _callable(module: ModuleType, name: str, path: Path) -> Backward:
    found = getattr(module, name, None)
    if found is None:
        own = [n for n, f in vars(module).items() if inspect.isfunction(f) and f.__module__ == _MODULE]
        mend = f"it has: {', '.join(own)}" if own else "it defines no function"
        raise InputError(f"there is no function '{name}'", str(path), mend)
    if not callable(found):
        raise InputError(f"'{name}' is no function, but of type {type(found).__name__}", str(path))
    _takes_three(found, name, path)
    return found


def _takes_three(function: Backward, name: str, path: Path) -> None:
    """Whether it can be called as it will be."""
    try:
        inspect.signature(function).bind(None, None, None)
    except TypeError as error:
        mend = f"def {name}(parameters, inputs, targets)"
        raise InputError(f"'{name}' cannot be called with three arguments: {error}", str(path), mend) from None
    except ValueError:
        return  # it has no signature to look at
