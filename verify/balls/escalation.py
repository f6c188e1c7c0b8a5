"""Judging with as many bits as it takes: every block is decided at the first precision that is enough for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.run import FORMS, Form, gradients, name_of
from derive.theory import theories
from verify.balls.directions import Directions
from verify.balls.enclosures import Enclosures, radius, relative, size
from verify.balls.judgement import NAME, Block, Key
from verify.balls.power_series import PowerSeries
from verify.balls.precision import FIRST, HIGHEST, TARGET, more, working
from verify.balls.scalars import UndecidableError
from verify.comparison import at_lag
from verify.problem import Problem
from verify.verdicts import Finding, Verdict

ADJOINT = FORMS[-1]
_DIGITS = 5


@dataclass(frozen=True, eq=False)
class Task:
    """What is judged on one problem: in which orders of evaluation, and along which directions of each parameter.

    Lags are judged of the parameters that ``lag_directions`` names.
    """

    problem: Problem
    derivation: Derivation
    forms: tuple[Form, ...]
    directions: Mapping[str, Directions]
    lag_directions: Mapping[str, Directions]

    @cached_property
    def floats(self) -> dict[str, Array]:
        """The float64 gradient, in the adjoint form."""
        return gradients(self.derivation, self.problem.forward, ADJOINT)

    def findings(self) -> Iterator[Finding]:
        """Every block, and the certified error of every float64 gradient that is enclosed."""
        bits, pending = FIRST, None
        while True:
            last = bits >= HIGHEST
            try:
                found = attempt(self, bits, pending)
            except UndecidableError as error:
                if last or error.ball.is_exact():
                    yield self._undecidable(error, bits)
                    return
                bits = more(bits, inf)
                continue
            for findings in found.values():
                if last or findings[0].verdict is not Verdict.NOT_RUN:
                    yield from findings
            open_ = {key: findings[0] for key, findings in found.items() if findings[0].verdict is Verdict.NOT_RUN}
            if last or not open_:
                return
            pending = open_.keys()
            bits = more(bits, max((f.radius for f in open_.values() if f.radius is not None), default=inf))

    def _undecidable(self, error: UndecidableError, bits: int) -> Finding:
        ball = error.ball.str(_DIGITS)
        reason = f"{error.function} has a corner that its argument {ball} reaches with {bits} bits, at {error.where}"
        return Finding("gradient", NAME, Verdict.NOT_RUN, reason=reason, sizes=self.problem.label)


def attempt(task: Task, bits: int, pending: Collection[Key] | None) -> dict[Key, tuple[Finding, ...]]:
    """Judge the pending blocks (all, at first) with so many bits.

    The power series cost most, so they wait until half of our own enclosures are narrow enough, or there are no more
    bits to be had.
    """
    with working(bits):
        ours = dict(_ours(task, pending))
        radii = {key: relative(radius(array), size(array)) for key, array in ours.items()}
        narrow = sum(found <= TARGET for found in radii.values())
        if 2 * narrow < len(ours) and bits < HIGHEST:
            return {key: (_waiting(task, key, found),) for key, found in radii.items()}
        series = PowerSeries(task.problem)
        truth = dict(_theirs(task, series, ours))
        return {key: tuple(_judged(task, key, array, truth)) for key, array in ours.items()}


def _ours(task: Task, pending: Collection[Key] | None) -> Iterator[tuple[Key, Array]]:
    """Our enclosures of the pending blocks."""
    enclosures = Enclosures(task.problem, task.derivation)

    def found() -> Iterator[tuple[Key, Array]]:
        for form in task.forms:
            if pending is None or any(key.form == form.name and key.lag is None for key in pending):
                yield from ((Key(name, form.name), array) for name, array in enclosures.gradients(form).items())
        names = {name for name in task.lag_directions if pending is None or any(_is_lag(key, name) for key in pending)}
        for (name, lag), array in enclosures.lags(names).items():
            yield Key(name, FORMS[0].name, lag), array

    yield from ((key, array) for key, array in found() if pending is None or key in pending)


def _is_lag(key: Key, name: str) -> bool:
    return key.name == name and key.lag is not None


def _theirs(task: Task, series: PowerSeries, wanted: Collection[Key]) -> Iterator[tuple[tuple[str, int | None], Array]]:
    """What the power series give for each of the blocks, once for all forms."""
    for source in task.problem.sources:
        name = name_of(source)
        if any(key.name == name and key.lag is None for key in wanted):
            yield (name, None), series.gradient(source, task.directions[name].array)
    for theory in theories(task.problem.model):
        for w in theory.phase.parameters:
            lags = {key.lag for key in wanted if key.name == w.name and key.lag is not None}
            if lags:
                rows = series.contributions(w, task.lag_directions[w.name].array)
                yield from (((w.name, lag), at_lag(rows, lag, theory.single)) for lag in lags)


def _judged(task: Task, key: Key, ours: Array, truth: Mapping[tuple[str, int | None], Array]) -> Iterator[Finding]:
    directions = (task.directions if key.lag is None else task.lag_directions)[key.name]
    block = Block(key, ours, truth[key.name, key.lag], directions, task.problem.label)
    finding = block.judged()
    yield finding
    if finding.verdict is Verdict.ENCLOSED and key.form == ADJOINT.name:
        yield block.certified(task.floats[key.name])


def _waiting(task: Task, key: Key, found: float) -> Finding:
    return Finding(
        key.claim, NAME, Verdict.NOT_RUN, key.form, radius=found if found < 1 else None, sizes=task.problem.label
    )
