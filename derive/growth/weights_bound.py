"""What bounds a factor of the chain by the weights alone, whatever the input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp

from derive.arithmetic import Arithmetic, Array, Floating
from derive.derivation import Derivation
from derive.evaluate import Binding, evaluate
from derive.expr import Node, Var
from derive.growth.formulas.estimate import UnboundedError, norm_bound
from derive.growth.formulas.quantities import Known
from derive.theory import Theory
from derive.unroll import Place, place


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
