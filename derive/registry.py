"""What is there, by file: dropping a module into a folder registers it; nothing else is touched.

Names are listed without importing the modules, so that the command line can complain about an unknown cell before it
pays for SymPy.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

from derive.errors import InputError


def names(package: str) -> tuple[str, ...]:
    """The modules of a package, sorted, not imported."""
    folder = importlib.import_module(package).__path__
    return tuple(sorted(info.name for info in pkgutil.iter_modules(folder) if not info.name.startswith("_")))


def load(package: str, name: str, what: str) -> ModuleType:
    """Import one of them.  Raises InputError, naming the choices, when there is none of that name."""
    known = names(package)
    if name not in known:
        raise InputError(f"there is no {what} '{name}'", mend=f"choose one of: {', '.join(known)}")
    return importlib.import_module(f"{package}.{name}")
