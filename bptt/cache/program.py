"""Which program would answer: our own sources, byte by byte, and the libraries that it would import."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec

from bptt.cache.digests import UnpinnedError, digests, files_below

PACKAGES = ("bptt", "derive", "reports", "verify")
LIBRARIES = (
    "autograd", "flint", "jax", "lark", "matplotlib", "mpmath", "numpy", "rich", "safetensors", "scipy", "sympy",
    "threadpoolctl", "torch", "typst",
)  # fmt: skip
"""What our modules import besides Python's own library, where the answer could depend on it."""
_METADATA = (".dist-info", ".egg-info", ".egg-link", ".pth")


def sources() -> tuple[str, str]:
    """The hash of everything in our packages, and its mark.  Raises UnpinnedError where they are not plain files."""
    try:
        folders = [folder for package in PACKAGES for folder in import_module(package).__path__]
        return digests([path for folder in folders for path in files_below(folder)])
    except OSError as error:
        raise UnpinnedError("the sources") from error


def libraries() -> dict[str, object]:
    """What is installed, with versions, and which file each library would be imported from.  Imports none of them.

    The folder ``numpy-2.4.0.dist-info`` says the version, and its time when that was installed.
    """
    return {
        "path": sys.path,
        "installed": [entry for folder in dict.fromkeys(sys.path) for entry in _installed(folder)],
        "found": {name: _origin(name) for name in LIBRARIES},
    }


def _installed(folder: str) -> list[tuple[str, str, int]]:
    try:
        with os.scandir(folder or ".") as entries:
            found = [(folder, e.name, e.stat().st_mtime_ns) for e in entries if e.name.endswith(_METADATA)]
    except OSError:  # an archive, or nothing
        return []
    return sorted(found)


def _origin(name: str) -> tuple[str, int, int] | None:
    """The file of a library, its size and its time; None for one that is not there."""
    try:
        spec = find_spec(name)
        if spec is None or not spec.origin:
            return None
        status = os.stat(spec.origin)
    except (ImportError, ValueError, OSError):
        return None
    return spec.origin, status.st_size, status.st_mtime_ns
