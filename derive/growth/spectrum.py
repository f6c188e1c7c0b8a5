"""Lyapunov exponents, and all singular values of the product chain at any lag and any length, in logarithms.

The two are different numbers.  The exponents (Benettin et al. 1980; for recurrent networks Vogt et al. 2022, Engelken
et al. 2023) are λ_k = (1/T) Σ_t log|R_t,kk| along a frame that starts anywhere; T λ_k differs from log σ_k(P) by an
O(1) that does not vanish with T.  The singular values of the very product need the whole triangular part, which
``Graded`` keeps.

A sweep forwards gives the exponents and a first set of singular values.  Its last frame starts a sweep backwards, over
the transposed factors: P(T, i)ᵀ Q_T at every lag on the way.  Two sweeps are one step of orthogonal iteration with
PᵀP, so the frames turn towards the singular vectors; sweeps are added until two in a row agree, or agree no better.

What cannot be had: where the chain first grows along directions that it later takes back, σ_k(P(T, t)) σ_k(P(t, 0)) is
much larger than σ_k(P(T, 0)), and the rounding of one step outweighs what is left at the end; the singular values are
then those of a product of factors that differ from the given ones in their last digit.  Sweeps round differently, so
that a loss shows in how they disagree; but not always (powers of a Jordan block with large entries are wrong alike), so
that the growth that is taken back is measured too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from derive.arithmetic import Array
from derive.growth.aligned import Aligned, aligned, is_aligned
from derive.growth.chain import Chain
from derive.growth.frame import Frame, completed, random_frame
from derive.growth.sweep import Progress, Sweep, leading, padded, swept, taken_back

AGREEMENT = 1e-10
"""Two sweeps agree when no log σ differs by more, relative to the larger of it and one."""
_MOST_SWEEPS = 8
_EPS, _MOST = float(np.finfo(np.float64).eps), 700.0
_FEWEST = 3
"""So many before it is asked whether they still get better."""


@dataclass(frozen=True)
class Spectrum:
    """What one sequence's chain does, in natural logarithms; a singular value that is zero has the logarithm −∞.

    ``exponents`` (n,) in nats a step, descending; ``log_singular_values`` (n,) of P(T, 0), descending; ``by_lag``
    (lags, n) of P(T, T − lag), of the second sweep.  ``agreement`` estimates the error of ``log_singular_values``, as
    in ``AGREEMENT``: the largest difference between the last two sweeps, or the rounding that growth has magnified
    which the chain takes back, whichever is larger.  It is no bound, and measured to be at least a tenth of the true
    error; infinite where the sweeps do not agree in how many singular values are zero, 0 where the factors are diagonal
    and nothing is swept.  ``left`` and ``right`` (n,) are the leading singular vectors of P(T, 0): what survives of a
    perturbation, and which one survives.
    """

    exponents: Array
    log_singular_values: Array
    lags: tuple[int, ...]
    by_lag: Array
    agreement: float
    sweeps: int
    left: Array
    right: Array

    @property
    def rank(self) -> int:
        """How many singular values are not zero in float64."""
        return int(np.isfinite(self.log_singular_values).sum())


def spectra(
    chain: Chain, lags: Sequence[int] = (), *, seed: int = 0, progress: Progress = lambda what: None
) -> tuple[Spectrum, ...]:
    """One spectrum a sequence.  ``seed`` draws the frame that the first sweep starts with."""
    wanted = tuple(lag for lag in lags if 1 <= lag <= chain.steps)
    if is_aligned(chain):
        return tuple(_of_aligned(own, wanted, chain.steps) for own in aligned(chain, wanted))
    everyone = range(chain.batch)
    first = swept(chain, dict.fromkeys(everyone, random_frame(chain.size, seed)), (), False, progress)
    starts = {sequence: completed(sweep.frame.basis, seed) for sequence, sweep in first.items()}
    last = swept(chain, starts, wanted, True, progress)
    return tuple(_converged(chain, k, (first[k], last[k]), starts[k], wanted, progress) for k in everyone)


def spectrum(chain: Chain, lags: Sequence[int] = (), *, seed: int = 0) -> Spectrum:
    """The spectrum of the first sequence."""
    return spectra(chain, lags, seed=seed)[0]


def exponents(chain: Chain, count: int | None = None, *, seed: int = 0) -> Array:
    """The ``count`` largest Lyapunov exponents of every sequence (batch, count), in memory independent of T."""
    frames = [Frame(random_frame(chain.size, seed)[:, :count]) for _ in range(chain.batch)]
    totals = np.zeros((chain.batch, frames[0].rank))
    for _, found in chain.windows():
        for sequence, frame in enumerate(frames):
            rows = [frame.stretch(links) for links in found.of(sequence).walk()]
            logs = np.log(np.abs([row[: frame.rank] for row in rows])).sum(axis=0)
            totals[sequence] += padded(logs, totals.shape[1])
    return np.sort(totals / chain.steps, axis=1)[:, ::-1]


def _converged(
    chain: Chain, sequence: int, two: tuple[Sweep, Sweep], start: Array, lags: tuple[int, ...], progress: Progress
) -> Spectrum:
    """Further sweeps, of one sequence, until two in a row agree, or agree no better than the two before."""
    ahead, latest = two
    old, log = (padded(sweep.graded.log_singular_values(), chain.size) for sweep in two)
    sweeps, backward, difference, before = 2, True, _difference(log, old), np.inf
    while difference > AGREEMENT and sweeps < _MOST_SWEEPS and (sweeps < _FEWEST or difference < before / 2):
        start, backward, old, before = completed(latest.frame.basis), not backward, log, difference
        latest = swept(chain, {sequence: start}, (), backward, progress)[sequence]
        log, sweeps = padded(latest.graded.log_singular_values(), chain.size), sweeps + 1
        difference = _difference(log, old)
    into, out = leading(latest, start)
    left, right = (into, out) if backward else (out, into)
    return Spectrum(
        exponents=np.sort(padded(ahead.graded.diagonal, chain.size) / chain.steps)[::-1],
        log_singular_values=log,
        lags=lags,
        by_lag=np.array([two[1].by_lag[lag] for lag in lags]).reshape(len(lags), chain.size),
        agreement=max(difference, _EPS * float(np.exp(min(taken_back(*two, log), _MOST)))),
        sweeps=sweeps,
        left=left,
        right=right,
    )


def _of_aligned(own: Aligned, lags: tuple[int, ...], steps: int) -> Spectrum:
    log = np.sort(own.log)[::-1]
    right = np.eye(len(log))[int(np.argmax(own.log))] * np.isfinite(log[0])
    return Spectrum(
        exponents=log / steps,
        log_singular_values=log,
        lags=lags,
        by_lag=np.array([np.sort(own.by_lag[lag])[::-1] for lag in lags]).reshape(len(lags), len(log)),
        agreement=0.0,
        sweeps=1,
        left=own.signs * right,
        right=right,
    )


def _difference(log: Array, old: Array) -> float:
    """Infinite where not even the number of non-zero singular values is the same."""
    known = np.isfinite(log)
    if not np.array_equal(known, np.isfinite(old)):
        return float("inf")
    return float(np.max(np.abs(log[known] - old[known]) / np.maximum(1.0, np.abs(log[known])), initial=0.0))
