"""What the grammar finds, before it is known what reaches over what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from verify.check.reading.tokens import Mark


class UnreadableError(Exception):
    """Something in a formula that has no reading.  ``start`` and ``end`` are offsets into the source."""

    def __init__(self, reason: str, start: int, end: int) -> None:
        super().__init__(reason)
        self.reason, self.start, self.end = reason, start, end


@dataclass(frozen=True, slots=True)
class Expression:
    """Terms, each with its sign (None for no sign) and its pieces in a row."""

    terms: tuple[tuple[Mark | None, tuple[Piece, ...]], ...]
    start: int
    end: int

    def single(self) -> tuple[Piece, ...]:
        """The pieces of a term that is alone and without a sign, else nothing."""
        return self.terms[0][1] if len(self.terms) == 1 and self.terms[0][0] is None else ()


@dataclass(frozen=True, slots=True)
class Part:
    """An expression, or several with relations between them; primes alone, or a sign alone, have none."""

    expressions: tuple[Expression, ...]
    relations: tuple[Mark, ...] = ()
    primes: int = 0
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """What is written in braces or brackets, between commas."""

    parts: tuple[Part, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hanging:
    """What hangs on a piece: a subscript, a superscript, a prime, a place of evaluation."""

    kind: Literal["SUB", "SUP", "PRIME", "AT"]
    script: Script | None
    start: int
    end: int


Kind = Literal["bracket", "group", "bars", "evaluation", "fraction", "root", "accent", "grid"]


@dataclass(frozen=True, slots=True)
class Compound:
    """A symbol with something inside: ``scripts`` for arguments, ``rows`` for a matrix; ``opening`` its first token."""

    kind: Kind
    opening: Mark
    scripts: tuple[Script, ...]
    end: int
    rows: tuple[tuple[Expression | None, ...], ...] = ()

    @property
    def start(self) -> int:
        return self.opening.start

    @property
    def type(self) -> str:
        """In place of a token's."""
        return self.kind

    def inside(self, place: int = 0) -> Expression:
        """The one expression in an argument.  Raises UnreadableError when there are several."""
        return only(self.scripts[place])


@dataclass(frozen=True, slots=True)
class Piece:
    symbol: Mark | Compound
    hanging: tuple[Hanging, ...]
    start: int
    end: int

    def is_bare(self, kind: str, text: str | None = None) -> bool:
        """Whether it is a token of this kind with nothing hanging on it."""
        return self.symbol.type == kind and not self.hanging and (text is None or str(self.symbol) == text)

    def scripts(self, kind: str) -> Iterator[Script]:
        for hanging in self.hanging:
            if hanging.kind == kind and hanging.script is not None:
                yield hanging.script


def only(script: Script) -> Expression:
    """The expression of a script that has one.  Raises UnreadableError."""
    part = script.parts[0]
    if len(script.parts) != 1 or len(part.expressions) != 1:
        raise UnreadableError("one expression is expected here", script.start, script.end)
    return part.expressions[0]
