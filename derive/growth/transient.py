"""The transient of a matrix: how large its powers get before the spectral radius decides.

A matrix is normal when WᵀW = WWᵀ; then ‖Wᵏ‖ = ρᵏ at every k.  Any other may have powers that first grow, although
ρ < 1.  Where ρ ≥ 1 the powers grow in the end, and what is looked at is W/ρ: by how much they exceed ρᵏ.

From below, at any z outside the unit disc:  sup_k ‖Wᵏ‖ ≥ (|z| − 1) ‖(zI − W)⁻¹‖, since
(zI − W)⁻¹ = Σ_k Wᵏ / z^{k+1} is at most sup_k ‖Wᵏ‖ Σ_k |z|^{−k−1} = sup_k ‖Wᵏ‖ / (|z| − 1).  The largest such value is
the Kreiss constant; any z gives a bound, so a search need not find the best one (Kreiss 1962; Trefethen & Embree 2005,
Spectra and Pseudospectra, section 18).  From above, sup_k ‖Wᵏ‖ ≤ e n times that constant (Spijker 1991), and
‖Wᵏ‖ ≤ 2 w(W)ᵏ with the numerical radius w = max_θ λ_max(Re e^{iθ}W) (Berger 1965; Pearcy 1966).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import lapack, schur
from scipy.optimize import minimize, minimize_scalar

from derive.arithmetic import Array

_POWERS = 400
_ANGLES = 48
_ITERATIONS = 3
_RADII = 1 + np.geomspace(1e-3, 3.0, 16)


@dataclass(frozen=True)
class Transient:
    """Of W, or of W/ρ where ρ ≥ 1 (``relative``): ``hump`` = max_k ‖Wᵏ‖₂ over k ≤ 400, reached at ``at``.

    ``kreiss`` is a lower bound of sup_k ‖Wᵏ‖; ``numerical_radius`` is that of the same matrix; ``departure`` is
    Henrici's √(‖W‖_F² − Σ|λ|²) / ‖W‖_F: 0 for a normal matrix, towards 1 for a nilpotent one (Henrici 1962).
    """

    radius: float
    sigma: float
    relative: bool
    hump: float
    at: int
    kreiss: float
    numerical_radius: float
    departure: float


def transient(matrix: Array) -> Transient:
    """The transient of a square matrix (n, n) that is not zero."""
    eigenvalues = np.linalg.eigvals(matrix)
    radius = float(np.abs(eigenvalues).max())
    relative = radius >= 1.0
    scaled = matrix / radius if relative else matrix
    hump, at = _hump(scaled)
    whole = float(np.linalg.norm(matrix) ** 2)
    departure = np.sqrt(max(whole - float((np.abs(eigenvalues) ** 2).sum()), 0.0) / whole) if whole else 0.0
    return Transient(
        radius=radius,
        sigma=float(np.linalg.norm(matrix, 2)),
        relative=relative,
        hump=hump,
        at=at,
        kreiss=kreiss_bound(scaled),
        numerical_radius=numerical_radius(scaled),
        departure=float(departure),
    )


def _hump(matrix: Array) -> tuple[float, int]:
    """The largest norm among the powers, ‖W⁰‖ = 1 included, and where."""
    power, largest, at = np.eye(len(matrix)), 1.0, 0
    for k in range(1, _POWERS + 1):
        power = matrix @ power
        size = float(np.linalg.norm(power))  # no less than the spectral norm
        if size > largest:
            size = float(np.linalg.norm(power, 2))
        if size > largest * (1 + 1e-12):
            largest, at = size, k
        if not 1e-200 < size < 1e200:
            break
    return largest, at


def kreiss_bound(matrix: Array) -> float:
    """A lower bound of sup_k ‖Wᵏ‖ for a matrix of spectral radius at most one: the best value that a search finds.

    On a grid the resolvent's norm is itself bounded from below, by a few steps of power iteration with a triangular
    form of W; the search starts at the best of them, and its value is from all singular values.
    """
    eye = np.eye(len(matrix))
    rounding = 4 * len(matrix) * np.finfo(np.float64).eps

    def value(z: complex) -> float:
        excess = abs(z) - 1
        if excess <= 0:
            return 0.0
        sizes = np.linalg.svd(z * eye - matrix, compute_uv=False)
        return excess / float(sizes[-1] + rounding * sizes[0])  # no more than it is, where σ_n is all rounding

    angles = np.linspace(0, np.pi, _ANGLES)  # a real matrix has conjugate resolvents
    upper = np.asfortranarray(schur(matrix, output="complex")[0])
    points = [r * np.exp(1j * a) for r in _RADII for a in angles]
    start = max(points, key=lambda z: (abs(z) - 1) * _resolvent(upper, z))
    found = minimize(lambda x: -value(complex(*x)), [start.real, start.imag], method="Nelder-Mead")
    return max(1.0, value(start), float(-found.fun))


def _resolvent(upper: Array, z: complex) -> float:
    """A lower bound of ‖(zI − U)⁻¹‖, U triangular."""
    shifted = -upper
    np.fill_diagonal(shifted, z - upper.diagonal())
    vector, length = np.ones(len(upper), complex), float(len(upper)) ** 0.5
    for _ in range(_ITERATIONS):
        image, _ = lapack.ztrtrs(shifted, vector / length)
        vector, _ = lapack.ztrtrs(shifted, image, trans=2)
        length = float(np.linalg.norm(vector))
        if not 0 < length < np.inf:
            return 0.0
    return float(np.sqrt(length))


def numerical_radius(matrix: Array) -> float:
    """w(W) = max_θ λ_max((e^{iθ}W + e^{−iθ}Wᵀ)/2), on a grid of angles and by a search around its best.

    A value at any angle is no more than w; between two angles Δ apart w exceeds it by a factor of at most 1/cos(Δ/2).
    """

    def value(angle: float) -> float:
        rotated = np.exp(1j * angle) * matrix
        return float(np.abs(np.linalg.eigvalsh((rotated + rotated.conj().T) / 2)[[0, -1]]).max())

    angles, step = np.linspace(0, np.pi, _ANGLES, retstep=True)
    best = max(angles, key=value)
    found = minimize_scalar(
        lambda angle: -value(angle), bounds=(best - step, best + step), method="bounded", options={"xatol": 1e-8}
    )
    return max(value(best), float(-found.fun))
