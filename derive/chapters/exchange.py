"""The exchange of the two sums, and the adjoint recursion that it gives: backpropagation."""

from __future__ import annotations

from derive.derivation import Section, Step
from derive.indices import T, i, t
from derive.proofs import Rewriting, over
from derive.sums import Sum
from derive.theory import Theory

SECTION = Section(
    "adjoint",
    "Exchanging the sums: backpropagation",
    ("The double sum runs over a triangle of pairs. Summing over the later step first collects, for each step, "
     "everything that its state still influences.",),
)  # fmt: skip


def steps(theory: Theory) -> tuple[Step, ...]:
    wiring, total = theory.model.wiring, theory.total_gradient
    inner = Sum(theory.g().T @ theory.chain(t, i + 1) @ theory.b(i), t, i, wiring.last)
    delta = theory.delta
    return (
        Step(
            "adjoint.exchange", total, wiring.weight * Sum(inner, i, 1, wiring.last), "exchange of sums",
            ("The pairs with ", i, " ≤ ", t, ", counted by ", i, " first."),
            proof=Rewriting(start="back.loss", how="one set of pairs"),
        ),
        Step(
            "adjoint.define", delta(i), theory.tail(i), "definition",
            ("The inner sum without ", theory.b(i), ", as a column: all that the state of step ", i,
             " still does to the loss."),
            (over(i, 1, T),),
        ),
        Step(
            "adjoint.gradient", total, wiring.weight * Sum(delta(i).T @ theory.b(i), i, 1, wiring.last), "naming",
            ("One term a step is left.",),
            proof=Rewriting(using=("adjoint.define",), start="adjoint.exchange", how="naming"),
        ),
        Step(
            "adjoint.last", delta(T), theory.g(T), "empty product",
            ("At the last step only its own loss is left.",),
            proof=Rewriting(using=("adjoint.define",)),
        ),
        Step(
            "adjoint.recursion", delta(), theory.g() + theory.c(t + 1).T @ delta(t + 1), "peel the sum",
            ("Split off the first term; in all others the rightmost factor is ", theory.c(t + 1),
             ", and its transpose comes out in front."),
            (over(t, 1, T - 1),),
            Rewriting(using=("adjoint.define",)),
        ),
    )  # fmt: skip
