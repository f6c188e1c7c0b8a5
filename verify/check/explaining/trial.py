"""Whether a candidate is true: first where the link fails, with one unit, then with several; then everywhere."""

from __future__ import annotations

from dataclasses import replace

from verify.check.effort import Effort
from verify.check.explaining.case import Case
from verify.check.judge import equal
from verify.check.meaning import meaning
from verify.check.reading.tree import Tree
from verify.check.scope import OutOfRangeError, Scope
from verify.check.values import MeaningError, Value, same

MOST = 80_000
"""How much is tried for one link: about two seconds.  Seconds themselves are not asked for, since what is found would
depend on the machine and on who else is at work."""
_TRIED = 8
"""What a candidate costs beside the parts of it that are worked out."""
NO_FORMULA = (ArithmeticError, AssertionError, LookupError, RecursionError, TypeError, ValueError)
"""What the judge may stumble over in a candidate: edits are made without asking whether they make sense."""
_ENOUGH = 2
"""Values of the indices at which a candidate has to be true that says nothing where the link fails."""


class Trial:
    """Tries candidates for one link.  ``immediate``: ∂h_k/∂W is read as what step k adds of its own."""

    def __init__(self, case: Case, *, immediate: bool = False, effort: Effort | None = None) -> None:
        self.case, self.immediate = case, immediate
        self.effort = Effort(MOST) if effort is None else effort
        network = case.setting.network
        outcome = equal(case.left, case.right, case.setting.scope())
        self.at = dict(outcome.at or case.at)
        worlds = (True, False) if network.alone.model is network.model else (False,)
        places = [place for alone in worlds if (place := self._place(alone)) is not None]
        self.places = [place for place in places if not self._fits(case.right, *place)]

    def _place(self, alone: bool) -> tuple[Scope, Value] | None:
        """The scope of the right-hand side where the link fails, and what its left-hand side is there."""
        here, there = self._scopes(alone)
        here, there = (replace(own, at={**own.at, **self.at}) for own in (here, there))
        try:
            return there, meaning(self.case.left, here)
        except (OutOfRangeError, MeaningError, *NO_FORMULA):
            return None

    def _scopes(self, alone: bool) -> tuple[Scope, Scope]:
        setting = self.case.setting
        here = replace(setting.scope(alone=alone), effort=self.effort)
        return here, replace(here, immediate=self.immediate)

    def holds(self, candidate: Tree) -> bool:
        """Whether it is true wherever the left-hand side has a value."""
        self.effort.spent += _TRIED
        fits = [self._fits(candidate, scope, left) for scope, left in self.places]
        if False in fits:
            return False
        try:
            outcome = equal(self.case.left, candidate, *self._scopes(alone=False))
        except NO_FORMULA:
            return False
        return bool(outcome.holds) and (None not in fits or outcome.cases >= _ENOUGH)

    def _fits(self, candidate: Tree, scope: Scope, left: Value) -> bool | None:
        """At the place where the link fails; None where the candidate does not speak of that place."""
        try:
            return bool(same(left, meaning(candidate, scope), scope.convention))
        except OutOfRangeError:
            return None
        except (MeaningError, *NO_FORMULA):
            return False
