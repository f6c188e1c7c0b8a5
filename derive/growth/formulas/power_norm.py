"""log ‖W^k‖ for any k, by the eigenvalues in log space: neither ρ^k nor W^k is ever formed.

W^k = ρ^k · X diag((λ/ρ)^k) X⁻¹, where (λ/ρ)^k = exp(k (log|λ| − log ρ) + i k arg λ) is at most 1 in modulus: what
underflows there no longer counts.

Floating point knows each λ to about κ(X) ε ρ (Bauer & Fike 1960), which a power multiplies by k, and X diag(·) X⁻¹ to
κ(X) ε: so log ‖W^k‖ is accurate to about (k + n) κ(X) ε, and for a defective W, where κ(X) = ∞, this says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from derive.arithmetic import Array

_EPS = float(np.finfo(float).eps)
_MARGIN = 16.0
TRUSTED = 1e-2
"""An error of log ‖W^k‖ above this is no answer."""


@dataclass(frozen=True)
class PowerNorm:
    """log ‖W^k‖₂ (natural), its estimated error, and κ(X)."""

    log_norm: float
    error: float
    condition: float

    @property
    def trusted(self) -> bool:
        return self.error <= TRUSTED


def power_norm(matrix: Array, exponent: int) -> PowerNorm:
    """log ‖W^k‖₂ of an n×n matrix for k ≥ 0; −∞ for a zero matrix.

    Raises ValueError for a negative exponent.
    """
    if exponent < 0:
        raise ValueError(f"a power of {exponent}")
    values, vectors = np.linalg.eig(np.asarray(matrix, dtype=float))
    condition = float(np.linalg.cond(vectors))
    radius = float(np.max(np.abs(values)))
    if radius == 0.0:
        return PowerNorm(-np.inf if exponent else 0.0, np.inf if exponent and np.any(matrix) else 0.0, condition)
    error = _MARGIN * (exponent + len(values)) * condition * _EPS
    if not np.isfinite(condition):
        return PowerNorm(exponent * float(np.log(radius)), np.inf, condition)
    with np.errstate(divide="ignore"):
        rates = np.log(np.abs(values)) - np.log(radius)
    factors = np.exp(exponent * rates if exponent else 0.0 * np.abs(values)) * np.exp(
        1j * np.mod(exponent * np.angle(values), 2 * np.pi)
    )
    scaled = np.linalg.solve(vectors.T, (vectors * factors).T).T  # X diag(f) X⁻¹
    norm = float(np.linalg.norm(scaled, 2))
    log_norm = exponent * float(np.log(radius)) + float(np.log(norm)) if norm else -np.inf
    return PowerNorm(log_norm, error, condition)
