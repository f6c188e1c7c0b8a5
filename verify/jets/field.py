"""The numbers of an exact test: residues modulo a large random prime, and small rational numbers for a witness."""

from __future__ import annotations

from functools import lru_cache
from random import Random, SystemRandom
from typing import Any, Protocol

import sympy as sp

Element = Any
"""A number of a field: it can be added, multiplied, divided, and compared with zero."""

_SMALL = range(2, 12)
"""Positive, so that no sum of exponentials is zero; not 1, where the slope 1 − y² of tanh is zero."""


class Field(Protocol):
    """Where the elements of a test come from."""

    def number(self, value: sp.Rational) -> Element:
        """A rational constant."""
        ...

    def draw(self) -> Element:
        """A new element, independent of all others."""
        ...


class Modular:
    """Residues modulo a prime, drawn uniformly."""

    def __init__(self, prime: int, rng: Random | None = None) -> None:
        from flint import fmpz_mod_ctx

        self.prime, self.rng = prime, rng or SystemRandom()
        self.residue = fmpz_mod_ctx(prime)
        self.number = lru_cache(maxsize=1024)(self._number)

    def _number(self, value: sp.Rational) -> Element:
        return self.residue(int(value.p)) / self.residue(int(value.q))

    def draw(self) -> Element:
        return self.residue(self.rng.randrange(self.prime))


class Rationals:
    """Exact rational numbers, drawn from a few small integers: a difference found among them can be read."""

    def __init__(self, seed: int = 0) -> None:
        self.rng = Random(seed)

    def number(self, value: sp.Rational) -> Element:
        from flint import fmpq

        return fmpq(int(value.p), int(value.q))

    def draw(self) -> Element:
        from flint import fmpq

        return fmpq(self.rng.choice(_SMALL))


def random_prime(bits: int, rng: Random | None = None) -> int:
    """A prime of exactly so many bits, every one equally likely.  FLINT proves that it is one."""
    from flint import fmpz

    rng = rng or SystemRandom()
    while True:
        candidate = rng.getrandbits(bits - 1) | 1 << (bits - 1)
        if fmpz(candidate).is_prime():
            return candidate
