"""A numeric instance of a model: sizes, and values for everything that is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.cell import Equation
from derive.evaluate import evaluate
from derive.expr import Var
from derive.functions import Z
from derive.indices import N_INPUT, N_OUTPUT, N_STATE, T, by_name, t, value
from derive.model import Model
from derive.nonlinear import Map
from derive.sums import walk
from derive.unroll import Place, Table, place, unroll
from verify.drawing import drawn

_REACH = 1e-4
_TRIES = 200
_WILD, _CALMER = 30.0, 0.8
AT_A_KINK = f"an argument was within {_REACH:.0e} of its size from a kink"
EXPLODED = f"a state passed {_WILD:.0f}"


@dataclass(frozen=True)
class Problem:
    """``given`` holds parameters (rows, cols), h_0 (n, 1), and inputs and targets (batch, rows, 1) of every step.

    ``redrawn`` has the reason for every random draw before this one that was not taken.
    """

    model: Model
    sizes: Mapping[sp.Symbol, int]
    given: Mapping[Place, Array]
    seed: int | None = None
    redrawn: tuple[str, ...] = ()

    @cached_property
    def forward(self) -> Table:
        """The forward pass."""
        return unroll(self.model, self.given, self.sizes)

    @property
    def steps(self) -> int:
        return self.sizes[T]

    @property
    def sources(self) -> tuple[Var, ...]:
        """What the loss is differentiated by."""
        return (*self.model.parameters, *self.model.initial_states)

    @property
    def label(self) -> dict[str, int]:
        """The sizes, for a report."""
        last = place(self.model.readout.target.at(self.steps))
        return {**by_name(self.sizes), "batch": int(np.shape(self.given[last])[0])}

    def last(self, count: int) -> Problem:
        """The last ``count`` steps, started from the state that the whole sequence reaches before them.

        What an encoder starts is left whole.
        """
        skipped = self.steps - count
        if skipped <= 0 or len(self.model.phases) > 1:
            return self
        timed: dict[Place, Array] = {
            (name, kind, step - skipped): array
            for (name, kind, step), array in self.given.items()
            if kind in ("input", "target") and step is not None and step > skipped
        }
        kept = {where: array for where, array in self.given.items() if where[2] is None}
        reached = {}
        for state in self.model.main.states:
            value_ = np.asarray(self.forward.values[place(state.at(skipped))])
            reached[place(state.at(0))] = value_.reshape((-1, *value_.shape[-2:])).mean(axis=0)
        return replace(self, sizes={**self.sizes, T: count}, given={**kept, **timed, **reached})

    def one_sequence(self) -> Problem:
        """The first sequence of the batch alone."""
        timed = ("input", "target")
        given = {where: array[:1] if where[1] in timed else array for where, array in self.given.items()}
        return replace(self, given=given)

    def with_given(self, given: Mapping[Place, Array]) -> Problem:
        return replace(self, given=given)

    @property
    def is_tame(self) -> bool:
        """Whether no state has exploded."""
        states = [state for phase in self.model.phases for state in phase.states]
        sizes = {(state.name, state.kind) for state in states}
        values = (array for where, array in self.forward.values.items() if where[:2] in sizes)
        return all(bool(np.all(np.abs(array) < _WILD)) for array in values)

    @cached_property
    def kink_margin(self) -> float:
        """How near an argument of a function with a corner comes to it, relative to the largest such argument.

        Infinite when no function has a corner.
        """
        margins = [np.inf]
        for arguments, kink in kinked(self.model, self.forward, self.sizes):
            size = float(np.max(np.abs(arguments)))
            margins.append(float(np.min(np.abs(arguments - kink))) / size if size else 0.0)
        return float(min(margins))


def kinked(model: Model, table: Table, sizes: Mapping[sp.Symbol, int]) -> Iterator[tuple[Array, float]]:
    """The arguments, at all steps, of every function with a corner, and where the corner is."""
    for equations, steps in _runs(model, sizes):
        for node, kink in _corners(equations):
            arguments = [evaluate(node.body, table, {t: step}) for step in steps]
            yield np.stack(np.broadcast_arrays(*arguments)), float(kink.xreplace({Z: sp.Integer(0)}))


def has_kinks(model: Model) -> bool:
    """Whether any function of the forward pass has a corner."""
    parts = (*(phase.equations for phase in model.phases), model.after)
    return any(True for equations in parts for _ in _corners(equations))


def _corners(equations: tuple[Equation, ...]) -> Iterator[tuple[Map, sp.Expr]]:
    for equation in equations:
        for node in walk(equation.expression):
            if isinstance(node, Map):
                yield from ((node, kink) for kink in node.function.kinks)


def _runs(model: Model, sizes: Mapping[sp.Symbol, int]) -> Iterator[tuple[tuple[Equation, ...], range]]:
    """All equations, with the steps at which they are computed."""
    for phase in model.phases:
        yield phase.equations, range(1, value(phase.length, sizes) + 1)
    yield model.after, range(value(model.wiring.first, sizes), value(model.wiring.last, sizes) + 1)


def random_problem(
    model: Model,
    *,
    steps: int = 6,
    source_steps: int = 0,
    hidden: int = 4,
    inputs: int = 2,
    outputs: int = 3,
    batch: int = 1,
    seed: int = 0,
    drive: float = 1.0,
) -> Problem:
    """A seeded instance with h_0 ≠ 0 and recurrent matrices that do not commute.

    ``source_steps`` is the length of an encoder's sequence, where there is one (one step less than ``steps``, so that
    the two are not confused, unless it is given).  ``drive`` scales inputs, biases and h_0: a weakly driven network
    stays where its activations are not saturated.
    A draw within reach of a kink is drawn again: derivatives from the two sides differ there; and one that explodes
    is drawn again with smaller parameters, since a saturated output shows nothing.  ``redrawn`` tells the reasons.
    """
    rng = np.random.default_rng(seed)
    sizes = {N_STATE: hidden, N_INPUT: inputs, N_OUTPUT: outputs}
    sizes |= {phase.length: source_steps or max(steps - 1, 1) for phase in model.phases} | {T: steps}
    spread = 1.0
    redrawn: tuple[str, ...] = ()
    for _ in range(_TRIES):
        problem = Problem(model, sizes, drawn(model, sizes, batch, rng, drive, spread), seed, redrawn)
        if problem.is_tame and problem.kink_margin > _REACH:
            break
        spread *= 1.0 if problem.is_tame else _CALMER
        redrawn = (*redrawn, AT_A_KINK if problem.is_tame else EXPLODED)
    return problem
