"""The expansion put back: first into ∂h_t/∂w, then into the loss."""

from __future__ import annotations

from derive.build import ordered_product
from derive.derivation import Prose, Section, Step
from derive.derivatives import Derivative
from derive.indices import j, t
from derive.prover import Naming, Rewriting, over
from derive.sums import Sum
from derive.theory import Theory

SECTION = Section(
    "back",
    "Substituting back",
    ("The letters are replaced by what they stand for. Inside the product the subscripts run with ", j,
     ", behind it they are those of the earlier step: writing ", t, " there is the classic mistake."),
)  # fmt: skip
ENCODER = Section("back", "Substituting back in the encoder", ("The only loss is behind the last step.",))


def steps(theory: Theory) -> tuple[Step, ...]:
    h, w, i = theory.state, theory.w, theory.early
    factor = Derivative(theory.f(j), h.at(j - 1))
    terms = Sum(ordered_product(factor, j, i + 1, t) @ Derivative(theory.f(i), w), i, 1, t - 1)
    double = theory.weighted_sum(Sum(theory.g().T @ theory.chain(t, i + 1) @ theory.b(i), i, 1, t))
    because: Prose = (
        ("In the loss it gives one sum over the steps: what step ", i, " created, carried to step ", theory.last,
         ", weighed by the error there.") if theory.single
        else ("In the loss it gives a double sum over pairs ", i, " ≤ ", t, ": what step ", i,
              " created, carried to step ", t, ", weighed by the error there.")
    )  # fmt: skip
    return (
        Step(
            "back.state", Derivative(h, w), Derivative(theory.f(), w) + terms, "naming",
            ("The expansion with the letters ", theory.a(), ", ", theory.b(), ", ", theory.c(), " written out."),
            (over(t, 1, theory.length),),
            Naming(using=("recursion.a", "recursion.b", "recursion.c"), start="expansion.collect"),
        ),
        Step(
            "back.loss", theory.total_gradient, double, "substitute", because,
            proof=Rewriting(using=("expansion.absorb",), start="recursion.loss"),
        ),
    )  # fmt: skip
