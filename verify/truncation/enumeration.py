"""Bias and variance over *all* patterns of cuts, in rational numbers: nothing is drawn, and nothing is rounded.

The network runs at a rational point where the values of its functions are free numbers (``verify.jets``): what holds
there for the derived factors holds for the cell.  The estimate of every pattern is its own backward pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.indices import N_INPUT, N_OUTPUT, N_STATE, S, T
from derive.strategy import Strategy
from derive.track import Gradients, estimate
from derive.truncation.decisions import every
from derive.truncation.derived_track import DerivedTrack
from derive.truncation.lags import Lags, by_lag
from derive.truncation.moments import forgets, moments
from verify.jets.claims import Point
from verify.jets.field import Rationals
from verify.jets.free import Free
from verify.verdicts import Finding, Verdict, Witness

EVIDENCE = "all patterns of cuts"
MOST_STEPS = 12
_UNITS, _INPUTS, _OUTPUTS = 3, 2, 3


@dataclass(frozen=True)
class Enumerated:
    """One strategy: how many patterns there are, and whether mean and variance are what is claimed of them.

    ``equals_formula``: whether the closed forms of ``derive.truncation.moments`` give the very same numbers; None where
    there are none for the strategy.
    ``difference`` is the first entry where the mean is not the full gradient: parameter, mean, full.
    """

    strategy: Strategy
    patterns: int
    is_unbiased: bool
    equals_formula: bool | None
    variance: Fraction
    relative_bias_squared: Fraction
    difference: tuple[str, Fraction, Fraction] | None = None

    def finding(self) -> Finding:
        """About the claim that the strategy is unbiased."""
        claim = f"unbiased.{self.strategy.name}"
        if self.difference is not None:
            name, mean, full = self.difference
            where = f"mean over {self.patterns} patterns, {name}"
            return Finding(claim, EVIDENCE, Verdict.REFUTED, witness=Witness(where, str(full), str(mean)))
        reason = f"the mean over all {self.patterns} patterns is the full gradient, in every entry"
        return Finding(claim, EVIDENCE, Verdict.EXACT, reason=reason)


@dataclass(frozen=True)
class Exact:
    """``windows`` (τ = 1 … N + 1) are ‖omitted tail‖² of all parameters of the recurrence: exactly zero, or not."""

    sizes: Mapping[str, int]
    steps: int
    strategies: tuple[Enumerated, ...]
    windows: tuple[Fraction, ...]
    full_squared: Fraction


def exactly(
    derivation: Derivation,
    strategies: Sequence[Strategy],
    *,
    steps: int = MOST_STEPS,
    hidden: int = _UNITS,
    seed: int = 0,
    progress: Callable[[str], None] = lambda what: None,
) -> Exact:
    """Every strategy on one rational network; an encoder gets two steps, or one where the decoder has many.

    Raises InputError where the patterns are too many.
    """
    sizes = _sizes(derivation, steps, hidden)
    point = Point(derivation.model, sizes, Free(Rationals(seed)))
    track = DerivedTrack(derivation, point.forward)
    lags = by_lag(track, norms=False)
    full = {name: lags.full[name] for name in lags.parameters}
    found = []
    for strategy in strategies:
        progress(f"all patterns of cuts: {strategy.name}")
        found.append(_enumerated(track, strategy, full))
    named = {symbol.name: number for symbol, number in sizes.items()}
    return Exact(named, track.length, tuple(found), tuple(_tails(lags, track.length)), _square(full))


def _sizes(derivation: Derivation, steps: int, hidden: int) -> dict[sp.Symbol, int]:
    sizes = {N_STATE: hidden, N_INPUT: _INPUTS, N_OUTPUT: _OUTPUTS, T: steps}
    if len(derivation.model.phases) > 1:
        sizes[S] = max(1, min(2, MOST_STEPS + 1 - steps))
    return sizes


def _enumerated(track: DerivedTrack, strategy: Strategy, full: Gradients) -> Enumerated:
    runs = every(strategy, track.length)
    factors = _numbers(runs.factors)
    by_link = [factors[:, link].reshape(-1, 1, 1, 1) for link in range(track.length + 1)]
    estimates = estimate(track, strategy.machine(track.length), by_link)
    likely = _numbers(np.array(runs.probability, dtype=object)).reshape(-1, 1, 1)
    mean = {name: (likely * estimates[name]).sum(axis=0) for name in full}
    spread = {name: (likely * (estimates[name] - mean[name]) ** 2).sum(axis=0) for name in full}
    same = _is_formula(track, strategy, mean, spread)
    bias = _square({name: mean[name] - full[name] for name in full})
    return Enumerated(
        strategy, len(runs), bias == 0, same, _fraction(sum(array.sum() for array in spread.values())),
        bias / _square(full) if _square(full) else bias, _first(mean, full),
    )  # fmt: skip


def _is_formula(track: DerivedTrack, strategy: Strategy, mean: Gradients, spread: Gradients) -> bool | None:
    if strategy.is_random and not forgets(strategy, track.length):
        return None
    found = moments(track, strategy, number)
    return all((found.mean[n] == mean[n]).all() and (found.variance[n] == spread[n]).all() for n in mean)


def _first(mean: Gradients, full: Gradients) -> tuple[str, Fraction, Fraction] | None:
    for name in full:
        for row, col in np.ndindex(full[name].shape):
            if mean[name][row, col] != full[name][row, col]:
                entries = (_fraction(side[name][row, col]) for side in (mean, full))
                return (f"{name}[{row + 1}, {col + 1}]", *entries)  # type: ignore[return-value]
    return None


def _tails(lags: Lags, steps: int) -> Iterator[Fraction]:
    for tau in range(1, steps + 2):
        tail = lags.tail(tau)
        yield _square({name: tail[name] for name in lags.parameters})


def _square(gradients: Gradients) -> Fraction:
    return _fraction(sum((array**2).sum() for array in gradients.values()))


def _numbers(fractions: Array) -> Array:
    return np.frompyfunc(number, 1, 1)(fractions)


def number(value: Any) -> Any:
    """A Fraction as a number of the exact forward pass."""
    from flint import fmpq

    exact = Fraction(value)
    return fmpq(exact.numerator, exact.denominator)


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q)) if hasattr(value, "q") else Fraction(value)
