"""What stands in the place of dots: b_t + c_t b_{t−1} + ⋯ + c_t⋯c_2 b_1, written out for given numbers.

The neighbours decide.  In a product the step from one factor to the next is that of the two before the dots, or one
towards the factor after them.  In a sum a term grows out of the one before it as that did: its last factor moves on,
and the factors before it continue their own run.
"""

from __future__ import annotations

from collections.abc import Sequence

from verify.check.indices import numbers, with_numbers
from verify.check.reading.tree import Run, Times, Tree
from verify.check.scope import OutOfRangeError
from verify.check.values import MeaningError

_MOST = 64
_UNCLEAR = "what the dots stand for is not clear"


def factors_of(tree: Tree) -> list[Tree]:
    """The factors of a grounded term, dots written out."""
    return filled(list(tree.factors)) if isinstance(tree, Times) else [tree]


def filled(parts: list[Tree]) -> list[Tree]:
    """Grounded factors with the dots among them written out."""
    while any(isinstance(part, Run) for part in parts):
        place = next(k for k, part in enumerate(parts) if isinstance(part, Run))
        if not 0 < place < len(parts) - 1:
            raise MeaningError("dots without a neighbour on both sides")
        parts = _written_out(parts, place)
    return parts


def _written_out(parts: list[Tree], place: int) -> list[Tree]:
    first, last = parts[place - 1], parts[place + 1]
    start, end = numbers(first), numbers(last)
    if not _alike(first, last):
        raise MeaningError(_UNCLEAR)
    step = _step(parts[:place], first) or _direction(start, end)
    if start == end and not step:
        return [*parts[:place], *parts[place + 2 :]]
    between: list[Tree] = []
    now = start
    for _ in range(_MOST):
        if now == end:
            return [*parts[:place], *between, *parts[place + 2 :]]
        now = [value + change for value, change in zip(now, step, strict=True)]
        between.append(with_numbers(first, iter(now)))
    return _none_between(parts, place, start, end, step)


def _none_between(parts: list[Tree], place: int, start: list[int], end: list[int], step: list[int]) -> list[Tree]:
    """c_2 ⋯ c_3 with steps of −1 is empty: the run ends just before it begins.  Else these indices have no run."""
    if [value - change for value, change in zip(start, step, strict=True)] == end and _lonely(parts, place):
        return [*parts[: place - 1], *parts[place + 2 :]]
    raise OutOfRangeError


def _lonely(parts: list[Tree], place: int) -> bool:
    """Whether only one factor before the dots belongs to the run."""
    return place < 2 or not _alike(parts[place - 2], parts[place - 1])


def _step(before: Sequence[Tree], first: Tree) -> list[int]:
    """From the factor two before the dots to the one before them; nothing where they are of different kinds."""
    if len(before) < 2 or not _alike(before[-2], first):
        return []
    return [b - a for a, b in zip(numbers(before[-2]), numbers(first), strict=True)]


def _direction(start: list[int], end: list[int]) -> list[int]:
    """One towards the end, for all numbers at once."""
    signs = {(b > a) - (b < a) for a, b in zip(start, end, strict=True)}
    signs.discard(0)
    if len(signs) > 1:
        raise MeaningError(_UNCLEAR)
    way = signs.pop() if signs else 0
    return [way if a != b else 0 for a, b in zip(start, end, strict=True)]


def _alike(one: Tree, other: Tree) -> bool:
    """The same but for the numbers."""
    zeros = [0] * len(numbers(one))
    return len(numbers(other)) == len(zeros) and with_numbers(one, iter(zeros)) == with_numbers(other, iter(zeros))


def terms_filled(terms: list[Tree]) -> list[Tree]:
    """Grounded terms of a sum with the dots among them written out, each as a product of factors."""
    if not any(isinstance(term, Run) for term in terms):
        return terms
    place = next(k for k, term in enumerate(terms) if isinstance(term, Run))
    if place < 1 or place >= len(terms) - 1:
        raise MeaningError("dots without a neighbour on both sides")
    before = [factors_of(term) for term in terms[:place]]
    last = factors_of(terms[place + 1])
    if len(before) == 1:
        before = [*before, *_plain_next(before[0], last)]
    grown = _grown(before, last)
    rest = terms_filled(terms[place + 2 :])
    return [*(_product(one) for one in grown), *rest]


def _plain_next(first: list[Tree], last: list[Tree]) -> list[list[Tree]]:
    """Where only one term stands before the dots: all its numbers move one towards the last."""
    if len(first) != len(last) or not all(_alike(a, b) for a, b in zip(first, last, strict=True)):
        raise MeaningError(_UNCLEAR)
    start, end = ([n for factor in term for n in numbers(factor)] for term in (first, last))
    step = _direction(start, end)
    if start == end:
        return []
    return [_moved(first, step)]


def _grown(before: list[list[Tree]], last: list[Tree]) -> list[list[Tree]]:
    if before[-1] == last:
        return before
    for count, term in enumerate(before):
        if term == last:  # fewer terms than are written: these numbers are too small for the pattern
            return before[: count + 1]
    found = list(before)
    for _ in range(_MOST):
        found.append(_next(found[-2], found[-1]) if len(found) > 1 else found[-1])
        if found[-1] == last:
            return found
    raise OutOfRangeError


def _next(one: list[Tree], two: list[Tree]) -> list[Tree]:
    if len(one) == len(two):
        start, end = ([n for factor in term for n in numbers(factor)] for term in (one, two))
        return _moved(two, [b - a for a, b in zip(start, end, strict=True)])
    if len(two) != len(one) + 1 or not _alike(one[-1], two[-1]):
        raise MeaningError(_UNCLEAR)
    *chain, tail = two
    change = [b - a for a, b in zip(numbers(one[-1]), numbers(tail), strict=True)]
    step = [b - a for a, b in zip(numbers(chain[-2]), numbers(chain[-1]), strict=True)] if len(chain) > 1 else [
        _sign(change) for _ in numbers(chain[-1])
    ]  # fmt: skip
    more = with_numbers(chain[-1], iter([n + s for n, s in zip(numbers(chain[-1]), step, strict=True)]))
    return [*chain, more, with_numbers(tail, iter([n + c for n, c in zip(numbers(tail), change, strict=True)]))]


def _sign(change: list[int]) -> int:
    total = sum(change)
    return (total > 0) - (total < 0)


def _moved(term: list[Tree], step: list[int]) -> list[Tree]:
    moving = iter(step)
    return [with_numbers(factor, iter([n + next(moving) for n in numbers(factor)])) for factor in term]


def _product(factors: list[Tree]) -> Tree:
    return factors[0] if len(factors) == 1 else Times(tuple(factors), ("",) * (len(factors) - 1))
