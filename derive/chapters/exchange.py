"""The exchange of the two sums, and the adjoint recursion that it gives: backpropagation."""

from __future__ import annotations

from derive.derivation import Prose, Section, Step
from derive.indices import t
from derive.prover import Rewriting, over
from derive.sums import Sum
from derive.theory import Theory

SECTION = Section(
    "adjoint",
    "Exchanging the sums: backpropagation",
    ("The double sum runs over a triangle of pairs. Summing over the later step first collects, for each step, "
     "everything that its state still influences.",),
)  # fmt: skip
SINGLE = Section(
    "adjoint",
    "Reading the sum from the right: backpropagation",
    ("Every term ends in the one error at the last step. Carried back step by step, it is computed once for all.",),
)
ENCODER = Section(
    "adjoint",
    "The adjoint of the encoder",
    ("The seed from the decoder, carried back step by step.",),
)


def section(theory: Theory) -> Section:
    return SINGLE if theory.single else SECTION


def _exchange(theory: Theory) -> tuple[Step, ...]:
    if theory.single:
        return ()
    i = theory.early
    inner = Sum(theory.g().T @ theory.chain(t, i + 1) @ theory.b(i), t, i, theory.last)
    return (
        Step(
            "adjoint.exchange", theory.total_gradient, theory.weight * Sum(inner, i, 1, theory.last),
            "exchange of sums", ("The pairs with ", i, " ≤ ", t, ", counted by ", i, " first."),
            proof=Rewriting(start="back.loss", how="one set of pairs"),
        ),
    )  # fmt: skip


def steps(theory: Theory) -> tuple[Step, ...]:
    delta, end, i = theory.delta, theory.length, theory.early
    define: Prose = (
        ("All but ", theory.b(i), ", as a column: what the state of step ", i, " does to the loss.") if theory.single
        else ("The inner sum without ", theory.b(i), ", as a column: all that the state of step ", i,
              " still does to the loss.")
    )  # fmt: skip
    peel: Prose = (
        ("The rightmost factor is ", theory.c(t + 1), "; its transpose comes out in front.") if theory.single
        else ("Split off the first term; in all others the rightmost factor is ", theory.c(t + 1),
              ", and its transpose comes out in front.")
    )  # fmt: skip
    return (
        *_exchange(theory),
        Step("adjoint.define", delta(i), theory.tail(i), "definition", define, (over(i, 1, end),)),
        Step(
            "adjoint.gradient", theory.total_gradient, theory.weight * Sum(delta(i).T @ theory.b(i), i, 1, end),
            "naming", ("One term a step is left.",),
            proof=Rewriting(using=("adjoint.define",), start="back.loss" if theory.single else "adjoint.exchange",
                            how="naming"),
        ),
        Step("adjoint.last", delta(end), theory.g(end), "empty product",
             ("At the last step only its own loss is left.",) if theory.is_main
             else ("At the last step only what the decoder sends back is there.",),
             proof=Rewriting(using=("adjoint.define",))),
        Step(
            "adjoint.recursion", delta(), theory.seed() + theory.c(t + 1).T @ delta(t + 1),
            "peel the product" if theory.single else "peel the sum", peel, (over(t, 1, end - 1),),
            Rewriting(using=("adjoint.define",)),
        ),
    )  # fmt: skip
