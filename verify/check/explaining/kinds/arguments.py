"""Another quantity than the one that is meant: of the same kind, at a step that occurs, or 1 − z for z."""

from __future__ import annotations

from collections.abc import Iterator

from verify.check.explaining.candidate import REPLACED, STEP, Candidate
from verify.check.explaining.case import Case
from verify.check.explaining.pattern import is_slope
from verify.check.explaining.spots import is_step, spots
from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree

KEY = "wrong-argument"


def candidates(case: Case) -> Iterator[Candidate]:
    for spot in spots(case.right):
        name = spot.node
        derived = any(isinstance(own, tr.Derivative | tr.Gradient) for own in spot.above)
        if not isinstance(name, tr.Name) or derived or (not spot.is_value and not _is_argument(spot.parent)):
            continue
        quantity = case.quantity(name)
        if quantity is None:
            continue
        own = [*case.timed(case.steps[:4])] if quantity.timed or _is_argument(spot.parent) else []
        weights = case.weights() if not quantity.timed or _is_argument(spot.parent) else []
        cost = STEP if _is_argument(spot.parent) else REPLACED
        for right in sorted((*own, *weights), key=lambda other: _rank(other, spot.parent, case)):
            if right != name:
                yield Candidate(spot.put(right), KEY, cost, _details(name, right, spot.parent))
        if quantity.timed:
            rest = tr.Add((tr.Number("1"), tr.Negative(name)))
            yield Candidate(spot.put(rest), KEY, cost, _details(name, rest, spot.parent))
    yield from _slopes(case)


def _rank(other: tr.Name, parent: Tree | None, case: Case) -> bool:
    """A function of something given twice is not meant, and weights of the readout come before others."""
    quantity = case.quantity(other)
    twice = isinstance(parent, tr.Applied) and other in parent.arguments
    return twice or quantity is None or (_is_argument(parent) and quantity.about != "of the readout")


def _slopes(case: Case) -> Iterator[Candidate]:
    """A slope by the value of another function: as it is written elsewhere, or of what the activation is applied to."""
    inside = case.spelling("what the activation is applied to")
    if inside is None:
        return
    for spot in case.values:
        if is_slope(spot.node) and not isinstance(spot.parent, tr.Add):
            for step in case.steps[:3]:
                right = tr.Applied(tr.Name("ϕ", primes=1), (case.at_step(inside, step),))
                yield Candidate(spot.put(right), KEY, REPLACED + 1, _details(spot.node, right, None))


def _is_argument(parent: Tree | None) -> bool:
    return parent is not None and is_step(parent)


def _details(old: Tree, new: Tree, parent: Tree | None) -> dict[str, Tree | str]:
    found: dict[str, Tree | str] = {"symbol": old, "right": new}
    if isinstance(parent, tr.Applied):
        found["function"] = parent.function
    return found
