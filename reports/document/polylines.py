"""Lines through points: what of one lies in a rectangle, and which unit squares it passes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor

Point = tuple[float, float]
Polyline = tuple[Point, ...]
_IN_A_UNIT = 32  # a square is passed if one of so many points of a unit of length lies in it


def clipped(line: Sequence[Point], low: Point, high: Point) -> list[Polyline]:
    """The pieces of a line that lie in the rectangle between two corners."""
    pieces: list[list[Point]] = []
    for start, end in pairwise(line):
        inside = _inside(start, end, low, high)
        if inside is None:
            continue
        first, second = inside
        if pieces and pieces[-1][-1] == first:
            pieces[-1].append(second)
        else:
            pieces.append([first, second])
    return [tuple(piece) for piece in pieces]


def _inside(start: Point, end: Point, low: Point, high: Point) -> tuple[Point, Point] | None:
    """The part of a straight line in a rectangle, from the shares of the way at which it enters and leaves.

    Y.-D. Liang, B. A. Barsky, "A new concept and method for line clipping", ACM Transactions on Graphics 3(1), 1984.
    """
    enters, leaves = 0.0, 1.0
    for a, b, least, most in zip(start, end, low, high, strict=True):
        if a == b:
            if not least <= a <= most:
                return None
            continue
        shares = sorted(((least - a) / (b - a), (most - a) / (b - a)))
        enters, leaves = max(enters, shares[0]), min(leaves, shares[1])
    if enters >= leaves:
        return None
    return _at(start, end, enters), _at(start, end, leaves)


def _at(start: Point, end: Point, share: float) -> Point:
    """The ends themselves are exact, so that pieces can be joined."""
    if share in (0.0, 1.0):
        return end if share else start
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def passed(line: Sequence[Point]) -> set[tuple[int, int]]:
    """The unit squares around whole numbers that a line passes, but for those of which it meets little more than a
    corner.
    """
    found = set()
    for start, end in pairwise(line):
        count = max(1, ceil(_IN_A_UNIT * max(abs(end[0] - start[0]), abs(end[1] - start[1]))))
        points = (_at(start, end, n / count) for n in range(count + 1))
        found |= {(floor(x + 0.5), floor(y + 0.5)) for x, y in points}
    return found
