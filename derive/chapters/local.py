"""What the general letters are for this cell: c_t and every b_t, from the differential engine."""

from __future__ import annotations

from derive.accumulate import forward, local_differentials
from derive.cell import Equation, lag
from derive.derivation import Prose, Section, Step
from derive.derivatives import Derivative
from derive.expr import ONE, Var
from derive.indices import T, t
from derive.nonlinear import Map
from derive.proofs import over
from derive.theory import Theory

SECTION = Section(
    "local",
    "The letters of this cell",
    ("So far nothing depended on the cell. Now each of its equations is differentiated once, by the rules for sums, "
     "products and elementwise functions. For a derivative with respect to a matrix, its columns are stacked.",),
)  # fmt: skip


def _slope(equation: Equation) -> Step:
    """The Jacobian of an elementwise function, a diagonal matrix."""
    argument = equation.expression.args[1]
    assert isinstance(argument, Var)
    change = local_differentials([equation], [argument])[equation.target][argument]
    return Step(
        f"local.slope_{equation.target.name}", Derivative(equation.target, argument), change.matrix(),
        "elementwise function",
        ("Each entry depends on its own argument alone, so the Jacobian is diagonal."
         " Where possible it is written in the output, which the forward pass has already computed.",),
        (over(t, 1, T),),
    )  # fmt: skip


def _because(w: Var) -> Prose:
    if w.shape[1] == ONE:
        return ("What ", w, " adds at step ", t, ".")
    return ("What ", w, " adds at step ", t, ", its columns stacked.")


def steps(theory: Theory) -> tuple[Step, ...]:
    cell, h = theory.model.cell, theory.state
    slopes = [
        _slope(equation)
        for equation in cell.equations
        if isinstance(equation.expression, Map) and isinstance(equation.expression.body, Var)
    ]
    carried = forward(cell.equations, lag(h))[h].matrix()
    every = (over(t, 1, T),)
    local = [
        Step(
            f"local.b_{w.name}",
            Derivative(theory.f(weights=w), w),
            forward(cell.equations, w)[h].matrix(),
            "differential",
            _because(w),
            every,
        )
        for w in cell.parameters
    ]
    return (
        *slopes,
        Step("local.c", theory.c(), carried, "differential",
             ("The slope of the activation times the recurrent weights: this is the factor of the product chain.",),
             every),
        *local,
    )  # fmt: skip
