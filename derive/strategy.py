"""A strategy: which terms of the double sum Σ_t Σ_{i≤t} ω(t, i) g_tᵀ P(t, i) b_i are kept, and with which weight.

The weights are those of a small machine.  A row of K numbers starts at the step with the loss and passes one link after
the other on its way back; the link from step j to step j − 1 multiplies it by a matrix M_j of zeros, ones and ξ_j:

    ω(t, i) = s M_t M_{t−1} ⋯ M_{i+1} r.

So the backward pass carries K columns instead of one, whatever the strategy:

    D_i = g_i s + c_{i+1}ᵀ D_{i+1} M_{i+1},    δ̃_i = D_i r,    since  D_i = Σ_{t≥i} P(t, i)ᵀ g_t s M_t ⋯ M_{i+1},

which is the adjoint recursion with the matrix c_{i+1}ᵀ ⊗ M_{i+1}ᵀ in the place of c_{i+1}ᵀ.  The full gradient is the
machine with one column and M_j = 1: all weights are one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from derive.arithmetic import Array
from derive.cell import Reference
from derive.errors import InputError

OLDEST = 2000
"""The longest sequences that are studied have so many steps."""
Number = Any
"""A weight or a factor: a float, a Fraction, or an exact number of another kind."""
Move = tuple[int, int]
"""From one column to another."""


@dataclass(frozen=True)
class Machine:
    """``enters`` and ``read`` are the columns where s and r are one, ``kept`` and ``scaled`` the entries of M_j that
    are one and ξ_j: M_j = Σ_kept e_from e_toᵀ + ξ_j Σ_scaled e_from e_toᵀ."""

    width: int
    enters: tuple[int, ...] = (0,)
    kept: tuple[Move, ...] = ()
    scaled: tuple[Move, ...] = ()
    read: tuple[int, ...] = (0,)

    def start(self, seed: Array) -> Array:
        """g s, (…, n, K), from a column (…, n, 1)."""
        columns = np.zeros((*seed.shape[:-1], self.width), dtype=seed.dtype)
        columns[..., list(self.enters)] = seed
        return columns

    def passed(self, columns: Array, factor: Number) -> Array:
        """D M_j, (…, K); the factor ξ_j is a number, or an array that broadcasts against one column (…, n, 1)."""
        if self.width == 1 and not self.kept:
            return factor * columns if self.scaled else 0 * columns
        found = np.zeros(np.broadcast_shapes(columns.shape, np.shape(factor)), dtype=columns.dtype)
        for moves, scale in ((self.kept, None), (self.scaled, factor)):
            for origins, targets in blocks(moves):
                moved = columns[..., origins]
                found[..., targets] += moved if scale is None else scale * moved
        return found

    def result(self, columns: Array) -> Array:
        """D r, a column (…, n, 1)."""
        return columns[..., list(self.read)].sum(axis=-1, keepdims=True)

    def forward_start(self, share: Array) -> Array:
        """r b: (…, K) from (…)."""
        columns = np.zeros((*share.shape, self.width), dtype=share.dtype)
        columns[..., list(self.read)] = share[..., None]
        return columns

    def forward(self, columns: Array, factor: Number) -> Array:
        """M_j applied from the left, on the last axis: how the weights look from the earlier step."""
        turned = Machine(self.width, kept=_turned(self.kept), scaled=_turned(self.scaled))
        return turned.passed(columns, factor)


@lru_cache(maxsize=256)
def blocks(moves: tuple[Move, ...]) -> tuple[tuple[slice, slice], ...]:
    """Moves of neighbours by the same distance, together: slices are faster than lists of columns."""
    found: list[list[Move]] = []
    for move in sorted(moves):
        last = found[-1][-1] if found else None
        if last is not None and move == (last[0] + 1, last[1] + 1):
            found[-1].append(move)
        else:
            found.append([move])
    return tuple(
        (slice(block[0][0], block[-1][0] + 1), slice(block[0][1], block[-1][1] + 1)) for block in found
    )  # fmt: skip


def _turned(moves: tuple[Move, ...]) -> tuple[Move, ...]:
    return tuple((target, origin) for origin, target in moves)


class Strategy(ABC):
    """A family member with its options fixed; subclasses are frozen dataclasses whose fields are the options.

    Decisions are made after each step but the last, in the order of time: to cut, or not.  The chance may depend on the
    age, the number of steps since the last cut, the present one counted (Tallec & Ollivier 2017 allow the whole past).
    Between h_0 and step 1 nothing is cut.
    """

    title: ClassVar[str]
    spoken: ClassVar[str] = ""
    """What a table calls it, where that is not its registered name in words."""
    references: ClassVar[tuple[Reference, ...]] = ()
    unbiased: ClassVar[bool] = False
    """Whether it is declared to have the mean of the full gradient; tests and documents measure it."""

    @abstractmethod
    def machine(self, steps: int) -> Machine:
        """What carries the weights over a sequence of ``steps`` steps."""

    @abstractmethod
    def weight(self, late: int, early: int, factors: Sequence[Number]) -> Number:
        """The law ω(t, i) for i ≤ t in closed form; ``factors[j]`` is ξ_j, for the link from step j to j − 1."""

    def chance(self, age: int) -> Fraction:
        """The probability to cut after a step whose age is 1, 2, …"""
        return Fraction(0)

    def factor(self, cut: bool, age: int) -> Fraction:
        """ξ of the link after a step of that age."""
        return Fraction(0 if cut else 1)

    @classmethod
    @abstractmethod
    def of_length(cls, length: int) -> Strategy:
        """The member whose pieces are ``length`` steps long on average, as far as it has pieces."""

    @property
    def name(self) -> str:
        """The name under which the family is registered."""
        return type(self).__module__.rpartition(".")[2]

    @property
    def is_random(self) -> bool:
        """Whether any decision is left to chance, at an age that a sequence may reach."""
        return _is_random(self)

    @property
    def options(self) -> dict[str, Any]:
        """The options by name."""
        return {own.name: getattr(self, own.name) for own in fields(self)}  # type: ignore[arg-type]

    @property
    def label(self) -> str:
        """``artbp(kappa=1/5)``."""
        given = ", ".join(f"{name}={value}" for name, value in self.options.items())
        return f"{self.name}({given})" if given else self.name


@lru_cache(maxsize=256)
def _is_random(strategy: Strategy) -> bool:
    return any(0 < strategy.chance(age) < 1 for age in range(1, OLDEST + 1))


class Links(Strategy):
    """A strategy of one column: every link is multiplied by its own factor, ω(t, i) = ∏_{j=i+1}^{t} ξ_j."""

    def machine(self, steps: int) -> Machine:
        return Machine(1, scaled=((0, 0),))

    def weight(self, late: int, early: int, factors: Sequence[Number]) -> Number:
        whole: Number = 1
        for link in range(early + 1, late + 1):
            whole = whole * factors[link]
        return whole


def probability(name: str, value: Fraction, *, zero: bool = True, one: bool = True) -> None:
    """Raises InputError where a number is no probability, or an end of the range that is not allowed."""
    if not 0 <= value <= 1 or (value == 0 and not zero) or (value == 1 and not one):
        ends = f"{'[' if zero else '('}0, 1{']' if one else ')'}"
        raise InputError(f"{name} = {value} is not in {ends}", mend="give a probability such as 0.8 or 4/5")


def at_least_one(name: str, value: int | Fraction) -> None:
    """Raises InputError for a length below one step."""
    if value < 1:
        raise InputError(f"{name} = {value} is less than one step", mend="give a length such as 10")
