"""Factors in another order: two neighbours exchanged, a run or a whole product reversed, a slope put elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from verify.check.explaining.building import inserted, without
from verify.check.explaining.candidate import ORDER, REPLACED, Candidate
from verify.check.explaining.case import Case
from verify.check.explaining.pattern import is_slope
from verify.check.explaining.scripts import shift, throughout
from verify.check.explaining.spots import values
from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree
from verify.check.reading.walking import rebuilt

KEY, REVERSED = "wrong-order", "reversed-product"
_TWO_PAIRS = 7


def candidates(case: Case) -> Iterator[Candidate]:
    for spot in case.values:
        if isinstance(spot.node, tr.Times):
            for right, key, cost in _orders(spot.node, case):
                yield Candidate(spot.put(right), key, cost, {"right": right})
    right = _all_reversed(case.right, case)
    if right != case.right:
        yield Candidate(right, REVERSED, ORDER + 1, {"right": right})
    yield from _moved_slopes(case)


def _orders(node: tr.Times, case: Case) -> Iterator[tuple[Tree, str, int]]:
    factors = node.factors
    for place in range(len(factors) - 1):
        pair = factors[place : place + 2]
        if not any(isinstance(own, tr.Run) for own in pair):
            products = all(isinstance(own, tr.Product) for own in pair)
            key = REVERSED if products or case.alike(*pair) else KEY
            yield _with(node, place, (pair[1], pair[0])), key, ORDER
    for start, stop in _runs(node, case):
        if stop - start > 2:
            yield _with(node, start, factors[start:stop][::-1]), REVERSED, ORDER
        if stop - start == 4 and isinstance(factors[start + 2], tr.Run):
            yield from ((own, REVERSED, ORDER) for own in _run_reversed(node, start, case))
    if len(factors) > 2:
        yield _with(node, 0, factors[::-1]), KEY, ORDER + 1
        yield from _in_pairs(node, case)


def _with(node: tr.Times, start: int, factors: tuple[Tree, ...]) -> tr.Times:
    """Other factors from a place on."""
    stop = start + len(factors)
    return replace(node, factors=(*node.factors[:start], *factors, *node.factors[stop:]))


def _runs(node: tr.Times, case: Case) -> Iterator[tuple[int, int]]:
    """The longest stretches of factors that are alike, dots among them."""
    start = 0
    for place in range(1, len(node.factors) + 1):
        if place == len(node.factors) or not _goes_on(node, start, place, case):
            if place - start > 1:
                yield start, place
            start = place


def _goes_on(node: tr.Times, start: int, place: int, case: Case) -> bool:
    own = node.factors[place]
    return isinstance(own, tr.Run) or case.alike(node.factors[start], own)


def _run_reversed(node: tr.Times, start: int, case: Case) -> Iterator[Tree]:
    """c_t c_{t−1} ⋯ c_{i+1} for c_{i+1} c_{i+2} ⋯ c_t: two factors before the dots again."""
    first, _, dots, last = node.factors[start : start + 4]
    for steps in (-1, 1):
        yield _with(node, start, (last, throughout(last, shift(steps), case.letters), dots, first))


def _in_pairs(node: tr.Times, case: Case) -> Iterator[tuple[Tree, str, int]]:
    """W D_t W D_{t−1} ⋯ W D_i: the pairs in the opposite order, two before the dots again."""
    if len(node.factors) != _TWO_PAIRS or not isinstance(node.factors[4], tr.Run):
        return
    first, last = node.factors[:2], node.factors[5:]
    for steps in (-1, 1):
        second = tuple(throughout(own, shift(steps), case.letters) for own in last)
        yield _with(node, 0, (*last, *second, node.factors[4], *first)), REVERSED, ORDER


def _all_reversed(tree: Tree, case: Case) -> Tree:
    """Every run of factors that are alike reversed."""
    if isinstance(tree, tr.Times):
        for start, stop in list(_runs(tree, case)):
            tree = _with(tree, start, tree.factors[start:stop][::-1])
    return rebuilt(tree, lambda part: _all_reversed(part, case))


def _moved_slopes(case: Case) -> Iterator[Candidate]:
    """A slope in the place where the activation was applied."""
    for spot in case.values:
        if not isinstance(spot.node, tr.Times):
            continue
        for place, slope in enumerate(spot.node.factors):
            if is_slope(slope):
                yield from _elsewhere(spot.put(without(spot.node, place, place + 1)), slope)


def _elsewhere(rest: Tree, slope: Tree) -> Iterator[Candidate]:
    for spot in values(rest):
        if isinstance(spot.node, tr.Run | tr.Number) or isinstance(spot.parent, tr.Times | tr.Power | tr.Transposed):
            continue
        last = len(spot.node.factors) if isinstance(spot.node, tr.Times) else 1
        for at in range(last + 1):
            for kind in ("⊙", ""):
                node = inserted(spot.node, at, slope, kind)
                yield Candidate(spot.put(node), KEY, REPLACED, {"right": node})
        if isinstance(spot.node, tr.Times):
            for at, factor in enumerate(spot.node.factors):
                both = tr.Times((slope, factor), ("⊙",))
                yield Candidate(spot.put(_with(spot.node, at, (both,))), KEY, REPLACED, {"right": both})
