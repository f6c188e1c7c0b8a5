"""As many bits as it takes: every block is decided at the first precision that is enough for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from math import inf, isfinite

from verify.balls.attempt import Attempt, NoCodeError, Outcome, Task
from verify.balls.claims import NAME
from verify.balls.judgement import Key
from verify.balls.precision import FIRST, HIGHEST, more, working
from verify.balls.scalars import UndecidableError
from verify.generated.code import FORM
from verify.verdicts import Finding, Verdict

_DIGITS = 5


def decided(task: Task) -> Iterator[Finding]:
    """Every block of a task, and the certified error of every float64 gradient that is enclosed.

    What is still open with the most bits is NOT RUN, and so is everything where an argument does not get off a corner.
    """
    bits: int = FIRST
    pending: Collection[Key] | None = None
    while True:
        try:
            with working(bits):
                outcomes = Attempt(task, pending).outcomes()
        except NoCodeError as error:
            yield Finding("gradient", NAME, error.verdict, FORM, reason=str(error), sizes=task.problem.label)
            task, pending = replace(task, code=None), _without_code(pending)
            continue
        except UndecidableError as error:
            if bits >= HIGHEST or error.ball.is_exact():
                yield _undecidable(error, bits, task)
                return
            bits = more(bits, inf)
            continue
        open_ = {} if bits >= HIGHEST else {key: outcome for key, outcome in outcomes.items() if outcome.is_open}
        for key, outcome in outcomes.items():
            if key not in open_:
                yield from outcome.findings
        if not open_:
            return
        pending, bits = open_.keys(), more(bits, _worst(open_.values()))


def _without_code(pending: Collection[Key] | None) -> Collection[Key] | None:
    return None if pending is None else [key for key in pending if key.form != FORM]


def _worst(outcomes: Collection[Outcome]) -> float:
    """The largest radius of which anything is known."""
    return max((outcome.radius for outcome in outcomes if isfinite(outcome.radius)), default=inf)


def _undecidable(error: UndecidableError, bits: int, task: Task) -> Finding:
    ball = error.ball.str(_DIGITS)
    reason = f"the argument {ball} of {error.function} reaches a corner, with {bits} bits, at {error.where}"
    return Finding("gradient", NAME, Verdict.NOT_RUN, reason=reason, sizes=task.problem.label)
