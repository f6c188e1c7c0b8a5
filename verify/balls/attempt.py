"""One attempt at a fixed precision: our enclosures, those of the power series, and what they say of each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf

from flint import arb, ctx

from derive.arithmetic import Array
from derive.compiled.exact import InexactError
from derive.derivation import Derivation
from derive.errors import BpttError
from derive.run import FORMS, Form, gradients, name_of
from derive.theory import theories
from verify.balls.directions import Directions
from verify.balls.enclosures import Enclosures, farthest, radius, relative, size
from verify.balls.judgement import Block, Key
from verify.balls.power_series import PowerSeries
from verify.balls.precision import HIGHEST, TARGET, VANISHED
from verify.balls.scalars import UndecidableError
from verify.comparison import at_lag
from verify.generated.code import FORM, Code
from verify.generated.entry import UnwrittenError
from verify.problem import Problem
from verify.verdicts import Finding, Verdict

LAGGED, ADJOINT = FORMS[0].name, FORMS[-1]
Truth = Mapping[tuple[str, int | None], Array]
"""By parameter, and lag."""


class NoCodeError(BpttError):
    """Balls cannot run the generated code of a task, or nobody can; everything else can be decided without it."""

    def __init__(self, error: BpttError) -> None:
        super().__init__(str(error))
        self.verdict = Verdict.REFUTED if isinstance(error, UnwrittenError) else Verdict.NOT_RUN


@dataclass(frozen=True, eq=False)
class Task:
    """What is judged on one problem: in which orders of evaluation, and along which directions of each parameter.

    Lags are judged of the parameters that ``lag_directions`` names.  ``code`` is judged where there is some.
    """

    problem: Problem
    derivation: Derivation
    forms: tuple[Form, ...]
    directions: Mapping[str, Directions]
    lag_directions: Mapping[str, Directions]
    code: Code | None = None

    @cached_property
    def floats(self) -> dict[str, Array]:
        """The float64 gradient, in the adjoint form."""
        return gradients(self.derivation, self.problem.forward, ADJOINT)


@dataclass(frozen=True)
class Outcome:
    """What became of a block: no findings where it was left for later.

    ``radius`` is relative, infinite where no entry can be told from zero; ``vanished``, where none ever will be.
    """

    findings: tuple[Finding, ...]
    radius: float
    vanished: bool = False

    @property
    def is_open(self) -> bool:
        """Whether more bits may decide what these did not."""
        return not self.vanished and (not self.findings or self.findings[0].verdict is Verdict.NOT_RUN)


@dataclass(frozen=True)
class Attempt:
    """The pending blocks of a task, or all of them, with as many bits as are set."""

    task: Task
    pending: Collection[Key] | None = None

    def outcomes(self) -> dict[Key, Outcome]:
        """The power series cost most, so they wait until half of our own enclosures promise a decision."""
        ours = dict(self._ours())
        radii = {key: relative(radius(array), size(array)) for key, array in ours.items()}
        ready = [key for key, array in ours.items() if radii[key] <= TARGET or _vanished(array)]
        if 2 * len(ready) < len(ours) and ctx.prec < HIGHEST:
            return {key: Outcome((), found) for key, found in radii.items()}
        truth = dict(self._theirs(ours))
        return {key: self._judged(key, array, truth) for key, array in ours.items()}

    def _ours(self) -> Iterator[tuple[Key, Array]]:
        for key, array in self._computed():
            if self._wants(key):
                yield key, array

    def _computed(self) -> Iterator[tuple[Key, Array]]:
        """All blocks of those forms, and all lags of those parameters, of which any is pending."""
        enclosures = Enclosures(self.task.problem, self.task.derivation)
        for form in self.task.forms:
            if self.pending is None or any(key.form == form.name and key.lag is None for key in self.pending):
                for name, array in enclosures.gradients(form).items():
                    yield Key(name, form.name), array
        if self.task.code is not None and (self.pending is None or any(key.form == FORM for key in self.pending)):
            try:
                of_code = enclosures.of_code(self.task.code)
            except (InexactError, UndecidableError, UnwrittenError) as error:
                raise NoCodeError(error) from error
            yield from ((Key(name, FORM), array) for name, array in of_code.items())
        asked = None if self.pending is None else {key.name for key in self.pending if key.lag is not None}
        names = [name for name in self.task.lag_directions if asked is None or name in asked]
        for (name, lag), array in enclosures.lags(names).items():
            yield Key(name, LAGGED, lag), array

    def _wants(self, key: Key) -> bool:
        return self.pending is None or key in self.pending

    def _theirs(self, wanted: Collection[Key]) -> Iterator[tuple[tuple[str, int | None], Array]]:
        """What the power series say of each block, once for all forms."""
        task, series = self.task, PowerSeries(self.task.problem)
        whole = {key.name for key in wanted if key.lag is None}
        for source in task.problem.sources:
            if (name := name_of(source)) in whole:
                yield (name, None), series.gradient(source, task.directions[name].array)
        for theory in theories(task.problem.model):
            for w in theory.phase.parameters:
                lags = [key.lag for key in wanted if key.name == w.name and key.lag is not None]
                if lags:
                    rows = series.contributions(w, task.lag_directions[w.name].array)
                    yield from (((w.name, lag), at_lag(rows, lag, theory.single)) for lag in lags)

    def _judged(self, key: Key, ours: Array, truth: Truth) -> Outcome:
        task = self.task
        directions = (task.directions if key.lag is None else task.lag_directions)[key.name]
        block = Block(key, ours, truth[key.name, key.lag], directions, task.problem.label)
        findings = [block.judged()]
        if findings[0].verdict is Verdict.ENCLOSED and key.form == ADJOINT.name:
            findings.append(block.certified(task.floats[key.name]))
        radius_ = findings[0].radius
        return Outcome(
            tuple(findings), inf if radius_ is None else radius_, _vanished(ours) and _vanished(block.theirs)
        )


def _vanished(array: Array) -> bool:
    """Whether, with that many bits, all entries are zero to within half of them.

    Where both sides are, a sum has terms that cancel exactly, and more bits would never tell it from zero.
    """
    return ctx.prec >= VANISHED and size(array) == 0 and bool(farthest(array.ravel()) < arb(2) ** (-ctx.prec // 2))
