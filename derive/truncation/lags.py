"""The double sum split by lag: Γ_ℓ = weight · Σ_t b_{t−ℓ}ᵀ P(t, t−ℓ)ᵀ g_t, for every parameter.

A sliding window of τ keeps Γ_0 … Γ_{τ−1}; what it omits is Σ_{ℓ≥τ} Γ_ℓ, added up from its own terms, not as the
difference of two gradients.  Column ℓ of a matrix D_i holds P(i+ℓ, i)ᵀ g_{i+ℓ}, so D_i = [g_i, c_{i+1}ᵀ D_{i+1}].
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from derive.arithmetic import Array
from derive.track import Gradients, Track
from derive.truncation.distance import column_norms


@dataclass(frozen=True)
class Lags:
    """``terms`` maps a parameter, or an initial state, to (N + 1, rows, columns): Γ_0 … Γ_N (the last is of initial
    states alone).  ``errors`` (N,) is Σ_t ‖P(t, t−ℓ)ᵀ g_t‖ over all losses and sequences, without the weight."""

    terms: Gradients
    errors: Array
    initial: frozenset[str]

    @property
    def steps(self) -> int:
        return len(self.errors)

    @property
    def parameters(self) -> tuple[str, ...]:
        """Without the initial states."""
        return tuple(name for name in self.terms if name not in self.initial)

    def window(self, tau: int) -> Gradients:
        """The gradient that a sliding window of τ keeps."""
        return {name: array[:tau].sum(axis=0) for name, array in self.terms.items()}

    def tail(self, tau: int) -> Gradients:
        """What it omits: the full gradient minus the kept one."""
        first = min(tau, self.steps + 1)
        return {name: array[first] for name, array in self._tails.items()}

    @cached_property
    def full(self) -> Gradients:
        return self.window(self.steps + 1)

    @cached_property
    def _tails(self) -> Gradients:
        """Σ_{ℓ≥τ} Γ_ℓ for τ = 0 … N + 1, from the longest lag on: the small terms are added up first."""
        none = {name: np.zeros_like(array[:1]) for name, array in self.terms.items()}
        return {
            name: np.cumsum(np.concatenate([none[name], array[::-1]]), axis=0)[::-1]
            for name, array in self.terms.items()
        }  # fmt: skip


def by_lag(track: Track, *, norms: bool = True) -> Lags:
    """All lags in one backward pass over growing matrices; ``norms`` is for floats only."""
    steps = track.length
    terms: Gradients = {}
    errors = np.zeros(steps)
    initial: set[str] = set()
    columns = track.seed(steps)
    for step in range(steps, 0, -1):
        _add(terms, track.share(step, _runs(columns)), 0, steps)
        if norms:
            errors[: columns.shape[-1]] += column_norms(columns).sum(axis=0)
        for name, rows in track.initial(step).items():
            initial.add(name)
            _add(terms, {name: track.at_start(_runs(track.before(step, columns))[..., rows, :])}, 1, steps)
        if step > 1:
            columns = np.concatenate([track.seed(step - 1), track.back(step, columns)], axis=-1)
    return Lags(terms, errors, frozenset(initial))


def _runs(columns: Array) -> Array:
    """(B, n, K) as K runs of one column, (K, B, n, 1)."""
    return np.moveaxis(columns, -1, 0)[..., None]


def _add(terms: Gradients, found: Gradients, first: int, steps: int) -> None:
    for name, array in found.items():
        if name not in terms:
            terms[name] = np.zeros((steps + 1, *array.shape[1:]), dtype=array.dtype)
        terms[name][first : first + len(array)] += array
