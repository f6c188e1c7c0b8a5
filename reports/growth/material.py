"""Everything that the study of a chain is printed from, computed before a single block is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from derive.assemble import derivation as derive
from derive.derivation import Derivation
from derive.growth.study import MOST_SEQUENCES, Study, study
from verify.growth.formulas.judge import evidence
from verify.growth.remedies import Remedy, remedies
from verify.problem import Problem
from verify.verdicts import Finding, Verdict


@dataclass(frozen=True)
class Growth:
    """A study, the problem that it is of, what remedies do to it, and the command that makes it again.

    ``findings`` are about the formulas that a document prints, and are made when one does.
    """

    study: Study
    problem: Problem
    command: str
    notes: tuple[str, ...]
    trained: bool
    remedies: tuple[Remedy, ...] = ()

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The evidence about the steps that say why the chain is long and what bounds it."""
        return evidence(self.study.derivation)

    @property
    def is_refuted(self) -> bool:
        """Whether a printed formula is false."""
        return any(finding.verdict is Verdict.REFUTED for finding in self.findings)


def gather(
    problem: Problem,
    *,
    command: str,
    derivation: Derivation | None = None,
    notes: tuple[str, ...] = (),
    losses: bool = True,
    trained: bool = False,
    seed: int = 0,
    most: int = MOST_SEQUENCES,
    progress: Callable[[str], None] = lambda what: None,
) -> Growth:
    """Study the chain of a problem, and what changes it."""
    known = derivation or derive(problem.model)
    found = study(known, problem.given, problem.sizes, most=most, seed=seed, losses=losses, progress=progress)
    measured = remedies(problem, known, seed=seed, progress=progress) if losses else ()
    return Growth(found, problem, command, notes, trained, measured)
