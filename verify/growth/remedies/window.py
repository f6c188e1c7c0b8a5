"""The steps that the remedies are measured on: all of them, or so few of a long sequence that seconds are enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from derive.arithmetic import Array
from derive.errors import InputError
from derive.growth.trajectory import Trajectory
from derive.indices import T, value
from derive.unroll import Place, place
from verify.problem import Problem

LONGEST = 200
"""So few that a chain and a gradient of n = 64 take tenths of a second, so many that a rate shows."""


@dataclass(frozen=True)
class Window:
    """A problem of at most ``LONGEST`` steps, and the sentence that says which of the whole sequence they are."""

    problem: Problem
    sentence: str


def window_of(problem: Problem, longest: int = LONGEST) -> Window:
    """The last steps, started from the state that the unchanged network reaches before them.

    Where that state is not finite, the first steps: the network has exploded later on.  With an encoder, its last steps
    from the given initial state, and the first steps of what follows it.
    """
    if all(value(phase.length, problem.sizes) <= longest for phase in problem.model.phases):
        return Window(problem, f"All {problem.steps} steps.")
    if len(problem.model.phases) > 1:
        return Window(_shortened(problem, longest), _TWO_PHASES.format(longest=longest))
    skipped = problem.steps - longest
    try:
        with np.errstate(all="ignore"):
            reached = _reached(problem, skipped)
    except InputError:
        text = f"The first {longest} of {problem.steps} steps: later the state is not finite."
        return Window(_first(problem, longest), text)
    text = (
        f"The last {longest} of {problem.steps} steps, from the state that the unchanged network reaches before them;"
        " the loss is the one of these steps alone."
    )
    return Window(_moved(problem, skipped, longest, reached), text)


_TWO_PHASES = "The last {longest} steps of the encoder, from its given state, and the first {longest} after it."


def _reached(problem: Problem, step: int) -> dict[Place, Array]:
    """The states of one step as initial states, averaged over a batch, in memory that hardly depends on the length."""
    phase = problem.model.main
    trajectory = Trajectory(problem.model, phase, problem.given, problem.sizes)
    window = trajectory.window((step - 1) // trajectory.width)
    after = step - window.first + 1
    return {place(state.at(0)): window.timed[state.letter][after].mean(axis=0) for state in phase.states}


def _moved(problem: Problem, skipped: int, count: int, reached: Mapping[Place, Array]) -> Problem:
    timed: dict[Place, Array] = {
        (name, kind, step - skipped): array
        for (name, kind, step), array in problem.given.items()
        if kind in ("input", "target") and step is not None and step > skipped
    }
    kept = {where: array for where, array in problem.given.items() if where[2] is None}
    return replace(problem, sizes={**problem.sizes, T: count}, given={**kept, **timed, **reached})


def _first(problem: Problem, count: int) -> Problem:
    """The first steps; a loss that only the last step had is put at the last that is left."""
    target = problem.model.readout.target
    given = {where: array for where, array in problem.given.items() if where[2] is None or where[2] <= count}
    given.setdefault(place(target.at(count)), problem.given[place(target.at(problem.steps))])
    return replace(problem, sizes={**problem.sizes, T: count}, given=given)


def _shortened(problem: Problem, count: int) -> Problem:
    """Of every earlier phase the last steps, of the one with the losses the first."""
    model, sizes, given = problem.model, dict(problem.sizes), dict(_first(problem, min(count, problem.steps)).given)
    for phase in model.phases[:-1]:
        length = value(phase.length, sizes)
        skipped = max(length - count, 0)
        for variable in model.inputs_of(phase):
            for step in range(1, length + 1):
                given.pop(place(variable.at(step)), None)
            for step in range(skipped + 1, length + 1):
                given[place(variable.at(step - skipped))] = problem.given[place(variable.at(step))]
        sizes[phase.length] = length - skipped
    sizes[T] = min(count, problem.steps)
    return replace(problem, sizes=sizes, given=given)
