"""A long sequence in pieces: forwards keeping the states at their borders only, and back with every piece run again.

It takes the memory of one piece and of the borders, √T steps each where nothing else is asked for, and one more forward
pass (checkpointing: Griewank 1992; Chen, Xu, Zhang & Guestrin 2016, section 3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isqrt

import numpy as np

from derive.arithmetic import Array
from derive.compiled.cache import Cache
from derive.compiled.given import Arrays, Read
from derive.compiled.pair import Pair
from derive.compiled.reduction import BATCH
from derive.errors import InputError
from derive.indices import value
from derive.unroll import weight

Rows = Mapping[str, Array]
_TRIED = 2
"""Steps of a piece that is run to see what a step takes in memory."""


@dataclass(frozen=True)
class PhasePieces:
    """The pieces of one phase, at most ``piece`` steps each, the last one shorter; ``given`` has the whole of it."""

    pair: Pair
    given: Arrays
    kind: np.dtype
    piece: int

    @property
    def length(self) -> int:
        return self.given.sizes[self.pair.phase.length]

    @cached_property
    def slices(self) -> list[slice]:
        length = self.length
        return [slice(first, min(first + self.piece, length)) for first in range(0, length, self.piece)]

    def borders(self, before: Rows) -> list[Rows]:
        """The states before every piece; ``before`` are those that an earlier phase gives."""
        found = [before]
        for own in self.slices[:-1]:
            found.append(self.cache(own, found[-1]).last)
        return found

    def starting(self, border: Rows) -> Rows:
        """What the last piece, with the states before it, gives to the next phase."""
        return self.cache(self.slices[-1], border).starting()

    def back(self, borders: list[Rows], later: Cache | None) -> tuple[float, dict[str, Array], Cache]:
        """The loss, the gradients of the phase's parameters and of all behind it, and its first piece, gone back."""
        loss, found, carry, cache = 0.0, dict[str, Array](), None, None
        for own, border in zip(reversed(self.slices), reversed(borders), strict=True):
            cache = self.cache(own, border)
            share, seeds, behind = self._seeded(cache, own is self.slices[-1], later)
            sums, carry = cache.backward(seeds, carry)
            loss += share
            for name, array in ({name: array * self._weight for name, array in sums.items()} | behind).items():
                found[name] = found[name] + array if name in found else array
        assert cache is not None
        return loss, {**found, **cache.starts()}, cache

    def _seeded(
        self, cache: Cache, is_last: bool, later: Cache | None
    ) -> tuple[float, dict[str, Array], dict[str, Array]]:
        """A piece's share of the loss, the seeds that it gets, and the gradients behind the recurrence."""
        if later is not None:
            return 0.0, cache.crossing(later) if is_last else self._nothing(cache), {}
        has_loss = is_last or not self.pair.model.wiring.single
        return cache.loss() if has_loss else (0.0, self._nothing(cache), {})

    @property
    def _weight(self) -> float:
        """What the sum over the steps and the sequences is multiplied by."""
        return float(weight(self.pair.model, self.given.sizes)) / self.given.sizes[BATCH]

    def cache(self, steps: slice, border: Rows) -> Cache:
        """The forward pass of some steps, from the states before them."""
        known = {read.target: self._rows(read, steps, border) for read in self.pair.reads}
        return Cache(self.pair, known, {**self.given.sizes, self.pair.length: steps.stop - steps.start}, self.kind)

    def _rows(self, read: Read, steps: slice, border: Rows) -> Array:
        kind, name = read.key
        if kind == "start" and name.removesuffix("_0") in border:
            return border[name.removesuffix("_0")]
        if not read.of_steps or (kind == "target" and self.pair.model.wiring.single):
            return self.given.rows(read, self.kind)
        array = self.given.of[read.key][steps]
        return np.asarray(array, self.kind).reshape(-1, array.shape[-2])

    def _nothing(self, cache: Cache) -> dict[str, Array]:
        return {name: np.zeros((cache.steps, *last.shape), self.kind) for name, last in cache.last.items()}

    def measured(self) -> tuple[int, int]:
        """The bytes of a piece, and of the states at a border."""
        batch = self.given.sizes[BATCH]
        nothing = {name: np.zeros((batch, value(n, self.given.sizes))) for name, n in self.pair.widths.items()}
        cache = self.cache(slice(0, min(self.piece, self.length)), nothing)
        seeds = self._nothing(cache) if "loss" not in self.pair.stages else cache.loss()[1]
        cache.backward(seeds)
        return cache.nbytes + _bytes(seeds), _bytes(cache.last)


@dataclass(frozen=True)
class Pieces:
    """The pieces of every phase, in the order in which they run."""

    phases: tuple[PhasePieces, ...]

    def gradient(self) -> tuple[float, dict[str, Array]]:
        """The mean loss, and the gradient of every parameter and initial state, in their shapes."""
        borders: list[list[Rows]] = []
        before: Rows = {}
        for own in self.phases:
            borders.append(own.borders(before))
            before = own.starting(borders[-1][-1]) if own is not self.phases[-1] else {}
        loss, found, later = 0.0, dict[str, Array](), None
        for own, states in zip(reversed(self.phases), reversed(borders), strict=True):
            share, gradients, later = own.back(states, later)
            loss += share
            found |= gradients
        return loss, found


def pieces(
    pairs: Sequence[Pair], given: Arrays, kind: np.dtype, piece: int | None = None, memory: int | None = None
) -> Pieces:
    """Of ``piece`` steps; of as many as fit into so many bytes of ``memory``; else of about √T of the longest phase.

    Raises InputError for a piece of no step, and for memory that is too little for pieces of one.
    """
    longest = max(given.sizes[pair.phase.length] for pair in pairs)
    if piece is not None and piece < 1:
        raise InputError(f"a piece of {piece} steps", mend="give at least 1")
    if piece is None:
        piece = isqrt(longest - 1) + 1 if memory is None else _fitting(pairs, given, kind, memory, longest)
    return Pieces(tuple(PhasePieces(pair, given, kind, piece) for pair in pairs))


def _fitting(pairs: Sequence[Pair], given: Arrays, kind: np.dtype, memory: int, longest: int) -> int:
    """The longest pieces that fit with their borders; what a step takes is seen on pieces of one and of two.

    All borders are there at once, and a piece of each of two phases where the one sends back to the other.
    """
    phases = [[PhasePieces(pair, given, kind, steps) for steps in (1, _TRIED)] for pair in pairs]
    measured = [(own[0].length, own[0].measured(), own[1].measured()) for own in phases]
    for piece in (longest >> shift for shift in range(longest.bit_length())):
        if sum(_bytes_of(piece, *own) for own in measured) <= memory:
            return piece
    raise InputError(f"{memory} bytes are too few for one step of this network", mend="give more memory")


def _bytes_of(piece: int, length: int, one: tuple[int, int], two: tuple[int, int]) -> int:
    """Of one piece of a phase, and of all its borders."""
    each, own = max(1, two[0] - one[0]), min(piece, length)
    return one[0] - each + own * each + -(-length // own) * one[1]


def _bytes(arrays: Mapping[str, Array]) -> int:
    return sum(array.nbytes for array in arrays.values())
