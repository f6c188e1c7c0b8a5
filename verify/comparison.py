"""A derived gradient against an oracle's: per parameter, per form and per time lag, each at its own scale."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.indices import N_INPUT, N_OUTPUT, N_STATE
from derive.run import FORMS, Derived, Form, by_lag, gradients
from derive.theory import theories
from derive.unroll import Place, place, table_of, unroll
from verify.generated.code import FORM, Code, Generated
from verify.problem import Problem
from verify.program import GradientOracle, Measured, Program
from verify.rounding import MARGIN, SAMPLES, UNDECIDED, amplitude, change, side_by_side, spreads, tolerance
from verify.verdicts import Finding, Verdict, Witness

TOO_WIDE = "the tolerance is too wide to decide: the block is smaller than the method can resolve"
_FEW = 12
"""Steps whose lags every oracle judges."""

_BESIDE = 2**24
"""Numbers in the local terms up to which the shaken problems are computed in one pass, side by side."""

_REACH = 1e-9
"""Nearer to a kink than this share of an argument's size, rounding may decide on which side it is."""


@dataclass(frozen=True)
class Block:
    """One thing to compare: its claim and form, our value, and how far rounding may have carried it."""

    claim: str
    form: str
    value: Array
    spread: float


@dataclass(frozen=True, eq=False)
class Subject:
    """What is judged: a derivation, on one problem.  Its own numbers are computed once, for all oracles.

    ``forms`` are the orders of evaluation to judge; the lags are judged with the double sum.  ``thorough`` has the lags
    of a long sequence judged by every oracle that can; else those that need a pass for each of them leave them to
    the one that has all in one pass.  ``generated`` is the code whose gradient is judged beside the adjoint form.
    """

    problem: Problem
    derivation: Derivation
    forms: tuple[Form, ...] = FORMS
    thorough: bool = True
    generated: Generated | None = None

    @property
    def lags(self) -> bool:
        return any(form.name == "expanded" for form in self.forms)

    @property
    def few_lags(self) -> bool:
        """Whether a pass for each lag costs next to nothing, or was asked for."""
        return self.thorough or sum(self.problem.sizes[phase.length] for phase in self.problem.model.phases) <= _FEW

    @property
    def code(self) -> Code | None:
        """What the compiler made of the derivation, where that is to be judged and there is some."""
        has_adjoint = any(form.descending for form in self.forms)
        return self.generated.code if self.generated is not None and has_adjoint else None

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(_computed(self))


def roundings(problem: Problem) -> int:
    """Roundings in a row on the longest path, from the first input through all steps and back."""
    sizes = problem.sizes
    steps = sum(sizes[phase.length] for phase in problem.model.phases)
    return 2 * steps * (sizes[N_STATE] + sizes[N_INPUT] + 3) + 2 * sizes[N_OUTPUT]


def _computed(subject: Subject) -> Iterator[Block]:
    """Our gradients in all forms and lags, each with its measured spread."""
    problem, derivation = subject.problem, subject.derivation

    def run(given: Mapping[Place, Array]) -> Mapping[Place, Array]:
        return unroll(problem.model, given, problem.sizes).values

    def compute(values: Mapping[Place, Array]) -> dict[str, Array]:
        forward = table_of(problem.model, values, problem.sizes)
        found = {}
        for form in subject.forms:
            for name, value in gradients(derivation, forward, form).items():
                found[f"{form.name}|gradient.{name}"] = value
        shared = Derived(derivation, forward)
        for theory in theories(problem.model) if subject.lags else ():
            for w in theory.phase.parameters:
                for lag, value in by_lag(derivation, forward, theory, w, shared).items():
                    found[f"expanded|lag.{w.name}.{lag}"] = value
        return found

    size = amplitude(roundings(problem))
    if _numbers(problem) <= _BESIDE:
        values, spread = side_by_side(compute, problem.given, size, run)
    else:
        values, spread = compute(problem.forward.values), spreads(compute, problem.given, size, run)
    for key, value in values.items():
        form, claim = key.split("|")
        yield Block(claim, form, value, spread[key])
    if subject.code is not None:
        yield from _of_code(subject.code, problem, spread)


def _of_code(code: Code, problem: Problem, spread: Mapping[str, float]) -> Iterator[Block]:
    """The gradients of the generated code.

    It evaluates the steps of the adjoint form, and sums in another order: what shaking every number of the forward pass
    does to that form is what other roundings do to the code.
    """
    adjoint = next(form.name for form in FORMS if form.descending)
    _, found = code.run(code.given(problem.given, problem.sizes))
    for name, value in found.items():
        yield Block(f"gradient.{name}", FORM, value, spread[f"{adjoint}|gradient.{name}"])


def _numbers(problem: Problem) -> int:
    """In the local terms b_t of all steps and parameters, over all shaken problems."""
    states, batch = sum(len(phase.states) for phase in problem.model.phases), problem.label["batch"]
    entries = sum(problem.given[place(w)].size for w in problem.model.recurrent_parameters)
    steps = sum(problem.sizes[phase.length] for phase in problem.model.phases)
    return (1 + SAMPLES) * batch * steps * states * problem.sizes[N_STATE] * entries


