"""A sweep: a frame carried through the whole chain, forwards, or backwards over the transposed factors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from derive.arithmetic import Array
from derive.growth.chain import Chain
from derive.growth.frame import Frame
from derive.growth.graded import Graded

Progress = Callable[[str], None]
_MARKS = 128
"""Places between two steps at which the sizes of both parts of the chain are compared."""


@dataclass
class Sweep:
    """A frame carried through the whole chain, and what became of it."""

    frame: Frame
    graded: Graded
    by_lag: dict[int, Array]
    passed: dict[int, Array]
    """What log|R_kk| had added up to (n,), descending, when it stood between two steps: for some steps t, after t."""

    @classmethod
    def start(cls, basis: Array) -> Sweep:
        return cls(Frame(basis), Graded.identity(len(basis)), {}, {})

    @property
    def sizes(self) -> Array:
        return np.sort(padded(self.graded.diagonal, len(self.frame.basis)))[::-1]


def swept(
    chain: Chain, starts: Mapping[int, Array], lags: Sequence[int], backward: bool, progress: Progress
) -> dict[int, Sweep]:
    """The sequences that have a start, carried through the whole chain."""
    sweeps = {sequence: Sweep.start(start) for sequence, start in starts.items()}
    marks = frozenset(np.linspace(1, chain.steps - 1, _MARKS).astype(int).tolist())
    wanted = frozenset(lags if backward else ())
    way = "backwards" if backward else "forwards"
    for window, found in chain.windows(backward=backward):
        progress(f"the chain {way}, step {window.first} of {chain.steps}")
        steps = range(window.first, window.last + 1)
        for sequence, sweep in sweeps.items():
            walk = found.of(sequence).walk(backward=backward)
            for step, links in zip(reversed(steps) if backward else steps, walk, strict=True):
                sweep.graded.multiply(sweep.frame.carry(links, transposed=backward))
                lag = chain.steps - step + 1
                if lag in wanted:
                    sweep.by_lag[lag] = padded(sweep.graded.log_singular_values(), chain.size)
                if step - backward in marks:
                    sweep.passed[step - backward] = sweep.sizes
    return sweeps


def padded(log: Array, size: int) -> Array:
    return np.concatenate([np.asarray(log, np.float64), np.full(size - len(log), -np.inf)])


def taken_back(ahead: Sweep, back: Sweep, log: Array) -> float:
    """By how much σ_k(P(T, t)) σ_k(P(t, 0)) exceeds σ_k(P(T, 0)), the most over k and t, as a logarithm."""
    known = np.isfinite(log)
    both = ahead.passed.keys() & back.passed.keys()
    between = [ahead.passed[t][known] + back.passed[t][known] - log[known] for t in both]
    return max((float(found.max()) for found in between if len(found)), default=0.0)


def leading(sweep: Sweep, start: Array) -> tuple[Array, Array]:
    """The leading singular vectors of the swept product M, M Z = Y diag(e^d) U: on the side of Z, and on that of Y."""
    log, vectors = sweep.graded.svd()
    if not len(log):
        zero = np.zeros(len(start))
        return zero, zero
    scaled = np.exp(np.asarray(sweep.graded.log - log[0], np.float64)) * (sweep.graded.rows @ vectors[0])
    return start @ vectors[0], sweep.frame.basis @ scaled
