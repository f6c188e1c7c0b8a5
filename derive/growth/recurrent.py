"""Which parameters a chain is made of, and what bounds a factor by the weights alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp

from derive.arithmetic import Arithmetic, Array, Floating
from derive.cell import lag
from derive.derivation import Derivation
from derive.evaluate import Binding, evaluate
from derive.expr import Hadamard, MatMul, Node, Transpose, Var
from derive.growth.formulas.estimate import Known, UnboundedError, norm_bound
from derive.model import Model
from derive.phase import Phase
from derive.sums import walk
from derive.theory import Theory
from derive.unroll import Place, place


def recurrent(of: Model) -> tuple[Var, ...]:
    """The parameters that multiply a state of the step before, of every phase: square matrices, or where there are none
    the columns that do so entry by entry."""
    found = list(dict.fromkeys(w for phase in of.phases for w in recurrent_of(phase)))
    return _matrices(found)


def recurrent_of(phase: Phase) -> tuple[Var, ...]:
    """Those of one phase."""
    return _matrices([w for equation in phase.equations for w in _in(equation.expression, phase)])


def _matrices(found: list[Var]) -> tuple[Var, ...]:
    unique = tuple(dict.fromkeys(found))
    return tuple(w for w in unique if w.shape[1] != 1) or unique


def _in(expression: Node, phase: Phase) -> Iterator[Var]:
    lagged = {lag(state) for state in phase.states}
    for node in walk(expression):
        if not isinstance(node, MatMul | Hadamard) or len(node.args) != 2:
            continue
        pairs = [node.args] if isinstance(node, MatMul) else [node.args, node.args[::-1]]
        for left, right in pairs:
            w = left.args[0] if isinstance(left, Transpose) else left
            square = isinstance(node, Hadamard) or w.shape[0] == w.shape[1]
            if isinstance(w, Var) and w.kind == "parameter" and square and lagged & set(walk(right)):
                yield w


def as_matrix(value: Array) -> Array:
    """A recurrent parameter as the matrix (n, n) that it is; a column is a diagonal."""
    return np.diag(value[:, 0]) if value.shape[1] == 1 and value.shape[0] > 1 else value


@dataclass
class _Weights:
    """An environment of parameters, and of γ = sup|φ′| for every function of a cell."""

    sizes: Mapping[sp.Symbol, int]
    given: Mapping[Place, Array]
    gammas: Mapping[Var, sp.Expr]
    arithmetic: Arithmetic = field(default_factory=Floating)
    chains: dict[Any, tuple[int, Array]] = field(default_factory=dict)

    def leaf(self, node: Node, at: Binding) -> Array:
        assert isinstance(node, Var)
        if node in self.gammas:
            return self.arithmetic.filled(self.gammas[node], 1, 1)
        return self.given[place(node)]


@dataclass(frozen=True)
class WeightsBound:
    """‖c_t‖₂ ≤ ``value`` at every step, whatever the input; ``node`` says why: γ σ₁(W_h) for the vanilla network."""

    node: Node
    value: float

    @property
    def log(self) -> float:
        """In nats a factor."""
        return float(np.log(self.value)) if self.value > 0 else -np.inf


def weights_bound(
    derivation: Derivation, given: Mapping[Place, Array], sizes: Mapping[sp.Symbol, int], *, place_: int = -1
) -> WeightsBound | None:
    """From the derived c_t by the laws of the norm; None where the weights alone do not bound it (a gate multiplies a
    quantity that may be of any size)."""
    theory = Theory(derivation.model, place_)
    known = Known(theory)
    try:
        node = norm_bound(derivation[theory.key("local.c")].rhs, known)
    except UnboundedError:
        return None
    gammas = {letter: function.steepest for function, letter in known.gammas.items()}
    value = evaluate(node, _Weights(sizes, given, gammas), {})
    return WeightsBound(node, float(np.asarray(value).reshape(-1)[0]))
