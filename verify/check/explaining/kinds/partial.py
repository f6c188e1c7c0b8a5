"""The derivative through all steps where that of one step is meant, and the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from verify.check.explaining.building import total
from verify.check.explaining.candidate import PARTIAL, Candidate
from verify.check.explaining.case import Case
from verify.check.explaining.scripts import exchange, scripts, shifted, throughout
from verify.check.explaining.spots import Spot
from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree

KEY = "total-for-partial"


def candidates(case: Case) -> Iterator[Candidate]:
    for spot in case.values:
        for right in _others(spot, case):
            yield Candidate(spot.put(right), KEY, PARTIAL, {"symbol": spot.node, "right": right})
    for term in _through_the_state(case):
        yield Candidate(total(case.right, term), KEY, PARTIAL + 1, {})


def _others(spot: Spot, case: Case) -> Iterator[Tree]:
    """The same derivative of the other kind, also with the step of the sum that it stands in."""
    for own in _kinds(spot.node, case):
        yield own
        for index in spot.bound:
            for old in sorted(case.letters - {index}):
                moved = throughout(own, exchange(old, index), case.letters)
                if moved != own:
                    yield moved


def _kinds(node: Tree, case: Case) -> Iterator[Tree]:
    if isinstance(node, tr.Name):
        meanings = case.setting.scope().letters
        meant = {"a": "b", "b": "a"}.get(meanings.get(node.base, ""))
        yield from (tr.Name(other, node.subscripts) for other, own in meanings.items() if own == meant)
        if node.base in case.setting.definitions:  # a_t = ∂h_t/∂w, as the author has defined it
            yield from (tr.Name(other, node.subscripts) for other, own in meanings.items() if own == "b")
    if not isinstance(node, tr.Derivative) or not isinstance(node.by, tr.Name):
        return
    if isinstance(node.of, tr.Name):
        partial = step_of(node.of, node.by, case)
        if partial is not None:
            yield partial
    elif isinstance(node.of, tr.Applied):
        state, first = case.spelling("the state"), node.of.arguments[0]
        step = next(scripts(first, case.letters), None) if isinstance(first, tr.Name) else None
        below = case.quantity(node.by)
        if state is not None and step is not None and below is not None and not below.timed:
            yield tr.Derivative(case.at_step(state, step), node.by)


def step_of(of: tr.Name, by: tr.Name, case: Case) -> Tree | None:
    """∂f(x_t, h_{t−1}, w)/∂w for ∂h_t/∂w."""
    above, below = case.quantity(of), case.quantity(by)
    source, step = case.spelling("the input"), next(scripts(of, case.letters), None)
    if above is None or below is None or above.about != "the state" or source is None or step is None:
        return None
    before = shifted(step, -1)
    if below.timed or before is None:
        return None
    arguments = (case.at_step(source, step), case.at_step(of, before), by)
    return tr.Derivative(tr.Applied(tr.Name("f"), arguments), by)


def _through_the_state(case: Case) -> Iterator[Tree]:
    """∂h_t/∂h_{t−1} · ∂h_{t−1}/∂w, where only what the step adds of its own is written."""
    left = case.left
    if isinstance(left, tr.Derivative) and isinstance(left.of, tr.Name) and isinstance(left.by, tr.Name):
        step = next(scripts(left.of, case.letters), None)
        before = None if step is None else shifted(step, -1)
        if before is not None:
            state = case.at_step(left.of, before)
            yield tr.Times((tr.Derivative(left.of, state), tr.Derivative(state, left.by)), ("",))
