"""Small networks to truncate on: at rational points, where equality is equality, and in floating point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from derive.growth.recurrent import recurrent
from derive.indices import N_INPUT, N_OUTPUT, N_STATE, S, T
from derive.run import name_of
from derive.strategy import Strategy
from derive.track import Gradients
from derive.truncation.decisions import Runs, every
from derive.truncation.derived_track import DerivedTrack
from tests.derive.models import Names, derived
from verify.growth.drawing import network
from verify.jets.claims import Point, Slopes
from verify.jets.field import Rationals
from verify.jets.free import Free
from verify.truncation.enumeration import number

NETWORKS = (
    Names("rnn", "tanh"), Names("lstm"), Names("gru"), Names("rnn", layers=2), Names("rnn", feedback=True),
    Names("gru", wiring="last"), Names("rnn", wiring="seq2seq"), Names("lstm", wiring="seq2seq", feedback=True),
    Names("rnn", wiring="last", layers=2), Names("peephole"), Names("jordan"), Names("diagonal"),
)  # fmt: skip
"""Every wiring, layers, feedback, and gates."""
SMALL = (Names("rnn", "tanh"), Names("rnn", wiring="last"), Names("rnn", wiring="seq2seq"), Names("gru"))


@dataclass(frozen=True)
class Exact:
    """A network at a rational point, and the change of each loss by each step's own copy of a parameter."""

    names: Names
    steps: int
    source_steps: int = 2

    @cached_property
    def point(self) -> Point:
        model = derived(self.names).model
        sizes = {N_STATE: 2, N_INPUT: 1, N_OUTPUT: 2, T: self.steps}
        sizes |= {S: self.source_steps} if len(model.phases) > 1 else {}
        return Point(model, sizes, Free(Rationals(0)))

    @cached_property
    def track(self) -> DerivedTrack:
        return DerivedTrack(derived(self.names), self.point.forward)

    @cached_property
    def terms(self) -> Mapping[tuple[str, int, int], Any]:
        """(parameter, step of the loss, step of the parameter's copy) to ⟨weight · term, V⟩, by forward mode alone.

        Steps are counted through all phases; an initial state stands before the first step of its phase.
        """
        copies, early = {}, {}
        for own in self.track.segments:
            for w in own.theory.phase.parameters:
                for step in range(own.first, own.last + 1):
                    copies[w.name, own.own(step)] = w
                    early[w.name, own.own(step)] = (name_of(w), step)
            for w in own.theory.phase.given_initially:
                copies[name_of(w.at(0)), None] = w.at(0)
                early[name_of(w.at(0)), None] = (name_of(w.at(0)), own.first - 1)
        slopes = Slopes(self.point, copies)
        skipped = self.track.segments[-1].first - 1
        return {
            (*early[source], late + skipped): row[slopes.places[source]][0]
            for late, row in slopes.losses.items() for source in copies
        }  # fmt: skip

    def along(self, gradients: Gradients) -> dict[str, Any]:
        """⟨gradient, V⟩ of every parameter; axes in front are runs."""
        return {name: (array * self.point.along[name][0]).sum(axis=(-2, -1)) for name, array in gradients.items()}

    def weighted(self, strategy: Strategy, factors: Sequence[Any]) -> dict[str, Any]:
        """Σ_t Σ_{i≤t} ω(t, i) · term, by the law of the weights in closed form."""
        found: dict[str, Any] = {}
        for (name, early, late), slope in self.terms.items():
            if early <= late:
                found[name] = found.get(name, 0) + slope * number(strategy.weight(late, early, factors))
        return found


@lru_cache(maxsize=32)
def exact(names: Names, steps: int = 5, source_steps: int = 2) -> Exact:
    return Exact(names, steps, source_steps)


def fractions(rng: np.random.Generator, count: int, *, zeros: float = 0.2) -> list[Fraction]:
    """Factors ξ: any rational numbers, some of them zero."""
    return [
        Fraction(0) if rng.random() < zeros else Fraction(int(rng.integers(-9, 10)), int(rng.integers(1, 7)))
        for _ in range(count)
    ]


def numbers(factors: Sequence[Fraction]) -> list[Any]:
    """The same in the arithmetic of the rational point."""
    return [number(own) for own in factors]


def floats(names: Names, **how: Any) -> DerivedTrack:
    """A random network in floating point; a cell without recurrent weights has no gain."""
    if not recurrent(derived(names).model):
        how.pop("gain", None)
    problem = network(derived(names).model, **{"steps": 12, "hidden": 3, "drive": 1.0, **how})
    return DerivedTrack(derived(names), problem.forward)


def runs(strategy: Strategy, steps: int) -> Iterator[tuple[Fraction, list[Fraction]]]:
    """Every pattern of cuts: its probability and its factors."""
    found: Runs = every(strategy, steps)
    yield from zip(found.probability, (list(row) for row in found.factors), strict=True)


def losses(track: DerivedTrack) -> list[int]:
    """The steps of the chain that have one."""
    main = track.segments[-1]
    return [step for step in range(main.first, main.last + 1) if np.any(track.seed(step) != 0)]
