"""The letters of the general theory: a_t = b_t + c_t a_{t−1}, the seeds g_t and the adjoints δ_t, of one phase.

They are variables of kinds of their own, so an LSTM's cell state c or a gate's bias b never meets them; where they
would look alike in print, the theory takes other letters.  ``w`` stands for the stacked entries of any one parameter
of the recurrence.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import sympy as sp

from derive.accumulate import Backward, backward
from derive.build import ordered_product, part, stack, transpose
from derive.cell import Equation
from derive.derivatives import Call, Derivative
from derive.expr import Node, Var, ones, zeros
from derive.first_order import FirstOrder
from derive.indices import N_PARAMETER, i, j, k, scalar, t
from derive.model import Model
from derive.phase import Phase, marked
from derive.sums import OrderedProduct, Sum, reindex

_SMALL = {"a": "a", "b": "b", "c": "c", "g": "g", "delta": "delta", "f": "f", "out": "g"}
_LARGE = {"a": "A", "b": "B", "c": "C", "g": "G", "delta": "delta", "f": "Phi", "out": "Psi"}
"""Letters by their part, and what stands for all of them where the model has a quantity of such a name."""


@dataclass(frozen=True)
class Theory:
    """The general letters, in the sizes of one phase of a model (the one with the losses, unless another is named)."""

    model: Model
    place: int = -1
    """The phase, counted from the end."""

    @cached_property
    def phase(self) -> Phase:
        return self.model.phases[self.place]

    @cached_property
    def first_order(self) -> FirstOrder:
        return FirstOrder(self.phase)

    @property
    def is_main(self) -> bool:
        """Whether this phase has the losses."""
        return self.phase is self.model.main

    @property
    def sends_back(self) -> bool:
        """Whether this phase is started by another, whose gradients it seeds."""
        return -self.place < len(self.model.phases)

    @cached_property
    def next(self) -> Theory:
        """The theory of the phase that this one starts."""
        return Theory(self.model, self.place + 1)

    def key(self, key: str) -> str:
        """The key of a step of this phase: ``encoder:local.c``."""
        return f"{self.phase.name}:{key}" if self.phase.name else key

    @cached_property
    def state(self) -> Var:
        """h_t, or all states of a step in one column."""
        return self.phase.state

    @property
    def equations(self) -> tuple[Equation, ...]:
        return self.phase.equations

    @property
    def size(self) -> sp.Expr:
        return self.state.shape[0]

    @property
    def length(self) -> sp.Symbol:
        return self.phase.length

    @cached_property
    def _names(self) -> frozenset[str]:
        used = {e.target.name for e in self.model.equations} | {e.target.name for e in self.equations}
        return frozenset(name.partition("_")[0].partition("^")[0] for name in used)

    def _letter(self, role: str) -> str:
        letters = _LARGE if self._names & {*_SMALL.values()} else _SMALL
        return marked(letters[role], self.phase.mark)

    @cached_property
    def early(self) -> sp.Symbol:
        """The index of the earlier step of a pair: i, unless the model has a quantity of that name."""
        return k if "i" in self._names else i

    @cached_property
    def w(self) -> Var:
        """The entries of one parameter of the recurrence, in a column."""
        return Var(marked("w_h", self.phase.mark), N_PARAMETER, 1, kind="weights")

    @cached_property
    def w_out(self) -> Var:
        """The parameters of the readout."""
        return Var("w_o", N_PARAMETER, 1, kind="weights")

    def a(self, time: sp.Expr | int = t) -> Var:
        """∂h_t/∂w, total."""
        return Var(self._letter("a"), self.size, N_PARAMETER, time, "unknown")

    def b(self, time: sp.Expr | int = t) -> Var:
        """∂f(x_t, h_{t−1}, w)/∂w, with h_{t−1} held."""
        return Var(self._letter("b"), self.size, N_PARAMETER, time, "local")

    def c(self, time: sp.Expr | int = t) -> Var:
        """∂f(x_t, h_{t−1}, w)/∂h_{t−1}."""
        return Var(self._letter("c"), self.size, self.size, time, "jacobian")

    def g(self, time: sp.Expr | int = t) -> Var:
        """The gradient of the loss of step t with respect to h_t, through the output of step t alone."""
        return Var(self._letter("g"), self.size, 1, time, "seed")

    def delta(self, time: sp.Expr | int = t) -> Var:
        """The gradient of the summed loss with respect to h_t, through all later steps."""
        return Var(self._letter("delta"), self.size, 1, time, "unknown")

    def delta_of(self, state: Var) -> Var:
        """The part of δ_t that belongs to one of the states."""
        if len(self.phase.states) == 1:
            return self.delta(state.args[3])
        return Var(f"delta_{state.name}", *state.shape, state.args[3], "unknown")

    @cached_property
    def sweep(self) -> Backward:
        """The reverse sweep through one step, seeded with δ_t, a part of it for every state.

        It arrives at the lagged states and at the parameters.
        """
        return self.first_order.swept({state: self.delta_of(state) for state in self.phase.states})

    @cached_property
    def readout_sweep(self) -> Backward:
        """The reverse sweep through loss, output and score, seeded with dℓ_t = 1, at a step t with a loss."""
        model = self.model
        sources = [*self.phase.states, *model.parameters_after]
        return backward(model.after, {model.readout.loss.target: ones(1)}, sources)

    def part(self, column: Node, state: Var) -> Node:
        """The rows of a stacked column that belong to one of the states."""
        place = self.phase.states.index(state)
        return part(column, state.name, self.phase.heights, place)

    def chain(self, last: sp.Expr | int, first: sp.Expr | int) -> OrderedProduct:
        """c_last ⋯ c_first."""
        return ordered_product(self.c(j), j, first, last)

    def f(self, time: sp.Expr | int = t, before: Node | None = None, weights: Var | None = None) -> Call:
        """f(x_t, h_{t−1}, w_h); ``before`` replaces h_{t−1}, ``weights`` names one parameter instead of any."""
        time = scalar(time)
        inputs = tuple(variable.at(time) for variable in self.phase.inputs)
        before = before or self.state.at(time - 1)
        return Call(self._letter("f"), self.state.at(time), *inputs, before, weights or self.w)

    @property
    def shows_its_state(self) -> bool:
        """Whether the output is the state, so that nothing lies between the state and the loss."""
        return self.is_main and self.model.readout.output.target.letter == self.state.letter

    def readout(self, time: sp.Expr | int = t) -> Call:
        """g(h_t, w_o), which computes o_t."""
        output = self.model.readout.output.target
        weights = (self.w_out,) if self.model.parameters_after else ()
        return Call(self._letter("out"), output.at(scalar(time)), self.state.at(time), *weights)

    def loss(self, time: sp.Expr | int = t) -> Call:
        """ℓ(y_t, o_t)."""
        readout = self.model.readout
        time = scalar(time)
        target, output = readout.target.at(time), readout.output.target.at(time)
        return Call("ell", readout.loss.target.at(time), target, output)

    @property
    def total_gradient(self) -> Derivative:
        """∂L/∂w, a row."""
        return Derivative(self.model.total, self.w)

    @property
    def first(self) -> sp.Expr:
        """The first step that is followed by something the loss sees directly."""
        return self.model.wiring.first if self.is_main else self.length

    @property
    def last(self) -> sp.Expr:
        return self.model.wiring.last if self.is_main else self.length

    @property
    def single(self) -> bool:
        """Whether only the last step leads to the loss without passing a later one."""
        return bool(self.first == self.last)

    @property
    def weight(self) -> sp.Expr:
        return self.model.wiring.weight

    @property
    def seeded(self) -> sp.Expr:
        """The time of a step with a loss: t, or T where it is the only one."""
        return self.last if self.single else t

    def at_loss(self, node: Node) -> Node:
        """A node about step t, said of a step with a loss."""
        return reindex(node, {t: self.last}) if self.single else node

    def summed(self, body: Node) -> Node:
        """Σ_{t=first}^{last} body, over the steps that have a loss; a single one has no sum sign."""
        return self.at_loss(body) if self.single else Sum(body, t, self.first, self.last)

    def weighted_sum(self, body: Node) -> Node:
        """weight · Σ_{t=first}^{last} body."""
        return self.weight * self.summed(body)

    def seed(self) -> Node:
        """What a step before the last gets from its own loss: g_t, or nothing."""
        return zeros(self.size) if self.single else self.g()

    @property
    def seed_key(self) -> str:
        """The key of the step that computes g_t."""
        return "seed.g" if self.is_main else "crossing.g"

    def row_of(self, state: Var) -> int:
        return self.phase.states.index(state)

    @cached_property
    def expanded(self) -> Node:
        """Σ_{i=1}^{t} (∏_{j=i+1}^{t} c_j) b_i, the sum that a_t is."""
        e = self.early
        return Sum(self.chain(t, e + 1) @ self.b(e), e, 1, t)

    def tail(self, first: sp.Expr) -> Node:
        """Σ_{t=first}^{last} (∏_{j=first+1}^{t} c_j)ᵀ g_t, the sum that δ_first is."""
        body = transpose(self.chain(t, first + 1)) @ self.g()
        return self.at_loss(body) if self.single else Sum(body, t, first, self.last)

    def split_delta(self, time: sp.Expr = t) -> Node:
        """δ_t written with the parts that belong to each state."""
        return stack(*(self.delta_of(state.at(time)) for state in self.phase.states))


def theories(model: Model) -> tuple[Theory, ...]:
    """Of every phase: the one with the losses first, since it tells the earlier ones what to send back."""
    return tuple(Theory(model, place) for place in range(-1, -1 - len(model.phases), -1))