def compare_gradients(subject: Subject, oracle: GradientOracle, name: str, *, lags: bool = True) -> Iterator[Finding]:
    """One finding for every block.  A point within reach of a kink is reported, never judged.

    ``lags=False`` leaves the lags out, for an oracle that cannot resolve a contribution that has nearly vanished.
    """
    kink = near_a_kink(subject.problem, name)
    if kink:
        yield kink
        return

    def measured(rounding: int | None = None) -> dict[str, Measured]:
        return dict(truths(subject, oracle, lags and subject.lags, rounding))

    own = OwnRounding(measured)
    for block in subject.blocks:
        if block.claim in own.truth:
            yield own.judged(block, name, subject.problem)


class OwnRounding:
    """What an oracle found, and, where that is needed to refute anything, how far its own rounding carries it.

    ``measured`` runs the oracle: as it is, or, with a seed, with functions that round worse.
    """

    def __init__(self, measured: Callable[..., dict[str, Measured]]) -> None:
        self.measured, self.truth = measured, measured()

    @cached_property
    def spread(self) -> dict[str, float]:
        again = [self.measured(seed) for seed in range(SAMPLES)]
        return {
            claim: max(change(other[claim].value, found.value) for other in again)
            for claim, found in self.truth.items()
        }

    def judged(self, block: Block, evidence: str, problem: Problem) -> Finding:
        """What differs is judged again with the oracle's own rounding allowed for, which costs a few runs more."""
        truth = self.truth[block.claim]
        finding = judged(block, truth, evidence, problem)
        if finding.verdict is not Verdict.REFUTED:
            return finding
        wider = replace(truth, error=truth.error + MARGIN * self.spread[block.claim])
        return judged(block, wider, evidence, problem)


def near_a_kink(problem: Problem, evidence: str) -> Finding | None:
    """That nothing can be said of gradients here, where nothing can."""
    if problem.kink_margin >= _REACH:
        return None
    reason = f"an argument is {problem.kink_margin:.1e} of its size from a kink, where the one-sided slopes differ"
    return Finding("gradient", evidence, Verdict.NOT_RUN, reason=reason, sizes=problem.label)


def truths(
    subject: Subject, oracle: GradientOracle, lags: bool, rounding: int | None = None
) -> Iterator[tuple[str, Measured]]:
    """The oracle's gradients and lag contributions, under the names of the claims."""
    problem = subject.problem
    tied = Program(problem, rounding=rounding)
    for name, rows in oracle(tied, tied.point).items():
        yield f"gradient.{name}", Measured(rows.value.sum(axis=0), rows.error.sum(axis=0))
    if not lags:
        return
    copies = Program(problem, untied=True, rounding=rounding)
    point = copies.point
    found = oracle(copies, {w.name: point[w.name] for w in problem.model.recurrent_parameters})
    for theory in theories(problem.model):
        for w in theory.phase.parameters:
            rows = found[w.name]
            for lag in range(rows.value.shape[1]):
                value, error = (at_lag(part, lag, theory.single) for part in (rows.value, rows.error))
                yield f"lag.{w.name}.{lag}", Measured(value, error)


def at_lag(rows: Array, lag: int, single: bool) -> Array:
    """Σ_t of ∂ℓ_t/∂(copy of step t − lag); where all losses lie behind the last step, the lag is counted from there."""
    if single:
        total: Array = rows[:, -1 - lag].sum(axis=0)
        return total
    late = np.arange(lag, rows.shape[0])
    total = rows[late, late - lag].sum(axis=0)
    return total


def judged(block: Block, truth: Measured, evidence: str, problem: Problem) -> Finding:
    """Compare one block, relative to its own largest entry."""
    found = partial(Finding, block.claim, evidence, form=block.form, sizes=problem.label)
    if not all(np.all(np.isfinite(array)) for array in (block.value, truth.value, truth.error)):
        return found(Verdict.NOT_RUN, reason="not finite: a number overflowed, or a step crossed a kink")
    scale = float(max(np.max(np.abs(truth.value)), np.max(np.abs(block.value))))
    difference = np.abs(block.value - truth.value)
    size = amplitude(roundings(problem))
    allowed = tolerance(block.spread, scale, size) + float(np.max(truth.error))
    if scale == 0.0:
        return found(Verdict.AGREED, error=0.0, tolerance=0.0, scale=0.0, reason="both are zero")
    measured = partial(found, error=float(np.max(difference)) / scale, tolerance=allowed / scale, scale=scale)
    if np.max(difference) > allowed:
        return measured(Verdict.REFUTED, witness=_witness(block, truth, difference))
    if allowed > UNDECIDED * scale:
        return measured(Verdict.NOT_RUN, reason=TOO_WIDE)
    return measured(Verdict.AGREED)


def _witness(block: Block, truth: Measured, difference: Array) -> Witness:
    row, col = np.unravel_index(int(np.argmax(difference)), difference.shape)
    where = f"entry ({row + 1}, {col + 1})"
    return Witness(where, claimed=float(block.value[row, col]), found=float(truth.value[row, col]))
