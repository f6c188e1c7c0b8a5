"""What a sweep measures at a point: the growth of the product chain, its bound, and how saturated the units are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from bptt.sweeps.network import Network, network
from bptt.sweeps.task import Task, Value
from derive.arithmetic import Array
from derive.evaluate import evaluate
from derive.expr import Diag, MatMul, Node, Var
from derive.growth.by_radius import slope_bound
from derive.growth.chain import Chain, chain_of
from derive.growth.spectrum import spectrum
from derive.growth.trajectory import NOW, Window
from derive.nonlinear import Map
from derive.unroll import place

_TO_DECADES = float(1 / np.log(10))


def measure(task: Task) -> dict[str, Value]:
    """One row, by the columns of ``QUANTITIES``.  Raises ArithmeticError for a network whose state overflows."""
    settings: dict[str, Any] = dict(task.point)
    with np.errstate(all="ignore"):  # what overflows is found by looking
        found = network(task.model, **settings)
        chain = chain_of(found.derivation, found.given, found.sizes)
        saturation = _saturation(chain)
        spectral = spectrum(chain, lags=(1,))
    log10_norm = float(spectral.log_singular_values[0]) * _TO_DECADES
    return {
        "log10_norm": log10_norm,
        "log10_norm_per_step": log10_norm / chain.steps,
        "log10_norm_last": float(spectral.by_lag[0, 0]) * _TO_DECADES,
        "exponent": float(spectral.exponents[0]),
        "log10_bound": _log10_bound(found, chain),
        "sigma_1": max((_largest(matrix) for matrix in found.recurrent), default=None),
        "saturation": saturation,
    }


def _largest(matrix: Array) -> float:
    """σ₁; of a column, which is the diagonal of a matrix, its largest entry."""
    diagonal = matrix.shape[1] == 1
    return float(np.max(np.abs(matrix))) if diagonal else float(np.linalg.norm(matrix, 2))


def _log10_bound(found: Network, chain: Chain) -> float | None:
    """T log₁₀(γ σ₁(W)) where c_t is diag(φ′) W or W, and sup|φ′| is known; a gate or a leak adds terms."""
    *slopes, last = chain.jacobian.args if isinstance(chain.jacobian, MatMul) else (chain.jacobian,)
    if not (isinstance(last, Var) and last.kind == "parameter" and all(isinstance(slope, Diag) for slope in slopes)):
        return None
    functions = [e.expression.function for e in found.derivation.model.cell.equations if isinstance(e.expression, Map)]
    if any(function.steepest is None for function in functions):
        return None
    rate = _largest(found.given[place(last)]) * (slope_bound(found.derivation) if functions else 1.0)
    return chain.steps * float(np.log10(rate)) if rate else -np.inf


def _saturation(chain: Chain) -> float | None:
    """The mean |φ′| of all elementwise functions of the recurrence, over steps and units; None where it has none.

    Raises ArithmeticError, with the step, when a state is not finite.
    """
    slopes = tuple(_slopes(chain))
    total, count = 0.0, 0
    for window in chain.trajectory.forward():
        _refuse_overflow(chain, window)
        for slope in slopes:
            values = np.abs(evaluate(slope, window, NOW))
            repeated = window.steps if len(values) == 1 else 1  # a slope that is the same at every step
            total, count = total + repeated * float(values.sum()), count + repeated * values.size
    return total / count if count else None


def _slopes(chain: Chain) -> Iterator[Node]:
    for equation in chain.trajectory.phase.equations:
        if isinstance(equation.expression, Map):
            yield Map(equation.expression.function.derivative, equation.expression.body)


def _refuse_overflow(chain: Chain, window: Window) -> None:
    for state in chain.trajectory.phase.states:
        bad = ~np.isfinite(window.timed[state.letter]).all(axis=(1, 2, 3))
        if bad.any():
            step = window.first + int(bad.argmax()) - (len(bad) - window.steps)
            raise OverflowError(f"the state {state.name} overflows at step {step}")
