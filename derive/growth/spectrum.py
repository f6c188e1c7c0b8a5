"""Lyapunov exponents, and all singular values of the product chain at any lag and any length, in logarithms.

The two are different numbers.  The exponents (Benettin et al. 1980; for recurrent networks Vogt et al. 2022, Engelken
et al. 2023) are λ_k = (1/T) Σ_t log|R_t,kk| along a frame that starts anywhere; T λ_k differs from log σ_k(P) by an
O(1) that does not vanish with T.  The singular values of the very product need the whole triangular part, which
``Graded`` keeps.

A sweep forwards gives the exponents and a first set of singular values.  Its last frame starts a sweep backwards, over
the transposed factors: P(T, i)ᵀ Q_T at every lag on the way.  Two sweeps are one step of orthogonal iteration with
PᵀP, so the frames turn towards the singular vectors; sweeps are added until two in a row agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from derive.arithmetic import Array
from derive.growth.chain import Chain
from derive.growth.frame import Frame, completed, random_frame
from derive.growth.graded import Graded

AGREEMENT = 1e-10
"""Two sweeps agree when no log σ differs by more, relative to the larger of it and one."""
_MOST_SWEEPS = 8
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Spectrum:
    """What one sequence's chain does, in natural logarithms; a singular value that is zero has the logarithm −∞.

    ``exponents`` (n,) in nats a step, descending; ``log_singular_values`` (n,) of P(T, 0), descending; ``by_lag``
    (lags, n) of P(T, T − lag).  ``agreement`` is the largest difference between the last two sweeps, as in
    ``AGREEMENT``.  ``left`` and ``right`` (n,) are the leading singular vectors of P(T, 0): what survives of a
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


@dataclass
class Sweep:
    """A frame carried through the whole chain, and what became of it."""

    frame: Frame
    graded: Graded
    log_diagonal: Array
    """Σ log|R_kk| (n,), −∞ where a direction was lost."""
    by_lag: dict[int, Array]


def spectra(
    chain: Chain, lags: Sequence[int] = (), *, seed: int = 0, progress: Progress = lambda what: None
) -> tuple[Spectrum, ...]:
    """One spectrum a sequence.  ``seed`` draws the frame that the first sweep starts with."""
    wanted = tuple(lag for lag in lags if 1 <= lag <= chain.steps)
    first = _sweep(chain, [random_frame(chain.size, seed)] * chain.batch, (), backward=False, progress=progress)
    starts = [completed(sweep.frame.basis, seed) for sweep in first]
    last = _sweep(chain, starts, wanted, backward=True, progress=progress)
    found = []
    for sequence, (ahead, back) in enumerate(zip(first, last, strict=True)):
        found.append(_converged(chain, sequence, ahead, back, starts[sequence], wanted))
    return tuple(found)


def spectrum(chain: Chain, lags: Sequence[int] = (), *, seed: int = 0) -> Spectrum:
    """The spectrum of the first sequence."""
    return spectra(chain, lags, seed=seed)[0]


def exponents(chain: Chain, count: int | None = None, *, seed: int = 0) -> Array:
    """The ``count`` largest Lyapunov exponents of every sequence (batch, count), in memory independent of T."""
    frames = [Frame(random_frame(chain.size, seed)[:, :count]) for _ in range(chain.batch)]
    totals = np.zeros((chain.batch, frames[0].rank))
    for _, found in chain.windows():
        for sequence, frame in enumerate(frames):
            own = found.of(sequence)
            for offset in range(found.steps):
                totals[sequence] = _added(totals[sequence], frame.carry(own[offset]))
    return np.sort(totals / chain.steps, axis=1)[:, ::-1]


def _sweep(
    chain: Chain, starts: Sequence[Array], lags: Sequence[int], *, backward: bool, progress: Progress
) -> list[Sweep]:
    sweeps = [Sweep(Frame(start), Graded.identity(chain.size), np.zeros(chain.size), {}) for start in starts]
    way = "backwards" if backward else "forwards"
    for window, found in chain.windows(backward=backward):
        progress(f"the chain {way}, step {window.first} of {chain.steps}")
        offsets = range(found.steps)
        for sequence, sweep in enumerate(sweeps):
            own = found.of(sequence)
            for offset in reversed(offsets) if backward else offsets:
                upper = sweep.frame.carry(own[offset], transposed=backward)
                sweep.graded.multiply(upper)
                sweep.log_diagonal = _added(sweep.log_diagonal, upper)
                lag = chain.steps - window.first - offset + 1
                if backward and lag in lags:
                    sweep.by_lag[lag] = _padded(sweep.graded.log_singular_values(), chain.size)
    return sweeps


def _added(total: Array, upper: Array) -> Array:
    """Directions that are lost have grown by −∞."""
    log = np.log(np.abs(upper.diagonal()))
    return total + log if len(log) == len(total) else total + _padded(log, len(total))


def _converged(chain: Chain, sequence: int, ahead: Sweep, back: Sweep, start: Array, lags: tuple[int, ...]) -> Spectrum:
    """Further sweeps, of one sequence, until two in a row agree."""
    log, old = back.graded.log_singular_values(), ahead.graded.log_singular_values()
    sweeps, latest, backward = 2, back, True
    while _difference(log, old) > AGREEMENT and sweeps < _MOST_SWEEPS:
        start, backward, old = completed(latest.frame.basis), not backward, log
        latest = _one_sweep(chain, sequence, start, backward=backward)
        log, sweeps = latest.graded.log_singular_values(), sweeps + 1
    into, out = _leading(latest, start)
    left, right = (into, out) if backward else (out, into)
    return Spectrum(
        exponents=np.sort(ahead.log_diagonal / chain.steps)[::-1],
        log_singular_values=_padded(log, chain.size),
        lags=lags,
        by_lag=np.array([back.by_lag[lag] for lag in lags]).reshape(len(lags), chain.size),
        agreement=_difference(log, old),
        sweeps=sweeps,
        left=left,
        right=right,
    )


def _one_sweep(chain: Chain, sequence: int, start: Array, *, backward: bool) -> Sweep:
    sweep = Sweep(Frame(start), Graded.identity(chain.size), np.zeros(chain.size), {})
    for _, links in chain.links(sequence=sequence, backward=backward):
        sweep.graded.multiply(sweep.frame.carry(links, transposed=backward))
    return sweep


def _difference(log: Array, old: Array) -> float:
    """Infinite where not even the number of non-zero singular values is the same."""
    if len(log) != len(old):
        return float("inf")
    return float(np.max(np.abs(log - old) / np.maximum(1.0, np.abs(log)), initial=0.0))


def _padded(log: Array, size: int) -> Array:
    return np.concatenate([log, np.full(size - len(log), -np.inf)])


def _leading(sweep: Sweep, start: Array) -> tuple[Array, Array]:
    """The leading singular vectors of the swept product M, M Z = Y diag(e^d) U: on the side of Z, and on that of Y."""
    log, vectors = sweep.graded.svd()
    if not len(log):
        zero = np.zeros(len(start))
        return zero, zero
    scaled = np.exp(sweep.graded.log - log[0]) * (sweep.graded.rows @ vectors[0])
    return start @ vectors[0], sweep.frame.basis @ scaled
