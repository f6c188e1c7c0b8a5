"""What a comparison with somebody's gradient found, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from verify.problem import Problem
from verify.verdicts import Finding, Verdict

EVIDENCE = "gradcheck"


@dataclass(frozen=True)
class Fault:
    """Something wrong that is no number: a name that is missing, a shape, a function that answers twice differently.

    ``parameter`` is empty for what concerns the whole function.  One that is not ``wrong`` is only worth knowing.
    """

    kind: str
    text: str
    parameter: str = ""
    mend: str = ""
    wrong: bool = True


@dataclass(frozen=True)
class Where:
    """Where a gradient differs from the derived one.

    ``pattern`` says how the wrong entries lie ("transposed", "scaled", "row", …).  ``first`` has the sizes of the
    shortest sequence at which it is wrong, ``shares`` the share of each lag's contribution that is in the gradient,
    and ``lags`` says what that means.
    """

    wrong: int
    entries: int
    pattern: str
    text: str
    first: Mapping[str, int] = field(default_factory=dict)
    shares: tuple[float | None, ...] = ()
    lags: str = ""


@dataclass(frozen=True)
class Mistake:
    """A known mistake with which our gradient becomes theirs, on all of ``problems`` random problems.

    ``explains`` are the wrong gradients that it accounts for; ``error`` is the largest relative difference that is
    left.  ``whole`` says that it also predicts every other gradient that was returned.
    """

    kind: str
    phrase: str
    explains: tuple[str, ...]
    error: float
    problems: int
    whole: bool
    hint: str = ""


@dataclass(frozen=True)
class Example:
    """The smallest failing example: its sizes, its problem, and both gradients of one parameter."""

    sizes: Mapping[str, int]
    parameter: str
    yours: tuple[tuple[float, ...], ...]
    ours: tuple[tuple[float, ...], ...]
    problem: Problem


@dataclass(frozen=True)
class Gradcheck:
    """Whether somebody's gradients are right, and what is known of those that are not.

    One finding for every parameter (``gradient.W_h``).  ``problems`` are the sizes of all that were tried,
    ``confirmed_by`` names the oracle that our own gradient agreed with there; ``unsettled`` is why nothing can be said.
    """

    function: str
    problem: Problem
    findings: tuple[Finding, ...]
    faults: tuple[Fault, ...] = ()
    where: Mapping[str, Where] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
    example: Example | None = None
    problems: tuple[Mapping[str, int], ...] = ()
    confirmed_by: str = ""
    unsettled: str = ""
    loss: Finding | None = None

    @property
    def right(self) -> bool:
        """Whether every gradient that was asked for is right."""
        return self.exit_code == 0

    @property
    def wrong(self) -> tuple[str, ...]:
        """The names of the gradients that are wrong."""
        return tuple(f.claim.partition(".")[2] for f in self.findings if f.verdict is Verdict.REFUTED)

    @property
    def wrong_loss(self) -> bool:
        return self.loss is not None and self.loss.verdict is Verdict.REFUTED

    @property
    def exit_code(self) -> int:
        """0 right, 1 wrong, 3 undecided."""
        if self.unsettled:
            return 3
        if self.wrong or self.wrong_loss or any(fault.wrong for fault in self.faults):
            return 1
        return 0 if all(f.verdict is Verdict.AGREED for f in self.findings) and self.findings else 3

    @property
    def kinds(self) -> tuple[str, ...]:
        """What is wrong, by the names of the kinds."""
        faults = tuple(fault.kind for fault in self.faults if fault.wrong)
        return tuple(dict.fromkeys((*(mistake.kind for mistake in self.mistakes), *faults)))

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "function": self.function,
            "model": self.problem.model.names,
            "sizes": self.problem.label,
            "seed": self.problem.seed,
            "exit_code": self.exit_code,
            "unsettled": self.unsettled,
            "confirmed_by": self.confirmed_by,
            "problems": [dict(sizes) for sizes in self.problems],
            "findings": [finding.as_json() for finding in self.findings],
            "loss": self.loss.as_json() if self.loss else None,
            "faults": [asdict(fault) for fault in self.faults],
            "where": {name: asdict(where) for name, where in self.where.items()},
            "mistakes": [asdict(mistake) for mistake in self.mistakes],
            "example": self._example(),
        }

    def _example(self) -> dict[str, Any] | None:
        example = self.example
        if example is None:
            return None
        return {
            "sizes": dict(example.sizes),
            "parameter": example.parameter,
            "yours": example.yours,
            "ours": example.ours,
        }
