"""Ω and its immediate gradient by autograd, twice: it gets one step's forward equations and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
import sympy as sp

from derive.arithmetic import Arithmetic, Array, Floating
from derive.evaluate import Binding, evaluate
from derive.expr import Node, Var
from derive.indices import t, value
from derive.phase import Phase
from derive.unroll import Place, place
from verify.growth.remedies.held import Held


@dataclass
class _Step:
    """The values of one step."""

    sizes: Mapping[sp.Symbol, int]
    shared: Mapping[Place, Array]
    values: dict[tuple[str, str, int], Array]
    arithmetic: Arithmetic = field(default_factory=lambda: Floating(anp))
    chains: dict[Any, tuple[int, Array]] = field(default_factory=dict)

    def leaf(self, node: Node, at: Binding) -> Array:
        assert isinstance(node, Var)
        if node.time is None:
            return self.shared[place(node)]
        return self.values[*node.letter, value(node.time, at)]


def square_of(phase: Phase, held: Held, time: int, u: list[Array]) -> Callable[[dict[Place, Array]], Any]:
    """‖c_tᵀ u‖² as a function of weights, with h_{t−1} and δ_t held."""
    inputs = {(*x.letter, 0): held.now[x.letter][time] for x in phase.inputs}

    def states(before: list[Array], weights: Mapping[Place, Array]) -> list[Array]:
        values = {(*s.letter, -1): array for s, array in zip(phase.states, before, strict=True)}
        step = _Step(held.sizes, {**held.shared, **weights}, {**inputs, **values})
        for equation in phase.equations:
            step.values[*equation.target.letter, 0] = evaluate(equation.expression, step, {t: 0})
        return [step.values[*s.letter, 0] for s in phase.states]

    def square(weights: dict[Place, Array]) -> Any:
        def along(before: list[Array]) -> Any:
            return sum(anp.sum(a * b) for a, b in zip(states(before, weights), u, strict=True))

        v = autograd.grad(along)([held.before[s.letter][time] for s in phase.states])
        return sum(anp.sum(part**2) for part in v)

    return square


def omega_of(square: Any) -> Any:
    return (anp.sqrt(square) - 1) ** 2


def total_and_gradient(
    phase: Phase, held: Held, weights: tuple[Var, ...], seeds: tuple[Var, ...]
) -> tuple[float, dict[Var, Array]]:
    """Ω over all steps, and its gradient."""
    total, found = 0.0, {w: np.zeros_like(held.shared[place(w)]) for w in weights}
    at = {place(w): held.shared[place(w)] for w in weights}
    for time in range(len(held.reached)):
        if not held.reached[time]:
            continue
        square = square_of(phase, held, time, [held.now[seed.letter][time] for seed in seeds])
        total += float(omega_of(square(at)))
        if square(at) == 0:  # no slope there, by convention
            continue
        slope = autograd.grad(lambda values, square=square: omega_of(square(values)))(at)
        found = {w: array + slope[place(w)] for w, array in found.items()}
    return total, found
