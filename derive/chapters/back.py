"""The expansion put back: first into ∂h_t/∂w, then into the loss."""

from __future__ import annotations

from derive.build import ordered_product
from derive.derivation import Section, Step
from derive.derivatives import Derivative
from derive.indices import T, i, j, t
from derive.proofs import Naming, Rewriting, over
from derive.sums import Sum
from derive.theory import Theory

SECTION = Section(
    "back",
    "Substituting back",
    ("The letters are replaced by what they stand for. Inside the product the subscripts run with ", j,
     ", behind it they are ", i, ": writing ", t, " there is the classic mistake."),
)  # fmt: skip


def steps(theory: Theory) -> tuple[Step, ...]:
    h, w = theory.state, theory.w
    factor = Derivative(theory.f(j), h.at(j - 1))
    terms = Sum(ordered_product(factor, j, i + 1, t) @ Derivative(theory.f(i), w), i, 1, t - 1)
    double = theory.weighted_sum(Sum(theory.g().T @ theory.chain(t, i + 1) @ theory.b(i), i, 1, t))
    return (
        Step(
            "back.state", Derivative(h, w), Derivative(theory.f(), w) + terms, "naming",
            ("The expansion with the letters ", theory.a(), ", ", theory.b(), ", ", theory.c(), " written out."),
            (over(t, 1, T),),
            Naming(using=("recursion.a", "recursion.b", "recursion.c"), start="expansion.collect"),
        ),
        Step(
            "back.loss", theory.total_gradient, double, "substitute",
            ("In the loss it gives a double sum over pairs ", i, " ≤ ", t, ": what step ", i,
             " created, carried to step ", t, ", weighed by the error there."),
            proof=Rewriting(using=("expansion.absorb",), start="recursion.loss"),
        ),
    )  # fmt: skip
