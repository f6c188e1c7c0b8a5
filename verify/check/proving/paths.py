"""Derivatives in the letters of the theory: what of the network lies between two quantities, by the chain rule.

a_t = ∂h_t/∂w, b_t = ∂f_t/∂w, c_t = ∂f_t/∂h_{t−1}, for each parameter w of the recurrence; and the local factors of a
step's loss, ∂ℓ_t/∂o_t, ∂o_t/∂s_t, ∂s_t/∂h_t and ∂s_t/∂w_o.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from derive.build import matmul, scale
from derive.expr import Identity, Node, Var
from derive.indices import N_OUTPUT, N_STATE, T, dimension
from derive.model import Model
from derive.prover.domain import length
from derive.prover.notes import BoundRange
from derive.sums import OrderedProduct, Sum
from verify.check.proving.conditions import Conditions, UntranslatableError
from verify.check.proving.worth import Worth

STATE, SCORE, OUT, LOSS, TOTAL = (
    "the state", "the score, before the output function", "the output", "the loss of one step", "the loss",
)  # fmt: skip
_BELOW = {LOSS: OUT, OUT: SCORE, SCORE: STATE}
"""What each depends on, within a step."""
_RULE = "the chain rule"


@dataclass(frozen=True)
class Spot:
    """A quantity at a step (``time`` is None for the loss); ``weights``: the name of a parameter instead."""

    about: str
    time: sp.Expr | None = None
    weights: str = ""


def suits(model: Model) -> bool:
    """Whether a step reaches the next through its one state alone."""
    main = model.main
    return (
        len(model.phases) == 1 and len(main.states) == 1 and main.cell.feedback is None
        and model.readout.output.target.head != main.states[0].head
    )  # fmt: skip


@dataclass(frozen=True)
class Paths:
    """``weight`` stands before the sum of the losses."""

    model: Model
    weight: sp.Expr
    conditions: Conditions

    def a(self, weights: str, time: sp.Expr) -> Node:
        return unknown(weights).at(time)

    def b(self, weights: str, time: sp.Expr) -> Node:
        return local(weights).at(time)

    def c(self, time: sp.Expr) -> Node:
        return JACOBIAN.at(time)

    def chain(self, last: sp.Expr, first: sp.Expr) -> Node:
        """c_last ⋯ c_first."""
        known = length(first, last)
        if known is not None and sp.expand(last - first) >= -1:
            return matmul(Identity(N_STATE), *(self.c(last - back) for back in range(known)))
        index = self.conditions.new("j")
        return OrderedProduct(self.c(index), index, first, last)

    def between(self, of: Spot, by: Spot, ranges: tuple[BoundRange, ...], *, apart: bool) -> Worth:
        """The derivative through everything.  ``apart``: the two steps are free, and the earlier one is meant by
        ``by``.  Raises UntranslatableError where the letters do not reach."""
        self.conditions.used[_RULE] = None
        for own in (of, by):
            self._there(own, ranges)
        if of.about == TOTAL:
            return self._of_total(by, ranges)
        if of.time is not None and by.time is not None:
            demand = self.conditions.exists if apart else self.conditions.must
            demand(of.time, by.time, ranges)
        return Worth(self._node(of, by, ranges), True, bool(by.weights))

    def _there(self, own: Spot, ranges: tuple[BoundRange, ...]) -> None:
        if own.time is None:
            return
        first = sp.Integer(0) if own.about == STATE else self.model.wiring.first
        self.conditions.exists(own.time, first, ranges)
        self.conditions.exists(T, own.time, ranges)

    def _node(self, of: Spot, by: Spot, ranges: tuple[BoundRange, ...]) -> Node:
        if of.about == STATE:
            return self._of_state(of, by)
        if of.about == by.about:
            if of.time is None or by.time is None or sp.expand(of.time - by.time) != 0:
                raise UntranslatableError("an output by the output of another step")
            return Identity(LOCAL[of.about].shape[0])
        if of.about == SCORE and by.weights in self._after():
            return after(by.weights).at(of.time)
        if of.about not in _BELOW or by.about in (LOSS, TOTAL):
            raise UntranslatableError(f"{of.about} by {by.about}")
        return matmul(LOCAL[of.about].at(of.time), self._node(Spot(_BELOW[of.about], of.time), by, ranges))

    def _of_state(self, of: Spot, by: Spot) -> Node:
        assert of.time is not None
        if by.weights in self._recurrent():
            return self.a(by.weights, of.time)
        if by.about != STATE or by.time is None:
            raise UntranslatableError(f"the state by {by.about}")
        return self.chain(of.time, by.time + 1)

    def _of_total(self, by: Spot, ranges: tuple[BoundRange, ...]) -> Worth:
        """weight · Σ ∂ℓ_s/∂by, over the steps with a loss that are not before it."""
        if by.about == OUT or by.about == SCORE:
            return Worth(scale(self.weight, self._node(Spot(LOSS, by.time), by, ranges)), True)
        if by.about != STATE and not by.weights:
            raise UntranslatableError(f"the loss by {by.about}")
        if self.model.wiring.single:
            return Worth(scale(self.weight, self._node(Spot(LOSS, T), by, ranges)), True, bool(by.weights))
        first = self.model.wiring.first
        if by.time is not None:
            self.conditions.must(by.time, first, ranges)
            first = by.time
        index = self.conditions.new("s")
        body = self._node(Spot(LOSS, index), by, ranges)
        return Worth(scale(self.weight, Sum(body, index, first, self.model.wiring.last)), True, bool(by.weights))

    def _recurrent(self) -> frozenset[str]:
        return frozenset(w.name for w in self.model.main.parameters)

    def _after(self) -> frozenset[str]:
        return frozenset(w.name for w in self.model.parameters_after)


JACOBIAN = Var("c", N_STATE, N_STATE, kind="jacobian")
LOCAL = {
    LOSS: Var("p", 1, N_OUTPUT, kind="seed"),
    OUT: Var("r", N_OUTPUT, N_OUTPUT, kind="jacobian"),
    SCORE: Var("v", N_OUTPUT, N_STATE, kind="jacobian"),
}
"""The factor of each by what it depends on."""


def _entries(weights: str) -> sp.Symbol:
    return dimension(f"q_{weights}")


def unknown(weights: str) -> Var:
    """a, of one parameter."""
    return Var(f"a_{weights}", N_STATE, _entries(weights), kind="unknown")


def local(weights: str) -> Var:
    """b, of one parameter."""
    return Var(f"b_{weights}", N_STATE, _entries(weights), kind="local")


def after(weights: str) -> Var:
    """∂s_t/∂w, of a parameter of the readout."""
    return Var(f"u_{weights}", N_OUTPUT, _entries(weights), kind="local")


__all__ = ["Paths", "Spot", "local", "suits", "unknown"]
