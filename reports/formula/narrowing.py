"""What has no outermost operator to break at is broken inside: a sum in parentheses, a cell of a matrix, a product.

The result is still one formula; `Stacked` nodes inside it are its parts on several lines.  Of several ways, the one
with the fewest lines is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import dropwhile

from reports.formula.breaking import Measure, filled, split
from reports.formula.measure import width
from reports.formula.shape import children, flatten, grows, height, kind, unwrap
from reports.formula.tree import Atom, Big, Boxed, Call, Formula, Matrix, Paren, Role, Row, Script, Stacked, Words

_LEAST_SHARE = 0.3  # of the room, for what is broken: narrower, it would be a column of crumbs
_PARTS = (0.6, 0.7, 0.8)  # of the room of a matrix, that one column may have
_GRID = 1  # decimals of a room, in em, that make a difference
_NOTHING = Atom("")
_DOT = (_NOTHING, Atom("cdot"))


def broken(formula: Formula, room: float, measure: Measure = width) -> tuple[Formula, ...]:
    """The formula as lines no wider than `room`, as far as that can be, parts of them on several lines themselves."""
    found = narrowed(formula, room, measure)
    return found.lines if isinstance(found, Stacked) else (found,)


def narrowed(formula: Formula, room: float, measure: Measure = width) -> Formula:
    """The same as one formula."""
    return Narrowing(cache(measure)).narrowed(formula, room)


@dataclass(frozen=True)
class Narrowing:
    """Makes formulas fit, by one measure of width.  Ways that differ outside lead to the same inside: it is kept."""

    measure: Measure
    known: dict[tuple[Formula, float], Formula] = field(default_factory=dict)

    def narrowed(self, formula: Formula, room: float) -> Formula:
        """The formula no wider than `room`, as far as that can be."""
        if self.measure(formula) <= room:
            return formula
        place = (formula, round(room, _GRID))
        if place not in self.known:
            self.known[place] = self._narrowed(formula, room)
        return self.known[place]

    def _narrowed(self, formula: Formula, room: float) -> Formula:
        if isinstance(formula, Matrix):
            return self._best(self._matrices(formula, room), room)
        return self._on_lines([self._term(line, room) for line in split(formula, room, self.measure)])

    def _on_lines(self, lines: Iterable[Formula]) -> Formula:
        """The lines as one formula; those of a line that is itself broken are among them."""
        flat = [one for line in lines for one in (line.lines if isinstance(line, Stacked) else (line,))]
        return Stacked(tuple(flat)) if len(flat) > 1 else flat[0]

    def _best(self, candidates: Iterable[Formula], room: float) -> Formula:
        """Of those that fit, the first of the lowest, with the fewest breaks; else that which sticks out least."""
        return min(candidates, key=lambda found: (max(0.0, self.measure(found) - room), height(found), _breaks(found)))

    def _term(self, term: Formula, room: float) -> Formula:
        """A line without an operator to break at: inside its parts, or between its factors."""
        return term if self.measure(term) <= room else self._best(self._terms(term, room), room)

    def _terms(self, term: Formula, room: float) -> Iterator[Formula]:
        whole = self._inside(term, room, calls=False)
        yield whole
        if grows(term) and self.measure(whole) <= room:
            return  # what a matrix multiplies stands beside it
        yield self._between_factors(term, room)
        yield self._inside(term, room, calls=True)

    def _inside(self, formula: Formula, room: float, calls: bool) -> Formula:
        """One of the parts after the other, the widest first, until the whole fits.

        Arguments of functions come last: a sum in parentheses reads better on several lines than one in diag(…).
        """
        parts = list(_insides(formula))
        for place in sorted(range(len(parts)), key=lambda place: -self.measure(parts[place])):
            own, over = self.measure(parts[place]), self.measure(formula) - room
            allowed = calls or not isinstance(formula, Row) or not isinstance(unwrap(parts[place]), Call)
            if allowed and over > 0 and own - over >= _LEAST_SHARE * room:
                parts[place] = self.narrowed(parts[place], own - over)
                formula = _with_insides(formula, tuple(parts))
        return formula

    def _between_factors(self, term: Formula, room: float) -> Formula:
        """A product on several lines, a dot at the start of each; as it is if it has a single factor."""
        lead, factors = _product(term)
        lines = filled(factors, room - self.measure(Row((*_DOT, _NOTHING))), self.measure)
        if len(lines) < 2:
            return term
        starts = [lead] + [list(_DOT)] * len(lines)
        return self._on_lines(
            self._term(Row((*start, *_spaced(line))), room) for start, line in zip(starts, lines, strict=False)
        )

    def _matrices(self, matrix: Matrix, room: float) -> Iterator[Matrix]:
        """With the room shared in several ways."""
        widths = [max(map(self.measure, column)) for column in zip(*matrix.rows, strict=True)]
        inner = max(0.0, room - (self.measure(matrix) - sum(widths)))
        for rooms in _shares(widths, inner):
            yield Matrix(tuple(tuple(map(self.narrowed, cells, rooms)) for cells in matrix.rows))


def _breaks(formula: Formula) -> int:
    own = len(formula.lines) if isinstance(formula, Stacked) else 0
    return own + sum(map(_breaks, children(formula)))


def _insides(formula: Formula) -> tuple[Formula, ...]:
    """The parts that may stand on several lines."""
    match formula:
        case Row():
            return flatten(formula)
        case Call(args=parts):
            return parts
        case Paren(body) | Role(body) | Boxed(body) | Big(body=body) | Script(base=body):
            return (body,)
        case _:
            return ()


def _with_insides(formula: Formula, parts: tuple[Formula, ...]) -> Formula:
    match formula:
        case Row():
            return Row(parts)
        case Call():
            return replace(formula, args=parts)
        case Script():
            return replace(formula, base=parts[0])
        case Paren() | Role() | Boxed() | Big():
            return replace(formula, body=parts[0])
        case _:
            return formula


def _product(formula: Formula) -> tuple[list[Formula], list[Formula]]:
    """The sign or relation in front of a product, and its factors; no factors if it is something else."""
    items = [item for item in flatten(formula) if kind(item) != "space"]
    factors = list(dropwhile(_is_sign, items))
    others = any(kind(item) in ("punct", "bin", "rel") or isinstance(item, Words) for item in factors)
    return items[: len(items) - len(factors)], [] if others else factors


def _is_sign(item: Formula) -> bool:
    return item == _NOTHING or kind(item) in ("bin", "rel")


def _spaced(factors: Sequence[Formula]) -> list[Formula]:
    return [x for factor in factors for x in (Atom("thin"), factor)][1:]


def _shares(widths: Sequence[float], room: float) -> Iterator[list[float]]:
    """Even shares, and one column after the other with a part of the room of its own; narrow ones keep their width."""
    yield _evenly(widths, room)
    for place, own in enumerate(widths):
        for part in _PARTS:
            others = _evenly([*widths[:place], *widths[place + 1 :]], room - min(own, part * room))
            yield [*others[:place], min(own, part * room), *others[place:]]


def _evenly(widths: Sequence[float], room: float) -> list[float]:
    shares = list(widths)
    for done, place in enumerate(sorted(range(len(widths)), key=lambda place: widths[place])):
        shares[place] = min(widths[place], room / (len(widths) - done))
        room -= shares[place]
    return shares
