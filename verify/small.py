"""Small random problems on which every step of a derivation is evaluated.

T ≥ 4 and n ≥ 2, so that a wrong order or a stale subscript shows; small, since a step has many instances.

One is enough, unless a function has a corner: a unit that is off hides what passes it, and one that is on its slope.
Then a few are taken which together show as much as possible: the contributions of single steps to single losses that
have not vanished on the way, and every unit on and off at every step.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from derive.indices import N_STATE
from derive.model import Model
from verify.oracles import complex_step
from verify.problem import Problem, kinked, random_problem
from verify.program import Program

_DRAWS, _MOST = 24, 4
Sight = tuple[str, int, int]
"""A parameter, a loss and a step whose contribution to it shows; or a unit on or off, its function, and a step."""


def small_problem(model: Model, like: Problem) -> Problem:
    """The first of them."""
    return small_problems(model, like)[0]


def small_problems(model: Model, like: Problem) -> list[Problem]:
    """Drawn from the seed of ``like``, and not larger than it needs to be."""
    steps, hidden = min(max(like.steps, 4), 6), min(max(like.sizes[N_STATE], 2), 4)
    draw = partial(random_problem, model, steps=steps, hidden=hidden, inputs=2, outputs=3)
    seed = like.seed or 0
    first = draw(seed=seed)
    if first.kink_margin == np.inf:
        return [first]
    return _covering([first, *(draw(seed=seed + more) for more in range(1, _DRAWS))])


def _covering(draws: list[Problem]) -> list[Problem]:
    """Always the one next that shows most of what has not been shown."""
    shown = {number: frozenset(_sights(problem)) for number, problem in enumerate(draws)}
    chosen: list[int] = []
    missing = frozenset().union(*shown.values())
    while missing and len(chosen) < _MOST:
        chosen.append(max(shown, key=lambda number: len(shown[number] & missing)))
        missing -= shown[chosen[-1]]
    return [draws[number] for number in chosen] or draws[:1]


def _sights(problem: Problem) -> Iterator[Sight]:
    """What a problem shows."""
    for number, (arguments, corner) in enumerate(kinked(problem.model, problem.forward, problem.sizes)):
        for step, at_step in enumerate(arguments):
            for unit, is_on in enumerate((at_step > corner).ravel()):
                yield f"unit {unit} {'on' if is_on else 'off'}", number, step
    copies = Program(problem, untied=True)
    point = {w.name: copies.point[w.name] for w in problem.model.recurrent_parameters}
    for name, rows in complex_step.jacobian(copies, point).items():
        for late, early in np.argwhere(np.any(rows.value != 0, axis=(-2, -1))):
            yield name, int(late), int(early)
