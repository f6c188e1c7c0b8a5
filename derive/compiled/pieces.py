"""A long sequence in pieces: forwards keeping the states at their borders only, and back with every piece run again.

It takes the memory of one piece and of the borders, √T steps each where nothing else is asked for, and one more forward
pass (checkpointing: Griewank 1992; Chen, Xu, Zhang & Guestrin 2016, section 3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isqrt

import numpy as np

from derive.arithmetic import Array
from derive.compiled.cache import Cache, Pair
from derive.compiled.given import Arrays, Read
from derive.compiled.reduction import BATCH, STEPS
from derive.errors import InputError
from derive.indices import T
from derive.unroll import weight

_TRIED = 2
"""Steps of a piece that is run to see what a step takes in memory."""


@dataclass(frozen=True)
class Pieces:
    """The pieces of a sequence, ``piece`` steps each, the last one shorter; ``given`` has the whole of it."""

    pair: Pair
    given: Arrays
    kind: np.dtype
    piece: int

    def gradient(self) -> tuple[float, dict[str, Array]]:
        """The mean loss, and the gradient of every parameter and initial state, in their shapes."""
        slices = list(self._slices())
        borders = self._borders(slices)
        loss, found, carry = 0.0, dict[str, Array](), None
        for own, border in zip(reversed(slices), reversed(borders), strict=True):
            cache = self.cache(own, border)
            has_loss = own is slices[-1] or not self.pair.model.wiring.single
            share, seeds, behind = cache.loss() if has_loss else (0.0, self._nothing(cache), {})
            sums, carry = cache.backward(seeds, carry)
            loss += share
            for name, array in ({name: array * self._weight for name, array in sums.items()} | behind).items():
                found[name] = found[name] + array if name in found else array
        return loss, {**found, **cache.starts()}

    @property
    def _weight(self) -> float:
        """What the sum over the steps and the sequences is multiplied by."""
        return float(weight(self.pair.model, self.given.sizes)) / self.given.sizes[BATCH]

    def _slices(self) -> Iterator[slice]:
        length = self.given.sizes[T]
        yield from (slice(first, min(first + self.piece, length)) for first in range(0, length, self.piece))

    def _borders(self, slices: list[slice]) -> list[dict[str, Array] | None]:
        """The states before every piece; those given before the first."""
        found: list[dict[str, Array] | None] = [None]
        for own in slices[:-1]:
            found.append(self.cache(own, found[-1]).last)
        return found

    def cache(self, steps: slice, border: Mapping[str, Array] | None) -> Cache:
        """The forward pass of some steps, from the states before them."""
        known = {read.target: self._rows(read, steps, border) for read in self.pair.reads}
        return Cache(self.pair, known, {**self.given.sizes, STEPS: steps.stop - steps.start}, self.kind)

    def _rows(self, read: Read, steps: slice, border: Mapping[str, Array] | None) -> Array:
        kind, name = read.key
        if kind == "start" and border is not None:
            return border[name.removesuffix("_0")]
        if not read.of_steps or (kind == "target" and self.pair.model.wiring.single):
            return self.given.rows(read, self.kind)
        array = self.given.of[read.key][steps]
        return np.asarray(array, self.kind).reshape(-1, array.shape[-2])

    def _nothing(self, cache: Cache) -> dict[str, Array]:
        return {name: np.zeros((cache.steps, *last.shape), self.kind) for name, last in cache.last.items()}


def pieces(pair: Pair, given: Arrays, kind: np.dtype, piece: int | None = None, memory: int | None = None) -> Pieces:
    """Of ``piece`` steps; of as many as fit into so many bytes of ``memory``; else of about √T.

    Raises InputError for a piece of no step, and for memory that is too little for pieces of one.
    """
    length = given.sizes[T]
    if piece is not None and piece < 1:
        raise InputError(f"a piece of {piece} steps", mend="give at least 1")
    if piece is None:
        piece = isqrt(length - 1) + 1 if memory is None else _fitting(pair, given, kind, memory)
    return Pieces(pair, given, kind, min(piece, length))


def _fitting(pair: Pair, given: Arrays, kind: np.dtype, memory: int) -> int:
    """The longest piece that fits with its borders; what a step takes is seen on pieces of one and of two."""
    length = given.sizes[T]
    one, two = (_measured(Pieces(pair, given, kind, steps)) for steps in (1, _TRIED))
    each = max(1, two[0] - one[0])
    for piece in (length >> shift for shift in range(length.bit_length())):
        borders = -(-length // piece) * one[1]
        if one[0] - each + piece * each + borders <= memory:
            return piece
    raise InputError(f"{memory} bytes are too few for one step of this network", mend="give more memory")


def _measured(of: Pieces) -> tuple[int, int]:
    """The bytes of a piece, and of the states at a border."""
    steps = slice(0, min(of.piece, of.given.sizes[T]))
    cache = of.cache(steps, None)
    _, seeds, _ = cache.loss()
    cache.backward(seeds)
    return cache.nbytes + _bytes(seeds), _bytes(cache.last)


def _bytes(arrays: Mapping[str, Array]) -> int:
    return sum(array.nbytes for array in arrays.values())
