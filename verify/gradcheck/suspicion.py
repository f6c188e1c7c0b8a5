"""A suspicion: what our gradients would be with a known mistake in them, and whether somebody's are those."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from derive.arithmetic import Array
from verify.gradcheck.case import Case
from verify.gradcheck.lags import Lags, Shares, shares
from verify.gradcheck.result import Mistake

_SLACK = 100.0
"""A wrong gradient may round otherwise than the right one."""
_NEARER = 1e-3
"""Theirs must be this much nearer to the mistake than to the right gradient."""

Gradients = Mapping[str, Array]


@dataclass(frozen=True)
class Suspicion:
    """``phrase`` completes "your dW_h equals ours …"; ``predict`` gives the gradients that it speaks about.

    ``each``: the mistake may have been made in any gradient by itself, so that another one may be right.
    """

    kind: str
    phrase: str
    predict: Callable[[Case], Gradients]
    hint: str = ""
    each: bool = False


@dataclass(frozen=True)
class Seen:
    """What somebody's function returned on several problems, and which of it is wrong."""

    cases: Sequence[Case]
    theirs: Sequence[Gradients]
    wrong: tuple[str, ...]
    eps: float

    @cached_property
    def lags(self) -> tuple[Lags, ...]:
        """Our gradients by lag, on every problem."""
        return tuple(map(Lags, self.cases))

    def shares(self, name: str) -> Shares | None:
        """Which lags are in one of their gradients."""
        return shares(self.lags, self.theirs, name, self.eps) if self.cases else None

    def judged(self, suspicion: Suspicion) -> Mistake | None:
        """The mistake, if it accounts for any wrong gradient on all problems."""
        open_, contradicted, error = set(self.wrong), False, 0.0
        for case, theirs in zip(self.cases, self.theirs, strict=True):
            predicted = suspicion.predict(case)
            open_ &= {name for name in open_ if name in predicted and self._is(case, name, theirs, predicted)}
            if not open_:
                return None
            contradicted |= any(not self._near(case, name, theirs[name], predicted.get(name)) for name in theirs)
            error = max(error, *(_relative(theirs[name], predicted[name]) for name in open_))
        explains = tuple(name for name in self.wrong if name in open_)
        whole = explains == self.wrong and (suspicion.each or not contradicted)
        return Mistake(
            suspicion.kind, suspicion.phrase, explains, error, len(self.cases), whole, suspicion.hint
        )  # fmt: skip

    def count(self, place: int) -> int:
        """How many gradients are wrong on one of the problems."""
        case, theirs = self.cases[place], self.theirs[place]
        return sum(not self._right(case, name, theirs) for name in self.wrong)

    def _is(self, case: Case, name: str, theirs: Gradients, predicted: Gradients) -> bool:
        """Theirs is as predicted, and was wrong in the first place."""
        gap = _gap(theirs[name], case.ours[name])
        near = self._near(case, name, theirs[name], predicted[name])
        return near and (_gap(theirs[name], predicted[name]) <= _NEARER * gap or self._right(case, name, theirs))

    def _right(self, case: Case, name: str, theirs: Gradients) -> bool:
        """A mistake need not show on every problem: of one step, the number of steps is no factor."""
        return _gap(theirs[name], case.ours[name]) <= case.allowed(name, theirs[name], self.eps)

    def _near(self, case: Case, name: str, theirs: Array, predicted: Array | None) -> bool:
        wanted = case.ours[name] if predicted is None else predicted
        return wanted.shape == theirs.shape and _gap(theirs, wanted) <= _SLACK * case.allowed(name, theirs, self.eps)


def _gap(one: Array, other: Array) -> float:
    return float(np.max(np.abs(one - other))) if one.shape == other.shape else np.inf


def _relative(theirs: Array, predicted: Array) -> float:
    scale = float(np.max(np.abs(theirs)))
    return _gap(theirs, predicted) / scale if scale else _gap(theirs, predicted)
