"""What every remedy starts from: a network on a window of its input, with its measurements made once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.model import Model
from derive.unroll import Place
from verify.growth.remedies.measure import Measure, measured, parameter_gradients
from verify.growth.remedies.window import LONGEST, window_of
from verify.problem import Problem

LAGS = (1, 2, 5, 10, 20, 50, 100, 200)
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Case:
    """``problem`` is the window; ``sentence`` says which steps those are; ``seed`` draws what a remedy has to draw."""

    derivation: Derivation
    problem: Problem
    lags: tuple[int, ...]
    sentence: str
    seed: int = 0
    progress: Progress = lambda what: None

    @property
    def model(self) -> Model:
        return self.derivation.model

    @cached_property
    def baseline(self) -> Measure:
        """The unchanged network."""
        return measured(self.derivation, self.problem, self.lags)

    @cached_property
    def gradients(self) -> dict[str, Array]:
        """∂L/∂w of every parameter of the unchanged network, by name."""
        return parameter_gradients(self.derivation, self.problem)

    def changed(self, given: Mapping[Place, Array]) -> Measure:
        """The same network with other weights, on the same input."""
        return measured(self.derivation, self.problem.with_given(given), self.lags)


def case_of(
    problem: Problem,
    derivation: Derivation,
    lags: Sequence[int] = LAGS,
    *,
    seed: int = 0,
    longest: int = LONGEST,
    progress: Progress = lambda what: None,
) -> Case:
    """The window of a problem, and the lags that fit into it, ascending; its length where none does."""
    progress("the steps that the remedies are measured on")
    window = window_of(problem, longest)
    steps = window.problem.steps
    fitting = tuple(sorted({lag for lag in lags if 1 <= lag <= steps})) or (steps,)
    return Case(derivation, window.problem, fitting, window.sentence, seed, progress)
