"""From the decoder into the encoder: the gradient crosses at the one state that both share."""

from __future__ import annotations

import sympy as sp

from derive.accumulate import Backward, backward
from derive.build import scale, stack
from derive.cell import lag
from derive.derivation import Section, Step
from derive.derivatives import Derivative
from derive.expr import Node, Var
from derive.indices import t
from derive.prover import Naming
from derive.sums import reindex
from derive.theory import Theory

ENCODER = Section(
    "crossing",
    "Across, into the encoder",
    ("The encoder reaches the loss through its final state alone, which starts the decoder. What the decoder's first "
     "step sends back to that state is the seed of a sweep through the encoder.",),
)  # fmt: skip


def sweep(theory: Theory) -> Backward:
    """What arrives at the encoder's final states, from what the decoder's first step sends back to its own start."""
    decoder = theory.next
    sent = decoder.sweep.at_sources
    at_one = {
        e.target: reindex(sent[lag(state)], {t: sp.Integer(1)})
        for e in decoder.phase.starts
        for state in decoder.phase.states
        if state.at(0) == e.target and lag(state) in sent
    }
    finals = [state.at(theory.length) for state in theory.phase.states]
    return backward(decoder.phase.starts, at_one, finals)


def of_state(theory: Theory, state: Var) -> Node:
    """The same for one state of the encoder."""
    return sweep(theory).at_sources[state.at(theory.length)]


def seed(theory: Theory) -> Node:
    """The same in one column."""
    return stack(*(of_state(theory, state) for state in theory.phase.states))


def steps(theory: Theory) -> tuple[Step, ...]:
    total, w, end = theory.total_gradient, theory.w, theory.state.at(theory.length)
    start = theory.next.state.at(0)
    through = Derivative(theory.model.total, start) @ Derivative(start, end)
    whole, g = Derivative(end, w), theory.g(theory.length)
    named = tuple(
        Step(f"crossing.{e.target.name}-bar", e.target, e.expression, "adjoint",
             ("What the first step of the decoder sends back to its start.",))
        for e in sweep(theory).named
    )  # fmt: skip
    return (
        Step("crossing.factors", total, through @ whole, "chain rule",
             ("The loss depends on the start of the decoder, that on the end of the encoder, this on the weights.",)),
        Step("crossing.seed", g, scale(1 / theory.weight, through.T), "definition",
             ("The first two factors do not depend on which weight is meant; as a column, for the summed loss, they "
              "are the seed of the encoder, its only one.",)),
        Step("crossing.short", total, theory.weighted_sum(theory.g().T @ Derivative(theory.state, w)), "naming",
             ("From here on the encoder is a network with one loss, at its end.",),
             proof=Naming(using=("crossing.seed",), start="crossing.factors")),
        *named,
        Step("crossing.g", g, seed(theory), "adjoint",
             ("In the letters of the decoder.",)),
    )  # fmt: skip
