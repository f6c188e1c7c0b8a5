"""A network at one exact point, in which every quantity has a value, and every derivative of one by another too.

The values of functions are free elements (``verify.jets``), so that what is equal here is equal for every activation.
Derivatives are found by forward mode through the forward equations: nothing that a derivation says is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.functions import Elementwise, identity
from derive.indices import T
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
    """

    model: Model
    sizes: Sizes
    numbers: Field
    absent: frozenset[str] = frozenset()
    summed: bool = False
    _slopes: dict[Place, Table] = field(default_factory=dict)
    _steps: dict[tuple[int, int], World] = field(default_factory=dict)

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

    def stepped(self, inputs: int, states: int) -> World:
        """A single step of the same network, with the input of one step and the states of another as h_0.

        With ``states`` = ``inputs`` − 1 it is that step of this world: a function has one value for one argument.
        """
        if (inputs, states) not in self._steps:
            self._steps[inputs, states] = self._one_step(self._given_for(inputs, states))
        return self._steps[inputs, states]

    def stepped_from(self, inputs: int, state: Array) -> World:
        """The same from any state, a column."""
        given = self._given_for(inputs, 0)
        return self._one_step(given | {place(self.model.main.states[0].at(0)): state})

    def _one_step(self, given: dict[Place, Array]) -> World:
        sizes = {**self.sizes, T: 1}
        other = World(self.model, sizes, self.numbers, self.absent, self.summed)
        point = Point(self.model, sizes, self.point.free)
        point.__dict__["given"] = given  # what is cached there is drawn otherwise
        other.__dict__["point"] = point
        return other

    def _given_for(self, inputs: int, states: int) -> dict[Place, Array]:
        model, values = self.model, self.point.forward.values
        given = {where: array for where, array in self.point.given.items() if where[2] is None}
        given |= {place(state.at(0)): values[place(state.at(states))] for state in model.main.states}
        timed = (*model.inputs_of(model.main), model.readout.target)
        return given | {
            (*own.letter, 1): values[*own.letter, inputs] for own in timed if (*own.letter, inputs) in values
        }

    def knows(self, where: Place) -> bool:
        """Whether there is such a quantity at such a step."""
        return where in self.point.forward.values

    def value(self, where: Place) -> Array:
        """A matrix of elements, (rows, columns).  Raises KeyError for a quantity that there is not."""
        found = self.point.forward.values[where]
        return found * self._weight if where == place(self.model.total) else found

    @cached_property
    def _weight(self) -> Element:
        """What the loss is multiplied by to be what the file calls so."""
        if not self.summed:
            return self.one
        return self.one / self.point.numbers.scalar(weight(self.model, self.sizes))

    def jacobian(self, of: Place, by: Place) -> Array:
        """∂of/∂by, (rows of ``of``, columns of it, rows of ``by``, columns of it), through everything in between.

        A parameter at a step is its copy in that step alone: ∂h_t/∂W at t is what step t adds of its own.
        Raises KeyError for a quantity that there is not.
        """
        shape = self._shape(by)
        target = self._moved(by).values[of]
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
        values = self.point.forward.values
        return values[by] if by in values else values[by[0], by[1], None]

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
            is_given = by in given or by not in self.point.forward.values
            overrides = {} if is_given else {by: moving}
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


def _still(array: Array) -> Array:
    found = np.empty(array.shape, dtype=object)
    for entry in np.ndindex(array.shape):
        found[entry] = array[entry] if array[entry] is MINUS_INFINITY else Jet(array[entry])
    return found
