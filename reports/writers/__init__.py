"""Writers turn a document into one text format each.

A writer is a module `*_writer.py` in this folder with `FORMAT`, `SUFFIX`, `TITLE` and
`render(document, *, width=None, stem="report") -> Rendered`. Putting the file here registers it.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Protocol, cast

from reports.document.blocks import Document
from reports.writers.rendered import Rendered


class Writer(Protocol):
    """What a writer module offers."""

    FORMAT: str
    SUFFIX: str
    TITLE: str

    def render(self, document: Document, *, width: int | None = None, stem: str = "report") -> Rendered:
        """The document in this format; extra files are named after `stem`."""


def writers() -> dict[str, Writer]:
    """All writers by format name. Writer modules import heavy libraries only while rendering."""
    found = [cast(Writer, import_module(f"{__name__}.{name}")) for name in _module_names()]
    return {writer.FORMAT: writer for writer in found}


def _module_names() -> list[str]:
    return sorted(info.name for info in pkgutil.iter_modules(__path__) if info.name.endswith("_writer"))


def writer(format_name: str) -> Writer:
    """The writer of a format; the error of an unknown one lists those there are."""
    known = writers()
    if format_name not in known:
        raise ValueError(f"unknown format {format_name!r}; there are {', '.join(sorted(known))}")
    return known[format_name]
