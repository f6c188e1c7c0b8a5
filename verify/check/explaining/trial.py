"""Whether a candidate is true: first where the link fails, with one unit, then with several; then everywhere."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

from verify.check.explaining.case import Case
from verify.check.judge import equal
from verify.check.meaning import meaning
from verify.check.reading.tree import Tree
from verify.check.scope import OutOfRangeError, Scope
from verify.check.values import MeaningError, Value, same

TRIALS = 3000
SECONDS = 1.0
NO_FORMULA = (ArithmeticError, AssertionError, LookupError, RecursionError, TypeError, ValueError)
"""What the judge may stumble over in a candidate: edits are made without asking whether they make sense."""
_ENOUGH = 2
"""Values of the indices at which a candidate has to be true that says nothing where the link fails."""


class Trial:
    """Tries candidates for one link.  ``immediate``: ∂h_k/∂W is read as what step k adds of its own."""

    def __init__(self, case: Case, *, immediate: bool = False, deadline: float | None = None) -> None:
        self.case, self.immediate = case, immediate
        self.deadline = perf_counter() + SECONDS if deadline is None else deadline
        self.left_over = TRIALS
        network = case.setting.network
        outcome = equal(case.left, case.right, case.setting.scope())
        self.scalar, self.at = outcome.holds is None, dict(outcome.at or case.at)
        worlds = []
        if network.alone.model is network.model:
            worlds.append(True)
        if not self.scalar:
            worlds.append(False)
        places = [place for alone in worlds if (place := self._place(alone)) is not None]
        self.places = [place for place in places if not self._fits(case.right, *place)]

    def _place(self, alone: bool) -> tuple[Scope, Value] | None:
        """The scope of the right-hand side where the link fails, and what its left-hand side is there."""
        setting = self.case.setting
        at = self.at
        here = setting.scope(alone=alone)
        there = setting.scope(alone=alone, immediate=self.immediate)
        try:
            left = meaning(self.case.left, replace(here, at={**here.at, **at}))
        except (MeaningError, OutOfRangeError):
            return None
        return replace(there, at={**there.at, **at}), left

    @property
    def is_over(self) -> bool:
        return self.left_over <= 0 or perf_counter() > self.deadline

    def holds(self, candidate: Tree) -> bool | None:
        """Whether it is true; None where it is so for one unit only, and the link makes no sense for more."""
        self.left_over -= 1
        fits = [self._fits(candidate, scope, left) for scope, left in self.places]
        if False in fits:
            return False
        if self._everywhere(candidate, alone=False, seen=None not in fits):
            return True
        return None if self.scalar and self._everywhere(candidate, alone=True, seen=None not in fits) else False

    def _everywhere(self, candidate: Tree, *, alone: bool, seen: bool) -> bool:
        """``seen``: it has been found true where the link fails."""
        setting = self.case.setting
        scopes = setting.scope(alone=alone), setting.scope(alone=alone, immediate=self.immediate)
        try:
            outcome = equal(self.case.left, candidate, *scopes)
        except NO_FORMULA:
            return False
        return bool(outcome.holds) and (seen or outcome.cases >= _ENOUGH)

    def _fits(self, candidate: Tree, scope: Scope, left: Value) -> bool | None:
        """At the place where the link fails; None where the candidate does not speak of that place."""
        try:
            return bool(same(left, meaning(candidate, scope), scope.convention))
        except OutOfRangeError:
            return None
        except (MeaningError, *NO_FORMULA):
            return False
