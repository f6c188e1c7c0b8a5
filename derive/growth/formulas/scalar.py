"""The network of one unit, h_t = φ(w h_{t−1} + …): P(t, i) = w^{t−i} ∏ φ′(z_j), and why saturation holds it back.

At a fixed point h = φ(w h) of the network without input every factor is the multiplier m = w φ′(w h), so that
P(t, i) = m^{t−i}.  For tanh, with z = w h ≠ 0 and w = z / tanh z,

    m = w (1 − h²) = (z / tanh z)(1 − tanh² z) = 2z / sinh 2z,

which is less than 1, since sinh y − y starts at 0 and rises: its derivative is cosh y − 1 = 2 sinh²(y/2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import sympy as sp

from derive.derivation import Derivation
from derive.errors import ProofError
from derive.functions import Elementwise, Z
from derive.growth.formulas.one_unit import OneUnit, scalar, shared
from derive.indices import j, t
from derive.nonlinear import Map
from derive.theory import Theory

y, lag = sp.Symbol("y", real=True), sp.Symbol("k", integer=True, nonnegative=True)


@dataclass(frozen=True)
class ScalarCell:
    """A derivation of a vanilla network, read for one unit.  Its properties raise ValueError for another cell."""

    derivation: Derivation

    @cached_property
    def theory(self) -> Theory:
        return Theory(self.derivation.model)

    @cached_property
    def function(self) -> Elementwise:
        """φ."""
        found = [e.expression.function for e in self.theory.equations if isinstance(e.expression, Map)]
        if len(found) != 1:
            raise ValueError(f"a vanilla network has one function, this one has {len(found)}")
        return found[0]

    @cached_property
    def factor(self) -> sp.Expr:
        """c_t of one unit, from the derivation's own ``local.c``: (1 − h_t²) w.

        Raises ValueError where a step hands on more than one state.
        """
        if len(self.theory.phase.states) != 1:
            raise ValueError("one unit of this network has more than one state")
        return scalar(self.derivation[self.theory.key("local.c")].rhs, OneUnit())

    @cached_property
    def weight(self) -> sp.Symbol:
        """w, the parameter in the factor.  Raises ValueError where it is not one factor of c_t."""
        named = [w.name for w in self.theory.phase.parameters if self.factor.has(shared(w.name))]
        if len(named) != 1 or not (self.factor / shared(named[0])).is_polynomial(shared(named[0])):
            raise ValueError(f"{self.factor} is not one weight times a slope")
        return shared(named[0])

    @cached_property
    def slope(self) -> sp.Expr:
        """φ′(z_t) as the derivation writes it, in h_t."""
        found = sp.cancel(self.factor / self.weight)
        if found.has(self.weight):
            raise ValueError(f"{self.factor} is not {self.weight} times a slope")
        return found

    @cached_property
    def chain(self) -> sp.Expr:
        """w^{t−i} ∏_{j=i+1}^{t} φ′(z_j)."""
        early = self.theory.early
        return self.weight ** (t - early) * sp.Product(self.slope.subs(t, j), (j, early + 1, t))

    def proof(self) -> Iterator[str]:
        """By induction on t.  Raises ProofError where a step fails."""
        early = self.theory.early
        if sp.simplify(self.chain.subs(t, early).doit() - 1) != 0:
            raise ProofError("the empty chain is not 1")
        yield f"base case t = {early}: both are 1"
        weights = sp.simplify(self.weight ** (t - early) / self.weight ** (t - 1 - early))
        if sp.expand(weights * self.slope - self.factor) != 0:
            raise ProofError(f"one step more is not the factor {self.factor}")
        yield f"induction step: one factor {self.factor} more on both sides"

    @cached_property
    def multiplier(self) -> sp.Expr:
        """m at a fixed point, w times the slope there, in h."""
        h = sp.Function(self.theory.state.name)
        return self.factor.subs(h(t), fixed)

    def multiplier_in_z(self) -> sp.Expr:
        """m where w is z / φ(z): the fixed points of all networks, by z = w h ≠ 0."""
        value = self.function.expr
        return self.multiplier.subs(self.weight, Z / value).subs(fixed, value)


fixed = sp.Symbol("h", real=True)
"""A state with h = φ(w h)."""


def saturation(cell: ScalarCell) -> Iterator[str]:
    """m < 1 at every fixed point of a tanh network other than 0.  Raises ProofError where a line fails, as for ReLU."""
    exact = sp.simplify((cell.multiplier_in_z() - 2 * Z / sp.sinh(2 * Z)).rewrite(sp.exp))
    if exact != 0:
        raise ProofError(f"the multiplier is not 2z/sinh 2z but differs from it by {exact}")
    yield "m = 2z / sinh 2z, an identity of rational functions of z and exp z"
    rise = sp.diff(sp.sinh(y) - y, y)
    if sp.simplify((rise - 2 * sp.sinh(y / 2) ** 2).rewrite(sp.exp)) != 0:
        raise ProofError("the derivative of sinh y − y is no square")
    yield "sinh y − y is 0 at 0 and has the derivative 2 sinh²(y/2) > 0, so sinh 2z > 2z for z > 0, and m < 1"
    if cell.multiplier_in_z().subs(Z, -Z).simplify() != cell.multiplier_in_z().simplify():
        raise ProofError("the multiplier is not even in z")
    yield "m is even in z, so the same holds for z < 0"
