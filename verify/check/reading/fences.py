"""Which bracket closes which, and what a vertical bar is: the begin or the end of a norm, or "evaluated at".

One pass with a stack.  Brackets of different kinds may pair (half-open intervals do); braces of arguments, and cells
of matrices, may not be crossed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from verify.check.reading.parser import named
from verify.check.reading.pieces import UnreadableError
from verify.check.reading.tokens import Mark

DEEPEST = 40
"""Brackets in one another.  Formulas that people can read have five."""
_WALLS = {"LBRACE": "RBRACE", "LGROUP": "RGROUP", "MATRIX": "ENDMATRIX"}
_ENDS_FACTOR = frozenset(
    {"NAME", "NUMBER", "CLOSE", "RBRACE", "RGROUP", "ENDMATRIX", "PRIME", "TRANSPOSE", "DOTS", "FUNCTION"}
)


def matched(marks: Sequence[Mark]) -> list[Mark]:
    """The tokens with brackets and bars told apart.  Raises UnreadableError at one that has no partner."""
    return _Fences(marks).resolved()


class _Fences:
    def __init__(self, marks: Sequence[Mark]) -> None:
        self.marks, self.out = marks, list[Mark]()
        self.open: list[int] = []
        """Where in the output the open ones stand."""
        self.ended = False
        """Whether the token before ends a factor, so that a bar behind it does not open anything."""

    def resolved(self) -> list[Mark]:
        for place, mark in enumerate(self.marks):
            rule = _RULES.get(mark.type)
            if rule:
                rule(self, mark, place)
            else:
                self.out.append(mark)
            self.ended = mark.type in _ENDS_FACTOR or self.out[-1].type in ("RBAR", "REVAL")
            if len(self.open) > DEEPEST * 2:
                raise UnreadableError(f"brackets nest more than {DEEPEST} deep", mark.start, mark.end)
        if self.open:
            first = self.out[self.open[-1]]
            raise UnreadableError(f"{named(first)} is never closed", first.start, first.end)
        return self.out

    def push(self, mark: Mark) -> None:
        self.open.append(len(self.out))
        self.out.append(mark)

    def opened(self, mark: Mark, place: int) -> None:
        self.push(mark.become("LEVAL" if mark.type == "NULL" else "LPAREN"))

    def closed(self, mark: Mark, place: int) -> None:
        begun = self.out[self.open[-1]] if self.open else None
        if begun is None or begun.type != "LPAREN":
            why = f"{named(mark)} closes nothing" if begun is None else f"{named(mark)} cannot close {named(begun)}"
            raise UnreadableError(why, mark.start, mark.end)
        self.open.pop()
        self.out.append(mark.become("RPAREN"))

    def null(self, mark: Mark, place: int) -> None:
        """\\left. and \\right. ."""
        if mark.side == "right":
            raise UnreadableError("'\\right.' closes nothing that is read", mark.start, mark.end)
        self.opened(mark, place)

    def wall(self, mark: Mark, place: int) -> None:
        self.push(mark)

    def end_of_wall(self, mark: Mark, place: int) -> None:
        begun = self.out[self.open.pop()] if self.open else None
        if begun is None or _WALLS.get(begun.type) != mark.type:
            found = begun or mark
            raise UnreadableError(f"{named(found)} is never closed", found.start, found.end)
        self.out.append(mark)

    def bar(self, mark: Mark, place: int) -> None:
        begun = self.out[self.open[-1]] if self.open else None
        subscripted = place + 1 < len(self.marks) and self.marks[place + 1].type == "SUB"
        if mark.side == "right" and begun is not None and begun.type in ("LEVAL", "LPAREN") and begun.side == "left":
            self.out[self.open.pop()] = begun.become("LEVAL")
            self.out.append(mark.become("REVAL"))
        elif (
            begun is not None
            and begun.type == "LBAR"
            and str(begun) == str(mark)
            and mark.side != "left"
            and self.ended
        ):
            self.open.pop()
            self.out.append(mark.become("RBAR"))
        elif self.ended and subscripted and mark.side != "left":
            self.out.append(mark.become("EVALBAR"))
        else:
            self.push(mark.become("LBAR"))


_RULES: dict[str, Callable[[_Fences, Mark, int], None]] = {
    "OPEN": _Fences.opened,
    "CLOSE": _Fences.closed,
    "NULL": _Fences.null,
    "BAR": _Fences.bar,
    **dict.fromkeys(_WALLS, _Fences.wall),
    **dict.fromkeys(_WALLS.values(), _Fences.end_of_wall),
}
