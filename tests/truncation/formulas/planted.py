"""Wrong steps about truncation, each a mistake that somebody makes, and what has to be said of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import sympy as sp

from derive.assemble import derivation
from derive.build import matmul, scale
from derive.derivation import Derivation
from derive.expr import Fill, MatMul, Node, Transpose, Var
from derive.growth.formulas.nodes import Size
from derive.growth.formulas.step import GrowthStep, named
from derive.indices import t
from derive.model import build
from derive.sums import OrderedProduct, Sum, reindex, rewrite
from derive.truncation.formulas.assembled import steps
from derive.truncation.formulas.letters import kappa, pi, xi

Change = Callable[[Node], Node]


@cache
def derived(cell: str = "rnn", wiring: str = "every") -> Derivation:
    return derivation(build(cell, wiring=wiring, loss="squared_error"))


@cache
def told(cell: str = "rnn", wiring: str = "every") -> tuple[GrowthStep, ...]:
    return steps(derived(cell, wiring))


@dataclass(frozen=True)
class Planted:
    """A step with another right-hand side; ``wiring`` is where it is told so."""

    name: str
    key: str
    change: Change
    wiring: str = "every"

    def plant(self) -> tuple[tuple[GrowthStep, ...], GrowthStep]:
        """All steps with the wrong one among them, and the wrong one."""
        right = told(wiring=self.wiring)
        step = named(right, self.key)
        wrong = replace(step, rhs=self.change(step.rhs))
        assert wrong != step, self.name
        return tuple(wrong if own is step else own for own in right), wrong


def _sums(shift: Callable[[Sum], tuple[sp.Expr, sp.Expr]]) -> Change:
    """Other limits of the outermost sums."""

    def changed(node: Node) -> Node:
        def moved(part: Node) -> Node | None:
            return Sum(part.body, part.index, *shift(part)) if isinstance(part, Sum) else None

        return rewrite(node, moved)

    return changed


def _products(change: Callable[[OrderedProduct], Node]) -> Change:
    return lambda node: rewrite(node, lambda part: change(part) if isinstance(part, OrderedProduct) else None)


def _at(name: str, kind: str, by: int) -> Change:
    """A letter at another time."""

    def changed(node: Node) -> Node:
        def moved(part: Node) -> Node | None:
            hit = isinstance(part, Var) and part.letter == (name, kind) and part.time is not None
            return part.at(part.args[3] + by) if hit else None

        return rewrite(node, moved)

    return changed


def _scalars(change: Callable[[sp.Expr], sp.Expr]) -> Change:
    """Another number in front of everything, or in a number."""

    def changed(node: Node) -> Node:
        def moved(part: Node) -> Node | None:
            if type(part).__name__ == "Scale":
                return scale(change(part.args[0]), changed(part.args[1]))
            return Fill(change(part.value), *part.shape) if isinstance(part, Fill) else None

        return rewrite(node, moved)

    return changed


def _plain(node: Node) -> Var:
    """A letter, or the letter under a transpose; another one for anything else."""
    inner = node.args[0] if isinstance(node, Transpose) else node
    return inner if isinstance(inner, Var) else Var("none", 1)


def _swapped(node: Node) -> Node:
    """c z as (cᵀ) z: the factor on the wrong side."""

    def moved(part: Node) -> Node | None:
        if not isinstance(part, MatMul):
            return None
        args = tuple(a.T if _plain(a).letter[1:] == ("jacobian",) else a for a in part.args)
        return matmul(*args)

    return rewrite(node, moved)


def _first_term(node: Node) -> Node:
    return node.args[0]


def _last_term(node: Node) -> Node:
    return node.args[-1]


def _replaced(old: sp.Expr, new: sp.Expr) -> Change:
    return _scalars(lambda value: value.xreplace({old: new}))


PLANTED = (
    Planted("a window of one term more", "window.tail", _sums(lambda s: (s.lower - 1, s.upper))),
    Planted("a window of one term less", "window.define", _sums(lambda s: (s.lower + 1, s.upper))),
    Planted("the rest begins one step late", "window.tail", _at("a", "unknown", -1)),
    Planted("a factor missing in the rest", "window.rest",
            _products(lambda p: OrderedProduct(p.body, p.index, p.lower + 1, p.upper))),
    Planted("the rest forgotten", "window.tail", _first_term),
    Planted("the bias from step tau on", "window.bias", _sums(lambda s: (s.lower + 1, s.upper))),
    Planted("the bias with the wrong sign", "window.closed", lambda node: -node),
    Planted("the bias not weighted", "window.bias", lambda node: 2 * node),
    Planted("the chain the wrong way round", "window.delta", _products(lambda p: p.T), ),
    Planted("what comes through one step early", "window.kept", _at("delta", "unknown", -1)),
    Planted("the factor of the same step", "window.peel", _at("c", "jacobian", -1)),
    Planted("the own error forgotten", "window.grow", _last_term),
    Planted("the size of b left out", "tail.sizes", lambda node: rewrite(
        node, lambda part: Fill(0, 1, 1) if isinstance(part, Size) and isinstance(part.body, Var) else None)),
    Planted("one lag less", "tail.lags", _sums(lambda s: (s.lower + 1, s.upper))),
    Planted("fades one lag too soon", "tail.faded", _scalars(lambda v: v * sp.Symbol("beta", nonnegative=True))),
    Planted("the sum of the source without the shift", "tail.bound",
            _scalars(lambda v: v * sp.Symbol("beta", nonnegative=True) ** 3)),
    Planted("no number before the factor", "links.run", _replaced(xi(t), sp.Integer(1))),
    Planted("the number of the step before", "links.run", _replaced(xi(t), xi(t - 1))),
    Planted("the weights of the step itself", "links.weights", _scalars(
        lambda v: v.replace(lambda e: isinstance(e, sp.Product),
                            lambda e: sp.Product(e.function, (e.limits[0][0], e.limits[0][1] - 1, e.limits[0][2]))))),
    Planted("the weights up to the step before", "links.weights", _scalars(
        lambda v: v.replace(lambda e: isinstance(e, sp.Product),
                            lambda e: sp.Product(e.function, (e.limits[0][0], e.limits[0][1], e.limits[0][2] - 1))))),
    Planted("the number of the same step, backwards", "links.back", _replaced(xi(t + 1), xi(t))),
    Planted("the factor not transposed", "links.back", _swapped),
    Planted("the error compensated in whole", "error.recurrence", _replaced(xi(t) - 1, xi(t))),
    Planted("the error on the wrong side", "error.recurrence", _swapped),
    Planted("the error of the same step", "error.identity", _at("Z", "unknown", 1)),
    Planted("the identity without the minus one", "error.identity",
            _scalars(lambda v: v + 1 if v.has(xi) else v)),
    Planted("the borders one step early", "chunks.bias", lambda node: rewrite(
        node, lambda part: Sum(reindex(part.body, {part.index: part.index - 1}), *part.args[1:])
        if isinstance(part, Sum) and part.index.name == "m" else None)),
    Planted("a border too many", "chunks.bias", _sums(
        lambda s: (s.lower, s.upper + 1) if s.index.name == "m" else (s.lower, s.upper))),
    Planted("the chunks add", "chunks.bias", lambda node: -node),
    Planted("the mean of what is kept", "mean.law", lambda node: Fill(1 - kappa(t - 1), 1, 1)),
    Planted("the mean shrinks", "mean.recurrence", lambda node: scale(sp.Rational(1, 2), node)),
    Planted("the mean of the step before", "mean.equal", _at("a", "unknown", -1)),
    Planted("the exact step is of the same time", "onestep.define", _at("a", "unknown", 1)),
    Planted("the two estimates differ by the whole", "onestep.difference", _swapped),
    Planted("the second moment of the factor", "variance.law", lambda node: Fill(1 / pi(t), 1, 1)),
    Planted("the covariance without the past's variance", "variance.martingale", _at("Z", "unknown", -1)),
    Planted("the covariance weighted once", "variance.martingale", lambda node: 2 * node),
    Planted("the variance not blown up", "variance.recursion",
            lambda node: Fill(sp.expand(node.args[0]).subs(pi(t), 1) + (1 / pi(t) - 1), 1, 1)),
    Planted("min for max", "variance.sum", _scalars(
        lambda v: v.replace(sp.Max, lambda *a: sum(a) - sp.Max(*a)))),
    Planted("the second moment for the variance", "variance.sum", _scalars(
        lambda v: v.replace(lambda e: isinstance(e, sp.Add) and e.has(sp.Product), lambda e: e + 1))),
    Planted("the one-step variance with 1/pi", "variance.onestep",
            lambda node: Fill(node.args[0] * 2, 1, 1)),
    Planted("the state one step early", "constant.state", lambda node: Fill(node.args[0].subs(t, t - 1), 1, 1)),
    Planted("the solution of twice the share", "constant.solution", lambda node: 2 * node),
    Planted("another limit", "constant.limit", lambda node: 2 * node),
    Planted("the bias of the last step, one factor less", "window.closed",
            _products(lambda p: OrderedProduct(p.body, p.index, p.lower + 1, p.upper)), "last"),
    Planted("the error of the last step, one step off", "error.identity", _at("Z", "unknown", 1), "last"),
)  # fmt: skip
