"""All the evidence about the formulas of growth: of the cell's own steps, and of what holds for every cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from derive.derivation import Derivation
from derive.growth.formulas.assembled import proved, steps
from derive.growth.formulas.below import linear, linear_steps
from derive.growth.formulas.quantities import Known
from derive.growth.formulas.scalar import ScalarCell
from derive.growth.formulas.step import GrowthStep
from derive.prover import Proof
from derive.theory import Theory
from verify.growth.formulas import exact, floating, memory, powers, scalar, steepness, theorems, tightness
from verify.problem import Problem, random_problem
from verify.rungs import PROOF
from verify.verdicts import Evidence, Finding, Verdict

Progress = Callable[[str], None]


def evidence(
    derivation: Derivation, problem: Problem | None = None, progress: Progress = lambda what: None
) -> tuple[Finding, ...]:
    """About the steps of this derivation's chain, and about everything in the chapter that is the same for all cells.

    ``problem`` is where the bounds meet a forward pass; a small random one where there is none.
    """
    chosen = problem or random_problem(derivation.model, steps=8, hidden=4)
    progress("the growth of the product chain")
    found = list(of_steps(derivation, steps(derivation), chosen))
    progress("powers, one unit, and the curse of memory")
    return (*found, *_of_one_unit(derivation), *general())


def of_steps(derivation: Derivation, chosen: Sequence[GrowthStep], problem: Problem | None = None) -> Iterator[Finding]:
    """Exact instances, proofs, theorems and, with a problem, its forward pass."""
    all_steps, theory = tuple(chosen), Theory(derivation.model)
    gammas = {f"growth.{gamma.name}": function for function, gamma in Known(theory).gammas.items()}
    refuted: set[str] = set()
    for step in all_steps:
        if step.key in gammas:
            finding = steepness.judged(step, gammas[step.key], step.rhs.args[0])
        else:
            finding = exact.judged(step, derivation)
        refuted |= {step.key} if finding.verdict is Verdict.REFUTED else set()
        yield finding
    for step in all_steps:
        if step.proof is not None:
            yield _proven(step, derivation, all_steps, refuted)
    yield from theorems.covered(theory, all_steps)
    if problem is not None:
        yield from floating.judged(all_steps, derivation, problem)


def _proven(step: GrowthStep, derivation: Derivation, every: tuple[GrowthStep, ...], refuted: set[str]) -> Finding:
    """PROVED, or NOT RUN with the reason; nothing is proved from a step that is refuted."""
    assert step.proof is not None
    doubtful = [key for key in step.proof.premises if key in refuted]
    if doubtful:
        reason = f"rests on {', '.join(doubtful)}, which is refuted"
        return Finding(step.key, PROOF, Verdict.NOT_RUN, reason=reason)
    answer = proved(derivation, every, step)
    if isinstance(answer, Proof):
        return Finding(step.key, PROOF, Verdict.PROVED, reason=answer.method)
    return Finding(step.key, PROOF, Verdict.NOT_RUN, reason=f"the proof does not go through: {answer.reason}")


@cache
def general() -> tuple[Finding, ...]:
    """What does not depend on the cell: the linear network, its powers, tightness, and the curse of memory."""
    found, _ = linear()
    problem = random_problem(found.model, steps=8, hidden=4)
    return (
        *of_steps(found, linear_steps(), problem), *tightness.judged(), *powers.judged(), *memory.judged(),
    )  # fmt: skip


def _of_one_unit(derivation: Derivation) -> Iterator[Finding]:
    """Nothing for a cell that is no vanilla network."""
    cell = ScalarCell(derivation)
    if is_scalar_cell(cell):
        yield from scalar.judged(cell)


def is_scalar_cell(cell: ScalarCell) -> bool:
    """Whether c_t of one unit is one weight times the slope of one function."""
    try:
        return bool(cell.function and cell.slope is not None)
    except ValueError:
        return False


def summary(findings: Sequence[Finding]) -> dict[str, int]:
    """How many findings of each grade."""
    return Evidence(tuple(findings)).counts()
