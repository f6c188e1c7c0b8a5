"""Wrong steps about growth, each with what must refute it, and that no proof and no theorem accepts it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import sympy as sp

from derive.assemble import derivation
from derive.build import matmul, ordered_product
from derive.cell import Cell, Equation, given, inner, lag, parameter, state
from derive.derivation import Derivation
from derive.expr import Fill, Node, Var
from derive.functions import Elementwise, Z
from derive.growth.formulas.assembled import steps
from derive.growth.formulas.below import linear, linear_steps
from derive.growth.formulas.nodes import Power, Radius, Size
from derive.growth.formulas.step import GrowthStep, named
from derive.indices import N_INPUT, N_STATE, T, i, t
from derive.model import Model, build
from derive.nonlinear import Map
from derive.sums import OrderedProduct, rewrite

STEEP = Elementwise("steep", sp.tanh(2 * Z))
"""sup|φ′| = 2: leaving γ out makes the bound too small."""


def steep_cell() -> Cell:
    """h_t = tanh(2 (W_h h_{t−1} + W_i x_t))."""
    h, x, z = state("h", N_STATE), given("x", N_INPUT), inner("z", N_STATE)
    W_h, W_i = parameter("W_h", N_STATE, N_STATE), parameter("W_i", N_STATE, N_INPUT)
    equations = (Equation(z, W_h @ lag(h) + W_i @ x), Equation(h, Map(STEEP, z)))
    return Cell("steep", "steep", (h,), (x,), (W_h, W_i), equations)


@cache
def derived(cell: str = "rnn", variant: str = "") -> Derivation:
    return derivation(steep() if cell == "steep" else build(cell, variant=variant, loss="squared_error"))


@cache
def steep() -> Model:
    return build(steep_cell(), loss="squared_error")


@cache
def told(cell: str, variant: str = "") -> tuple[Derivation, tuple[GrowthStep, ...]]:
    """A derivation with its steps about growth; the linear ones for the name ``linear``."""
    if cell == "linear":
        return linear()[0], linear_steps()
    return derived(cell, variant), steps(derived(cell, variant))


@dataclass(frozen=True)
class Planted:
    """A step of a cell's growth, and what becomes of it."""

    name: str
    cell: str
    key: str
    wrong: Callable[[GrowthStep], GrowthStep]
    variant: str = ""

    def plant(self) -> tuple[Derivation, tuple[GrowthStep, ...], GrowthStep]:
        """The derivation, all steps with the wrong one among them, and the wrong one."""
        found, right = told(self.cell, self.variant)
        planted = self.wrong(named(right, self.key))
        return found, tuple(planted if step.key == self.key else step for step in right), planted


def _reversed(step: GrowthStep) -> GrowthStep:
    return replace(step, lhs=step.rhs, rhs=step.lhs)


def _without_gamma(node: Node) -> Node:
    """γ σ₁ becomes σ₁."""

    def dropped(part: Node) -> Node | None:
        return Fill(1, 1, 1) if isinstance(part, Var) and part.name == "gamma" else None

    return rewrite(node, dropped)


def _with_radius(node: Node) -> Node:
    """The spectral radius in place of the largest singular value of a parameter."""

    def swapped(part: Node) -> Node | None:
        is_sigma = isinstance(part, Size) and isinstance(part.body, Var) and part.body.kind == "parameter"
        return Radius(part.body) if is_sigma else None

    return rewrite(node, swapped)


def _rhs(change: Callable[[Node], Node]) -> Callable[[GrowthStep], GrowthStep]:
    return lambda step: replace(step, rhs=change(step.rhs))


def _number(value: sp.Expr) -> Callable[[GrowthStep], GrowthStep]:
    return lambda step: replace(step, rhs=Fill(value, 1, 1))


def _exponent(change: Callable[[sp.Expr], sp.Expr]) -> Callable[[Node], Node]:
    def changed(node: Node) -> Node:
        assert isinstance(node, Power)
        return Power(node.base, change(node.exponent))

    return changed


def _last(node: Node) -> Node:
    """Of two terms or factors the second alone."""
    return node.parts[1]


def _doubled_left(step: GrowthStep) -> GrowthStep:
    return replace(step, lhs=matmul(Fill(2, 1, 1), step.lhs))


def _longer(node: Node) -> Node:
    """The product stops before the last factor."""
    assert isinstance(node, OrderedProduct)
    return ordered_product(node.body, node.index, node.lower, node.upper - 1)


PLANTED = (
    Planted("one factor too many", "rnn", "growth.count", _number(t - i + 1)),
    Planted("the longest too short", "rnn", "growth.longest", _number(T - 2)),
    Planted("the diagonal counted", "rnn", "growth.all", _number(t * (t + 1) / 2)),
    Planted("reversed", "rnn", "growth.submultiplicative", _reversed),
    Planted("a factor left out", "rnn", "growth.submultiplicative", _rhs(_longer)),
    Planted("the spectral radius", "rnn", "growth.factor", _rhs(_with_radius), "sigmoid"),
    Planted("the spectral radius of tanh", "rnn", "growth.factor", _rhs(_with_radius)),
    Planted("without gamma", "steep", "growth.factor", _rhs(_without_gamma)),
    Planted("without the leak", "leaky", "growth.factor", _rhs(_last)),
    Planted("reversed factor", "rnn", "growth.factor", _reversed),
    Planted("too high a power", "rnn", "growth.power", _rhs(_exponent(lambda e: e + 1))),
    Planted("the power of t", "rnn", "growth.bound", _rhs(_exponent(lambda e: e + i)), "sigmoid"),
    Planted("the radius reversed", "rnn", "growth.radius", _reversed),
    Planted("the least reversed", "rnn", "growth.least", _reversed),
    Planted("the least of a factor reversed", "rnn", "growth.least-factor", _reversed),
    Planted("one power too many", "linear", "linear.chain", _rhs(_exponent(lambda e: e + 1))),
    Planted("the radius above", "linear", "linear.below", _reversed),
    Planted("sigma below", "linear", "linear.above", _reversed),
    Planted("the radius for sigma", "linear", "linear.above", _rhs(_with_radius)),
    Planted("without the condition number", "linear", "linear.vectors", _rhs(_last)),
    Planted("every matrix normal", "linear", "linear.normal", lambda step: replace(step, needs="")),
    Planted("one power less", "linear", "linear.least", _doubled_left),
)  # fmt: skip
