"""Aicher's bound of what a window omits, from how fast errors shrink on their way back.

(Aicher, Foti & Fox 2019, *Adaptively truncating BPTT to control gradient bias*, section 3.)  They keep the lags 0 … K
and bound the rest by M φ_k β^{K−k} β/(1 − β); here τ = K + 1 lags are kept, 0 … τ − 1.  The omitted gradient is

    ‖Σ_{ℓ≥τ} Γ_ℓ‖ ≤ M Σ_{ℓ≥τ} φ_ℓ ≤ M φ_k β^{τ−k}/(1 − β)   for k ≤ τ,

with φ_ℓ = Σ_t ‖P(t, t−ℓ)ᵀ g_t‖, with M ≥ weight · ‖b_iᵀ‖ for every step, and β ≥ φ_{ℓ+1}/φ_ℓ for all ℓ ≥ k.
Measured on a whole sequence β makes it a bound on that sequence.  Known from short lags only, as in training, β is an
estimate, and so is the bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from derive.arithmetic import Array
from derive.track import Track
from derive.truncation.distance import flat

_SHARE = 0.5
"""Of the lags, from the shortest, that an estimate may see."""


@dataclass(frozen=True)
class Contraction:
    """``errors`` (N,) are φ_0 … φ_{N−1}, ``largest`` is M."""

    errors: Array
    largest: float

    def bound(self, tau: int) -> float:
        """Of ‖omitted gradient‖, with the best k ≤ τ and the smallest β that holds for all lags from k on; ∞ where no
        k gives one below one."""
        return min((self.largest * tail for tail in self._tails(tau)), default=float("inf"))

    def _tails(self, tau: int) -> Iterator[float]:
        """φ_k β^{τ−k}/(1 − β) for each k."""
        if tau >= len(self.errors):
            yield 0.0
            return
        for k in range(tau + 1):
            rate = self.rate(k)
            if rate < 1:
                yield float(self.errors[k]) * rate ** (tau - k) / (1 - rate)

    def rate(self, k: int) -> float:
        """β: the largest φ_{ℓ+1}/φ_ℓ for ℓ ≥ k."""
        return float(self._rates[k]) if k < len(self._rates) else 0.0

    @cached_property
    def _rates(self) -> Array:
        now, then = self.errors[:-1], self.errors[1:]
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios = np.where(then == 0, 0.0, then / now)
        return np.maximum.accumulate(ratios[::-1])[::-1]

    def estimated(self, tau: int, seen: int | None = None) -> float:
        """The same with β from a straight line through log φ_ℓ of the first ``seen`` lags, the second half of them
        (Aicher et al., section 4.2), since φ at longer lags is not known in training."""
        known = max(2, min(int(_SHARE * len(self.errors)) if seen is None else seen, len(self.errors)))
        lags = np.arange(known // 2, known)
        values = self.errors[lags]
        if len(lags) < 2 or not (values > 0).all():
            return float("inf")
        rate = float(np.exp(np.polyfit(lags, np.log(values), 1)[0]))
        k = int(lags[0])
        return self.largest * float(values[0]) * rate ** (tau - k) / (1 - rate) if rate < 1 else float("inf")


def contraction(track: Track, errors: Array) -> Contraction:
    """Measure M, the largest weight · ‖b_iᵀ‖₂ over steps and sequences, all parameters together."""
    return Contraction(errors, max(_norm(track, step) for step in range(1, track.length + 1)))


def _norm(track: Track, step: int) -> float:
    """By the Gram matrix of the rows that b_iᵀ makes of the unit vectors; a sequence has its own.

    What a step sends to a parameter is weight/B · bᵀ δ, so the factor 1/B is in it.
    """
    seed = track.seed(step)
    batch, rows = seed.shape[:2]
    found = 0.0
    for sequence in range(batch):
        units = np.zeros((rows, batch, rows, 1))
        units[np.arange(rows), sequence, np.arange(rows)] = 1.0
        shares = track.share(step, units)
        matrix = flat(shares, shares)
        found = max(found, float(np.linalg.eigvalsh(matrix @ matrix.T)[-1]))
    return float(np.sqrt(max(found, 0.0)))
