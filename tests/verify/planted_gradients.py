"""Gradients with a known error, and networks in which such errors hide: what a gradient checker has to be tried on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np

from derive.arithmetic import Array
from derive.run import FORMS, by_lag
from derive.theory import theories
from derive.unroll import place
from tests.derive.models import Names, derived, model
from verify.comparison import Subject
from verify.problem import Problem, random_problem
from verify.program import Program


def doubled(gradient: Array) -> Array:
    """One entry, the largest, counted twice."""
    return _one_entry(gradient, 2.0)


def one_percent(gradient: Array) -> Array:
    """One entry, the largest, off by 1 %."""
    return _one_entry(gradient, 1.01)


def _one_entry(gradient: Array, factor: float) -> Array:
    wrong = gradient.copy()
    wrong.flat[np.argmax(np.abs(gradient))] *= factor
    return wrong


ERRORS: dict[str, Callable[[Array], Array]] = {
    "zero": lambda gradient: 0.0 * gradient,
    "a thousand times too large": lambda gradient: 1000.0 * gradient,
    "a thousand times too large, and its sign turned": lambda gradient: -1000.0 * gradient,
    "one entry doubled": doubled,
    "1 % in one entry": one_percent,
}


@dataclass(frozen=True, eq=False)
class Network:
    """A problem, and our gradients of it by the adjoint sweep."""

    names: Names
    problem: Problem

    @cached_property
    def subject(self) -> Subject:
        return Subject(self.problem, derived(self.names), (FORMS[-1],))

    @cached_property
    def point(self) -> dict[str, Array]:
        return Program(self.problem).point

    def loss(self, parameter: str) -> Callable[[Array], float]:
        """The loss as a function of one parameter, by the forward equations alone."""
        program = Program(self.problem)
        return lambda array: float(program({**self.point, parameter: array})[0])

    def gradient(self, parameter: str) -> Array:
        (found,) = (block.value for block in self.subject.blocks if block.claim == f"gradient.{parameter}")
        return found

    def truncated(self, parameter: str, steps: int = 3) -> Array:
        """Truncated backpropagation: an error goes back through the last few steps only."""
        if parameter not in {w.name for w in self.problem.model.recurrent_parameters}:
            return 0.0 * self.gradient(parameter)  # the initial state is further back than that
        (theory,) = theories(self.problem.model)
        w = next(w for w in theory.phase.parameters if w.name == parameter)
        lags = by_lag(derived(self.names), self.problem.forward, theory, w)
        return np.sum([array for lag, array in lags.items() if lag < steps], axis=0)

    def carrying(self, parameter: str, wrong: Array) -> Subject:
        """A subject that claims ``wrong`` as the gradient of one parameter, and all others as they are."""
        claim, subject = f"gradient.{parameter}", replace(self.subject)
        vars(subject)["blocks"] = tuple(
            replace(block, value=wrong) if block.claim == claim else block for block in self.subject.blocks
        )
        return subject


@cache
def vanishing(hidden: int = 8) -> Network:
    """T = 40, ‖W_h‖₂ = 0.3, and nothing but h_0 that drives it: gradients of 1e-36 to 1e-32."""
    names = Names("rnn", "tanh", wiring="last")
    return Network(names, undriven(with_recurrence(random_problem(model(names), steps=40, hidden=hidden, seed=1), 0.3)))


@cache
def exploding(hidden: int = 8) -> Network:
    """T = 50, ‖W_h‖₂ = 4, and nothing that saturates: gradients of 1e+31 and more."""
    names = Names("rnn", "identity", wiring="last")
    return Network(names, with_recurrence(random_problem(model(names), steps=50, hidden=hidden, seed=2), 4.0))


def with_recurrence(problem: Problem, norm: float) -> Problem:
    """The same network with ‖W_h‖₂ = norm."""
    w = place(next(w for w in problem.model.recurrent_parameters if w.name == "W_h"))
    matrix = problem.given[w]
    return problem.with_given({**problem.given, w: matrix * (norm / np.linalg.norm(matrix, 2))})


def undriven(problem: Problem) -> Problem:
    """The same network without inputs and biases: it only remembers its initial state."""
    given = {
        where: 0 * array if where[1] == "input" or where[0] in ("b_ih", "b_hh") else array
        for where, array in problem.given.items()
    }
    return problem.with_given(given)


_SCALES = {"W_h": 0.9, "W_i": 0.5, "b_ih": 0.1, "b_hh": 0.1, "b_o": 0.1, "h": 0.0}


@cache
def ordinary(hidden: int = 32) -> Network:
    """T = 50, n = 32, one of 32 classes at every step, a spectral radius of 0.9, from a state of zeros."""
    names = Names("rnn", "tanh", "softmax_cross_entropy", "softmax")
    drawn = random_problem(model(names), steps=50, hidden=hidden, inputs=hidden, outputs=hidden, seed=3)
    given = {where: array * _SCALES.get(where[0], 1.0) for where, array in drawn.given.items()}
    given |= {where: 1.0 * (array == array.max()) for where, array in drawn.given.items() if where[1] == "target"}
    return Network(names, drawn.with_given(given))
