"""Shorter problems out of a longer one."""

from __future__ import annotations

import numpy as np

from derive.arithmetic import Array
from derive.indices import value
from derive.unroll import Place, place
from verify.problem import Problem


def shortened(problem: Problem, steps: int) -> Problem:
    """At most so many steps in every phase; the problem itself where there are no more.

    Of a sequence the last ones, from the state that is reached before them; after an encoder the decoder's first ones.
    """
    if len(problem.model.phases) == 1:
        return problem.last(steps)
    if all(value(phase.length, problem.sizes) <= steps for phase in problem.model.phases):
        return problem
    given = {where: array for where, array in problem.given.items() if where[2] in (None, 0)}
    sizes = dict(problem.sizes)
    for phase in problem.model.phases:
        length = value(phase.length, problem.sizes)
        sizes[phase.length] = min(steps, length)
        skipped = length - sizes[phase.length] if phase is problem.model.phases[0] else 0
        timed = {variable.letter for variable in problem.model.inputs_of(phase)}
        if phase is problem.model.main:
            timed.add(problem.model.readout.target.letter)
        given |= {
            (name, kind, step - skipped): array
            for (name, kind, step), array in problem.given.items()
            if (name, kind) in timed and step is not None and 0 < step - skipped <= steps
        }
        if skipped:
            given |= {place(state.at(0)): _reached(problem, place(state.at(skipped))) for state in phase.states}
    return Problem(problem.model, sizes, given, problem.seed)


def _reached(problem: Problem, where: Place) -> Array:
    """A state, averaged over the batch."""
    state = np.asarray(problem.forward.values[where])
    return state.reshape((-1, *state.shape[-2:])).mean(axis=0)
