"""The letters of the general theory: a_t = b_t + c_t a_{t−1}, the seeds g_t and the adjoints δ_t.

They are variables of kinds of their own, so an LSTM's cell state c or a gate's bias b never meets them.  ``w`` stands
for the stacked entries of any one parameter of the cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import sympy as sp

from derive.build import ordered_product, transpose
from derive.derivatives import Call, Derivative
from derive.expr import Node, Var
from derive.indices import N_PARAMETER, i, j, t
from derive.model import Model
from derive.sums import OrderedProduct, Sum


@dataclass(frozen=True)
class Theory:
    """The general letters, in the sizes of one model."""

    model: Model

    @cached_property
    def state(self) -> Var:
        """h_t."""
        return self.model.output_state

    @property
    def size(self) -> sp.Expr:
        return self.state.shape[0]

    @cached_property
    def w(self) -> Var:
        """The entries of one parameter of the cell, in a column."""
        return Var("w_h", N_PARAMETER, 1, kind="weights")

    @cached_property
    def w_out(self) -> Var:
        """The parameters of the readout."""
        return Var("w_o", N_PARAMETER, 1, kind="weights")

    def a(self, time: sp.Expr | int = t) -> Var:
        """∂h_t/∂w, total."""
        return Var("a", self.size, N_PARAMETER, time, "unknown")

    def b(self, time: sp.Expr | int = t) -> Var:
        """∂f(x_t, h_{t−1}, w)/∂w, with h_{t−1} held."""
        return Var("b", self.size, N_PARAMETER, time, "local")

    def c(self, time: sp.Expr | int = t) -> Var:
        """∂f(x_t, h_{t−1}, w)/∂h_{t−1}."""
        return Var("c", self.size, self.size, time, "jacobian")

    def g(self, time: sp.Expr | int = t) -> Var:
        """The gradient of ℓ_t with respect to h_t through the output of step t alone."""
        return Var("g", self.size, 1, time, "seed")

    def delta(self, time: sp.Expr | int = t) -> Var:
        """The gradient of the summed loss with respect to h_t, through all later steps."""
        return Var("delta", self.size, 1, time, "unknown")

    def chain(self, last: sp.Expr | int, first: sp.Expr | int) -> OrderedProduct:
        """c_last ⋯ c_first."""
        return ordered_product(self.c(j), j, first, last)

    def f(self, time: sp.Expr | int = t, before: Node | None = None, weights: Var | None = None) -> Call:
        """f(x_t, h_{t−1}, w_h); ``before`` replaces h_{t−1}, ``weights`` names one parameter instead of any."""
        time = sp.sympify(time)
        inputs = tuple(variable.at(time) for variable in self.model.cell.inputs)
        return Call("f", self.state.at(time), *inputs, before or self.state.at(time - 1), weights or self.w)

    def readout(self, time: sp.Expr | int = t) -> Call:
        """g(h_t, w_o), which computes o_t."""
        output = self.model.readout.output.target
        return Call("g", output.at(sp.sympify(time)), self.state.at(time), self.w_out)

    def loss(self, time: sp.Expr | int = t) -> Call:
        """ℓ(y_t, o_t)."""
        readout = self.model.readout
        time = sp.sympify(time)
        target, output = readout.target.at(time), readout.output.target.at(time)
        return Call("ell", readout.loss.target.at(time), target, output)

    @property
    def total_gradient(self) -> Derivative:
        """∂L/∂w, a row."""
        return Derivative(self.model.total, self.w)

    def weighted_sum(self, body: Node) -> Node:
        """weight · Σ_{t=first}^{last} body: the sum over the steps that have a loss."""
        wiring = self.model.wiring
        return wiring.weight * Sum(body, t, wiring.first, wiring.last)

    @cached_property
    def expanded(self) -> Node:
        """Σ_{i=1}^{t} (∏_{j=i+1}^{t} c_j) b_i, the sum that a_t is."""
        return Sum(self.chain(t, i + 1) @ self.b(i), i, 1, t)

    def tail(self, first: sp.Expr) -> Node:
        """Σ_{t=first}^{last} (∏_{j=first+1}^{t} c_j)ᵀ g_t, the sum that δ_first is."""
        return Sum(transpose(self.chain(t, first + 1)) @ self.g(), t, first, self.model.wiring.last)
