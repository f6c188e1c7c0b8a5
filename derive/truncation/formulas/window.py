"""A window of τ steps: what is kept of a_t, what is left out, the bias, and the same from the side of δ_i.

Kept are the lags t − i = 0, …, τ − 1, that is b_t, …, b_{t−τ+1}.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from derive.build import transpose
from derive.expr import Node, zeros
from derive.growth.formulas.step import GrowthStep, Relation
from derive.indices import s, t
from derive.prover import Rewriting, over
from derive.sums import Sum
from derive.theory import Theory
from derive.truncation.formulas.letters import Letters, tau
from derive.truncation.formulas.specialised import Renaming, Specialised, Unfolded
from derive.truncation.formulas.splitting import Splitting

NEEDS = "window"
width = sp.Symbol("l", integer=True)
"""How many steps a growing window holds."""
_EQUAL = Relation.EQUAL


def steps(theory: Theory) -> tuple[GrowthStep, ...]:
    """The forward side, the bias, and the backward side."""
    bias = _bias_of_one if theory.single else _bias
    return (*_forward(theory), *bias(theory), *_backward(theory))


def _expanded(theory: Theory, first: sp.Expr) -> Sum:
    """Σ_{i=first}^{t} P(t, i) b_i."""
    i = theory.early
    return Sum(theory.chain(t, i + 1) @ theory.b(i), i, first, t)


def _from(theory: Theory, first: sp.Expr) -> Node:
    """The terms after step ``first``, and what all before it amount to."""
    return _expanded(theory, first + 1) + theory.chain(t, first + 1) @ theory.a(first)


def _forward(theory: Theory) -> Iterator[GrowthStep]:
    own, a, T_ = Letters(theory), theory.a, theory.length
    some, within = over(tau, 1, T_), over(t, tau, T_)
    beyond = (over(tau, 1, T_), over(t, tau + 1, T_))
    yield GrowthStep(
        "window.from", a(), _EQUAL, _from(theory, s), "empty product",
        ("The expansion, stopped at any earlier step ", s, "; the lone ", theory.b(), " is the term of an empty "
         "product."),
        (over(t, 1, T_), over(s, 0, t - 1)), Rewriting(start="expansion.stop"), NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "window.tail", a(), _EQUAL, _from(theory, t - tau), "stop after τ terms",
        ("Stop at ", s, " = ", t - tau, ": first the ", tau, " latest terms, then all the others in closed form."),
        (some, within), Specialised("window.from", s, t - tau), NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "window.define", own.z(), _EQUAL, _expanded(theory, t - tau + 1), "definition",
        ("The window keeps the lags 0 to ", tau - 1, ", no more than ", tau - 1, " factors ", theory.c(), "."),
        beyond, None, NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "window.whole", own.z(), _EQUAL, a(), "definition",
        ("Up to step ", tau, " the window reaches the beginning: nothing is left out."),
        (over(t, 1, tau),), None, NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "window.rest", own.rest(), _EQUAL, theory.chain(t, t - tau + 1) @ a(t - tau), "definition",
        ("What is left out: every term of lag ", tau, " or more.",), beyond, None, NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "window.sum", a(), _EQUAL, own.z() + own.rest(), "naming", ("The two parts by name.",), beyond,
        Renaming("window.tail", ("window.define", "window.rest")), NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "window.less", own.z(), _EQUAL, a() - own.rest(), "rearranging", ("Hence what the window gives.",), beyond,
        Rewriting(using=("window.sum",)), NEEDS,
    )  # fmt: skip


def full(theory: Theory) -> Node:
    """weight · Σ_t g_tᵀ a_t, the full gradient."""
    return theory.weighted_sum(theory.g().T @ theory.a())


def estimated(theory: Theory) -> Node:
    """weight · Σ_t g_tᵀ z_t, what truncation gives."""
    return theory.weighted_sum(theory.g().T @ Letters(theory).z())


def _bias(theory: Theory) -> Iterator[GrowthStep]:
    own, T_ = Letters(theory), theory.length
    some = (over(tau, 1, T_),)

    def left_out(term: Node) -> Node:
        return theory.weight * Sum(theory.g().T @ term, t, tau + 1, T_)

    yield GrowthStep(
        "window.bias", full(theory) - estimated(theory), _EQUAL, left_out(own.rest()), "split the sum",
        ("Up to step ", tau, " nothing is missing; after it the rest is.",), some,
        Splitting(using=("window.whole", "window.less"), index=t, last=tau), NEEDS,
    )  # fmt: skip
    closed = theory.chain(t, t - tau + 1) @ theory.a(t - tau)
    yield GrowthStep(
        "window.closed", full(theory) - estimated(theory), _EQUAL, left_out(closed), "naming",
        ("The bias in closed form: an error at step ", t, " meets what has come ", tau, " steps through the chain.",),
        some, Unfolded("window.bias", "window.rest"), NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "window.zero", left_out(own.rest()), _EQUAL, zeros(1, theory.a().shape[1]), "empty sum",
        ("A window as long as the sequence has no bias.",), (over(T_, 1, tau),), Rewriting(), NEEDS,
    )  # fmt: skip


def _bias_of_one(theory: Theory) -> Iterator[GrowthStep]:
    """Where the last step has the only loss: one term, and none where the window holds all steps."""
    own, T_ = Letters(theory), theory.length
    yield GrowthStep(
        "window.bias", full(theory) - estimated(theory), _EQUAL,
        theory.weight * theory.at_loss(theory.g().T @ own.rest()), "split off the rest",
        ("One loss, and one rest.",), (over(tau, 1, T_ - 1),), Rewriting(using=("window.less",)), NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "window.closed", full(theory) - estimated(theory), _EQUAL,
        theory.weight * theory.at_loss(theory.g().T @ theory.chain(t, t - tau + 1) @ theory.a(t - tau)), "naming",
        ("The bias in closed form.",), (over(tau, 1, T_ - 1),), Unfolded("window.bias", "window.rest"), NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "window.zero", full(theory) - estimated(theory), _EQUAL, zeros(1, theory.a().shape[1]), "nothing left out",
        ("A window as long as the sequence has no bias.",), (over(T_, 1, tau),), Rewriting(using=("window.whole",)),
        NEEDS,
    )  # fmt: skip


def _collected(theory: Theory, first: sp.Expr, last: sp.Expr) -> Node:
    """Σ_{t=first}^{last} P(t, first)ᵀ g_t."""
    return Sum(transpose(theory.chain(t, first + 1)) @ theory.g(), t, first, last)


def _backward(theory: Theory) -> Iterator[GrowthStep]:
    i, T_ = theory.early, theory.length

    def seen(last: sp.Expr) -> Node:
        """From the errors before step ``last``, and from all that come through it."""
        through = transpose(theory.chain(last, i + 1)) @ theory.delta(last)
        return through if theory.single else _collected(theory, i, last - 1) + through

    yield GrowthStep(
        "window.delta", theory.delta(i), _EQUAL, seen(s), "split the sum",
        ("From the other end: what step ", i, " does to the errors before step ", s, ", and to those from it on."),
        (over(i, 1, T_), over(s, i, T_)), Rewriting(using=("adjoint.define",)), NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "window.kept", theory.delta(i), _EQUAL, seen(i + tau), "stop after τ terms",
        ("With the window the first part is kept, and the second is dropped.",) if not theory.single
        else ("With the window it is dropped: ", tau, " steps do not reach the loss."),
        (over(tau, 1, T_), over(i, 1, T_ - tau)), Specialised("window.delta", s, i + tau), NEEDS,
    )  # fmt: skip
    if not theory.single:
        yield from _programmed(theory)


def _programmed(theory: Theory) -> Iterator[GrowthStep]:
    """Windows that grow by one step on the way back."""
    i, T_ = theory.early, theory.length

    def peeled(last: sp.Expr) -> Node:
        return theory.g(i) + theory.c(i + 1).T @ _collected(theory, i + 1, last)

    yield GrowthStep(
        "window.peel", _collected(theory, i, s), _EQUAL, peeled(s), "peel the sum",
        ("Split off the first term; in all others the rightmost factor is ", theory.c(i + 1), "."),
        (over(i, 1, T_ - 1), over(s, i, T_)), Rewriting(), NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "window.grow", _collected(theory, i, i + width - 1), _EQUAL, peeled(i + width - 1), "peel the sum",
        ("As it is programmed: ", width, " steps from ", i, " are one step more than ", width - 1, " from ", i + 1,
         ", so a sweep carries the windows of every length up to ", tau, "."),
        (over(width, 2, T_), over(i, 1, T_ - width + 1)), Specialised("window.peel", s, i + width - 1), NEEDS,
    )  # fmt: skip
