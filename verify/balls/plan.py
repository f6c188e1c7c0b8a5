"""What is worth doing in about a second: everything for a small problem, less and less for larger ones.

Work is counted, not measured, so the same problem is always judged in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from derive.cell import Equation
from derive.expr import Var
from derive.indices import value
from derive.run import name_of
from derive.theory import Theory, theories
from verify.balls.attempt import ADJOINT, Task
from verify.balls.directions import Directions, entries, random_direction
from verify.balls.windows import shortened
from verify.comparison import Subject
from verify.problem import Problem

DERIVATIVES = 2_500_000
"""Operations on power series, for all gradients: about 0.4 µs each."""

LAGS = 500_000
"""The same, for the lags."""

SUMS = 1_000_000
"""Operations on balls, for the double sum, RTRL and the lags in our own formulas: about 0.2 µs each."""

SHORTEST, STRETCH = 3, 4
"""Fewer steps hide stale subscripts and the order of factors, so three may cost four times as much."""

_FUNCTION = 8
"""An elementwise function costs as much as so many products."""


def tasks(subject: Subject) -> Iterator[Task]:
    """The adjoint form on as much of the problem as can be afforded; the costlier forms and the lags on fewer steps.

    A subject that has the adjoint form alone is a longer sequence whose last steps are judged already: it is judged as
    a whole, or not at all.  Nothing comes out where a few steps are too much.
    """
    whole = _longest(subject.problem, _derivatives, DERIVATIVES)
    others = tuple(form for form in subject.forms if form != ADJOINT)
    if whole is None or (not others and whole.steps < subject.problem.steps):
        return
    few = _longest(whole, _sums, SUMS) if others else None
    if few is not whole:
        yield Task(whole, subject.derivation, (ADJOINT,), _directions(whole), {}, subject.code)
    if few is not None:
        forms, code = (subject.forms, subject.code) if few is whole else (others, None)
        lags = _lag_directions(few) if subject.lags else {}
        yield Task(few, subject.derivation, forms, _directions(few), lags, code)


def _longest(problem: Problem, cost: Callable[[Problem], int], budget: int) -> Problem | None:
    """The problem; else its first sequence; else as many steps of that as the budget allows; else nothing."""
    if cost(problem) <= budget:
        return problem
    alone = problem.one_sequence()
    for steps in _falling(max(value(phase.length, problem.sizes) for phase in problem.model.phases)):
        few = shortened(alone, steps)
        if cost(few) <= budget * (1 if steps > SHORTEST else STRETCH):
            return few
    return None


def _falling(steps: int) -> Iterator[int]:
    """Each about three quarters of the one before, down to the shortest."""
    while steps > SHORTEST:
        yield steps
        steps = max(steps * 3 // 4, SHORTEST)
    yield steps


def _derivatives(problem: Problem) -> int:
    """Operations on power series for one direction of every parameter."""
    return len(problem.sources) * _work(problem)


def _work(problem: Problem) -> int:
    """Products in one forward pass, functions included."""
    model, sizes = problem.model, problem.sizes
    losses = value(model.wiring.last, sizes) - value(model.wiring.first, sizes) + 1
    steps = [(value(phase.length, sizes), phase.parameters, phase.equations) for phase in model.phases]
    steps.append((losses, model.parameters_after, model.after))
    return problem.label["batch"] * sum(count * _step(w, equations, problem) for count, w, equations in steps)


def _step(parameters: Sequence[Var], equations: Sequence[Equation], problem: Problem) -> int:
    functions = sum(_size(equation.target, problem) for equation in equations)
    return sum(_size(w, problem) for w in parameters) + _FUNCTION * functions


def _size(variable: Var, problem: Problem) -> int:
    """How many entries there are."""
    rows, cols = (value(size, problem.sizes) for size in variable.shape)
    return rows * cols


def _sums(problem: Problem) -> int:
    """Products in the double sum of every parameter, and again in the lags; RTRL has fewer.

    A pair of steps takes n³ for the chain and n·|w| for b_i.
    """
    return sum(_pairs(theory, problem) for theory in theories(problem.model))


def _pairs(theory: Theory, problem: Problem) -> int:
    n, steps = value(theory.size, problem.sizes), value(theory.length, problem.sizes)
    late = 1 if theory.single else steps
    terms = sum(n**3 + n * _size(w, problem) for w in theory.phase.parameters)
    return problem.label["batch"] * late * (steps + 1) * terms


def _directions(problem: Problem) -> dict[str, Directions]:
    """Every entry of the parameters, smallest first, as far as that can be afforded; one direction of any other."""
    left = DERIVATIVES - _derivatives(problem)
    found = {}
    for source in sorted(problem.sources, key=lambda w: _size(w, problem)):
        left -= _size(source, problem) * _work(problem)
        found[name_of(source)] = _along(source, problem, every_entry=left >= 0)
    return found


def _lag_directions(problem: Problem) -> dict[str, Directions]:
    """Likewise; every direction takes a pass for every copy."""
    left, found = LAGS, {}
    for theory in theories(problem.model):
        for w in sorted(theory.phase.parameters, key=lambda w: _size(w, problem)):
            left -= _size(w, problem) * value(theory.length, problem.sizes) * _work(problem)
            found[w.name] = _along(w, problem, every_entry=left >= 0)
    return found


def _along(source: Var, problem: Problem, every_entry: bool) -> Directions:
    rows, cols = (value(size, problem.sizes) for size in source.shape)
    return entries((rows, cols)) if every_entry else random_direction((rows, cols))
