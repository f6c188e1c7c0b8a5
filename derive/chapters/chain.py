"""The chain rule for the loss: three factors, or two where the output is the state."""

from __future__ import annotations

from derive.derivation import Prose, Section, Step
from derive.derivatives import Derivative
from derive.expr import Node
from derive.indices import t
from derive.prover import Naming, over
from derive.theory import Theory

SECTION = Section(
    "chain",
    "Three factors",
    ("The loss sees the weights only through the states, and each state only through its output.",),
)

TWO = Section(
    "chain",
    "Two factors",
    ("The loss sees the weights only through the outputs, which the next steps read back.",),
)


def section(theory: Theory) -> Section:
    return TWO if theory.shows_its_state else SECTION


def _seed(theory: Theory) -> tuple[Node, Prose, Prose]:
    """What stands before the state's derivative: the factors, why they are there, and what becomes of them."""
    at_loss, output = theory.at_loss(theory.state), theory.model.readout.output.target
    through_output = theory.at_loss(Derivative(theory.loss(), output))
    seed = theory.at_loss(theory.g())
    hard: Prose = (at_loss, " depends on ", theory.w, " directly and through every earlier state.")
    if theory.shows_its_state:
        return (
            through_output,
            ("The loss depends on the output, the output on the weights. Only the last factor is hard: ", *hard),
            ("The first factor stays inside step ", theory.seeded, "; as a column it gets the name ", seed, "."),
        )
    return (
        through_output @ theory.at_loss(Derivative(theory.readout(), theory.state)),
        ("The loss depends on the output, the output on the state, the state on the weights. Only the last factor "
         "is hard: ", *hard),
        ("The first two factors stay inside step ", theory.seeded, "; as a column they get the name ", seed, "."),
    )  # fmt: skip


def steps(theory: Theory) -> tuple[Step, ...]:
    h, w, total = theory.state, theory.w, theory.total_gradient
    readout = theory.model.readout
    factors, because, naming = _seed(theory)
    whole = Derivative(h, w)
    return (
        Step(
            "chain.sum", total, theory.weighted_sum(Derivative(readout.loss.target, w)), "linearity",
            ("The derivative of a sum is the sum of the derivatives; the weight in front stays.",),
        ),
        Step(
            "chain.factors", total, theory.weighted_sum(factors @ whole), "chain rule", because,
        ),
        Step(
            "chain.seed", theory.at_loss(theory.g()), factors.T, "definition", naming,
            () if theory.single else (over(t, theory.first, theory.last),),
        ),
        Step(
            "chain.short", total, theory.weighted_sum(theory.g().T @ whole), "naming",
            ("The same, shorter.",) if theory.single else ("The same sum, shorter.",),
            proof=Naming(using=("chain.seed",), start="chain.factors"),
        ),
    )  # fmt: skip
