"""Aicher's bound of what a window omits, from how fast errors shrink on their way back.

(Aicher, Foti & Fox 2019, *Adaptively truncating BPTT to control gradient bias*, section 3.)  They keep the lags 0 … K
and bound the rest by M φ_k β^{K−k} β/(1 − β); here τ = K + 1 lags are kept, 0 … τ − 1.  The omitted gradient is

    ‖Σ_{ℓ≥τ} Γ_ℓ‖ ≤ M Σ_{ℓ≥τ} φ_ℓ ≤ M φ_k β^{τ−k}/(1 − β)   for k ≤ τ,

with φ_ℓ = Σ_t ‖P(t, t−ℓ)ᵀ g_t‖, with M ≥ weight · ‖b_iᵀ‖ for every step, and β ≥ φ_{ℓ+1}/φ_ℓ for all ℓ ≥ k.
Measured on a whole sequence β makes it a bound on that sequence.  Known from short lags only, as in training, β is an
estimate, and so is the bound.
"""

from __future__ import annotations

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
        if tau >= len(self.errors):
            return 0.0
        k = np.flatnonzero(self.rates[: tau + 1] < 1)
        tails = self.errors[k] * self.rates[k] ** (tau - k) / (1 - self.rates[k])
        return self.largest * float(tails.min(initial=np.inf))

    @cached_property
    def rates(self) -> Array:
        """β for each k: the largest φ_{ℓ+1}/φ_ℓ for ℓ ≥ k; zero for the last, behind which nothing comes."""
        now, then = self.errors[:-1], self.errors[1:]
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios = np.where(then == 0, 0.0, then / now)
        return np.maximum.accumulate(np.array([*ratios, 0.0])[::-1])[::-1]

    def estimated(self, tau: int, seen: int | None = None) -> float:
        """The same with β from a straight line through log φ_ℓ of the first ``seen`` lags, the second half of them
        (Aicher et al., section 4.2), since φ at longer lags is not known in training.

        The line starts at lag k; where τ < k, what is known of the lags between is added up as it is.
        """
        known = min(max(2, int(_SHARE * len(self.errors)) if seen is None else seen), len(self.errors))
        lags = np.arange(known // 2, known)
        values = self.errors[lags]
        if len(lags) < 2 or not (values > 0).all():
            return float("inf")
        rate = float(np.exp(np.polyfit(lags, np.log(values), 1)[0]))
        if rate >= 1:
            return float("inf")
        k = int(lags[0])
        between = float(self.errors[tau:k].sum())
        return self.largest * (between + float(values[0]) * rate ** max(tau - k, 0) / (1 - rate))


def contraction(track: Track, errors: Array) -> Contraction:
    """Measure M, the largest weight · ‖b_iᵀ‖₂ over steps and sequences, all parameters together."""
    return Contraction(errors, max(_norm(track, step) for step in range(1, track.length + 1)))


def _norm(track: Track, step: int) -> float:
    """By the Gram matrix of the rows that b_iᵀ makes of the unit vectors; a sequence has its own.

    What a step sends to a parameter is weight/B · bᵀ δ, so the factor 1/B is in it.
    """
    seed = track.seed(step)
    batch, rows = seed.shape[:2]
    found = [0.0]
    for sequence in range(batch):
        units = np.zeros((rows, batch, rows, 1))
        units[np.arange(rows), sequence, np.arange(rows)] = 1.0
        shares = track.share(step, units)
        matrix = flat(shares, shares)
        scale = float(np.abs(matrix).max(initial=0.0)) or 1.0  # so that no square overflows
        found.append(scale * float(np.sqrt(max(np.linalg.eigvalsh((matrix / scale) @ (matrix / scale).T)[-1], 0.0))))
    return max(found)
