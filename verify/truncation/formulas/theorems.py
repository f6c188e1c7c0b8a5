"""Which steps about truncation are instances of theorems that Coq has checked.

A theorem's statement is transcribed once into the letters of a cell; a step is covered when it says the same, symbol
for symbol, and none of the steps that the theorem supposes is in doubt.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import sympy as sp

from derive.build import transpose
from derive.expr import Fill, Node
from derive.growth.formulas.step import GrowthStep
from derive.indices import j, k, s, t
from derive.prover import over
from derive.prover.facts import Range
from derive.sums import Sum
from derive.theory import Theory
from derive.truncation.formulas.letters import Letters, pi, tau, xi
from derive.truncation.formulas.mean import Mean
from derive.truncation.formulas.variance import Scalars, V
from verify.rungs import THEOREM
from verify.theorem import record
from verify.verdicts import Finding, Verdict

_RECURRENCE, _START, _ADJOINT = ("recursion.short",), ("recursion.start",), ("adjoint.define",)
_RUN = ("links.run", "links.start")


@dataclass(frozen=True)
class Transcript:
    """What a theorem says, in the letters of one cell; ``premises`` are the steps that it supposes."""

    theorem: str
    step: str
    lhs: Node
    rhs: Node
    where: tuple[Range, ...] = ()
    premises: tuple[str, ...] = ()

    def is_said_by(self, step: GrowthStep) -> bool:
        ours = (self.step, "=", self.lhs, self.rhs, self.where)
        return ours == (step.key, str(step.relation), step.lhs, step.rhs, step.where)


def transcripts(theory: Theory) -> Iterator[Transcript]:
    """All of them, for one derivation."""
    yield from _window(theory)
    yield from _window_backwards(theory)
    yield from _links(theory)
    yield from _mean(theory)
    yield from _variance(theory)


def _difference(theory: Theory, less: Node, of: Node) -> Node:
    """weight · (Σ_t g_tᵀ of − Σ_t g_tᵀ less)."""
    row = theory.g().T
    return theory.weighted_sum(row @ of) - theory.weighted_sum(row @ less)


def _window(theory: Theory) -> Iterator[Transcript]:
    i, a, b, T_ = theory.early, theory.a, theory.b, theory.length
    for theorem, step, first, where in (
        ("Expansion.expansion_from", "window.from", s, (over(t, 1, T_), over(s, 0, t - 1))),
        ("Links.window_tail", "window.tail", t - tau, (over(tau, 1, T_), over(t, tau, T_))),
    ):
        kept = Sum(theory.chain(t, i + 1) @ b(i), i, first + 1, t)
        yield Transcript(theorem, step, a(), kept + theory.chain(t, first + 1) @ a(first), where, _RECURRENCE)
    row = theory.g().T @ theory.chain(t, t - tau + 1) @ a(t - tau)
    left_out = theory.at_loss(row) if theory.single else Sum(row, t, tau + 1, T_)
    some = (over(tau, 1, T_ - 1 if theory.single else T_),)
    yield Transcript(
        "Links.window_bias", "window.closed", _difference(theory, Letters(theory).z(), a()), theory.weight * left_out,
        some, (*_RECURRENCE, *_START, "window.define", "window.whole"),
    )  # fmt: skip


def _window_backwards(theory: Theory) -> Iterator[Transcript]:
    """Where only the last step has a loss, the sum before it is empty of terms."""
    i, delta, T_ = theory.early, theory.delta, theory.length
    seen, through = _collected(theory, i, s - 1), transpose(theory.chain(s, i + 1)) @ delta(s)
    rhs = through if theory.single else seen + through
    yield Transcript("Links.adjoint_stop", "window.delta", delta(i), rhs, (over(i, 1, T_), over(s, i, T_)), _ADJOINT)
    peeled = theory.g(i) + theory.c(i + 1).T @ _collected(theory, i + 1, s)
    where = (over(i, 1, T_ - 1), over(s, i, T_))
    yield Transcript("Links.window_grows", "window.peel", _collected(theory, i, s), peeled, where)


def _collected(theory: Theory, first: sp.Expr, last: sp.Expr) -> Node:
    """Σ_{t=first}^{last} (c_t ⋯ c_{first+1})ᵀ g_t."""
    return Sum(transpose(theory.chain(t, first + 1)) @ theory.g(), t, first, last)


def _links(theory: Theory) -> Iterator[Transcript]:
    own, i, T_ = Letters(theory), theory.early, theory.length
    forward = theory.weighted_sum(theory.g().T @ own.z())
    backward = theory.weight * Sum(own.delta(i).T @ theory.b(i), i, 1, T_)
    both = (*_RUN, "links.last", "links.back")
    yield Transcript("Artbp.artbp_is_randomised_recursion", "links.equal", forward, backward, (), both)
    term = (xi(i) - 1) * (theory.delta(i).T @ theory.c(i) @ own.z(i - 1))
    yield Transcript(
        "Links.estimate_error", "error.identity", _difference(theory, theory.a(), own.z()),
        theory.weight * Sum(term, i, 2, T_), (), (*_RECURRENCE, *_START, *_RUN, *_ADJOINT),
    )  # fmt: skip


def _mean(theory: Theory) -> Iterator[Transcript]:
    own, every = Letters(theory), (over(t, 1, theory.length),)
    yield Transcript("Truncation.unbiased_given_the_past", "mean.equal", own.mean(), theory.a(), every,
                     ("mean.define", "mean.law", *_RUN, *_RECURRENCE, *_START))  # fmt: skip
    yield Transcript("Truncation.one_step_unbiased", "onestep.unbiased", Mean(own.one()), theory.a(), every,
                     ("onestep.define", "mean.law", *_RECURRENCE))  # fmt: skip


def _variance(theory: Theory) -> Iterator[Transcript]:
    """With the inverse of π_t for what is left of a factor; a number stands for a matrix of one entry."""
    (a, b, c, _, _, one), every, i = Scalars(theory).letters, (over(t, 1, theory.length),), theory.early
    before, other = t - 1, k if i != k else sp.Symbol("l", integer=True)
    own = (1 / pi(t) - 1) * c(t) ** 2 * a(before) ** 2
    supposed = ("variance.define", "variance.keep", "mean.law", *_RUN, *_RECURRENCE, *_START)
    variance, recursion = _number(V(t)), _number(c(t) ** 2 / pi(t) * V(before) + own)
    yield Transcript("Links.variance_recursion", "variance.recursion", variance, recursion, every, supposed)
    shares = [sp.Product(c(j), (j, early + 1, t)) * b(early) for early in (i, other)]
    weight = sp.Product(1 / pi(j), (j, sp.Max(i, other) + 1, t)) - 1
    double = Sum(Sum(_number(weight * shares[0] * shares[1]), other, 1, t), i, 1, t)
    yield Transcript("Variance.truncation_variance", "variance.sum", variance, double, every, supposed)
    square = Mean(_number((one(t) - a(t)) ** 2))
    yield Transcript("Variance.one_step_variance", "variance.onestep", square, _number(own), every,
                     ("onestep.define", "variance.keep", "mean.law", *_RECURRENCE))  # fmt: skip


def _number(value: sp.Expr) -> Node:
    return Fill(value, 1, 1)


def covered(theory: Theory, steps: Sequence[GrowthStep], doubted: Collection[str] = ()) -> Iterator[Finding]:
    """A finding for every step that a theorem is about: PROVED where it is an instance, else NOT RUN."""
    named = {step.key: step for step in steps}
    for transcript in transcripts(theory):
        step = named.get(transcript.step)
        if step is not None:
            yield _judged(transcript, step, [key for key in transcript.premises if key in doubted])


def _judged(transcript: Transcript, step: GrowthStep, doubted: Sequence[str]) -> Finding:
    verdict, reason = Verdict.NOT_RUN, "the step is no instance of the theorem"
    if transcript.theorem not in record():
        reason = "there is no such theorem in the record"
    elif doubted:
        reason = f"the theorem supposes {', '.join(doubted)}, which does not stand"
    elif transcript.is_said_by(step):
        verdict = Verdict.PROVED
        reason = f"an instance of a theorem (proofs/{record()[transcript.theorem].file})"
    return Finding(step.key, THEOREM, verdict, reason=reason, theorem=transcript.theorem)
