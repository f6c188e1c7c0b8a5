"""What a derivation claims of gradients and lags, beside what forward mode finds, along a few directions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.expr import Var
from derive.indices import t, value
from derive.model import Model
from derive.run import Derived, Form, by_lag, gradients, name_of
from derive.theory import Theory, theories
from derive.unroll import Place, Table, place, unroll, weight
from verify.jets.arithmetic import Plain
from verify.jets.dual import Dual, Jet
from verify.jets.field import Element
from verify.jets.free import MINUS_INFINITY, Free
from verify.jets.point import Sizes, draw, drawn, shape

Directions = Callable[[tuple[int, int], Plain], list[Array]]
"""Arrays of a parameter's shape."""

Source = tuple[str, int | None]
"""A parameter by name, or its copy at one step."""


def at_random(shape_: tuple[int, int], numbers: Plain) -> list[Array]:
    """One direction that says whether anything differs."""
    return [draw(shape_, numbers)]


def entry_by_entry(shape_: tuple[int, int], numbers: Plain) -> list[Array]:
    """Directions that say where; row by row."""
    units = []
    for where in np.ndindex(shape_):
        unit = numbers.filled(sp.Integer(0), *shape_).copy()
        unit[where] = numbers.scalar(sp.Integer(1))
        units.append(unit)
    return units


@dataclass(frozen=True)
class Compared:
    """One claim, in each direction: what is claimed, and what forward mode finds."""

    claim: str
    form: str
    ours: list[Element]
    truth: list[Element]
    shape: tuple[int, int]


@dataclass(frozen=True)
class Point:
    """Everything drawn for a model of given sizes: its inputs, the values of its functions, and directions."""

    model: Model
    sizes: Sizes
    free: Free
    directions: Directions = at_random

    @cached_property
    def numbers(self) -> Plain:
        return Plain(self.free)

    @cached_property
    def given(self) -> dict[Place, Array]:
        return drawn(self.model, self.sizes, self.numbers)

    @cached_property
    def along(self) -> dict[str, list[Array]]:
        sources = (*self.model.parameters, *self.model.initial_states)
        return {name_of(w): self.directions(shape(w, self.sizes), self.numbers) for w in sources}

    @cached_property
    def forward(self) -> Table:
        return unroll(self.model, self.given, self.sizes, arithmetic=self.numbers)

    def claimed(self, name: str, array: Array) -> list[Element]:
        """⟨array, V⟩ for every direction V of a parameter."""
        return [(array * direction).sum() for direction in self.along[name]]


def of_gradients(point: Point, derivation: Derivation, forms: tuple[Form, ...]) -> Iterator[Compared]:
    """The gradient of every parameter, in each form."""
    truth = whole_slopes(point)
    for form in forms:
        yield from of_sources(point, gradients(derivation, point.forward, form), form.name, truth)


def whole_slopes(point: Point) -> Slopes:
    """Of every parameter and initial state as a whole."""
    sources: dict[Source, Var] = {(name_of(w), None): w for w in (*point.model.parameters, *point.model.initial_states)}
    return Slopes(point, sources)


def of_sources(point: Point, found: Mapping[str, Array], form: str, truth: Slopes | None = None) -> Iterator[Compared]:
    """Gradients by name that a form has given."""
    truth = truth or whole_slopes(point)
    for name, array in found.items():
        yield Compared(f"gradient.{name}", form, point.claimed(name, array), truth.total((name, None)), array.shape)


def of_lags(point: Point, derivation: Derivation) -> Iterator[Compared]:
    """The double sum, split by lag: a copy of the parameter at every step moves on its own."""
    model, sizes = point.model, point.sizes
    every = theories(model)
    copies: dict[Source, Var] = {
        (w.name, step): w
        for theory in every
        for w in theory.phase.parameters
        for step in range(1, value(theory.length, sizes) + 1)
    }
    truth = Slopes(point, copies)
    ours = Derived(derivation, point.forward)
    for theory in every:
        for w in theory.phase.parameters:
            for lag, array in by_lag(derivation, point.forward, theory, w, ours).items():
                yield Compared(
                    f"lag.{w.name}.{lag}", "expanded", point.claimed(w.name, array),
                    truth.at_lag(theory, w, lag), array.shape,
                )  # fmt: skip


class Slopes:
    """How the weighted losses of all steps change when each source moves along each of its directions."""

    def __init__(self, point: Point, sources: Mapping[Source, Var]) -> None:
        self.point, self.places = point, {}
        start = 0
        for source in sources:
            count = len(point.along[source[0]])
            self.places[source] = slice(start, start + count)
            start += count
        self.zero = point.numbers.filled(sp.Integer(0), 1, start)[0]
        self.losses = self._losses(sources)

    def _losses(self, sources: Mapping[Source, Var]) -> dict[int, Array]:
        model, sizes = self.point.model, self.point.sizes
        given = {where: np.frompyfunc(self._still, 1, 1)(array) for where, array in self.point.given.items()}
        for source, w in sources.items():
            where = place(w) if source[1] is None else (w.name, w.kind, source[1])
            given[where] = self._moving(self.point.given[place(w)], source)
        table = unroll(model, given, sizes, arithmetic=Dual(self.point.free))
        factor = self.point.numbers.scalar(weight(model, sizes))
        steps = range(value(model.wiring.first, sizes), value(model.wiring.last, sizes) + 1)
        losses = {step: table.values[place(model.readout.loss.target, {t: step})][0, 0] for step in steps}
        return {step: self.zero if ell.slopes is None else factor * ell.slopes for step, ell in losses.items()}

    def _still(self, entry: Element) -> object:
        """A given number that does not move; the −∞ of a mask is no number."""
        return entry if entry is MINUS_INFINITY else Jet(entry)

    def _moving(self, array: Array, source: Source) -> Array:
        jets = np.empty(array.shape, dtype=object)
        for where in np.ndindex(array.shape):
            slopes = self.zero.copy()
            slopes[self.places[source]] = [direction[where] for direction in self.point.along[source[0]]]
            jets[where] = Jet(array[where], slopes)
        return jets

    def total(self, source: Source) -> list[Element]:
        """The change of L."""
        return list(sum(self.losses[step][self.places[source]] for step in self.losses))

    def at_lag(self, theory: Theory, w: Var, lag: int) -> list[Element]:
        """The change of each loss by the copy so many steps before it; where all losses lie behind the last step of a
        phase, before that step."""
        last = value(theory.length, self.point.sizes)
        if theory.single:
            return self.total((w.name, last - lag))
        pairs = ((late, late - lag) for late in self.losses if late > lag)
        return list(sum(self.losses[late][self.places[w.name, early]] for late, early in pairs))
