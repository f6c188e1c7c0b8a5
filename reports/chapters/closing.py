"""References and what reproduces the report."""

from __future__ import annotations

import platform
from importlib.metadata import version

from reports.document.blocks import Block, Heading, Reference, References
from reports.document.inline import Code, Inline
from reports.material import Material

_VERSIONS = ("bptt", "sympy", "numpy", "autograd", "typst")


def blocks(material: Material) -> list[Block]:
    entries = tuple(Reference(r.key, r.authors, r.year, r.title, r.where, r.url) for r in material.references)
    return [Heading(1, "References"), References(entries)]


def colophon(command: str, seed: int) -> Inline:
    """The command, the seed and the versions: the same command gives the same bytes."""
    known = ", ".join(f"{name} {_version(name)}" for name in _VERSIONS)
    python = ".".join(platform.python_version_tuple()[:2])
    return ("Made by ", Code(command), f" with seed {seed}; {known}, Python {python}.")


def _version(name: str) -> str:
    try:
        return version(name)
    except ModuleNotFoundError:
        return "(not installed)"
