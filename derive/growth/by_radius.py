"""How the product chain c_t ⋯ c_{i+1} grows with the lag t − i, beside its bound.

‖c_t‖₂ ≤ γ σ₁(W_h) with γ = sup|φ′|, so ‖c_t ⋯ c_{i+1}‖₂ ≤ (γσ₁)^{t−i} (Pascanu, Mikolov & Bengio 2013, section 2).
The largest *singular* value counts; the spectral radius decides only in the linear case and in the long run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.expr import Var
from derive.indices import T
from derive.nonlinear import Map
from derive.run import Derived
from derive.theory import Theory
from derive.unroll import Table


@dataclass(frozen=True)
class Growth:
    """log₁₀ of ‖c_T ⋯ c_{T−lag+1}‖₂ for lag = 1 … T, and of the bound, for one spectral radius."""

    radius: float
    sigma: float
    gamma: float
    log_norms: tuple[float, ...]

    @property
    def log_bounds(self) -> tuple[float, ...]:
        rate = float(np.log10(self.gamma * self.sigma)) if self.gamma * self.sigma > 0 else -np.inf
        return tuple(lag * rate for lag in range(1, len(self.log_norms) + 1))


def with_radius(matrix: Array, radius: float) -> Array:
    """The matrix scaled to the given spectral radius, which must not be zero for it."""
    largest = float(np.max(np.abs(np.linalg.eigvals(matrix))))
    if largest == 0.0:
        raise ZeroDivisionError("a nilpotent matrix has spectral radius 0 at every scale")
    return matrix * (radius / largest)


def slope_bound(derivation: Derivation) -> float:
    """γ = sup|φ′| over the elementwise functions of the cell (tanh 1, sigmoid 1/4, ReLU 1)."""
    found = [
        equation.expression.function.steepest
        for equation in derivation.model.cell.equations
        if isinstance(equation.expression, Map)
    ]
    return max((float(gamma) for gamma in found if gamma is not None), default=float("nan"))


def chain_growth(derivation: Derivation, forward: Table, recurrent: Var, radius: float) -> Growth:
    """Norms of the chain that ends at the last step, growing to the left in time, in log space.

    The factors come from the derivation's own c_t.  The running product is rescaled at every step, so that neither
    under- nor overflow ends the study.  Of a batch the first sequence is followed.
    """
    env = Derived(derivation, forward)
    theory = Theory(derivation.model)
    product: Array | None = None
    log_scale, norms = 0.0, []
    for time in range(env.sizes[T], 0, -1):
        factor = np.asarray(env.leaf(theory.c(time), {}))
        factor = factor.reshape(-1, *factor.shape[-2:])[0]
        product = factor if product is None else product @ factor
        norm = float(np.linalg.norm(product, 2))
        if norm == 0.0:
            norms.extend([-np.inf] * time)
            break
        log_scale += float(np.log10(norm))
        product = product / norm
        norms.append(log_scale)
    matrix = forward.values[recurrent.name, recurrent.kind, None]
    sigma = float(np.linalg.norm(matrix, 2))
    return Growth(radius, sigma, slope_bound(derivation), tuple(norms))
