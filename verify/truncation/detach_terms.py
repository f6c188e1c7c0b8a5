"""What a strategy claims: the estimate of every gradient, and apart, what each loss sends to each step.

All losses run through the backward pass of ``derive.track`` side by side: run number r has the error of the r-th loss
alone, and the machine is the same for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.machine import Machine, Number
from derive.run import FORMS, gradients
from derive.strategy import Strategy
from derive.track import Gradients, Track, carried, estimate
from derive.truncation.derived_track import DerivedTrack
from derive.unroll import Place, Table, table_of, unroll
from verify.comparison import Block, roundings
from verify.problem import Problem
from verify.rounding import amplitude, spreads

_ADJOINT = FORMS[-1]


class Term(NamedTuple):
    """A parameter or an initial state, the position of a loss, and that of the step that contributes.

    ``early`` is 0 for an initial state, ``late`` is 0 for the sum over everything.
    """

    name: str
    late: int = 0
    early: int = 0

    @property
    def key(self) -> str:
        return f"{self.name} {self.late} {self.early}"


class Claim(NamedTuple):
    """A strategy, and the factors of one run of it."""

    strategy: Strategy
    factors: Sequence[Number]


class Apart(Track):
    """The same chain, with the errors of the losses on an axis of runs in front."""

    def __init__(self, track: Track, losses: Sequence[int]) -> None:
        self.track, self.losses = track, tuple(losses)
        self.length, self.shapes = track.length, track.shapes

    def seed(self, step: int) -> Array:
        own = self.track.seed(step)
        found = np.zeros((len(self.losses), *own.shape), dtype=own.dtype)
        if step in self.losses:
            found[self.losses.index(step)] = own
        return found

    def back(self, step: int, columns: Array) -> Array:
        return self.track.back(step, columns)

    def before(self, step: int, columns: Array) -> Array:
        return self.track.before(step, columns)

    def share(self, step: int, delta: Array) -> Gradients:
        return self.track.share(step, delta)

    def initial(self, step: int) -> Mapping[str, slice]:
        return self.track.initial(step)

    def at_start(self, delta: Array) -> Array:
        return self.track.at_start(delta)


def blocks(
    derivation: Derivation, problem: Problem, claims: Sequence[Claim], losses: Sequence[int], *, apart: bool
) -> list[dict[Term, Block]]:
    """Of every claim, each number with its measured spread; ``apart`` asks for the terms too."""

    def compute(values: Mapping[Place, Array]) -> dict[str, Array]:
        forward = table_of(problem.model, values, problem.sizes)
        found = _claimed(derivation, forward, claims, losses if apart else ())
        return {f"{number} {term.key}": array for number, term, array in found}

    def run(given: Mapping[Place, Array]) -> Mapping[Place, Array]:
        return unroll(problem.model, given, problem.sizes).values

    spread = spreads(compute, problem.given, amplitude(roundings(problem)), run)
    found: list[dict[Term, Block]] = [{} for _ in claims]
    for number, term, array in _claimed(derivation, problem.forward, claims, losses if apart else ()):
        found[number][term] = Block(term.key, "", array, spread[f"{number} {term.key}"])
    return found


def _claimed(
    derivation: Derivation, forward: Table, claims: Sequence[Claim], losses: Sequence[int]
) -> Iterator[tuple[int, Term, Array]]:
    """The readout's own gradients, which no strategy truncates, are the full ones."""
    track = DerivedTrack(derivation, forward)
    full = gradients(derivation, forward, _ADJOINT)
    for number, (strategy, factors) in enumerate(claims):
        machine = strategy.machine(track.length)
        for name, array in estimate(track, machine, factors).items():
            yield number, Term(name), array
        for w in derivation.model.parameters_after:
            yield number, Term(w.name), full[w.name]
        for term, array in estimated_terms(track, machine, factors, losses) if losses else ():
            yield number, term, array


def estimated_terms(
    track: Track, machine: Machine, factors: Sequence[Number], losses: Sequence[int]
) -> Iterator[tuple[Term, Array]]:
    """Every term with t ≥ i."""
    apart = Apart(track, losses)
    for own in carried(apart, machine, factors):
        delta = machine.result(own.columns)
        if own.initial:
            found = {name: apart.at_start(delta[..., rows, :]) for name, rows in apart.initial(own.step).items()}
        else:
            found = apart.share(own.step, delta)
        early = 0 if own.initial else own.step
        for name, arrays in found.items():
            yield from (
                (Term(name, late, early), array) for late, array in zip(losses, arrays, strict=True) if late >= own.step
            )
