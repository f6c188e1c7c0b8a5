"""Calling somebody's function: with copies, and with its output and its errors kept apart from ours."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten
from traceback import extract_tb
from types import TracebackType
from typing import Any

import numpy as np

from derive.errors import InputError
from verify.gradcheck.convention import Arguments
from verify.gradcheck.result import Fault

_LONGEST = 300
Backward = Callable[[Any, Any, Any], Any]


class UserCodeError(InputError):
    """Somebody's code raised, or left the program.  ``__cause__`` is what it raised."""


@dataclass(frozen=True)
class Answer:
    """What one call gave, and what it did besides."""

    value: Any
    faults: tuple[Fault, ...] = ()


@contextmanager
def someone_elses(file: str, doing: str) -> Iterator[None]:
    """Their code runs here: what it prints goes to stderr, and what it raises becomes one line that says where.

    KeyboardInterrupt passes; SystemExit does not, since it would end this program in their name.
    """
    try:
        with redirect_stdout(sys.stderr):
            yield
    except KeyboardInterrupt:
        raise
    except BaseException as raised:
        error = raised.with_traceback(_without_us(raised.__traceback__))
        raise UserCodeError(f"{_said(error)}, {doing}", place_of(error, file)) from error


def _said(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return f"the code leaves the program by sys.exit({'' if error.code is None else repr(error.code)})"
    said = shorten(str(error), _LONGEST)
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def place_of(error: BaseException, file: str) -> str:
    """``student.py:12``: the innermost line of their file that was running; of any file, if none of theirs was."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{Path(error.filename).name}:{error.lineno}"
    frames = list(extract_tb(error.__traceback__))
    own = [frame for frame in frames if frame.filename == file] or frames
    return f"{Path(own[-1].filename).name}:{own[-1].lineno}" if own else Path(file).name


def _without_us(traceback: TracebackType | None) -> TracebackType | None:
    """From the first frame that is not in this file on."""
    while traceback is not None and traceback.tb_frame.f_code.co_filename == __file__:
        traceback = traceback.tb_next
    return traceback


def source_of(function: Backward) -> str:
    """The file that a function was written in; empty for one that has none."""
    code = getattr(getattr(function, "__wrapped__", function), "__code__", None)
    return str(code.co_filename) if code is not None else ""


def call(function: Backward, given: Arguments) -> Answer:
    """Call with copies, and notice what the function changes in them.  Raises UserCodeError for what it raises."""
    own = given.copy()
    watched = own.arrays
    with someone_elses(source_of(function), f"in your function {getattr(function, '__name__', '')}".rstrip()):
        value = function(own.parameters, own.inputs, own.targets)
    changed = [name for name, array in given.arrays.items() if not np.array_equal(watched[name], array)]
    if not changed:
        return Answer(value)
    text = f"your function changes {', '.join(changed)} in place: the next step of a training would use the changed one"
    return Answer(value, (Fault("changed_arguments", text, mend="work on a copy"),))
