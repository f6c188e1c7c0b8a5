"""Subscripts that name another step than the one that is meant: of one name, or of a whole factor alike."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from verify.check.explaining.candidate import STEP, Candidate
from verify.check.explaining.case import Case
from verify.check.explaining.pattern import is_slope
from verify.check.explaining.scripts import Change, exchange, mirror, rescripted, scripts, shift, shifted, throughout
from verify.check.explaining.spots import Spot, is_step, spots
from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree
from verify.check.reading.walking import walk

STALE, SLOPE, END, ARGUMENT = "stale-subscript", "slope-at-wrong-time", "product-end", "wrong-argument"
_FACTORS = tr.Name | tr.Derivative | tr.Gradient | tr.Applied | tr.Add | tr.Times | tr.Power | tr.Transposed
_SHIFTS = ((1, 0), (-1, 0), (2, 4), (-2, 4))


def candidates(case: Case) -> Iterator[Candidate]:
    for spot in spots(case.right):
        if isinstance(spot.node, _FACTORS):
            for change, cost in _changes(case, spot):
                right = throughout(spot.node, change, case.letters)
                if right != spot.node:
                    yield _candidate(case, spot, right, cost)
        if isinstance(spot.node, tr.Name):
            yield from _each(case, spot, spot.node)


def _changes(case: Case, spot: Spot) -> Iterator[tuple[Change, int]]:
    """All indices of a factor some steps later, or another letter for one of its letters."""
    size = 0 if isinstance(spot.node, tr.Name) else 1
    if spot.is_value and isinstance(spot.node, tr.Add | tr.Times) and not is_slope(spot.node):
        size = 3
    for steps, cost in _SHIFTS:
        yield shift(steps), STEP + size + cost
    for own in spot.above:
        if isinstance(own, tr.Sum) and own.lower is not None and own.upper is not None:
            yield mirror(own.index.base, own.lower, own.upper), STEP + size + 2
    for old in sorted(case.letters):
        for place, new in enumerate((*spot.bound, *sorted(case.letters - {*spot.bound}))):
            if new != old:
                extra = 0 if new in spot.bound else 2
                yield exchange(old, new), STEP + size + extra + min(place, 1)


def _each(case: Case, spot: Spot, name: tr.Name) -> Iterator[Candidate]:
    """One index of several, or another one that occurs in the formula."""
    own = list(scripts(name, case.letters))
    for script in own:
        others = [step for step in case.steps if step != script]
        if len(own) > 1:
            others += [moved for by in (1, -1) if (moved := shifted(script, by)) is not None]
        for instead in others:
            right = rescripted(name, _instead(script, instead), case.letters)
            if right != name:
                yield _candidate(case, spot, right, STEP + 3)


def _instead(old: Tree, new: Tree) -> Change:
    return lambda own: new if own is old else own


def _candidate(case: Case, spot: Spot, right: Tree, cost: int) -> Candidate:
    index = spot.bound[0] if spot.bound else ""
    free = sorted(case.letters - {*spot.bound})
    details: dict[str, Tree | str] = {"symbol": spot.node, "right": right}
    if index and any(isinstance(own, tr.Name) and own.base == index for own in _letters(case, right)):
        details |= {"index": index, "outer": "t" if "t" in free else free[0]}
    return Candidate(spot.put(right), key(case, spot), cost, details)


def _letters(case: Case, tree: Tree) -> Iterator[Tree]:
    for own in walk(tree):
        if isinstance(own, tr.Name):
            for script in scripts(own, case.letters):
                yield from walk(script)


def key(case: Case, spot: Spot) -> str:
    """What it is called to have the wrong step there."""
    if any(is_slope(own) for own in (spot.node, *spot.above)):
        return SLOPE
    if _ends_a_run(spot):
        return END
    name = spot.node.body if isinstance(spot.node, tr.Transposed) else spot.node
    if isinstance(name, tr.Name) and _is_argument(case, spot, name):
        return ARGUMENT
    return STALE


def _ends_a_run(spot: Spot) -> bool:
    """Beside dots."""
    parent, node = spot.parent, spot.node
    if isinstance(parent, tr.Transposed) and len(spot.above) > 1:
        parent, node = spot.above[-2], parent
    if not isinstance(parent, tr.Times):
        return False
    pairs = pairwise(parent.factors)
    return any((a is node and isinstance(b, tr.Run)) or (b is node and isinstance(a, tr.Run)) for a, b in pairs)


def _is_argument(case: Case, spot: Spot, name: tr.Name) -> bool:
    """A state or an input that is itself a factor, or one of the arguments of a function that is not derived."""
    derived = any(isinstance(own, tr.Derivative | tr.Gradient) for own in spot.above)
    if derived:
        return False
    if spot.parent is not None and is_step(spot.parent):
        return True
    quantity = case.quantity(name)
    model = case.setting.network.model
    carried = {own.letter for phase in model.phases for own in (*phase.states, *phase.inputs)}
    return quantity is not None and quantity.letters[0] in carried and not _exchanged(spot, case)


def _exchanged(spot: Spot, case: Case) -> bool:
    """A step that is fixed where an index runs: x_T for x_t."""
    name = spot.node.body if isinstance(spot.node, tr.Transposed) else spot.node
    assert isinstance(name, tr.Name)
    used = {own.base for own in _letters(case, name) if isinstance(own, tr.Name)}
    return bool(spot.bound) and not used & {*spot.bound}
