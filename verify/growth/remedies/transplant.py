"""Another cell on the same input: what both networks have in common is carried over, the rest is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np

from derive.arithmetic import Array
from derive.assemble import derivation
from derive.derivation import Derivation
from derive.expr import Var
from derive.indices import value
from derive.model import Model, build
from derive.unroll import Place, place
from verify.drawing import drawn
from verify.problem import Problem


@lru_cache(maxsize=16)
def derived(
    cell: str, loss: str, wiring: str, normalisation: str, layers: int, feedback: bool, bridge: str
) -> Derivation:
    """The derivation of a cell under the same loss, wiring, output, layers, feedback and bridge."""
    return derivation(
        build(
            cell, loss=loss, wiring=wiring, normalisation=normalisation, layers=layers, feedback=feedback, bridge=bridge
        )
    )


def around(model: Model, cell: str) -> Derivation:
    """``cell`` in the place of a model's own.  Raises InputError where it does not fit there."""
    return derived(
        cell, model.loss.name, model.wiring.name, model.normalisation.name, model.cell.layers,
        model.cell.plain is not None, model.bridge,
    )  # fmt: skip


def transplanted(problem: Problem, model: Model, seed: int) -> Problem:
    """``model`` with a problem's sizes, inputs, targets, readout and, where names and shapes agree, initial states.

    Other weights are drawn from N(0, 1/columns) by ``verify.drawing`` with ``seed``; other biases and initial states
    are zero.
    """
    old = problem.model
    batch = problem.label["batch"]
    given = drawn(model, problem.sizes, batch, np.random.default_rng(seed), 0.0, 1.0)
    carried = {
        **_timed(problem, old, model),
        **_shared(problem, zip(old.readout.parameters, model.readout.parameters, strict=True)),
        **_shared(problem, zip(old.constants, model.constants, strict=True)),
        **_shared(problem, ((state, state) for state in model.initial_states)),
    }
    return Problem(model, problem.sizes, {**given, **_fitting(carried, given)}, seed)


def _timed(problem: Problem, old: Model, new: Model) -> dict[Place, Array]:
    """Inputs of every phase, and targets."""
    found: dict[Place, Array] = {}
    for ours, theirs in zip(new.phases, old.phases, strict=True):
        pairs = list(zip(new.inputs_of(ours), old.inputs_of(theirs), strict=False))
        for step in range(1, value(ours.length, problem.sizes) + 1):
            found |= {place(mine.at(step)): problem.given[place(their.at(step))] for mine, their in pairs}
    first, last = (value(limit, problem.sizes) for limit in (new.wiring.first, new.wiring.last))
    for step in range(first, last + 1):
        found[place(new.readout.target.at(step))] = problem.given[place(old.readout.target.at(step))]
    return found


def _shared(problem: Problem, pairs: Iterable[tuple[Var, Var]]) -> Mapping[Place, Array]:
    """What the new model calls by another name, where the old one has a value."""
    return {place(new): problem.given[place(old)] for old, new in pairs if place(old) in problem.given}


def _fitting(carried: Mapping[Place, Array], given: Mapping[Place, Array]) -> dict[Place, Array]:
    """Only what the new model has a place of that shape for."""
    return {w: array for w, array in carried.items() if w in given and np.shape(given[w]) == np.shape(array)}
