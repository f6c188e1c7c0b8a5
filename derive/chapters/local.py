"""What the general letters are for this cell: c_t and every b_t, from the differential engine."""

from __future__ import annotations

from derive.accumulate import local_differentials
from derive.cell import Equation
from derive.derivation import Prose, Section, Step
from derive.derivatives import Derivative
from derive.expr import ONE, Var
from derive.indices import t
from derive.nonlinear import Map
from derive.prover import over
from derive.theory import Theory

SECTION = Section(
    "local",
    "The letters of this cell",
    ("So far nothing depended on the cell. Now each of its equations is differentiated once, by the rules for sums, "
     "products and elementwise functions. For a derivative with respect to a matrix, its columns are stacked.",),
)  # fmt: skip
ENCODER = Section("local", "The letters of the encoder", ("Its equations, differentiated once.",))


def _slope(theory: Theory, equation: Equation) -> Step:
    """The Jacobian of an elementwise function, a diagonal matrix."""
    argument = equation.expression.args[1]
    assert isinstance(argument, Var)
    change = local_differentials([equation], [argument])[equation.target][argument]
    return Step(
        f"local.slope-{equation.target.name}", Derivative(equation.target, argument), change.matrix(),
        "elementwise function",
        ("Each entry depends on its own argument alone, so the Jacobian is diagonal."
         " Where possible it is written in the output, which the forward pass has already computed.",),
        (over(t, 1, theory.length),),
    )  # fmt: skip


def _because(w: Var) -> Prose:
    """In the same words for every parameter, so that a document need not repeat them."""
    if w.shape[1] == ONE:
        return ("What the parameter adds at step ", t, ".")
    return ("What the parameter adds at step ", t, ", its columns stacked.")


def steps(theory: Theory) -> tuple[Step, ...]:
    slopes = [
        _slope(theory, equation)
        for equation in theory.equations
        if isinstance(equation.expression, Map) and isinstance(equation.expression.body, Var)
    ]
    factor: Prose = (
        ("The slope of the activation times the recurrent weights: this is the factor of the product chain.",)
        if len(theory.phase.states) == 1
        else ("One block for what each state makes of each: this is the factor of the product chain.",)
    )  # fmt: skip
    every = (over(t, 1, theory.length),)
    return (
        *slopes,
        Step("local.c", theory.c(), theory.first_order.carried, "differential", factor, every),
        *(
            Step(
                f"local.b_{w.name}", Derivative(theory.f(weights=w), w), theory.first_order.added[w], "differential",
                _because(w), every,
            )
            for w in theory.phase.parameters
        ),
    )  # fmt: skip
