"""The recursion for ∂h_t/∂w, and its letters a, b, c."""

from __future__ import annotations

from derive.derivation import Section, Step
from derive.derivatives import Derivative
from derive.expr import zeros
from derive.indices import t
from derive.prover import Naming, over
from derive.theory import Theory

SECTION = Section(
    "recursion",
    "The recursion for the state's derivative",
    ("The weights enter a step twice: directly, and through the state before it.",),
)
ENCODER = Section(
    "recursion",
    "The recursion in the encoder",
    ("The same recursion as in the decoder, in letters of its own.",),
)


def steps(theory: Theory) -> tuple[Step, ...]:
    h, w, every = theory.state, theory.w, (over(t, 1, theory.length),)
    before = h.at(t - 1)
    local, jacobian = Derivative(theory.f(), w), Derivative(theory.f(), before)
    return (
        Step(
            "recursion.total", Derivative(h, w), local + jacobian @ Derivative(before, w), "chain rule",
            ("A function of two things that both depend on ", w, ": its derivative has one term for each."),
            every,
        ),
        Step("recursion.a", theory.a(), Derivative(h, w), "definition",
             ("What we are after: the total derivative of the state.",), (over(t, 0, theory.length),)),
        Step("recursion.b", theory.b(), local, "definition",
             ("What step ", t, " adds on its own, with ", before, " held fixed."), every),
        Step("recursion.c", theory.c(), jacobian, "definition",
             ("What step ", t, " makes of what came before it: a square matrix."), every),
        Step("recursion.start", theory.a(0), zeros(*theory.a().shape), "initial state",
             ("The initial state is given; it does not depend on the weights.",)),
        Step(
            "recursion.short", theory.a(), theory.b() + theory.c() @ theory.a(t - 1), "naming",
            ("A linear recurrence. Nothing about networks is needed to solve it.",), every,
            Naming(using=("recursion.a", "recursion.b", "recursion.c"), start="recursion.total"),
        ),
        Step(
            "recursion.loss", theory.total_gradient, theory.weighted_sum(theory.g().T @ theory.a()), "naming",
            ("And the loss, in the same letters.",),
            proof=Naming(using=("recursion.a",), start="chain.short" if theory.is_main else "crossing.short"),
        ),
    )  # fmt: skip
