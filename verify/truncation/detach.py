"""What a program with ``detach`` computes, compared with the estimate of a strategy: parameter by parameter, and every
term of the double sum, ω(t, i) b_iᵀ P(t, i)ᵀ g_t, at its own scale.

In a sum an off-by-one may vanish with the lag; in its terms it cannot: one that a program does not have is exactly
zero.  How far rounding may carry our numbers is measured (``verify.rounding``), so that a gradient in which large terms
cancel is allowed more than one in which they do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.strategy import Strategy
from derive.truncation.decisions import Runs, drawn
from derive.unroll import place
from verify.comparison import Block, OwnRounding, judged, near_a_kink
from verify.problem import Problem
from verify.program import Measured
from verify.truncation import detach_torch
from verify.truncation.detach_autograd import losses, positions, terms, totals
from verify.truncation.detach_plan import Tape, tapes
from verify.truncation.detach_terms import Claim, Term, blocks
from verify.verdicts import Finding, Verdict

EVIDENCE = "autograd with detach"
RUNS = 2
MOST_STEPS, MOST_NUMBERS = 24, 2**19
"""Up to which every term is judged by itself: there are T²/2 of them for every parameter."""


@dataclass(frozen=True, eq=False)
class Case:
    """One run of a strategy: what is claimed of it, and the program that it is, which knows nothing of the factors."""

    claim: Claim
    plan: tuple[Tape, ...]
    run: str = ""

    @property
    def name(self) -> str:
        return self.claim.strategy.name

    @property
    def label(self) -> str:
        return f"{self.claim.strategy.label}{self.run}"


def compared(
    derivation: Derivation, problem: Problem, strategies: Sequence[Strategy], seed: int = 0
) -> tuple[Finding, ...]:
    """Every gradient of every strategy against autograd, and against PyTorch where it is installed and has the cell.

    Of a strategy that leaves something to chance two seeded runs are judged; ``form`` says which.  The readout's own
    gradients, which no strategy truncates, are compared with the full ones.
    """
    unknown: list[Finding] = []
    cases: list[Case] = []
    for strategy in strategies:
        runs = drawn(strategy, len(positions(problem)), RUNS, np.random.default_rng(seed))
        try:
            cases += [case(problem, strategy, runs, run) for run in range(len(runs))]
        except NotImplementedError as reason:
            unknown.append(Finding(f"truncated.{strategy.name}", EVIDENCE, Verdict.NOT_RUN, reason=str(reason)))
    return (*unknown, *judged_cases(derivation, problem, cases))


def case(problem: Problem, strategy: Strategy, runs: Runs, run: int = 0) -> Case:
    """One of some runs.  Raises NotImplementedError for a strategy that nobody has written as a program."""
    lengths = "+".join(map(str, runs.lengths(run)))
    plan = tapes(strategy, losses(problem), runs.cut[run].tolist())
    claim = Claim(strategy, runs.factors[run].tolist())
    return Case(claim, plan, f", cut into {lengths} steps" if strategy.is_random else "")


def judged_cases(derivation: Derivation, problem: Problem, cases: Sequence[Case]) -> Iterator[Finding]:
    """One finding for every run, parameter and witness."""
    kink = near_a_kink(problem, EVIDENCE)
    if kink:
        yield replace(kink, claim="truncated")
        return
    claimed = blocks(derivation, problem, [own.claim for own in cases], losses(problem), apart=_is_small(problem))
    for own, found in zip(cases, claimed, strict=True):
        yield from by_autograd(problem, own, found)
    reason = detach_torch.missing() or detach_torch.inapplicable(problem.model)
    if reason:
        yield Finding("truncated", detach_torch.EVIDENCE, Verdict.NOT_RUN, reason=reason, sizes=problem.label)
        return
    for own, found in zip(cases, claimed, strict=True):
        yield from by_torch(problem, own, found)


def _is_small(problem: Problem) -> bool:
    steps = len(positions(problem))
    entries = sum(problem.given[place(w)].size for w in problem.model.recurrent_parameters)
    return steps <= MOST_STEPS and steps**2 * entries <= MOST_NUMBERS


def by_autograd(problem: Problem, own: Case, claimed: Mapping[Term, Block]) -> Iterator[Finding]:
    """The sum over all steps, and where there are few steps every term of it."""
    apart = any(term.late for term in claimed)

    def measured(rounding: int | None = None) -> dict[str, Measured]:
        found = totals(problem, own.plan, rounding)
        if apart:
            found |= terms(problem, own.plan, rounding)
        return {term.key: _exact(array) for term, array in found.items()}

    oracle = OwnRounding(measured)
    for name in (term.name for term in claimed if not term.late):
        own_terms = [term for term in claimed if term.name == name]
        findings = {term: oracle.judged(claimed[term], EVIDENCE, problem) for term in own_terms}
        yield replace(_worst(findings), claim=f"truncated.{own.name}.{name}", form=own.label)


def by_torch(problem: Problem, own: Case, claimed: Mapping[Term, Block]) -> Iterator[Finding]:
    for term, array in detach_torch.totals(problem, own.plan).items():
        finding = judged(claimed[term], _exact(array), detach_torch.EVIDENCE, problem)
        yield replace(finding, claim=f"truncated.{own.name}.{term.name}", form=own.label)


def _worst(findings: Mapping[Term, Finding]) -> Finding:
    """A wrong term of the smallest lag, since it says where; the sum, if that is not right; else what is least sure."""
    wrong = [term for term, found in findings.items() if found.verdict is Verdict.REFUTED and term.late]
    if wrong:
        shown = min(wrong, key=lambda term: (term.late - term.early, term.late))
        return _located(shown, findings[shown])
    (total,) = (found for term, found in findings.items() if not term.late)
    apart = [found for term, found in findings.items() if term.late]
    if total.verdict is not Verdict.AGREED or not apart:
        return replace(total, reason=total.reason or "the sum over all losses and steps")
    decided = [found for found in apart if found.verdict is Verdict.AGREED]
    worst = max([total, *decided], key=lambda found: (found.error or 0.0) / (found.tolerance or 1.0))
    undecided = f", {len(apart) - len(decided)} too small to decide" if len(decided) < len(apart) else ""
    reason = f"the sum, and {len(decided)} terms at their own scales{undecided}; error and tolerance of the worst"
    return replace(worst, reason=reason)


def _located(term: Term, found: Finding) -> Finding:
    assert found.witness is not None
    early = f"step {term.early} (lag {term.late - term.early})" if term.early else "the initial state"
    where = f"loss {term.late}, {early}, {found.witness.where}"
    return replace(found, witness=replace(found.witness, where=where))


def _exact(array: Array) -> Measured:
    return Measured(array, np.zeros_like(array))
