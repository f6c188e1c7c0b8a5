"""Mean and variance of the gradient that a strategy estimates, exactly, without writing out all patterns of cuts.

What is known after the decision about link j splits the estimate into what is settled and what is to come:
E[G | decisions up to j] = settled + ⟨U_j, M_j c_j Z_{j−1}⟩ + F_j, where

    Z_j = r b_j + M_j c_j Z_{j−1}                     the shares so far, carried forward (K columns, every parameter),
    U_j = g_j s + c_{j+1}ᵀ E[U_{j+1} M_{j+1}],        what is expected to come back, given the age,
    F_j = b_jᵀ U_j r + E[F_{j+1}],                    the shares of the steps from j on.

Given the age, Z is not random: all that is older was multiplied by the ξ of a cut.  (Where ξ = 0 does not forget, as in
the one-step estimator, the column that remembers is not random.)  So a decision between two outcomes with chances κ
and 1 − κ changes the expectation by one of two known amounts, and since such changes are uncorrelated,

    Var G = Σ_j Σ_age P(age) κ (1 − κ) (E[G | kept] − E[G | cut])²,  entry by entry.

For ARTBP and the randomised recursion this is Σ_j E[(1/(1−κ) − 1) (δ_jᵀ c_j z_{j−1})²], the sum over the terms of the
identity Σ_t g_tᵀ z_t − Σ_t g_tᵀ a_t = Σ_j (ξ_j − 1) δ_jᵀ c_j z_{j−1}.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from derive.arithmetic import Array
from derive.errors import InputError
from derive.machine import Machine, Number
from derive.strategy import Strategy
from derive.track import Gradients, Track, estimate
from derive.truncation.shares import Shares

WORK = 4e9
"""Multiplications that an exact variance may take: some seconds."""
Make = Callable[[Any], Number]


@dataclass(frozen=True)
class Moments:
    """Mean and variance of every entry of every gradient of the recurrence's parameters, in the parameter's shape."""

    mean: Gradients
    variance: Gradients

    @property
    def total_variance(self) -> Number:
        """The sum over all entries: E‖G − E G‖²."""
        return sum(array.sum() for array in self.variance.values())


def work(track: Track) -> float:
    """About how many multiplications ``moments`` takes for one random strategy."""
    batch, rows = track.seed(1).shape[:2]
    return float(track.length**2 * batch * rows * rows * Shares(track).size)


def moments(
    track: Track, strategy: Strategy, number: Make | None = None, shares: Shares | None = None
) -> Moments:  # fmt: skip
    """Exact up to rounding, and without any in exact arithmetic; ``number`` makes a number of the track's kind of a
    Fraction (float unless given).  ``shares`` may be handed on from one strategy to the next.

    Raises InputError for a random strategy that does not ``forget`` what was before a cut.
    """
    machine, steps = strategy.machine(track.length), track.length
    law = _Law(strategy, steps, number or float)
    shares = shares or Shares(track)
    if not strategy.is_random:
        found = shares.of(_certain(track, machine, law))
        return Moments(found, {name: 0 * array for name, array in found.items()})
    if not forgets(strategy, steps):
        raise InputError(f"after a cut {strategy.label} remembers earlier decisions", mend="draw runs instead")
    expected = _expected(track, machine, law)
    pieces = [_columns(track, machine, law, expected, shares, part) for part in shares.parts(steps)]
    mean, variance = (np.concatenate([piece[side] for piece in pieces], axis=-1) for side in (0, 1))
    return Moments(shares.shaped(mean), shares.shaped(variance))


def forgets(strategy: Strategy, steps: int) -> bool:
    """Whether Z is not random given the age: what survives a cut must not depend on any decision before it.

    Column ``origin`` of M Z is made of the columns ``target`` of Z.  Certain are those that no ξ reaches.
    """
    machine = strategy.machine(steps)
    certain = frozenset(range(machine.width)) - {origin for origin, _ in machine.scaled}
    while lost := {origin for origin, target in machine.kept if origin in certain and target not in certain}:
        certain -= lost
    lets_through = any(strategy.chance(age) and strategy.factor(True, age) for age in range(1, steps))
    surviving = (*machine.kept, *(machine.scaled if lets_through else ()))
    return all(target in certain for _, target in surviving)


def _certain(track: Track, machine: Machine, law: _Law) -> Gradients:
    factors: list[Number] = [law.one, law.one]
    age = 0
    for _ in range(2, track.length + 1):
        age += 1
        cut = law.chance[age] == 1
        factors.append(law.cut[age] if cut else law.keep[age])
        age = 0 if cut else age
    return estimate(track, machine, factors)


class _Law:
    """Chances and factors by age, as numbers of one kind; index 0 is not used."""

    def __init__(self, strategy: Strategy, steps: int, number: Make) -> None:
        ages, make = range(1, steps + 1), number
        self.one, self.zero = make(1), make(0)
        self.chance = [self.zero, *(make(strategy.chance(age)) for age in ages)]
        self.keep = [self.one, *(make(strategy.factor(False, age)) for age in ages)]
        self.cut = [self.zero, *(make(strategy.factor(True, age)) for age in ages)]

    def column(self, values: Sequence[Number], ages: int, axes: int) -> Array:
        """Those of the ages 1 … ``ages``, (ages, 1, …)."""
        dtype = float if isinstance(self.one, float) else object
        found = np.empty(ages, dtype=dtype)
        found[:] = values[1 : ages + 1]
        return found.reshape(-1, *[1] * axes)


def _expected(track: Track, machine: Machine, law: _Law) -> list[Array]:
    """U_j for every age that step j may have, (j, B, n, K); index 0 is not used."""
    steps = track.length
    found: list[Array] = [np.empty(0)] * (steps + 1)
    ends = machine.start(track.seed(steps))
    found[steps] = np.broadcast_to(ends, (steps, *ends.shape))
    for step in range(steps - 1, 0, -1):
        after = found[step + 1]
        chance, keep, cut = (law.column(values, step, 3) for values in (law.chance, law.keep, law.cut))
        kept = (1 - chance) * machine.passed(after[1 : step + 1], keep)
        lost = chance * machine.passed(np.broadcast_to(after[:1], kept.shape), cut)
        found[step] = machine.start(track.seed(step)) + track.back(step + 1, kept + lost)
    return found


def _columns(
    track: Track, machine: Machine, law: _Law, expected: list[Array], shares: Shares, part: slice
) -> tuple[Array, Array]:
    """Mean and variance of some of the columns."""
    to_come = _to_come(track, machine, law, expected, shares, part)
    variance = 0 * to_come[1][0]
    likely: list[Number] = [law.one]  # of the ages 1, 2, …
    first = machine.forward_start(shares[1][..., part])
    so_far = first[None]  # (ages, B, n, p, K)
    for step in range(2, track.length + 1):
        ages = step - 1
        chance, keep, cut = (law.column(values, ages, 4) for values in (law.chance, law.keep, law.cut))
        moved = _times(track, step, so_far)
        kept, lost = machine.forward(moved, keep), machine.forward(moved, cut)
        u = expected[step]
        if_kept = _paired(u[1:step], kept) + to_come[step][1:step]
        if_lost = _paired(np.broadcast_to(u[:1], u[1:step].shape), lost) + to_come[step][:1]
        weights = law.column([law.zero, *likely], ages, 1) * chance[..., 0, 0, 0] * (1 - chance[..., 0, 0, 0])
        variance = variance + (weights * (if_kept - if_lost) ** 2).sum(axis=0)
        probability = law.column([law.zero, *likely], ages, 0)
        cutting = probability * chance.reshape(-1)
        total = cutting.sum()
        own = machine.forward_start(shares[step][..., part])
        after_cut = (cutting.reshape(-1, 1, 1, 1, 1) * lost).sum(axis=0) / total if total else 0 * lost[0]
        so_far = np.concatenate([(own + after_cut)[None], own + kept])
        likely = [total, *(probability - cutting)]
    return to_come[1][0], variance


def _to_come(
    track: Track, machine: Machine, law: _Law, expected: list[Array], shares: Shares, part: slice
) -> list[Array]:
    """F_j for every age that step j may have, (j, p); index 0 is not used."""
    steps = track.length
    found: list[Array] = [np.empty(0)] * (steps + 1)
    for step in range(steps, 0, -1):
        back = machine.result(expected[step])  # (ages, B, n, 1)
        own = (back * shares[step][..., part]).sum(axis=(-3, -2))
        if step < steps:
            after, chance = found[step + 1], law.column(law.chance, step, 1)
            own = own + (1 - chance) * after[1 : step + 1] + chance * after[:1]
        found[step] = own
    return found


def _times(track: Track, step: int, columns: Array) -> Array:
    """c_step applied forwards to (ages, B, n, p, K)."""
    shape = columns.shape
    found = track.forward(step, columns.reshape(*shape[:3], -1))
    return found.reshape(*found.shape[:3], *shape[3:])


def _paired(rows: Array, columns: Array) -> Array:
    """⟨U, X⟩ over sequences, rows of the state and columns of the machine: (ages, B, n, K) and (ages, B, n, p, K)."""
    ages, width = columns.shape[0], columns.shape[-2]
    products = (
        (rows[..., k].reshape(ages, 1, -1) @ columns[..., k].reshape(ages, -1, width))[:, 0]
        for k in range(columns.shape[-1])
    )
    return sum(products)
