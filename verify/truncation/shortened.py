"""A problem with few steps that has the same weights and real states: where gradients are compared term by term."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from derive.arithmetic import Array
from derive.indices import T, value
from derive.phase import Phase
from derive.unroll import Place, place
from verify.problem import Problem


def shortened(problem: Problem, steps: int) -> Problem:
    """At most ``steps`` steps of the first sequence: the last ones of a single recurrence; of an encoder and a decoder
    those around the state that they share, half of them each."""
    one = problem.one_sequence()
    if len(problem.model.phases) == 1:
        return one.last(steps)
    encoder, decoder = problem.model.phases
    before, after = value(encoder.length, one.sizes), value(decoder.length, one.sizes)
    skipped = max(0, before - max(1, steps // 2))
    kept = min(after, max(1, steps - (before - skipped)))
    given = {where: array for where, array in one.given.items() if where[2] is None or where[2] == 0}
    given |= _timed(one, encoder, range(skipped + 1, before + 1))
    given |= _timed(one, decoder, range(1, kept + 1))
    given |= _targets(one, kept)
    given |= {place(state.at(0)): _reached(one, place(state.at(skipped))) for state in encoder.states if skipped}
    return replace(one, sizes={**one.sizes, encoder.length: before - skipped, T: kept}, given=given)


def _timed(problem: Problem, phase: Phase, steps: range) -> dict[Place, Array]:
    """What a phase reads at these steps, counted from one again."""
    letters = {source.letter for source in problem.model.inputs_of(phase)}
    return {(*letter, step - steps.start + 1): problem.given[*letter, step] for letter in letters for step in steps}


def _targets(problem: Problem, kept: int) -> dict[Place, Array]:
    letter = problem.model.readout.target.letter
    found: Iterable[int] = range(1, kept + 1)
    return {(*letter, step): problem.given[*letter, step] for step in found if (*letter, step) in problem.given}


def _reached(problem: Problem, where: Place) -> Array:
    found = np.asarray(problem.forward.values[where])
    return found.reshape((-1, *found.shape[-2:])).mean(axis=0)
