"""A link of the chain rule that is left out: ∂o/∂h between ∂ℓ/∂o and ∂h/∂w, at the front, or at the end."""

from __future__ import annotations

from collections.abc import Iterator

from verify.check.explaining.building import inserted
from verify.check.explaining.candidate import CHAINED, Candidate
from verify.check.explaining.case import Case
from verify.check.explaining.scripts import scripts
from verify.check.explaining.spots import Spot
from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree

KEY = "missing-factor"


def candidates(case: Case) -> Iterator[Candidate]:
    for spot in case.values:
        if not isinstance(spot.parent, tr.Times):
            yield from _before(case, spot)
            yield from _behind(case, spot)


def _factors(node: Tree) -> tuple[Tree, ...]:
    return node.factors if isinstance(node, tr.Times) else (node,)


def _before(case: Case, spot: Spot) -> Iterator[Candidate]:
    """∂ℓ/∂o · ∂h/∂w lacks ∂o/∂h; and ∂h_{t−1}/∂w in ∂h_t/∂w = … lacks ∂h_t/∂h_{t−1}."""
    factors = _factors(spot.node)
    for place, factor in enumerate(factors):
        if not isinstance(factor, tr.Derivative):
            continue
        before = factors[place - 1] if place else None
        top = before.by if isinstance(before, tr.Derivative) else _of(case.left)
        if top is not None and top != _value(factor.of, case):
            right = tr.Derivative(top, _value(factor.of, case))
            details: dict[str, Tree | str] = {"factor": right, "term": factor}
            yield Candidate(spot.put(inserted(spot.node, place, right)), KEY, CHAINED, details)


def _behind(case: Case, spot: Spot) -> Iterator[Candidate]:
    """∂f/∂h_{t−1} alone lacks ∂h_{t−1}/∂w, where the left-hand side is a derivative by w."""
    factors, left = _factors(spot.node), case.left
    last = factors[-1]
    if isinstance(left, tr.Derivative) and isinstance(last, tr.Derivative) and last.by != left.by:
        right = tr.Derivative(last.by, left.by)
        yield Candidate(spot.put(inserted(spot.node, len(factors), right)), KEY, CHAINED, {"factor": right})


def _of(tree: Tree) -> Tree | None:
    return tree.of if isinstance(tree, tr.Derivative | tr.Gradient) else None


def _value(of: Tree, case: Case) -> Tree:
    """h_t for f(x_t, h_{t−1}, w), whose value it is."""
    if not isinstance(of, tr.Applied) or not of.arguments:
        return of
    state, first = case.spelling("the state"), of.arguments[0]
    step = next(scripts(first, case.letters), None) if isinstance(first, tr.Name) else None
    return of if state is None or step is None else case.at_step(state, step)
