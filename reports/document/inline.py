"""Running text as data: words, formulas and references in a row."""

from __future__ import annotations

from dataclasses import dataclass

from reports.formula.tree import Formula


@dataclass(frozen=True)
class Ref:
    """A reference to a labelled block, printed as "Equation 3"."""

    label: str


@dataclass(frozen=True)
class Code:
    """A piece of code in running text."""

    text: str


@dataclass(frozen=True)
class Strong:
    """Emphasised words."""

    text: str


@dataclass(frozen=True)
class Cite:
    """A citation of an entry of the reference list, printed as "[2]"."""

    key: str


@dataclass(frozen=True)
class Link:
    """Words that lead to an address."""

    text: str
    url: str


Part = str | Formula | Ref | Code | Strong | Cite | Link
Inline = tuple[Part, ...]
InlineLike = Part | Inline


def as_inline(value: InlineLike) -> Inline:
    """Anything that may stand in running text, as a tuple of parts."""
    return value if isinstance(value, tuple) else (value,)
