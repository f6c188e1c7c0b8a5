"""A factor too few: one like its neighbours, a weight, a quantity, or a whole product in the place of one factor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from verify.check.explaining.building import ENTRYWISE, inserted
from verify.check.explaining.candidate import INSERTED, REPLACED, Candidate
from verify.check.explaining.case import Case
from verify.check.explaining.scripts import exchange, shift, throughout
from verify.check.explaining.spots import Spot
from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree

KEY = "missing-factor"
_SHIFTS = (-1, 1, 0)
_ENTRIES = "ijkl"


def candidates(case: Case) -> Iterator[Candidate]:
    for spot in case.values:
        if isinstance(spot.node, tr.Run | tr.Number):
            continue
        if isinstance(spot.node, tr.Times):
            yield from _like_neighbours(spot, spot.node, case)
        if isinstance(spot.node, tr.Name | tr.Derivative):
            yield from _products(case, spot)
    yield from _others(case)


def _like_neighbours(spot: Spot, node: tr.Times, case: Case) -> Iterator[Candidate]:
    """One more of the factors that are there, a step earlier or later: c_t c_{t−1} a_{t−3} lacks c_{t−2}."""
    for place, factor in enumerate(node.factors):
        if isinstance(factor, tr.Run):
            continue
        for steps in _SHIFTS:
            own = throughout(factor, shift(steps), case.letters)
            kind = node.kinds[min(place, len(node.kinds) - 1)]
            details: dict[str, Tree | str] = {"factor": own, "term": node.factors[-1]}
            for at in (place + 1, place):
                yield Candidate(spot.put(inserted(node, at, own, kind)), KEY, INSERTED - 1, details)


def _products(case: Case, spot: Spot) -> Iterator[Candidate]:
    """One factor c_t where there should be one for every step: the product of c_j from i + 1 to t."""
    if not spot.bound:
        return
    index = spot.bound[0]
    running = next(letter for letter in "jkmr" if letter not in case.letters)
    for top in sorted(case.letters - {index}):
        body = throughout(spot.node, exchange(top, running), case.letters)
        if body != spot.node:
            first = tr.Add((tr.Name(index), tr.Number("1")))
            right = tr.Product(tr.Name(running), first, tr.Name(top), body)
            yield Candidate(spot.put(right), KEY, INSERTED + 1, {"factor": right})


def _others(case: Case) -> Iterator[Candidate]:
    """Weights, constants, and quantities of the steps that occur."""
    entrywise = any(isinstance(own, tr.Times) and {*own.kinds} & {*ENTRYWISE} for own in case.nodes)
    weights: list[Tree] = [*case.weights(), *case.constants()]
    weights += [tr.Transposed(own) for own in case.weights()]
    timed = list(case.timed(case.steps[:3]))
    for spot in case.values:
        if isinstance(spot.node, tr.Run | tr.Number) or isinstance(spot.parent, tr.Transposed | tr.Power):
            continue
        signs = ("⊙", "") if entrywise or any(isinstance(own, tr.Applied) for own in spot.above) else ("",)
        if not isinstance(spot.parent, tr.Times):
            yield from everywhere(spot, list(_kronecker(case)), ("",), INSERTED - 1)
            yield from everywhere(spot, weights, ("",))
            yield from everywhere(spot, timed, signs)
        elif isinstance(spot.node, tr.Derivative | tr.Gradient):
            yield from everywhere(spot, timed, ("⊙",))


def everywhere(spot: Spot, factors: Sequence[Tree], signs: Sequence[str], cost: int = REPLACED) -> Iterator[Candidate]:
    last = len(spot.node.factors) if isinstance(spot.node, tr.Times) else 1
    for factor in factors:
        for at in range(last + 1):
            for sign in signs:
                yield Candidate(spot.put(inserted(spot.node, at, factor, sign)), KEY, cost, {"factor": factor})


def _kronecker(case: Case) -> Iterator[Tree]:
    """δ_{ki}, where there are entries."""
    entries = sorted(letter for letter in case.letters if letter in _ENTRIES)
    yield from (tr.Name("δ", (tr.Name(one + other),)) for one in entries for other in entries if one > other)
