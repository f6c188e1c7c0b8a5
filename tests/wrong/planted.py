"""Wrong derivations, one error each: the mistakes that people make, put into one step of a right derivation.

This is the only place where a derivative is written by hand, and every one of them is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from derive.build import hadamard, matmul, ordered_product, transpose
from derive.chapters.entries import COL, ROW
from derive.derivation import Derivation
from derive.derivatives import Derivative
from derive.entries import FIRST, Entry
from derive.expr import Diag, MatMul, Node, Scale, Transpose, Var
from derive.indices import T, i, j, t
from derive.sums import Sum, substitute
from derive.theory import Theory
from tests.derive.models import Names

RNN = Names(loss="softmax_cross_entropy")
Wrong = Callable[[Derivation, Theory], Node]


@dataclass(frozen=True)
class Planted:
    """An error: what people call it, the step it is planted in, what that step then claims, and of which model."""

    name: str
    step: str
    rhs: Wrong
    names: Names = RNN

    def plant(self, derivation: Derivation) -> Derivation:
        return derivation.with_step(self.step, rhs=self.rhs(derivation, Theory(derivation.model)))


def _parameter(theory: Theory, name: str) -> Var:
    return next(w for w in theory.model.parameters if w.name == name)


def _bar(derivation: Derivation, name: str) -> Var:
    found = next(s.lhs for s in derivation if isinstance(s.lhs, Var) and s.lhs.kind == "adjoint" and s.lhs.name == name)
    return found.at(t)


def _replaced(key: str, old: Callable[[Derivation, Theory], Node], new: Callable[[Derivation, Theory], Node]) -> Wrong:
    def wrong(derivation: Derivation, theory: Theory) -> Node:
        before = derivation[key].rhs
        after = substitute(before, {old(derivation, theory): new(derivation, theory)})
        assert after != before, f"nothing was replaced in {key}"
        return after

    return wrong


def transposed_weights(d: Derivation, th: Theory) -> Node:
    w = _parameter(th, "W_h")
    return substitute(d["gradient.delta"].rhs, {transpose(w): w})


def missing_slope(d: Derivation, th: Theory) -> Node:
    return th.delta()


def stale_subscripts(d: Derivation, th: Theory) -> Node:
    """The misprint of the source article: t, t−1 where j, j−1 and i, i−1 belong."""
    factor, last = Derivative(th.f(), th.state.at(t - 1)), Derivative(th.f(), th.w)
    return last + Sum(ordered_product(factor, j, i + 1, t) @ last, i, 1, t - 1)


def stale_last_factor(d: Derivation, th: Theory) -> Node:
    factor, last = Derivative(th.f(j), th.state.at(j - 1)), Derivative(th.f(), th.w)
    return last + Sum(ordered_product(factor, j, i + 1, t) @ last, i, 1, t - 1)


def _expansion(th: Theory, chain: Node, first: int = 1, last: Node | None = None) -> Node:
    return th.b() + Sum(chain @ th.b(i), i, first, t - 1 if last is None else last)


def reversed_product(d: Derivation, th: Theory) -> Node:
    ascending = Transpose(ordered_product(transpose(th.c(j)), j, i + 1, t))
    return _expansion(th, ascending)


def product_includes_i(d: Derivation, th: Theory) -> Node:
    return _expansion(th, th.chain(t, i))


def product_excludes_t(d: Derivation, th: Theory) -> Node:
    return _expansion(th, th.chain(t - 1, i + 1))


def sum_to_t(d: Derivation, th: Theory) -> Node:
    return _expansion(th, th.chain(t, i + 1), last=t)


def sum_from_two(d: Derivation, th: Theory) -> Node:
    return _expansion(th, th.chain(t, i + 1), first=2)


def without_weight(d: Derivation, th: Theory) -> Node:
    rhs = d["gradient.W_h"].rhs
    assert isinstance(rhs, Scale)
    return rhs.args[1]


def without_direct_term(d: Derivation, th: Theory) -> Node:
    before = th.state.at(t - 1)
    return Derivative(th.f(), before) @ Derivative(before, th.w)


def missing_factor(d: Derivation, th: Theory) -> Node:
    """The misprint of the source article: c_{t−2} is missing before a_{t−3}."""
    return th.b() + th.c() @ th.b(t - 1) + th.c() @ th.c(t - 1) @ th.b(t - 2) + th.c() @ th.c(t - 1) @ th.a(t - 3)


def only_the_diagonal(d: Derivation, th: Theory) -> Node:
    return hadamard(th.model.readout.output.target, _bar(d, "o"))


def outer_product_with_h_t(d: Derivation, th: Theory) -> Node:
    return th.weighted_sum(matmul(_bar(d, "z"), transpose(th.state)))


def dropped_bias(d: Derivation, th: Theory) -> Node:
    rhs, bias = d["model.z"].rhs, _parameter(th, "b_hh")
    return rhs - bias


def wrong_sign(d: Derivation, th: Theory) -> Node:
    return -d["seed.shortcut"].rhs


def adjoint_with_c_t(d: Derivation, th: Theory) -> Node:
    return th.g() + transpose(th.c()) @ th.delta(t + 1)


def tail_includes_own_factor(d: Derivation, th: Theory) -> Node:
    return Sum(transpose(th.chain(t, i)) @ th.g(), t, i, T)


def wrong_triangle(d: Derivation, th: Theory) -> Node:
    inner = Sum(th.g().T @ th.chain(t, i + 1) @ th.b(i), t, 1, i)
    return th.model.wiring.weight * Sum(inner, i, 1, T)


def jacobian_without_weights(d: Derivation, th: Theory) -> Node:
    rhs = d["local.c"].rhs
    assert isinstance(rhs, MatMul) and isinstance(rhs.args[0], Diag)
    return rhs.args[0]


def total_for_partial(d: Derivation, th: Theory) -> Node:
    return Derivative(th.state, th.w)


def sends_back_without_weights(d: Derivation, th: Theory) -> Node:
    return th.model.wiring.weight * _bar(d, "z").at(1)


def rtrl_without_direct_term(d: Derivation, th: Theory) -> Node:
    return d["form.carry_W_h"].rhs - d["local.b_W_h"].rhs


def swapped_indices(d: Derivation, th: Theory) -> Node:
    rhs, h, delta = d["entry.W_h"].rhs, th.state, th.delta()
    before = h.at(t - 1)
    table = {Entry(delta, ROW, FIRST): Entry(delta, COL, FIRST), Entry(before, COL, FIRST): Entry(before, ROW, FIRST)}
    return substitute(rhs, {**table, Entry(h, ROW, FIRST): Entry(h, COL, FIRST)})


def no_error_at_the_end(d: Derivation, th: Theory) -> Node:
    return 2 * th.g(T)


PLANTED = (
    Planted("transposed W_h", "gradient.delta", transposed_weights),
    Planted("missing φ′", "gradient.z-bar", missing_slope),
    Planted("stale subscripts everywhere", "back.state", stale_subscripts),
    Planted("stale subscript in the last factor", "back.state", stale_last_factor),
    Planted("product reversed", "expansion.collect", reversed_product),
    Planted("product starts one too early", "expansion.collect", product_includes_i),
    Planted("product ends one too early", "expansion.collect", product_excludes_t),
    Planted("sum ends one too late", "expansion.collect", sum_to_t),
    Planted("sum starts one too late", "expansion.collect", sum_from_two),
    Planted("missing 1/T", "gradient.W_h", without_weight),
    Planted("missing direct term", "recursion.total", without_direct_term),
    Planted("missing factor in an expansion line", "expansion.distribute2", missing_factor),
    Planted("softmax Jacobian without its off-diagonal", "seed.s", only_the_diagonal),
    Planted("h_t for h_{t-1} in the outer product", "gradient.W_h", outer_product_with_h_t),
    Planted("dropped bias", "model.z", dropped_bias),
    Planted("sign of the output error", "seed.shortcut", wrong_sign),
    Planted("adjoint carried by c_t", "adjoint.recursion", adjoint_with_c_t),
    Planted("tail with one factor too many", "adjoint.define", tail_includes_own_factor),
    Planted("sums exchanged over the wrong triangle", "adjoint.exchange", wrong_triangle),
    Planted("Jacobian without its weights", "local.c", jacobian_without_weights),
    Planted("φ′ of the step before", "local.c",
            _replaced("local.c", lambda d, th: th.state, lambda d, th: th.state.at(t - 1))),
    Planted("local term with h_t", "local.b_W_h",
            _replaced("local.b_W_h", lambda d, th: transpose(th.state.at(t - 1)), lambda d, th: transpose(th.state))),
    Planted("total for partial derivative", "recursion.b", total_for_partial),
    Planted("initial state without W_h", "gradient.h_0", sends_back_without_weights),
    Planted("forward accumulation without its direct term", "form.carry_W_h", rtrl_without_direct_term),
    Planted("indices of an entry swapped", "entry.W_h", swapped_indices),
    Planted("last step counted twice", "gradient.last", no_error_at_the_end),
)  # fmt: skip
