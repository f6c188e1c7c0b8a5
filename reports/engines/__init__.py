"""PDF engines: a module `*_engine.py` here with `ENGINE`, `TITLE`, `available()` and `compile(document)`."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Protocol, cast

from reports.document.blocks import Document

PREFERENCE = ("latex", "typst")


class Engine(Protocol):
    """What an engine module offers."""

    ENGINE: str
    TITLE: str

    def available(self) -> str | None:
        """What was found (a path, a version), or None if the engine cannot run here."""

    def compile(self, document: Document) -> bytes:
        """The document as PDF; the same document gives the same bytes."""


def engines() -> dict[str, Engine]:
    """All engines by name, preferred ones first."""
    names = (info.name for info in pkgutil.iter_modules(__path__) if info.name.endswith("_engine"))
    found = {e.ENGINE: e for e in (cast(Engine, import_module(f"{__name__}.{name}")) for name in names)}
    return {name: found[name] for name in sorted(found, key=_rank)}


def _rank(name: str) -> tuple[int, str]:
    return (PREFERENCE.index(name) if name in PREFERENCE else len(PREFERENCE), name)


def choose(name: str | None = None) -> Engine:
    """The engine of that name, or the first that can run: TeX if it is on the machine, else Typst."""
    from reports.engines.errors import EngineError

    known = engines()
    if name is not None and name not in known:
        raise EngineError(f"unknown engine {name!r}; there are {', '.join(known)}")
    for engine in [known[name]] if name is not None else known.values():
        if engine.available():
            return engine
    raise EngineError(f"{name or 'no PDF engine'} is not on this machine; `pip install typst` adds one")
