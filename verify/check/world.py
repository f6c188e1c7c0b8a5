"""A network at one exact point, in which every quantity has a value, and every derivative of one by another too.

The values of functions are free elements (``verify.jets``), so that what is equal here is equal for every activation.
Derivatives are found by forward mode through the forward equations: nothing that a derivation says is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.functions import Elementwise, identity
from derive.indices import value as size_of
from derive.model import Model
from derive.unroll import Place, Table, place, unroll, weight
from verify.jets.claims import Point
from verify.jets.dual import Dual, Jet
from verify.jets.field import Element, Field
from verify.jets.free import MINUS_INFINITY, Free
from verify.jets.point import Sizes

_ONE = sp.Integer(1)


class Known(Free):
    """With the identity for what it is, since people leave it out."""

    def value(self, function: Elementwise, z: Element) -> Element:
        return z if function == identity else super().value(function, z)


@dataclass(frozen=True)
class World:
    """``model`` of the given sizes at a point drawn from ``numbers``: residues modulo a prime, or small rationals.

    ``absent`` are the parameters that are zero.  ``summed``: the loss is the sum of those of the steps, not their mean.
    ``overrides`` are the states that are others than the network makes.
    """

    model: Model
    sizes: Sizes
    numbers: Field
    absent: frozenset[str] = frozenset()
    summed: bool = False
    overrides: Mapping[Place, Array] = field(default_factory=dict)
    _slopes: dict[Place, Table] = field(default_factory=dict)
    _jacobians: dict[tuple[Place, Place], Array] = field(default_factory=dict)

    @cached_property
    def point(self) -> Point:
        found = Point(self.model, self.sizes, Known(self.numbers))
        given = found.given
        zeros = [place(w) for w in self.model.parameters if w.name in self.absent]
        given |= {where: given[where] * self._zero_of(given) for where in zeros}
        return found

    def _zero_of(self, given: Mapping[Place, Array]) -> Element:
        entry = next(iter(given.values()))[0, 0]
        return entry - entry

    @property
    def height(self) -> int:
        """The number of units of all states together."""
        return sum(size_of(height, self.sizes) for height in self.model.main.heights)

    def stepped(self, state: Place, value: Array) -> World:
        """The same network in which the state of one step is that value: the step after it is a function of it."""
        if np.array_equal(value, self.value(state)):
            return self
        overrides = {**self.overrides, state: value}
        point = replace(self.point)
        point.__dict__["given"] = self.point.given  # what is cached there is drawn otherwise
        point.__dict__["forward"] = unroll(
            self.model, point.given, self.sizes, arithmetic=point.numbers, overrides=overrides
        )
        other = replace(self, overrides=overrides, _slopes={}, _jacobians={})
        other.__dict__["point"] = point
        return other

    def knows(self, where: Place) -> bool:
        """Whether there is such a quantity at such a step."""
        if where[1] != "stack":
            return where in self.point.forward.values
        return all((*own.letter, where[2]) in self.point.forward.values for own in self.point.forward.stacks[where[0]])

    def value(self, where: Place) -> Array:
        """A matrix of elements, (rows, columns).  Raises KeyError for a quantity that there is not."""
        found = _at(self.point.forward, where)
        return found * self._weight if where == place(self.model.total) else found

    @cached_property
    def _weight(self) -> Element:
        """What the loss is multiplied by to be what the file calls so."""
        if not self.summed:
            return self.one
        return self.one / self.point.numbers.scalar(weight(self.model, self.sizes))

    @cached_property
    def front(self) -> Element:
        """What stands in front of the sum of the losses, in what the file calls the loss."""
        return self.one if self.summed else self.point.numbers.scalar(weight(self.model, self.sizes))

    def jacobian(self, of: Place, by: Place) -> Array:
        """∂of/∂by, (rows of ``of``, columns of it, rows of ``by``, columns of it), through everything in between.

        A parameter at a step is its copy in that step alone: ∂h_t/∂W at t is what step t adds of its own.
        Raises KeyError for a quantity that there is not.
        """
        if (of, by) not in self._jacobians:
            self._jacobians[of, by] = self._jacobian(of, by)
            self._jacobians[of, by].flags.writeable = False
        return self._jacobians[of, by]

    def _jacobian(self, of: Place, by: Place) -> Array:
        shape = self._shape(by)
        target = _at(self._moved(by), of)
        found = np.empty((*target.shape, *shape), dtype=object)
        for entry in np.ndindex(target.shape):
            slopes = target[entry].slopes if isinstance(target[entry], Jet) else None
            found[entry] = self._none(shape) if slopes is None else slopes.reshape(shape)
        return found * self._weight if of == place(self.model.total) else found

    def _shape(self, by: Place) -> tuple[int, int]:
        rows, cols = self._of(by).shape[-2:]
        return rows, cols

    def _of(self, by: Place) -> Array:
        """The value that is moved: that of the parameter itself where one copy of it is meant."""
        return _at(self.point.forward, by if self.knows(by) else (by[0], by[1], None))

    def _none(self, shape: tuple[int, int]) -> Array:
        zero: Element = self.zero
        found = np.empty(shape, dtype=object)
        found[...] = zero
        return found

    @cached_property
    def one(self) -> Element:
        """The one of the field."""
        return self.point.numbers.scalar(_ONE)

    @cached_property
    def zero(self) -> Element:
        """The zero of the field."""
        return self.one - self.one

    def _moved(self, by: Place) -> Table:
        """The forward pass with one quantity moving along each of its entries."""
        if by not in self._slopes:
            given = {where: _still(array) for where, array in self.point.given.items()}
            moving = self._along(self._of(by))
            is_given = by in given or not self.knows(by)
            overrides = {where: _still(array) for where, array in self.overrides.items()}
            overrides |= {} if is_given else {by: moving}
            given |= {by: moving} if is_given else {}
            dual = Dual(self.point.free)
            self._slopes[by] = unroll(self.model, given, self.sizes, arithmetic=dual, overrides=overrides)
        return self._slopes[by]

    def _along(self, array: Array) -> Array:
        """Every entry with a slope of one in its own direction, row by row."""
        one = self.one
        jets = np.empty(array.shape, dtype=object)
        for number, entry in enumerate(np.ndindex(array.shape)):
            slopes = self._none((1, array.size))[0]
            slopes[number] = one
            jets[entry] = Jet(array[entry], slopes)
        return jets


def _at(table: Table, where: Place) -> Array:
    return table.stacked(where) if where[1] == "stack" else table.values[where]


def _still(array: Array) -> Array:
    found = np.empty(array.shape, dtype=object)
    for entry in np.ndindex(array.shape):
        found[entry] = array[entry] if array[entry] is MINUS_INFINITY else Jet(array[entry])
    return found
