"""From tokens to pieces, by Lark's LALR parser, which neither recurses nor backtracks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer

from verify.check.reading.pieces import (
    Compound,
    Expression,
    Hanging,
    Kind,
    Part,
    Piece,
    Script,
    UnreadableError,
)
from verify.check.reading.tokens import Mark


class _Given(Lexer):
    """A lexer for what has been lexed."""

    def __init__(self, conf: Any) -> None:
        pass

    def lex(self, data: Any, parser_state: Any = None) -> Iterator[Token]:
        yield from data


class _Pieces(Transformer[Token, Any]):
    """One small rule for each of the grammar's."""

    def start(self, found: list[Any]) -> Expression:
        return found[0]

    def expression(self, found: list[Any]) -> Expression:
        terms: list[tuple[Mark | None, tuple[Piece, ...]]] = []
        sign: Mark | None = None
        for item in found:
            if isinstance(item, Mark):
                sign = item
            else:
                terms.append((sign, item))
                sign = None
        start = found[0].start if isinstance(found[0], Mark) else found[0][0].start
        return Expression(tuple(terms), start, found[-1][-1].end)

    def product(self, found: list[Piece]) -> tuple[Piece, ...]:
        return tuple(found)

    def piece(self, found: list[Any]) -> Piece:
        return Piece(found[0], tuple(found[1:]), found[0].start, found[-1].end)

    def mark(self, found: list[Any]) -> Hanging:
        first = found[0]
        script = found[-1] if isinstance(found[-1], Script) else None
        kind = _HANGING[first.type]
        return Hanging(kind, script, first.start, found[-1].end)

    def argument(self, found: list[Any]) -> Script:
        if len(found) == 3:
            return Script(found[1].parts, found[0].start, found[2].end)
        mark = found[0]
        if mark.type in ("PRIME", "SIGN"):
            return Script((self.part(found),), mark.start, mark.end)
        piece = Piece(mark, (), mark.start, mark.end)
        return Script((Part((Expression(((None, (piece,)),), mark.start, mark.end),)),), mark.start, mark.end)

    def script(self, found: list[Any]) -> Script:
        parts = tuple(part for part in found if isinstance(part, Part))
        inside = [expression for part in parts for expression in part.expressions]
        return Script(parts, inside[0].start if inside else 0, inside[-1].end if inside else 0)

    def part(self, found: list[Any]) -> Part:
        if isinstance(found[0], Mark) and found[0].type == "SIGN":
            return Part((), (), sign=str(found[0]))
        if isinstance(found[0], Mark):
            return Part((), (), len(found))
        return Part(tuple(found[::2]), tuple(found[1::2]))

    def row(self, found: list[Any]) -> tuple[Expression | None, ...]:
        cells: list[Expression | None] = [None]
        for item in found:
            if isinstance(item, Expression):
                cells[-1] = item
            else:
                cells.append(None)
        return tuple(cells)

    def grid(self, found: list[Any]) -> Compound:
        return Compound("grid", found[0], (), found[-1].end, tuple(row for row in found if not isinstance(row, Mark)))

    def bracket(self, found: list[Any]) -> Compound:
        return self._compound("bracket", found)

    def group(self, found: list[Any]) -> Compound:
        return self._compound("group", found)

    def bars(self, found: list[Any]) -> Compound:
        return self._compound("bars", found)

    def evaluation(self, found: list[Any]) -> Compound:
        return self._compound("evaluation", found)

    def fraction(self, found: list[Any]) -> Compound:
        return self._compound("fraction", found)

    def root(self, found: list[Any]) -> Compound:
        return self._compound("root", found)

    def accent(self, found: list[Any]) -> Compound:
        return self._compound("accent", found)

    @staticmethod
    def _compound(kind: Kind, found: list[Any]) -> Compound:
        scripts = tuple(
            Script((Part((item,)),), item.start, item.end) if isinstance(item, Expression) else item
            for item in found
            if not isinstance(item, Mark)
        )
        return Compound(kind, found[0], scripts, found[-1].end)


_HANGING: dict[str, Literal["SUB", "SUP", "PRIME", "AT"]] = {
    "SUB": "SUB", "SUP": "SUP", "PRIME": "PRIME", "EVALBAR": "AT",
}  # fmt: skip


@cache
def _parser() -> Lark:
    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer=_Given, transformer=_Pieces())


def pieces(marks: Sequence[Mark]) -> Expression:
    """Raises UnreadableError at the first token that cannot stand where it does."""
    for mark in marks:
        if mark.type == "BAD":
            raise UnreadableError(str(mark), mark.start, mark.end)
    try:
        return _parser().parse(marks)  # type: ignore[return-value]
    except UnexpectedToken as error:
        raise _unexpected(error.token, marks) from None


def _unexpected(token: Token, marks: Sequence[Mark]) -> UnreadableError:
    if isinstance(token, Mark):
        return UnreadableError(f"{named(token)} cannot stand here", token.start, token.end)
    last = marks[-1] if marks else None
    if last is None:
        return UnreadableError("something is missing here", 0, 0)
    return UnreadableError(f"something is missing after {named(last)}", last.start, last.end)


_NAMED = {
    "LBRACE": "'{'", "RBRACE": "'}'", "LGROUP": "'{'", "RGROUP": "'}'", "FRAC": "a fraction", "SQRT": "a root",
    "MATRIX": "a matrix", "ENDMATRIX": "the end of a matrix", "ROW": r"'\\'", "EVALBAR": "'|'", "LEVAL": r"'\left.'",
    "ACCENT": "an accent", "TEXT": "a text", "QUAD": "a space", "COLUMN": "'&'", "NULL": "'.'",
}  # fmt: skip


def named(mark: Mark) -> str:
    """A token in a message."""
    return _NAMED.get(mark.type, f"'{mark}'")
