"""The nearest formula that is right: candidates of all kinds, the smallest edits first, until one is true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from types import ModuleType

from derive import registry
from verify.check.effort import Effort
from verify.check.explaining.building import tidy
from verify.check.explaining.candidate import Candidate
from verify.check.explaining.case import Case
from verify.check.explaining.trial import MOST, Trial
from verify.check.reading.readings import readings
from verify.check.reading.tree import Derivative, Sum
from verify.check.reading.walking import walk

PACKAGE = "verify.check.explaining.kinds"


@cache
def kinds() -> tuple[ModuleType, ...]:
    return tuple(registry.load(PACKAGE, name, "kind of edit") for name in registry.names(PACKAGE))


def candidates(case: Case, effort: Effort | None = None) -> list[Candidate]:
    """Of all kinds, the smallest edits first; of a long formula as many as the effort allows, some of each kind."""
    found = _in_turn(case) if effort is None else _within(effort, case)
    return [own for _, own in sorted(found, key=lambda pair: (pair[1].cost, pair[0]))]


def _within(effort: Effort, case: Case) -> Iterator[tuple[int, Candidate]]:
    """An edit is cheap, but each rebuilds the formula."""
    each = 1 + len(case.nodes) / 20
    for found in _in_turn(case):
        if effort.is_over:
            return
        effort.spent += each
        yield found


def _in_turn(case: Case) -> Iterator[tuple[int, Candidate]]:
    """One of each kind after the other, with the place of its kind."""
    waiting = [(place, kind.candidates(case)) for place, kind in enumerate(kinds())]
    while waiting:
        found = [(place, own, next(own, None)) for place, own in waiting]
        yield from ((place, candidate) for place, _, candidate in found if candidate is not None)
        waiting = [(place, own) for place, own, candidate in found if candidate is not None]


def nearest(case: Case, effort: Effort | None = None) -> Candidate | None:
    """The first that is true, in the first way to read the link in which there is one; None within the effort given."""
    effort = Effort(MOST) if effort is None else effort
    for way, immediate, turned in _ways(case):
        found = _first(way, Trial(way, immediate=immediate, effort=effort))
        if found is not None:
            return replace(found, beside=way.left) if turned else found
    return None


def _first(case: Case, trial: Trial) -> Candidate | None:
    """Each formula is tried once, though several edits may lead to it; no more than half goes into making them."""
    seen = {case.right}
    making = Effort(trial.effort.left / 2)
    found = candidates(case, making)
    trial.effort.spent += making.spent
    for own in found:
        if trial.effort.is_over:
            return None
        tree = tidy(own.tree)
        if tree not in seen and trial.holds(tree):
            return replace(own, tree=tree)
        seen.add(tree)
    return None


def _ways(case: Case) -> Iterator[tuple[Case, bool, bool]]:
    """The readings of the right-hand side, then the left-hand side in its place, then sums of direct derivatives.

    With each, whether it is a sum of direct derivatives, and whether the sides are exchanged.
    """
    left, *_ = readings(case.left)
    rights = readings(case.right)
    for right in rights:
        yield replace(case, left=left, right=right), False, False
    yield replace(case, left=rights[0], right=left), False, True
    if any(isinstance(part, Derivative) for own in walk(case.right) if isinstance(own, Sum) for part in walk(own.body)):
        yield replace(case, left=left, right=rights[0]), True, False
