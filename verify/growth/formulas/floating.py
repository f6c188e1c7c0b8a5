"""The bounds on a real forward pass, in floating point: never below the truth by more than rounding.

A computed product of k matrices n×n is off by at most about k n ε ∏ ‖c_j‖ (Higham 2002, section 3.5), and every bound
from above is at least that product: the tolerance is relative to the bound.  σ_n of a long product is below that error;
it is left to exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.evaluate import Binding, evaluate
from derive.expr import Node, Var
from derive.growth.formulas.nodes import Least
from derive.growth.formulas.quantities import Known
from derive.growth.formulas.step import GrowthStep, Relation
from derive.indices import T, by_name
from derive.run import Derived
from derive.sums import walk
from derive.theory import Theory
from verify.growth.formulas.bindings import bindings
from verify.problem import Problem
from verify.rounding import EPS, MARGIN
from verify.verdicts import Finding, Verdict, Witness

EVIDENCE = "a forward pass"


@dataclass
class Measured(Derived):
    """The letters of a derivation on one forward pass, and γ; of a batch the first sequence."""

    def __post_init__(self) -> None:
        super().__post_init__()
        gammas = Known(Theory(self.derivation.model)).gammas
        self.gammas = {gamma: float(function.steepest) for function, gamma in gammas.items() if function.steepest}

    def leaf(self, node: Node, at: Binding) -> Array:
        if isinstance(node, Var) and node in self.gammas:
            return np.array([[self.gammas[node]]])
        found = super().leaf(node, at)
        return found.reshape(-1, *found.shape[-2:])[0]


def judged(steps: Sequence[GrowthStep], derivation: Derivation, problem: Problem) -> list[Finding]:
    """Every inequality that floating point can tell about, at every index of the problem."""
    env = Measured(derivation, problem.forward)
    return [_one(step, env) for step in steps if _can_tell(step)]


def _can_tell(step: GrowthStep) -> bool:
    least = any(isinstance(part, Least) for side in (step.lhs, step.rhs) for part in walk(side))
    return step.relation is Relation.AT_MOST and not least and not step.needs


def _one(step: GrowthStep, env: Measured) -> Finding:
    worst, allowed = 0.0, MARGIN * env.sizes[T] * max(env.sizes.values()) * EPS
    for at in bindings(step.where, env.sizes):
        left, right = (float(np.max(evaluate(side, env, {**env.sizes, **at}))) for side in (step.lhs, step.rhs))
        if not np.isfinite(left - right):
            return Finding(step.key, EVIDENCE, Verdict.NOT_RUN, reason="not finite", sizes=by_name(env.sizes))
        excess = (left - right) / right if right else float(left > 0)
        if excess > allowed:
            where = ", ".join(f"{symbol} = {number}" for symbol, number in at.items())
            return Finding(step.key, EVIDENCE, Verdict.REFUTED, error=excess, tolerance=allowed,
                           witness=Witness(where, right, left), sizes=by_name(env.sizes))  # fmt: skip
        worst = max(worst, excess)
    return Finding(step.key, EVIDENCE, Verdict.AGREED, error=worst, tolerance=allowed, scale=1.0,
                   sizes=by_name(env.sizes))  # fmt: skip
