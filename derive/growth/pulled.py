"""What an error at a step sends to the parameters of that step: b_tᵀ δ_t, by the derived sweep, many steps at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from derive.arithmetic import Array
from derive.evaluate import Binding, evaluate
from derive.expr import Node, Var
from derive.growth.trajectory import NOW, Window
from derive.theory import Theory


@dataclass
class Pulled:
    """A window in which δ_t is given: an environment for what the derived sweep sends to the parameters.

    ``deltas`` maps the part of δ that belongs to a state to (steps, 1, rows, 1).
    """

    window: Window
    sequence: int
    deltas: Mapping[tuple[str, str], Array]
    sizes: Any = field(init=False)
    arithmetic: Any = field(init=False)
    chains: dict[Any, tuple[int, Array]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sizes, self.arithmetic = self.window.sizes, self.window.arithmetic
        self.known = dict(self.deltas)

    def leaf(self, node: Node, at: Binding) -> Array:
        assert isinstance(node, Var)
        if node.letter in self.known:
            return self.known[node.letter]
        found = self.window.leaf(node, at)
        return found[:, self.sequence : self.sequence + 1] if np.ndim(found) == 4 else found


def pulled_norms(theory: Theory, window: Window, sequence: int, columns: Array) -> dict[str, Array]:
    """‖b_tᵀ δ_t‖_F for every parameter of the recurrence, (steps,), with δ_t (steps, n) given."""
    phase = theory.phase
    deltas = {
        theory.delta_of(state).letter: columns[:, None, phase.rows_of(state, window.sizes), None]
        for state in phase.states
    }
    env = Pulled(window, sequence, deltas)
    for equation in theory.sweep.named:
        env.known[equation.target.letter] = evaluate(equation.expression, env, NOW)
    found = {}
    for w in phase.parameters:
        gradient = evaluate(theory.sweep.at_sources[w], env, NOW)
        norms = np.linalg.norm(gradient.reshape(*gradient.shape[:-2], -1), axis=-1)
        found[w.name] = np.broadcast_to(norms.reshape(-1), window.steps)
    return found
