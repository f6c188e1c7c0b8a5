"""Which lags of the double sum are in somebody's gradient, and with which weight.

A gradient is a sum over the lags t − i.  Theirs is written as Σ_k α_k · (our contribution of lag k), by least squares
over several problems at once: α = 1 everywhere is right, α_k = 0 from k = τ on is truncated after τ steps.  Where the
sum does not fit, or the problems do not determine α, nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from derive.arithmetic import Array
from derive.indices import T
from derive.run import Derived, by_lag, gradients, name_of
from derive.theory import theories
from derive.unroll import table_of, unroll
from verify.gradcheck.case import ADJOINT, Case
from verify.gradcheck.patterns import number

_NEAR = 1e-6
"""A weight as near as this to 0 or 1 is 0 or 1."""
_SPARE = 3
"""So many more numbers than weights, or a fit proves nothing."""
_CERTAIN = 1e-7
"""A weight is known when rounding moves it by less than this."""
_LEFT = 100.0
"""How many times the reach of rounding may be left over by a sum that fits."""


@dataclass(frozen=True)
class Shares:
    """The weight of each lag, from ``first`` on: of an initial state, the loss of step t has lag t.

    None for a lag whose contributions have vanished too far to tell.
    """

    first: int
    weights: tuple[float | None, ...]

    @property
    def known(self) -> dict[int, float]:
        """The weights that are known, by lag."""
        return {self.first + k: weight for k, weight in enumerate(self.weights) if weight is not None}

    @property
    def wrong(self) -> dict[int, float]:
        """Those that are not one."""
        return {lag: weight for lag, weight in self.known.items() if abs(weight - 1) >= _NEAR}

    @property
    def kept(self) -> int | None:
        """How many lags are kept, where it is the first ones, whole, and no later one; None otherwise."""
        wrong = self.wrong
        if not wrong:
            return None
        later = [weight for lag, weight in self.known.items() if lag >= min(wrong)]
        return min(wrong) - self.first if all(abs(weight) < _NEAR for weight in later) else None


@dataclass(frozen=True, eq=False)
class Lags:
    """Our gradients on one problem by lag.  Nothing is computed twice."""

    case: Case
    known: dict[str, dict[int, Array]] = field(default_factory=dict)

    def of(self, name: str) -> dict[int, Array]:
        """The contributions to one gradient; empty where it has no lags, as the readout's own parameters."""
        if name not in self.known:
            self.known[name] = self._contributions(name)
        return self.known[name]

    def _contributions(self, name: str) -> dict[int, Array]:
        model = self.case.problem.model
        for theory in theories(model):
            for w in theory.phase.parameters:
                if w.name == name:
                    return dict(
                        sorted(by_lag(self.case.derivation, self._shared.forward, theory, w, self._shared).items())
                    )
        started = name in map(name_of, model.main.given_initially) and not model.wiring.single
        return self._of_start(name) if started else {}

    @cached_property
    def _shared(self) -> Derived:
        problem = self.case.problem
        return Derived(self.case.derivation, table_of(problem.model, problem.forward.values, problem.sizes))

    def _of_start(self, name: str) -> dict[int, Array]:
        """The gradient of an initial state by the step t of the loss: t ∇L_t − (t − 1) ∇L_{t−1}, over T, L_t being
        the loss of the first t steps."""
        totals = [np.zeros_like(self.case.ours[name])]
        totals += [step * found[name] for step, found in enumerate(self._prefixes, start=1)]
        steps = self.case.problem.steps
        return {step: (totals[step] - totals[step - 1]) / steps for step in range(1, steps + 1)}

    @cached_property
    def _prefixes(self) -> list[dict[str, Array]]:
        """Our gradients of the loss of the first step, of the first two steps, …"""
        problem = self.case.problem
        every = ({**problem.sizes, T: count} for count in range(1, problem.steps + 1))
        return [gradients(self.case.derivation, unroll(problem.model, problem.given, s), ADJOINT) for s in every]


def shares(known: Sequence[Lags], theirs: Sequence[Mapping[str, Array]], name: str, eps: float) -> Shares | None:
    """The weights with which our lags make up their gradient of one parameter; None where they do not."""
    cases = [own.case for own in known]
    parts = [own.of(name) for own in known]
    lags = sorted({lag for part in parts for lag in part})
    sizes = [max((float(np.max(np.abs(array))) for array in part.values()), default=0.0) for part in parts]
    if len(lags) < 2 or min(sizes) == 0.0:
        return None
    columns = [_column([part.get(lag) for part in parts], [case.ours[name] for case in cases], sizes) for lag in lags]
    wanted = np.concatenate([(found[name] / size).ravel() for found, size in zip(theirs, sizes, strict=True)])
    slack = max(c.allowed(name, found[name], eps) / size for c, found, size in zip(cases, theirs, sizes, strict=True))
    weights = _fitted(np.stack(columns, axis=1), wanted, slack)
    return None if weights is None else Shares(lags[0], weights)


def _column(of_cases: Sequence[Array | None], like: Sequence[Array], sizes: Sequence[float]) -> Array:
    """One lag's contributions on all problems, each at its own scale; a shorter sequence has none."""
    filled = (np.zeros_like(ours) if part is None else part for part, ours in zip(of_cases, like, strict=True))
    return np.concatenate([(part / size).ravel() for part, size in zip(filled, sizes, strict=True)])


def _fitted(matrix: Array, wanted: Array, slack: float) -> tuple[float | None, ...] | None:
    """Least squares.  None where it does not fit; a weight that it does not determine is None."""
    lengths = np.linalg.norm(matrix, axis=0)
    if np.min(lengths) == 0.0 or matrix.shape[0] < matrix.shape[1] + _SPARE:
        return None
    inverse = np.linalg.pinv(matrix / lengths) / lengths[:, None]
    weights = inverse @ wanted
    left = float(np.max(np.abs(matrix @ weights - wanted)))
    if left > _LEFT * slack:
        return None
    doubts = slack * np.linalg.norm(inverse, axis=1) * np.sqrt(len(wanted))
    return tuple(float(w) if doubt < _CERTAIN else None for w, doubt in zip(weights, doubts, strict=True))


def said(found: Shares) -> str:
    """What the weights mean, in words; empty when all are one, or all alike."""
    wrong, known = found.wrong, found.known
    if not wrong or max(known.values()) - min(known.values()) < _NEAR:
        return ""
    first = min(wrong)
    if found.kept:
        kept = f"lags {found.first} to {first - 1}" if first - 1 > found.first else f"lag {found.first}"
        return f"it has the contributions of {kept} only"
    factor = "is missing" if abs(wrong[first]) < _NEAR else f"comes in {number(wrong[first])} times"
    more = f"; {len(wrong)} of {len(known)} lags have a wrong weight" if len(wrong) > 1 else ""
    return f"the contribution of lag {first} {factor}{more}"
