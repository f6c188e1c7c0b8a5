"""Softmax with cross-entropy: the gradient with respect to the score is output minus target."""

from __future__ import annotations

from collections.abc import Iterator

from derive.expr import Node, Var, ones
from derive.indices import t
from derive.prover import over
from derive.theory import Theory
from verify.theorem import Covering, Statement


def _applies(theory: Theory) -> bool:
    """Whether the loss is the cross-entropy of a softmax of the whole score, which nothing else looks at."""
    model = theory.model
    known = (model.loss.name, model.normalisation.name) == ("softmax_cross_entropy", "softmax")
    return theory.is_main and known and model.cell.feedback is None


def _statement(theory: Theory, step: str, rhs: Node, *premises: str) -> Statement:
    score = theory.model.readout.score.target
    where = () if theory.single else (over(t, theory.first, theory.last),)
    adjoint = theory.at_loss(Var(score.name, *score.shape, t, "adjoint"))
    return Statement(step, adjoint, theory.at_loss(rhs), where, premises)


def of_any_target(theory: Theory) -> Iterator[Statement]:
    """∂ℓ/∂s = o (1ᵀy) − y, for any target y."""
    if _applies(theory):
        o, y = theory.model.readout.output.target, theory.model.readout.target
        yield _statement(theory, "seed.cancel", o @ ones(1, y.shape[0]) @ y - y)


def shortcut(theory: Theory) -> Iterator[Statement]:
    """∂ℓ/∂s = o − y, for a target with 1ᵀy = 1."""
    if _applies(theory):
        readout = theory.model.readout
        yield _statement(theory, "seed.shortcut", readout.output.target - readout.target, "seed.assumption")


COVERINGS = (
    Covering("Softmax.cross_entropy_gradient_of_any_target", of_any_target),
    Covering("Softmax.cross_entropy_gradient", shortcut),
)
