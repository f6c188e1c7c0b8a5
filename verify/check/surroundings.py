"""Where a formula is read: a network, a way to take names, a convention, and numbers for the indices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from derive.arithmetic import Array
from verify.check.convention import Convention, Vectors
from verify.check.effort import Effort
from verify.check.quantities import Quantity
from verify.check.reading.tree import Tree
from verify.check.values import MeaningError, Value
from verify.check.world import World


class OutOfRangeError(Exception):
    """A step that there is not, such as x_0: the claim does not speak of these indices."""


@dataclass(frozen=True)
class Definition:
    """left = right, where left is a name that nothing else explains; ``indices`` are the letters of its subscripts."""

    indices: tuple[str, ...]
    body: Tree


@dataclass(frozen=True)
class Scope:
    """``immediate``: ∂h_t/∂W is what step t adds of its own, as some books write it inside a sum over the steps;
    ``apart``: so it is everywhere, since the file writes d for the derivative through everything.

    ``used`` are the names of the table that the file uses.  ``summed`` are the letters that a
    sum binds.  ``bars``: see ``letters.BARS``.  ``descending``: the limits of products count down.
    ``most``: at how many values of the indices a claim is tried; ``effort`` counts what is worked out here.
    """

    world: World
    table: Mapping[str, Quantity]
    convention: Convention
    at: Mapping[str, int]
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    used: frozenset[str] = frozenset()
    immediate: bool = False
    apart: bool = False
    descending: bool = False
    bars: str = "whole"
    summed: frozenset[str] = frozenset()
    most: int = 256
    depth: int = 0
    effort: Effort = field(default_factory=Effort, compare=False)

    def bound(self, **more: int) -> Scope:
        """Inside a sum or product over an index."""
        return replace(self, at={**self.at, **more}, summed=self.summed | more.keys())

    def defining(self, at: Mapping[str, int]) -> Scope:
        """Inside a definition: with numbers for its indices, and T, and nothing of where the name stands."""
        if self.depth > 40:
            raise MeaningError("a definition leads back to itself")
        fixed = {name: self.at[name] for name in ("T", "S") if name in self.at}
        return replace(
            self, at={**fixed, **at}, depth=self.depth + 1, immediate=False, descending=False, summed=frozenset(at)
        )  # fmt: skip

    def number(self, value: int) -> Value:
        """A whole number of the field."""
        one = self.world.one
        return Value(np.array([[value * one]], dtype=object))

    def turned(self, matrix: Array, is_weight: bool) -> Array:
        """As the convention has it: rows instead of columns, and weights for them."""
        vectors = self.convention.vectors
        if vectors is Vectors.COLUMNS or (is_weight and vectors is Vectors.ROWS and 1 not in matrix.shape):
            return matrix
        return matrix.T
