"""The formulas and short names that the figures, tables and sentences of a study share."""

from __future__ import annotations

from derive.build import split_factor
from derive.cell import lag
from derive.expr import MatMul, Var
from derive.growth.anatomy import Part
from derive.growth.study import Study
from derive.indices import t
from reports.document.inline import Inline, InlineLike
from reports.formula.tree import Formula, Norm, Script, row
from reports.present import show

LOG10 = Script(row("log"), row("10"))
DECADES: Inline = (" (decades)",)
LAG: Inline = ("lag (steps)",)


def chain(study: Study) -> Formula:
    """P(t, i) = c_t ⋯ c_{i+1}, as factors."""
    theory = study.chain.theory
    early = theory.early
    return row(show(theory.c(t)), "cdots", show(theory.c(early + 1)))


def chain_norm(study: Study) -> Formula:
    return Norm(chain(study))


def sigma(k: Formula | str | int) -> Formula:
    """σ_k."""
    return Script(row("sigma"), k if isinstance(k, Formula) else row(str(k)))


def exponent(k: str) -> Formula:
    """λ_k."""
    return Script(row("lambda"), row(k))


def power(base: Formula, exponent: Formula) -> Formula:
    return Script(base, None, exponent)


def key_of(part: Part) -> object:
    """Parts with one key are told as one: the block that they stand in, or the weights that they go through."""
    if part.block is not None:
        return part.block
    return _weights(part) or part.node


def _weights(part: Part) -> Var | None:
    """The parameter that a product ends with, whatever number stands in front of it."""
    body = split_factor(part.node)[1]
    last = body.args[-1] if isinstance(body, MatMul) else None
    return last if isinstance(last, Var) else None


def name_of(study: Study, part: Part, *, product: bool) -> InlineLike:
    """``∂c_t/∂c_{t−1}`` for a block, ``through W_hn`` for a product of a sum, the formula of a link itself."""
    states = study.chain.trajectory.phase.states
    if part.block is not None:
        row_, column = part.block
        return row("partial", show(states[row_]), "/", "partial", show(lag(states[column])))
    weights = _weights(part)
    if weights is not None:
        return ("through ", show(weights))
    if product and part.is_slope:
        return ("slopes ", row(power(row("phi"), row("prime"))))
    return show(part.node)
