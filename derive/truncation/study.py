"""The whole study of truncation on one network and its sequences, computed once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from derive import registry
from derive.derivation import Derivation
from derive.errors import InputError
from derive.strategy import Strategy
from derive.track import Gradients, omitted
from derive.truncation.bench import Bench, Measured
from derive.truncation.contraction import Contraction, contraction
from derive.truncation.decisions import Runs
from derive.truncation.derived_track import DerivedTrack
from derive.truncation.distance import Distance, distance, flat, norm
from derive.truncation.lags import Lags, by_lag
from derive.truncation.shares import Shares
from derive.unroll import Table

PACKAGE = "derive.strategies"
MOST_LENGTHS = 7
_EVERY_CHUNK = 2e8
_GRID = 40


def families() -> tuple[type[Strategy], ...]:
    """All registered strategies, the full gradient first."""
    found = [registry.load(PACKAGE, name, "strategy").STRATEGY for name in registry.names(PACKAGE)]
    order = ("full", "window", "chunks")
    return tuple(sorted(found, key=lambda own: (_place(own, order), own.__module__)))


def _place(family: type[Strategy], order: Sequence[str]) -> int:
    name = family.__module__.rpartition(".")[2]
    return order.index(name) if name in order else len(order)


@dataclass(frozen=True)
class Study:
    """``windows`` and ``chunks`` map τ to how far the truncated gradient of all parameters is from the full one;
    ``measured`` are all strategies at one length, ``by_length`` at several."""

    derivation: Derivation
    track: DerivedTrack
    lags: Lags
    contraction: Contraction
    windows: Mapping[int, Distance]
    chunks: Mapping[int, Distance]
    by_parameter: Mapping[str, Mapping[int, Distance]]
    measured: tuple[Measured, ...]
    by_length: tuple[Measured, ...]
    length: int

    @property
    def steps(self) -> int:
        """N, of all phases."""
        return self.track.length

    @cached_property
    def full(self) -> Gradients:
        """The full gradient of every parameter of a recurrence."""
        full = self.lags.full
        return {name: full[name] for name in self.lags.parameters}

    @cached_property
    def norm(self) -> float:
        return norm(self.full, self.full)

    def bound(self, tau: int) -> float:
        """Aicher's bound, relative to the full gradient."""
        return self.contraction.bound(tau) / self.norm if self.norm else float("nan")

    def estimated_bound(self, tau: int) -> float:
        """The same from the shorter half of the lags."""
        return self.contraction.estimated(tau) / self.norm if self.norm else float("nan")


def smallest(biases: Mapping[int, float], most: float) -> int | None:
    """The smallest τ from which on the bias is at most ``most``: one that happens to be small at a single τ, since
    terms cancel, is no reason to stop there.  None where there is none."""
    found = None
    for tau in sorted(biases, reverse=True):
        if not biases[tau] <= most:
            break
        found = tau
    return found


def study(
    derivation: Derivation,
    forward: Table,
    *,
    length: int | None = None,
    strategies: Sequence[Strategy] = (),
    lengths: Sequence[int] = (),
    seed: int = 0,
    progress: Callable[[str], None] = lambda what: None,
) -> Study:
    """``length`` is that of the pieces (a fifth of the sequence unless given); ``strategies`` replace the families at
    that length."""
    track = DerivedTrack(derivation, forward)
    size = length or max(2, round(track.length / 5))
    progress("the gradient by lag")
    with np.errstate(over="ignore", invalid="ignore"):
        lags = by_lag(track)
    _check_finite(lags)
    progress("the bias of every window and chunk")
    every = range(1, track.length + 2)
    full = {name: lags.full[name] for name in lags.parameters}
    parameters = {
        name: {tau: _of_window(lags, tau, [name]) for tau in every if tau <= track.length or name in lags.initial}
        for name in lags.terms
    }
    bench = Bench(track, derivation, full, seed)
    chosen = tuple(strategies) or tuple(family.of_length(size) for family in families())
    measured = []
    for strategy in chosen:
        progress(f"bias and variance: {strategy.name}")
        measured.append(bench.measured(strategy, size, parts=True))
    return Study(
        derivation, track, lags, contraction(track, lags.errors),
        {tau: _of_window(lags, tau, lags.parameters) for tau in every if tau <= track.length},
        _chunks(track, full), parameters, tuple(measured),
        tuple(_by_length(bench, lengths or _spread(track.length), progress)), size,
    )  # fmt: skip


def _check_finite(lags: Lags) -> None:
    if not (np.isfinite(flat(lags.terms, lags.terms)).all() and np.isfinite(lags.errors).all()):
        raise InputError(
            "the gradient is larger than any floating point number", mend="take fewer steps or smaller weights"
        )


def _of_window(lags: Lags, tau: int, names: Sequence[str]) -> Distance:
    return distance({name: -array for name, array in lags.tail(tau).items()}, lags.full, names)


def _chunks(track: DerivedTrack, full: Gradients) -> dict[int, Distance]:
    """Of every τ as a run of its own; of some, on a long sequence with many parameters."""
    steps = track.length
    taus = np.arange(1, steps + 1)
    if steps**2 * Shares(track).size > _EVERY_CHUNK:
        taus = np.unique(np.rint(np.geomspace(1, steps, _GRID)).astype(int))
    factors = np.ones((len(taus), steps + 1))
    for row, tau in enumerate(taus):
        factors[row, tau + 1 :: tau] = 0.0
    runs = Runs(factors == 0, factors)
    left_out = omitted(track, runs.by_link)
    errors = {name: -np.broadcast_to(left_out[name], (len(taus), *array.shape)) for name, array in full.items()}
    return {int(tau): distance({name: errors[name][row] for name in full}, full, full) for row, tau in enumerate(taus)}


def _spread(steps: int) -> list[int]:
    """Lengths of pieces from two steps to half of the sequence."""
    return sorted({int(size) for size in np.rint(np.geomspace(2, max(2, steps / 2), MOST_LENGTHS))})


def _by_length(bench: Bench, lengths: Sequence[int], progress: Callable[[str], None]) -> Iterator[Measured]:
    for family in families():
        if family.of_length(2) == family.of_length(3):  # has no pieces
            continue
        for size in lengths:
            progress(f"at equal cost: {size} steps on average")
            yield bench.measured(family.of_length(size), size)
