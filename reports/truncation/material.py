"""Everything that the study of truncation is printed from, computed before a single block is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from derive.assemble import derivation as derive
from derive.derivation import Derivation
from derive.strategy import Strategy
from derive.truncation.study import Study, smallest, study
from verify.problem import Problem
from verify.truncation.enumeration import Exact
from verify.truncation.shortened import shortened
from verify.truncation.unbiased import Judged, judged
from verify.verdicts import Finding, Verdict

if TYPE_CHECKING:
    from verify.training.result import Experiment

MOST_BIAS = 0.01
"""The relative bias that is asked for where none is named."""
TAPED = 24


@dataclass(frozen=True)
class Recommended:
    """The smallest τ from which on the relative bias is at most ``most``; what it is there, and one step shorter (NaN
    where that was not tried).  ``is_whole``: nothing shorter than the whole sequence will do."""

    most: float
    tau: int | None
    there: float
    before: float
    is_whole: bool = False


@dataclass(frozen=True)
class Truncation:
    """A study, the problem that it is of, and the evidence.  ``experiments`` are empty where none were asked for."""

    study: Study
    problem: Problem
    command: str
    notes: tuple[str, ...]
    trained: bool
    judged: Judged
    detached: tuple[Finding, ...]
    most_bias: float = MOST_BIAS
    experiments: tuple[Experiment, ...] = ()

    @property
    def exact(self) -> Exact:
        return self.judged.exact

    @cached_property
    def formulas(self) -> tuple[Finding, ...]:
        """The evidence about the printed formulas."""
        from verify.truncation.formulas.judge import evidence

        return evidence(self.study.derivation)

    @property
    def window(self) -> Recommended:
        """Of the sliding window."""
        return _recommended({tau: own.relative for tau, own in self.study.windows.items()}, self.most_bias)

    @property
    def chunks(self) -> Recommended:
        return _recommended({tau: own.relative for tau, own in self.study.chunks.items()}, self.most_bias)

    @property
    def bound(self) -> Recommended:
        """Of the window, by Aicher's bound alone."""
        return _recommended({tau: self.study.bound(tau) for tau in self.study.windows}, self.most_bias)

    @property
    def is_refuted(self) -> bool:
        """Whether a strategy is not what it is declared to be, a control passed, or a formula is false."""
        wrong = [finding for finding in self.detached if finding.verdict is Verdict.REFUTED]
        return bool(wrong) or self.judged.is_refuted

    @property
    def is_open(self) -> bool:
        """Whether one of the three ways could not judge a strategy."""
        every = (finding for ways in self.judged.ways if not ways.is_control for finding in ways.findings)
        return any(finding.verdict is Verdict.NOT_RUN for finding in every)

    @property
    def formulas_refuted(self) -> bool:
        return any(finding.verdict is Verdict.REFUTED for finding in self.formulas)


def _recommended(biases: dict[int, float], most: float) -> Recommended:
    tau = smallest(biases, most)
    nan = float("nan")
    if tau is None:
        return Recommended(most, None, nan, nan)
    return Recommended(most, tau, biases[tau], biases.get(tau - 1, nan), is_whole=tau == max(biases) and tau > 1)


def gather(
    problem: Problem,
    *,
    command: str,
    derivation: Derivation | None = None,
    strategies: Sequence[Strategy] = (),
    length: int | None = None,
    notes: tuple[str, ...] = (),
    trained: bool = False,
    seed: int = 0,
    runs: int | None = None,
    exact_steps: int | None = None,
    most_bias: float = MOST_BIAS,
    taped: int = TAPED,
    training: bool = False,
    progress: Callable[[str], None] = lambda what: None,
) -> Truncation:
    """Study the truncation of a problem, and judge what is claimed of every strategy.

    ``exact_steps`` is the length of the sequence whose patterns of cuts are all enumerated; on the last ``taped`` steps
    of the first sequence the gradients are compared with those of programs that detach.  One thread of BLAS multiplies
    small matrices: several would only wait for one another.
    """
    from verify.truncation.detach import compared

    known = derivation or derive(problem.model)
    with threadpool_limits(limits=1, user_api="blas"):
        with np.errstate(over="ignore", invalid="ignore"):  # the study says it in words
            forward = problem.forward
        found = study(known, forward, length=length, strategies=strategies, seed=seed, progress=progress)
        chosen = [own.strategy for own in found.measured]
        evidence = judged(known, found, chosen, steps=exact_steps, runs=runs, seed=seed, progress=progress)
        progress("programs that detach")
        detached = compared(known, shortened(problem, taped), chosen, seed=seed)
    return Truncation(
        found, problem, command, notes, trained, evidence, detached, most_bias, _experiments(seed, progress, training)
    )


def _experiments(seed: int, progress: Callable[[str], None], wanted: bool) -> tuple[Experiment, ...]:
    if not wanted:
        return ()
    from verify.training.result import experiments

    return experiments(seed=seed, progress=progress)
