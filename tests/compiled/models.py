"""The models that are compiled: every registered cell under every wiring of one phase, with every loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from derive import registry
from derive.arithmetic import Array
from derive.compiled.program import Program, compiled
from derive.compiled.run import Run
from derive.indices import value
from derive.model import Model
from derive.run import FORMS, gradients
from derive.unroll import place
from tests.derive.models import CELLS, Names, derived, model, refused
from verify.problem import Problem, random_problem

ADJOINT = next(form for form in FORMS if form.descending)
EXACT = 1e-12
"""How far two orders of the same sums may be apart, relative to the norm of what is compared."""
EPSILON = float(np.finfo(float).eps)
SHAKEN, SHAKES, ROUNDINGS = 1e-9, 3, 100
WIRINGS = tuple(
    wiring
    for wiring in registry.names("derive.wirings")
    if registry.load("derive.wirings", wiring, "wiring").WIRING.before is None
)
LOSSES = registry.names("derive.losses")
FIRST = dict(reversed(CELLS))
"""One variant of every cell."""
EVERY = tuple(Names(cell, FIRST[cell], loss, wiring=wiring) for cell in FIRST for wiring in WIRINGS for loss in LOSSES)
VARIANTS = tuple(Names(cell, variant) for cell, variant in CELLS)
CROSSING = tuple(
    Names(cell, FIRST[cell], loss, wiring="seq2seq", bridge=bridge)
    for cell in FIRST
    for loss in LOSSES
    for bridge in ("identity", "softmax")
)
"""Encoders with decoders."""
EXTRAS = tuple(
    names
    for cell in FIRST
    for wiring in WIRINGS
    for more in ({"feedback": True}, {"layers": 2}, {"normalisation": "masked_softmax"})
    if not refused(names := Names(cell, FIRST[cell], wiring=wiring, **more))  # type: ignore[arg-type]
)


@lru_cache
def program(names: Names) -> Program:
    return compiled(derived(names))


def problem(names: Names, **sizes: int) -> Problem:
    return random_problem(model(names), **{"steps": 5, "hidden": 3, "batch": 2, "seed": 1, **sizes})


def interpreted(names: Names, of: Problem) -> dict[str, Array]:
    """The gradient that the interpreter finds."""
    return gradients(derived(names), of.forward, ADJOINT)


def total(of: Problem) -> float:
    """The loss that the interpreter finds."""
    return float(np.mean(of.forward.values[place(of.model.total)]))


def distance(left: Array, right: Array) -> float:
    """The norm of the difference, relative to the larger norm; two exact zeros are no distance apart."""
    assert left.shape == right.shape
    scale = max(float(np.linalg.norm(left)), float(np.linalg.norm(right)))
    return float(np.linalg.norm(left - right)) / scale if scale else 0.0


def apart(found: Mapping[str, Array], wanted: Mapping[str, Array]) -> dict[str, float]:
    """How far apart each gradient is."""
    assert set(found) == set(wanted)
    return {name: distance(found[name], wanted[name]) for name in wanted}


def tolerances(names: Names, of: Problem) -> dict[str, float]:
    """How far apart two roundings of a gradient may be, relative to its norm: more where its terms cancel.

    What a relative change of the given numbers does to the gradient is its condition; a rounding does no more.
    """
    wanted = interpreted(names, of)
    rng = np.random.default_rng(0)
    moved = dict.fromkeys(wanted, 0.0)
    for _ in range(SHAKES):
        signs = {where: rng.choice((-1.0, 1.0), array.shape) for where, array in of.given.items()}
        near = of.with_given({where: array * (1 + SHAKEN * signs[where]) for where, array in of.given.items()})
        moved = {name: max(moved[name], found) for name, found in apart(interpreted(names, near), wanted).items()}
    return {name: max(EXACT, ROUNDINGS * found / SHAKEN * EPSILON) for name, found in moved.items()}


def far(names: Names, of: Problem, found: Mapping[str, Array]) -> list[str]:
    """The gradients among ``found`` that no rounding explains."""
    wanted = interpreted(names, of)
    beyond = [name for name, own in apart(found, {n: wanted[n] for n in found}).items() if not own < EXACT]
    if not beyond:
        return []
    allowed, measured = tolerances(names, of), apart(found, {n: wanted[n] for n in found})
    return [f"{name}: {measured[name]:.1e}" for name in beyond if not measured[name] < allowed[name]]


def adjoints(run: Run) -> list[Array]:
    """δ_1 … δ_T, from the seeds and by carrying back step after step."""
    found = [run.seed(run.length)]
    for step in range(run.length - 1, 0, -1):
        found.append(run.seed(step) + run.back(step + 1, found[-1]))
    return found[::-1]


@dataclass(frozen=True)
class Stacked:
    """What ``Program.run_arrays`` takes, of a problem."""

    parameters: dict[str, Array]
    starts: dict[str, Array]
    inputs: dict[str, Array]
    targets: Array

    @classmethod
    def of(cls, given: Problem) -> Stacked:
        model_: Model = given.model
        steps = range(1, given.steps + 1)
        lengths = {x: phase.length for phase in model_.phases for x in model_.inputs_of(phase)}
        target = model_.readout.target
        with_loss = [given.steps] if model_.wiring.single else steps
        return cls(
            {w.name: given.given[place(w)] for w in (*model_.parameters, *model_.constants)},
            {f"{state.name}_0": given.given[place(state)] for state in model_.initial_states},
            {
                x.name: np.stack([given.given[place(x.at(s))] for s in range(1, value(length, given.sizes) + 1)])
                for x, length in lengths.items()
            },
            np.stack([given.given[place(target.at(step))] for step in with_loss]),
        )

    def run(self, by: Program, steps: int, **more: object) -> Run:
        return by.run_arrays(self.parameters, self.starts, self.inputs, self.targets, steps, **more)  # type: ignore[arg-type]
