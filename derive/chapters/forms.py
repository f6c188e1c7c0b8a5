"""One gradient, three orders of evaluation: the double sum, forward (RTRL) and backward (BPTT).

(Williams & Zipser 1989 for the forward one, Werbos 1990 for the backward one.)
"""

from __future__ import annotations

from derive.accumulate import forward
from derive.build import transpose, vec
from derive.cell import lag
from derive.derivation import Section, Step
from derive.derivatives import Derivative, Gradient
from derive.expr import Identity, Var, zeros
from derive.indices import T, i, t
from derive.proofs import over
from derive.sums import Sum, reindex, substitute
from derive.theory import Theory

SECTION = Section(
    "form",
    "Three forms of one gradient",
    ("The double sum shows what happens; forward accumulation needs no memory of the past but carries a large matrix; "
     "the adjoint sweep is cheap in time and keeps the states.",),
)  # fmt: skip


def _expanded(theory: Theory, w: Var) -> Step:
    """The double sum, each term pulled back through b_i into the shape of w."""
    local = forward(theory.model.cell.equations, w)[theory.state]
    arriving = transpose(theory.chain(t, i + 1)) @ theory.g()
    placeholder = Var("arriving", theory.size, 1, kind="inner")
    term = reindex(local.pull_back(placeholder), {t: i})
    term = substitute(term, {placeholder: arriving})
    return Step(
        f"form.expanded_{w.name}", Gradient(theory.model.total, w),
        theory.weighted_sum(Sum(term, i, 1, t)), "double sum",
        ("One term for every pair ", i, " ≤ ", t, ": T(T+1)/2 terms, each with its own product chain."),
    )  # fmt: skip


def _forward(theory: Theory, w: Var) -> tuple[Step, ...]:
    """RTRL: the Jacobian ∂h_t/∂w itself is carried along."""
    model, h = theory.model, theory.state
    equations = model.cell.equations
    carried = forward(equations, lag(h))[h].matrix() @ Derivative(lag(h), w)
    own = forward(equations, w)[h].matrix()
    start = Derivative(h.at(0), w)
    gradient = theory.weighted_sum(transpose(Derivative(h, w)) @ theory.g())
    return (
        Step(f"form.start_{w.name}", start, zeros(*start.shape), "initial state",
             ("Forward accumulation starts from nothing.",)),
        Step(f"form.carry_{w.name}", Derivative(h, w), own + carried, "recurrence",
             ("The recurrence itself, run forwards along with the states.",), (over(t, 1, T),)),
        Step(f"form.rtrl_{w.name}", vec(Gradient(model.total, w)), gradient, "forward accumulation",
             ("And the loss picks up its share at every step; the columns of the gradient are stacked.",)),
    )  # fmt: skip


def _initial_state(theory: Theory) -> tuple[Step, ...]:
    """h_0 as the parameter: a_0 = I and every b_t = 0, so that only the whole chain is left."""
    model, h = theory.model, theory.state
    start = h.at(0)
    name = f"{h.name}_0"
    carried = forward(model.cell.equations, lag(h))[h].matrix() @ Derivative(lag(h), start)
    gradient = Gradient(model.total, start)
    return (
        Step(f"form.expanded_{name}", gradient,
             theory.weighted_sum(transpose(theory.chain(t, 1)) @ theory.g()), "double sum",
             ("The initial state is a parameter of step 1 alone: one full chain for every ", t, ".")),
        Step(f"form.start_{name}", Derivative(start, start), Identity(theory.size), "initial state",
             ("A state changes with itself one to one.",)),
        Step(f"form.carry_{name}", Derivative(h, start), carried, "recurrence",
             ("No step adds anything of its own.",), (over(t, 1, T),)),
        Step(f"form.rtrl_{name}", gradient, theory.weighted_sum(transpose(Derivative(h, start)) @ theory.g()),
             "forward accumulation", ("And the loss picks up its share at every step.",)),
    )  # fmt: skip


def steps(theory: Theory) -> tuple[Step, ...]:
    parameters = theory.model.cell.parameters
    initial = _initial_state(theory)
    return (
        *(_expanded(theory, w) for w in parameters),
        initial[0],
        *(step for w in parameters for step in _forward(theory, w)),
        *initial[1:],
    )
