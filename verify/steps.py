"""Every equation of a derivation: proven where it carries a proof, and both sides evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.derivation import Derivation, Step
from derive.evaluate import Binding, evaluate
from derive.expr import Node, Var
from derive.indices import N_STATE, T, by_name, value
from derive.model import Model
from derive.prover import Proof, prove
from derive.unroll import Place, Table
from verify.problem import Problem
from verify.rounding import MARGIN, SAMPLES, UNDECIDED, amplitude
from verify.rungs import PROOF, VALUES
from verify.small import small_problems
from verify.verdicts import Finding, Verdict, Witness
from verify.witnessed import Witnessed

_ROUNDINGS = 64  # on the way to a letter's value: a forward pass of a few steps and the complex step
_SIZE = amplitude(_ROUNDINGS)
_CANCELS = "the terms cancel too far for floating point to decide"
NOWHERE, NOT_FINITE = "which does not exist", "not finite"
"""The ends of the reasons why a side has no value: a quantity at a step that there is not, the logarithm of −1."""

_LONGEST, _WIDEST = 6, 8


def instances_of(derivation: Derivation, problem: Problem) -> list[Problem]:
    """Small random problems; and the end of the user's own, where it is one, is small, and is at no kink.

    The random ones always: in a network that somebody trained, what a step has to show may happen to be zero.
    """
    found = small_problems(derivation.model, problem)
    if problem.seed is None and problem.sizes[N_STATE] <= _WIDEST and problem.kink_margin > 0:
        found.append(problem.last(_LONGEST).one_sequence())
    return found


def check_steps(derivation: Derivation, problem: Problem) -> Iterator[Finding]:
    """Values first, for every step; then the proofs, which must not rest on a step that is refuted."""
    problems = instances_of(derivation, problem)
    environments = environments_of(derivation.model, problems)
    by_key = {}
    for step in derivation:
        by_key[step.key] = evaluated(step, environments[step.phase], len(problems))
        yield by_key[step.key]
    established: set[str] = set()
    for step in derivation:
        if step.proof is not None:
            finding = proven(step, derivation, by_key, established)
            yield finding
        if step.proof is None or finding.verdict is Verdict.PROVED:
            established.add(step.key)


def environments_of(model: Model, problems: Sequence[Problem]) -> dict[str, list[Witnessed]]:
    """By phase: every parameter that w may stand for, on every problem; all on one problem share what they measure."""
    moved: list[dict[Place, Table]] = [{} for _ in problems]
    return {
        phase.name: [
            Witnessed(problem, w, moved=known)
            for w in phase.parameters
            for problem, known in zip(problems, moved, strict=True)
        ]
        for phase in model.phases
    }


def proven(step: Step, derivation: Derivation, findings: dict[str, Finding], established: set[str]) -> Finding:
    """PROVED, or NOT RUN with the reason.

    A proof may rest on the ``established`` steps alone: earlier ones, so that nothing is proved in a circle, which are
    not refuted, and whose own proof, where they have one, went through.
    """
    assert step.proof is not None
    refuted = [key for key in step.proof.premises if findings[key].verdict is Verdict.REFUTED]
    open_ones = [key for key in step.proof.premises if key not in established]
    if refuted or open_ones:
        keys = refuted or open_ones
        reason = f"rests on {', '.join(keys)}, which is {'refuted' if refuted else 'not established before it'}"
    else:
        answer = prove(derivation.claim(step))
        if isinstance(answer, Proof):
            return Finding(step.key, PROOF, Verdict.PROVED, reason=answer.method)
        reason = f"the proof ({step.proof.method}) does not go through: {answer.reason}"
    return Finding(step.key, PROOF, Verdict.NOT_RUN, reason=reason)


def evaluated(step: Step, environments: list[Witnessed], few: int = 1) -> Finding:
    """The worst instance over all values of the free indices and all parameters that w may stand for.

    For a step without the letters that depend on w, the first ``few`` environments are enough: one for each problem.
    """
    found = list(instances(step, environments, few))
    if not found:
        sizes = by_name(environments[0].sizes)
        return Finding(step.key, VALUES, Verdict.NOT_RUN, reason="no index is in its range at this T", sizes=sizes)
    return _summary(found)


def instances(step: Step, environments: list[Witnessed], few: int = 1) -> Iterator[Finding]:
    """Both sides at every value of the free indices, in every environment that the step needs."""
    general = any(isinstance(part, Var) and part.kind in ("weights", "unknown", "local") for part in _leaves(step))
    for env in environments if general else environments[:few]:
        for binding in bindings(step, env):
            yield _instance(step, env, binding)


def _summary(found: list[Finding]) -> Finding:
    """The worst instance.  One that cancels too far to be decided does not unsay the others, but is mentioned."""
    agreed = [finding for finding in found if finding.verdict is Verdict.AGREED]
    undecided = sum(finding.reason == _CANCELS for finding in found)
    if not agreed or len(agreed) + undecided < len(found):
        return max(found, key=_badness)
    worst = max(agreed, key=_badness)
    return replace(worst, reason=f"{undecided} of {len(found)} instances undecided") if undecided else worst


def _leaves(step: Step) -> Iterator[Node]:
    for side in (step.lhs, step.rhs):
        for part in sp.preorder_traversal(side):
            if isinstance(part, Node):
                yield part


def bindings(step: Step, env: Witnessed) -> Iterator[Binding]:
    """All values of the free indices; a later range may depend on an earlier index."""
    found: list[dict[sp.Symbol, int]] = [{}]
    for own in step.where:
        found = [
            {**known, own.index: number}
            for known in found
            for number in range(value(own.lower, {**env.sizes, **known}), value(own.upper, {**env.sizes, **known}) + 1)
        ]
    yield from found


def _badness(finding: Finding) -> tuple[int, float, float]:
    order = {Verdict.AGREED: 0, Verdict.NOT_RUN: 1, Verdict.REFUTED: 2}
    error, allowed = finding.error or 0.0, finding.tolerance or 0.0
    return order[finding.verdict], error / allowed if allowed else error, allowed


def _instance(step: Step, env: Witnessed, binding: Binding) -> Finding:
    found = partial(Finding, step.key, VALUES, sizes=by_name(env.sizes))
    try:
        left, right = (evaluate(side, env, binding) for side in (step.lhs, step.rhs))
    except KeyError as error:
        return found(Verdict.NOT_RUN, reason=f"it speaks of {error.args[0]}, {NOWHERE}")
    difference = np.abs(left - right)
    scale = float(max(np.max(np.abs(left)), np.max(np.abs(right))))
    if not np.all(np.isfinite(difference)):
        return found(Verdict.NOT_RUN, reason=NOT_FINITE)
    if scale == 0.0:
        return found(Verdict.AGREED, error=0.0, tolerance=0.0, scale=0.0, reason="both are zero")
    worst = float(np.max(difference))
    allowed = MARGIN * _SIZE * scale  # what the leaves' own rounding explains, however the step combines them
    for spread in (_spread, _amplified):  # the second costs more
        if worst > allowed:
            allowed += MARGIN * spread(step, env, binding)
    measured = partial(found, error=worst / scale, tolerance=allowed / scale, scale=scale)
    if worst > allowed:
        return measured(Verdict.REFUTED, witness=_witness(env, binding, left, right))
    if allowed > UNDECIDED * scale:
        return measured(Verdict.NOT_RUN, reason=_CANCELS)
    return measured(Verdict.AGREED)


def _spread(step: Step, env: Witnessed, binding: Binding) -> float:
    """How far both sides move when every leaf is off by a few roundings, at random."""
    rng = np.random.default_rng(20000)
    spread = 0.0
    for side in (step.lhs, step.rhs):
        exact = evaluate(side, env, binding)
        for _ in range(SAMPLES):
            shaken = evaluate(side, _Shaken(env, rng, _SIZE), binding)
            spread = max(spread, float(np.max(np.abs(shaken - exact))))
    return spread


def _amplified(step: Step, env: Witnessed, binding: Binding) -> float:
    """How far both sides move when the functions in the forward pass round worse."""
    sides = [(side, evaluate(side, env, binding)) for side in (step.lhs, step.rhs)]
    return max(
        float(np.max(np.abs(evaluate(side, other, binding) - exact))) for side, exact in sides for other in env.again
    )


class _Shaken:
    """An environment whose leaves are off by relative errors of at most ``size``."""

    def __init__(self, env: Witnessed, rng: np.random.Generator, size: float) -> None:
        self.env, self.rng, self.size = env, rng, size
        self.sizes, self.arithmetic = env.sizes, env.arithmetic
        self.chains: dict[object, tuple[int, Array]] = {}

    def leaf(self, node: Node, at: Binding) -> Array:
        exact = self.env.leaf(node, at)
        return exact * (1 + self.size * self.rng.uniform(-1, 1, size=np.shape(exact)))


def _witness(env: Witnessed, binding: Binding, left: Array, right: Array) -> Witness:
    left, right = np.broadcast_arrays(left, right)
    row, col = np.unravel_index(int(np.argmax(np.abs(left - right))), left.shape)
    indices = ", ".join(f"{symbol.name}={number}" for symbol, number in binding.items())
    where = (
        f"T={env.sizes[T]}, w={env.w.name}" + (f", {indices}" if indices else "") + f", entry ({row + 1}, {col + 1})"
    )
    return Witness(where, claimed=float(right[row, col]), found=float(left[row, col]))
