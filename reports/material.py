"""Everything that a report is made of, computed before a single block is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from derive.assemble import derivation as derive
from derive.cell import Reference
from derive.derivation import Derivation
from derive.model import Model
from reports.growth.material import Growth
from reports.growth.material import gather as study_of
from reports.growth.references import references as growth_references
from reports.truncation.material import Truncation
from reports.truncation.material import gather as truncation_of
from reports.truncation.references import references as truncation_references
from verify.growth.drawing import network
from verify.judge import evidence
from verify.problem import Problem, random_problem
from verify.verdicts import Evidence

SOURCES = (
    Reference(
        "zhang2023", "A. Zhang, Z. C. Lipton, M. Li, A. J. Smola", 2023, "Dive into Deep Learning",
        "section 9.7, Backpropagation Through Time", "https://d2l.ai",
    ),
    Reference(
        "williams1989", "R. J. Williams, D. Zipser", 1989,
        "A learning algorithm for continually running fully recurrent neural networks",
        "Neural Computation 1(2), 270–280", "https://doi.org/10.1162/neco.1989.1.2.270",
    ),
    Reference(
        "magnus1988", "J. R. Magnus, H. Neudecker", 1988,
        "Matrix Differential Calculus with Applications in Statistics and Econometrics", "Wiley, chapter 2",
    ),
    Reference(
        "squire1998", "W. Squire, G. Trapp", 1998, "Using complex variables to estimate derivatives of real functions",
        "SIAM Review 40(1), 110–112", "https://doi.org/10.1137/S003614459631241X",
    ),
)  # fmt: skip

_GROWTH, _DRIVE = {"steps": 40, "hidden": 8}, 0.01
_LONGEST, _TAPED = 400, 8


@dataclass(frozen=True)
class Material:
    """A derivation, the problem it is checked on, and the findings.

    ``command`` is what reproduces the report.  ``notes`` say what was done to the user's own files, when there are
    any; ``trained`` tells whether the numbers are a trained model's.
    """

    derivation: Derivation
    problem: Problem
    evidence: Evidence
    command: str
    seed: int
    notes: tuple[str, ...] = ()
    trained: bool = False
    training: bool = False

    @property
    def model(self) -> Model:
        return self.derivation.model

    @cached_property
    def growth(self) -> Growth:
        """The study of the product chain: of the user's own network, or of a random one, weakly driven."""
        problem = self.problem if self.trained else network(
            self.model, steps=_GROWTH["steps"], hidden=_GROWTH["hidden"], seed=self.seed, drive=_DRIVE
        )  # fmt: skip
        return study_of(problem, command=self.command, derivation=self.derivation, seed=self.seed, trained=self.trained)

    @cached_property
    def truncation(self) -> Truncation:
        """What truncation costs: on the user's own network, or on the random one of the growth chapter."""
        problem = self.problem.last(_LONGEST) if self.trained else self.growth.problem
        return truncation_of(
            problem, command=self.command, derivation=self.derivation, seed=self.seed, trained=self.trained,
            taped=_TAPED, training=self.training,
        )  # fmt: skip

    @property
    def exit_code(self) -> int:
        """That of the evidence; 1 where a formula of a later chapter, or what a strategy is said to be, is refuted."""
        later = (self.growth.is_refuted, self.truncation.is_refuted, self.truncation.formulas_refuted)
        return 1 if any(later) else self.evidence.exit_code

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        later = (*growth_references(self.growth), *truncation_references(self.truncation))
        found = (*self.model.references, *SOURCES, *later)
        return tuple({own.key: own for own in reversed(found)}.values())[::-1]


def gather(
    model: Model,
    *,
    command: str,
    seed: int = 0,
    problem: Problem | None = None,
    notes: tuple[str, ...] = (),
    training: bool = False,
    progress: Callable[[str], None] = lambda what: None,
) -> Material:
    """Derive, check and collect; ``problem`` is the user's own model and sequence, where there is one."""
    progress("the derivation")
    derivation = derive(model)
    chosen = problem or random_problem(model, seed=seed)
    found = evidence(derivation, chosen, progress=progress)
    material = Material(derivation, chosen, found, command, seed, notes, problem is not None, training)
    progress("the product chain")
    assert material.growth
    progress("what truncation costs")
    assert material.truncation
    return material
