"""Who is there, and who is absent because a library is not installed: nobody is left out in silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import ModuleType


@dataclass(frozen=True)
class Competitor:
    """A module of ``benchmarks.competitors.<kind>``, which says its ``TITLE``, its ``PLACE`` in the table and, where it
    needs one, the ``LIBRARY`` that it imports late."""

    module: ModuleType

    @property
    def title(self) -> str:
        return str(self.module.TITLE)

    @property
    def absent(self) -> str:
        """The library that is not installed; empty where nothing is missing."""
        library = getattr(self.module, "LIBRARY", "")
        return library if library and find_spec(library) is None else ""


def competitors(kind: str) -> tuple[Competitor, ...]:
    """All of a kind, in the order of their places."""
    return tuple(sorted(_found(kind), key=lambda own: own.module.PLACE))


def _found(kind: str) -> Iterator[Competitor]:
    package = import_module(f"benchmarks.competitors.{kind}")
    for own in iter_modules(package.__path__):
        if not own.name.startswith("_"):
            yield Competitor(import_module(f"{package.__name__}.{own.name}"))
