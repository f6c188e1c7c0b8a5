"""What every strategy has to keep: functions that are run over the registry, over plug-ins and over planted errors."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from derive.machine import Machine
from derive.strategy import Strategy
from derive.track import estimate
from derive.truncation.decisions import drawn, every
from derive.truncation.moments import moments
from tests.derive.models import Names
from tests.truncation.core.networks import exact, fractions, numbers, runs
from verify.truncation.enumeration import number

_PLAIN = Names("rnn")


def matrix(machine: Machine, factor: Fraction) -> np.ndarray:
    """M_j, written out from its moves."""
    found = np.full((machine.width, machine.width), Fraction(0), dtype=object)
    for origin, target in machine.kept:
        found[origin, target] += 1
    for origin, target in machine.scaled:
        found[origin, target] += factor
    return found


def carried_weight(machine: Machine, late: int, early: int, factors: Sequence[Fraction]) -> Fraction:
    """s M_t ⋯ M_{i+1} r, as it is written."""
    row = np.full(machine.width, Fraction(0), dtype=object)
    row[list(machine.enters)] = Fraction(1)
    for link in range(late, early, -1):
        row = row @ matrix(machine, factors[link])
    return Fraction(sum(row[place] for place in machine.read))


def check_closed_law(strategy: Strategy, steps: int, seed: int = 0) -> None:
    """The law in closed form is what the machine carries, for any factors and back to the initial state."""
    machine, rng = strategy.machine(steps), np.random.default_rng(seed)
    for _ in range(3):
        factors = fractions(rng, steps + 1)
        for late in range(1, steps + 1):
            for early in range(late + 1):
                law, found = strategy.weight(late, early, factors), carried_weight(machine, late, early, factors)
                assert law == found, f"ω({late}, {early}) = {law}, the machine carries {found}"


def check_estimate(strategy: Strategy, names: Names, steps: int = 5, seed: int = 0) -> None:
    """One backward pass gives the weighted double sum; its terms come from forward mode on copies of the parameters."""
    network = exact(names, steps)
    length = network.track.length
    factors = fractions(np.random.default_rng(seed), length + 1)
    factors[1] = Fraction(2, 3)  # not zero: the link to an initial state is looked at
    ours = network.along(estimate(network.track, strategy.machine(length), numbers(factors)))
    truth = network.weighted(strategy, factors)
    assert set(ours) == set(truth)
    for name in truth:
        assert ours[name] == truth[name], f"{strategy.label}: {name}"


def means(strategy: Strategy, names: Names, steps: int) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Mean, variance and full gradient along one direction: all patterns, weighted terms, no backward pass at all."""
    network = exact(names, steps)
    first: dict[str, Any] = {}
    second: dict[str, Any] = {}
    for probability, factors in runs(strategy, network.track.length):
        for name, value in network.weighted(strategy, factors).items():
            first[name] = first.get(name, 0) + number(probability) * value
            second[name] = second.get(name, 0) + number(probability) * value**2
    ones = network.weighted(_Everything(), [Fraction(1)] * (network.track.length + 1))
    return first, {name: second[name] - first[name] ** 2 for name in first}, ones


class _Everything(Strategy):
    def machine(self, steps: int) -> Machine:
        return Machine(1, kept=((0, 0),))

    def weight(self, late: int, early: int, factors: Sequence[Any]) -> Any:
        return 1

    @classmethod
    def of_length(cls, length: int) -> Strategy:
        return cls()


def check_unbiased(strategy: Strategy, names: Names, steps: int = 5) -> None:
    """What is declared is what all patterns of cuts give."""
    mean, _, full = means(strategy, names, steps)
    assert (mean == full) is strategy.unbiased, f"{strategy.label} is declared unbiased={strategy.unbiased}"


def check_moments(strategy: Strategy, names: Names, steps: int = 4) -> None:
    """The closed forms of mean and variance are those of all patterns, entry by entry, in rational numbers."""
    network = exact(names, steps)
    track = network.track
    found = every(strategy, track.length)
    values = np.frompyfunc(number, 1, 1)(found.factors)
    by_link = [values[:, link].reshape(-1, 1, 1, 1) for link in range(track.length + 1)]
    estimates = estimate(track, strategy.machine(track.length), by_link)
    likely = np.array([number(own) for own in found.probability], dtype=object).reshape(-1, 1, 1)
    ours = moments(track, strategy, number)
    assert set(ours.mean) == set(ours.variance) == set(track.shapes)
    for name in track.shapes:
        mean = (likely * estimates[name]).sum(axis=0)
        spread = (likely * estimates[name] ** 2).sum(axis=0) - mean**2
        assert (ours.mean[name] == mean).all() and (ours.variance[name] == spread).all(), f"{strategy.label}: {name}"


def check_probabilities(strategy: Strategy, steps: int = 8) -> None:
    """All patterns are there once, with chances that add up to one, and with the factors of their ages."""
    found = every(strategy, steps)
    assert sum(found.probability) == 1 and all(own > 0 for own in found.probability)
    assert len({row.tobytes() for row in found.cut}) == len(found)
    assert not found.cut[:, :2].any() and (found.factors[:, :2] == 1).all()
    for cuts, factors in zip(found.cut, found.factors, strict=True):
        age = 0
        for link in range(2, steps + 1):
            age += 1
            assert factors[link] == strategy.factor(bool(cuts[link]), age)
            age = 0 if cuts[link] else age


def check_draws(strategy: Strategy, steps: int = 8) -> None:
    """What leaves nothing to chance is drawn once; what is drawn is among all patterns, about as often as it should."""
    count = 4000
    found, whole = drawn(strategy, steps, count, np.random.default_rng(1)), every(strategy, steps)
    likely = dict(zip((row.tobytes() for row in whole.cut), whole.probability, strict=True))
    assert len(found) == (count if len(whole) > 1 else 1)
    seen: dict[bytes, int] = {}
    for row, factors in zip(found.cut, found.factors, strict=True):
        seen[row.tobytes()] = seen.get(row.tobytes(), 0) + 1
        assert row.tobytes() in likely
        expected = whole.factors[[own.tobytes() for own in whole.cut].index(row.tobytes())] if len(seen) < 9 else None
        assert expected is None or np.allclose(factors, expected.astype(float), rtol=1e-14)
    share = sum((seen.get(key, 0) / len(found) - float(chance)) ** 2 / float(chance) for key, chance in likely.items())
    assert share * len(found) < len(whole) + 6 * np.sqrt(2 * len(whole)), "a χ² far beyond its six deviations"


def every_check(strategy: Strategy, names: Names = _PLAIN) -> None:
    """The whole contract, on one network."""
    check_closed_law(strategy, 7)
    check_estimate(strategy, names)
    check_unbiased(strategy, names)
    check_moments(strategy, names)
    check_probabilities(strategy)
    check_draws(strategy)
