"""The chain rule for the loss: three factors."""

from __future__ import annotations

from derive.derivation import Section, Step
from derive.derivatives import Derivative
from derive.indices import t
from derive.prover import Naming, over
from derive.theory import Theory

SECTION = Section(
    "chain",
    "Three factors",
    ("The loss sees the weights only through the states, and each state only through its output.",),
)


def steps(theory: Theory) -> tuple[Step, ...]:
    h, w, total = theory.state, theory.w, theory.total_gradient
    readout = theory.model.readout
    through_output = theory.at_loss(Derivative(theory.loss(), readout.output.target))
    through_state = theory.at_loss(Derivative(theory.readout(), h))
    whole = Derivative(h, w)
    at_loss = theory.at_loss(h)
    return (
        Step(
            "chain.sum", total, theory.weighted_sum(Derivative(readout.loss.target, w)), "linearity",
            ("The derivative of a sum is the sum of the derivatives; the weight in front stays.",),
        ),
        Step(
            "chain.factors", total, theory.weighted_sum(through_output @ through_state @ whole), "chain rule",
            ("The loss depends on the output, the output on the state, the state on the weights. Only the last factor "
             "is hard: ", at_loss, " depends on ", w, " directly and through every earlier state."),
        ),
        Step(
            "chain.seed", theory.at_loss(theory.g()), (through_output @ through_state).T, "definition",
            ("The first two factors stay inside step ", theory.seeded, "; as a column they get the name ",
             theory.at_loss(theory.g()), "."),
            () if theory.single else (over(t, theory.first, theory.last),),
        ),
        Step(
            "chain.short", total, theory.weighted_sum(theory.g().T @ whole), "naming",
            ("The same, shorter.",) if theory.single else ("The same sum, shorter.",),
            proof=Naming(using=("chain.seed",), start="chain.factors"),
        ),
    )  # fmt: skip
