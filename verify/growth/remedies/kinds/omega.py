"""Descent on the regulariser that asks every factor of the chain to keep the length of the gradient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from derive.arithmetic import Array
from derive.expr import Var
from derive.theory import Theory
from derive.unroll import place
from verify.growth.remedies.case import Case
from verify.growth.remedies.held import Held, gradient, hold, total
from verify.growth.remedies.kinds.clipping import REFERENCE as REFERENCE
from verify.growth.remedies.measure import Measure, table
from verify.growth.remedies.norms import size
from verify.growth.remedies.regulariser import Regulariser, regulariser
from verify.growth.remedies.remarks import compared, text
from verify.growth.remedies.remedy import Remedy, Row, Shown
from verify.growth.remedies.replaced import with_weights
from verify.problem import Problem

NAME = "omega"
TITLE = "descent on the regulariser Ω"
STEPS, HALVINGS, SHARE = 10, 8, 0.1
_CHANGED = (
    "Up to {steps} steps of gradient descent on Ω = Σ_t (‖c_tᵀ δ_t‖ / ‖δ_t‖ − 1)² alone, in the recurrent weights"
    " ({names}); a step is a tenth of their norm long, or half of that, a quarter, … until Ω itself has fallen."
)


@dataclass(frozen=True)
class Point:
    """A network on the way, with what Ω holds fixed there."""

    problem: Problem
    held: Held
    omega: float
    slope: Mapping[Var, Array]

    @property
    def steepness(self) -> float:
        """‖∂⁺Ω/∂W‖."""
        return size(self.slope.values())


def measure(case: Case) -> Remedy:
    """Ω, the chain, the gradients and the loss, before and after the descent."""
    rule = regulariser(Theory(case.model))
    with np.errstate(all="ignore"):
        start = point(rule, case, case.problem)
        reason = _refusal(start)
        if reason:
            return Remedy(NAME, TITLE, "", REFERENCE, reason=reason)
        path = descended(rule, case, start)
    end = path[-1]
    after = case.changed(end.problem.given)
    return Remedy(
        NAME, TITLE, _CHANGED.format(steps=STEPS, names=", ".join(w.name for w in start.slope)), REFERENCE,
        columns=("before", "after"),
        rows=(*table({"before": case.baseline, "after": after}), *_rows(start, end)),
        remarks=(*compared(case.baseline, after), *_remarks(path, case.baseline, after)),
        shown=tuple(Shown(f"the derived ∂⁺Ω_t/∂{w.name}", node) for w, node in rule.gradient.items()),
        window=case.sentence,
    )  # fmt: skip


def point(rule: Regulariser, case: Case, problem: Problem) -> Point:
    held = hold(rule, case.derivation, problem)
    return Point(problem, held, float(total(rule, held)), gradient(rule, held))


def _refusal(start: Point) -> str:
    if not start.held.reached.any():
        return "No loss reaches any state: every δ_t is zero, and Ω is not defined."
    if not start.slope:
        return "Ω does not depend on a recurrent weight."
    if not np.isfinite(start.omega) or not np.isfinite(start.steepness):
        return "Ω or its gradient is not finite on this run."
    return ""


def descended(rule: Regulariser, case: Case, start: Point) -> list[Point]:
    """The points of the descent, the start first; it ends early where no step that was tried lowers Ω.

    The derivative is the immediate one, which leaves out how states and δ move: that Ω falls is seen, not promised.
    """
    path, share = [start], SHARE
    for number in range(STEPS):
        case.progress(f"{TITLE}: step {number + 1} of {STEPS}")
        found = _lower(rule, case, path[-1], share)
        if found is None:
            break
        path.append(found[0])
        share = min(2 * found[1], SHARE)
    return path


def _lower(rule: Regulariser, case: Case, at: Point, share: float) -> tuple[Point, float] | None:
    """The next point and the length of the step to it, as a share of the norm of the weights."""
    given = at.problem.given
    length = size(given[place(w)] for w in at.slope)
    if at.steepness == 0.0:
        return None
    for _ in range(HALVINGS):
        eta = share * length / at.steepness
        moved = with_weights(given, {w: given[place(w)] - eta * slope for w, slope in at.slope.items()})
        next_ = point(rule, case, case.problem.with_given(moved))
        if (
            next_.omega < at.omega
            and np.isfinite(next_.steepness)
            and next_.held.reached.sum() >= at.held.reached.sum()
        ):
            return next_, share
        share /= 2
    return None


def _rows(start: Point, end: Point) -> Iterator[Row]:
    yield Row("omega", "Ω", (start.omega, end.omega))
    means = (point.omega / int(point.held.reached.sum()) for point in (start, end))
    yield Row("omega.mean", "Ω for each factor", tuple(means))
    yield Row("omega.gradient", "‖∂⁺Ω/∂W‖", (start.steepness, end.steepness))


def _remarks(path: list[Point], before: Measure, after: Measure) -> Iterator[str]:
    start, end = path[0], path[-1]
    yield f"Ω falls from {text(start.omega)} to {text(end.omega)} in {len(path) - 1} steps."
    left_out = len(start.held.reached) - int(start.held.reached.sum())
    if left_out:
        yield f"{left_out} of {len(start.held.reached)} factors are left out: no loss reaches their state, δ_t is zero."
    if len(path) <= STEPS:
        yield "No shorter step that was tried lowers Ω further."
    if before.rate is not None and after.rate is not None:
        yield f"The chain grows by {text(before.rate)} decades a step before and {text(after.rate)} after."
