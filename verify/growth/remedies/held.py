"""A run with what Ω holds fixed, all steps at once, and the values of Ω and of its gradient on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp

from derive.arithmetic import Arithmetic, Array, Floating
from derive.cell import Equation
from derive.derivation import Derivation
from derive.evaluate import Binding, evaluate
from derive.expr import Node, Var
from derive.indices import t, value
from derive.run import FORMS, Derived, compute_ahead
from derive.unroll import Place, place
from verify.growth.remedies.norms import size
from verify.growth.remedies.regulariser import Regulariser
from verify.problem import Problem

_ADJOINT = next(form for form in FORMS if form.descending)
_NOW: Binding = {t: 0}
Letter = tuple[str, str]


@dataclass(frozen=True)
class Held:
    """Of one sequence: states of the step before, inputs, and u_t = δ_t / ‖δ_t‖, each (steps, rows, 1).

    ``shared`` are the parameters (rows, columns) and constants.  Where δ_t is zero, u_t is, and ``reached`` (steps,) is
    False: Ω_t is not defined there.
    """

    sizes: Mapping[sp.Symbol, int]
    shared: Mapping[Place, Array]
    before: Mapping[Letter, Array]
    now: Mapping[Letter, Array]
    reached: Array


@dataclass
class _Steps:
    """An environment in which an expression about step t has its values at all steps."""

    held: Held
    values: dict[Letter, Array]
    arithmetic: Arithmetic = field(default_factory=Floating)
    chains: dict[Any, tuple[int, Array]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sizes = self.held.sizes

    def leaf(self, node: Node, at: Binding) -> Array:
        assert isinstance(node, Var)
        if node.time is None:
            return self.held.shared[place(node)]
        return self.values[node.letter] if value(node.time, at) == 0 else self.held.before[node.letter]

    def run(self, equations: tuple[Equation, ...]) -> None:
        with np.errstate(all="ignore"):  # 1/√0, beside the branch that is taken there
            for equation in equations:
                self.values[equation.target.letter] = evaluate(equation.expression, self, _NOW)


def hold(regulariser: Regulariser, derivation: Derivation, problem: Problem) -> Held:
    """The states, inputs and directions of the first sequence of a problem; δ by the derivation's own adjoint sweep."""
    one, phase = problem.one_sequence(), regulariser.theory.phase
    steps = range(1, value(phase.length, one.sizes) + 1)
    env = Derived(derivation, one.forward)
    compute_ahead(env, _ADJOINT)

    def over_time(variable: Var, shift: int = 0) -> Array:
        rows = value(variable.shape[0], one.sizes)
        return np.stack([np.reshape(env.leaf(variable.at(step - shift), {}), (rows, 1)) for step in steps])

    directions, reached = _unit([over_time(seed) for seed in regulariser.seeds])
    return Held(
        sizes=one.sizes,
        shared={where: array for where, array in one.given.items() if where[2] is None},
        before={state.letter: over_time(state, 1) for state in phase.states},
        now={
            **{variable.letter: over_time(variable) for variable in phase.inputs},
            **{seed.letter: direction for seed, direction in zip(regulariser.seeds, directions, strict=True)},
        },
        reached=reached,
    )


def omegas(regulariser: Regulariser, held: Held, weights: Mapping[Place, Array] | None = None) -> Array:
    """Ω_t at every step, (steps,), zero where it is not defined; with other ``weights``, everything held stays."""
    steps = _Steps(_with(held, weights), dict(held.now))
    steps.run(regulariser.equations)
    return np.where(held.reached, steps.values[regulariser.omega.letter][:, 0, 0], 0.0)


def total(regulariser: Regulariser, held: Held, weights: Mapping[Place, Array] | None = None) -> Any:
    """Ω = Σ_t Ω_t."""
    return omegas(regulariser, held, weights).sum()


def gradient(regulariser: Regulariser, held: Held) -> dict[Var, Array]:
    """∂⁺Ω/∂w of every recurrent weight, in its shape, from the derived expressions."""
    steps = _Steps(held, dict(held.now))
    steps.run(regulariser.equations)
    steps.run(regulariser.sweep.named)
    found = {}
    for w, node in regulariser.gradient.items():
        array = evaluate(node, steps, _NOW)
        shape = (len(held.reached), *(value(rows, held.sizes) for rows in w.shape))
        found[w] = np.where(held.reached[:, None, None], np.broadcast_to(array, shape), 0.0).sum(axis=0)
    return found


def _with(held: Held, weights: Mapping[Place, Array] | None) -> Held:
    if weights is None:
        return held
    return Held(held.sizes, {**held.shared, **weights}, held.before, held.now, held.reached)


def _unit(deltas: list[Array]) -> tuple[list[Array], Array]:
    """All parts of δ_t divided by the norm of the whole; and at which steps it is not zero."""
    lengths = np.array([size(delta[step] for delta in deltas) for step in range(len(deltas[0]))])
    reached = lengths > 0
    divisor = np.where(reached, lengths, 1.0)[:, None, None]
    return [delta / divisor for delta in deltas], reached
