"""Calling somebody's function on a problem, and on the problems around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from derive.arithmetic import Array
from derive.derivation import Derivation
from verify.gradcheck.answer import Returned, read
from verify.gradcheck.calling import Backward, UserCodeError, call
from verify.gradcheck.case import Case
from verify.gradcheck.result import Fault
from verify.problem import random_problem
from verify.verdicts import Finding, Verdict

Sizes = Mapping[str, Any]
"""The words of ``verify.problem.random_problem``: steps, hidden, inputs, outputs, batch, seed."""
Progress = Callable[[str], None]
_SHRINKING = ("batch", "steps", "source_steps", "hidden", "inputs", "outputs")


@dataclass(frozen=True, eq=False)
class Trial:
    """One call, compared."""

    case: Case
    returned: Returned
    sizes: Sizes

    @cached_property
    def findings(self) -> dict[str, Finding]:
        return {finding.claim.partition(".")[2]: finding for finding in self.case.findings(self.returned)}

    @property
    def wrong(self) -> tuple[str, ...]:
        return tuple(name for name, finding in self.findings.items() if finding.verdict is Verdict.REFUTED)

    @property
    def comparable(self) -> dict[str, Array]:
        """The gradients that are finite."""
        return {name: array for name, array in self.returned.gradients.items() if np.all(np.isfinite(array))}


@dataclass
class Trials:
    """Somebody's function, to be called on problems.  ``failed`` has the sizes at which it raised, and what."""

    function: Backward
    derivation: Derivation
    left_out: Sequence[str] = ()
    failed: dict[str, str] = field(default_factory=dict)

    def on(self, sizes: Sizes) -> Trial:
        """Raises UserCodeError."""
        case = Case(random_problem(self.derivation.model, **sizes), self.derivation)
        answer = call(self.function, case.arguments)
        returned = read(answer.value, case.problem, self.left_out)
        returned.faults.extend(answer.faults)
        for name in self.left_out:
            returned.gradients.pop(name, None)
        return Trial(case, returned, sizes)

    def tried(self, sizes: Sizes, noted: bool = False) -> Trial | None:
        """None where the function raises, which may be ``noted``, or our own gradients are in doubt."""
        try:
            trial = self.on(sizes)
        except UserCodeError as error:
            at = ", ".join(f"{name}={sizes[name]}" for name in ("steps", "batch", "hidden") if name in sizes)
            if noted:
                self.failed.setdefault(str(error), at)
            return None
        return None if trial.case.doubt() else trial


def repeatable(trials: Trials, first: Trial) -> Fault | None:
    """Whether a second call with equal arguments gives equal gradients."""
    second = trials.on(first.sizes)
    one, two = first.comparable, second.comparable
    eps = max(first.returned.eps, second.returned.eps)
    differing = [n for n in one if n in two and not _close(first.case, n, one[n], two[n], eps)]
    if not differing:
        return None
    names = ", ".join(differing)
    if all(_close(first.case, name, 2 * one[name], two[name], 2 * eps) for name in differing):
        text = f"a second call with the same arguments returns twice the gradient of {names}"
        return Fault(
            "accumulates", text, mend="start every call from zeros: the sums of the call before are still in it"
        )
    text = f"two calls with the same arguments return different gradients of {names}"
    return Fault("not_repeatable", text, mend="is there a random number, or something kept between calls?")


def _close(case: Case, name: str, one: Array, two: Array, eps: float) -> bool:
    return bool(np.max(np.abs(one - two)) <= case.allowed(name, two, eps))


def first_wrong(trials: Trials, start: Trial, longest: int) -> dict[str, int]:
    """For each parameter the shortest sequence on which it is wrong, of T = 1, 2, … like the first problem's."""
    found: dict[str, int] = {}
    for steps in range(1, min(start.sizes["steps"], longest) + 1):
        encoder = {"source_steps": steps} if "source_steps" in start.sizes else {}
        trial = trials.tried({**start.sizes, "steps": steps, **encoder})
        for name in trial.wrong if trial else ():
            found.setdefault(name, steps)
    return found


def shrunk(trials: Trials, start: Trial) -> Trial:
    """A smaller problem on which something is still wrong: one size after the other is made as small as it goes."""
    for name in _SHRINKING:
        for size in range(1, start.sizes.get(name, 1)):
            trial = trials.tried({**start.sizes, name: size})
            if trial and trial.wrong:
                start = trial
                break
    return start
