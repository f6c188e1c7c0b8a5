"""One gradient, three orders of evaluation: the double sum, forward (RTRL) and backward (BPTT).

(Williams & Zipser 1989 for the forward one, Werbos 1990 for the backward one.)
"""

from __future__ import annotations

from derive.build import add, stack, transpose, vec
from derive.cell import lag
from derive.derivation import Prose, Section, Step
from derive.derivatives import Derivative, Gradient
from derive.expr import Identity, Node, Var, zeros
from derive.indices import t
from derive.prover import over
from derive.sums import Sum, reindex, substitute
from derive.theory import Theory

SECTION = Section(
    "form",
    "Three forms of one gradient",
    ("The double sum shows what happens; forward accumulation needs no memory of the past but carries a large matrix; "
     "the adjoint sweep is cheap in time and keeps the states.",),
)  # fmt: skip
ENCODER = Section("form", "Three forms of the encoder's gradient", ("The seed from the decoder is the same in all.",))


def _pulled_back(theory: Theory, w: Var, arriving: Node) -> Node:
    """b_iᵀ times a column, in the shape of w and without building b_i, at t = i."""
    i, terms = theory.early, []
    for state, change in theory.first_order.reached[w].items():
        if state in theory.phase.states:
            placeholder = Var("arriving", *state.shape, kind="inner")
            term = reindex(change.pull_back(placeholder), {t: i})
            terms.append(substitute(term, {placeholder: theory.part(arriving, state)}))
    return add(*terms) if terms else zeros(*w.shape)


def _expanded(theory: Theory, w: Var) -> Step:
    """The double sum, each term pulled back through b_i into the shape of w."""
    i = theory.early
    term = _pulled_back(theory, w, transpose(theory.chain(t, i + 1)) @ theory.g())
    because: Prose = (
        ("One term for every step, each with its own product chain.",) if theory.single
        else ("One term for every pair ", i, " ≤ ", t, ": T(T+1)/2 terms, each with its own product chain.")
    )  # fmt: skip
    return Step(
        f"form.expanded_{w.name}", Gradient(theory.model.total, w), theory.weighted_sum(Sum(term, i, 1, t)),
        "single sum" if theory.single else "double sum", because,
    )  # fmt: skip


def _forward(theory: Theory, w: Var) -> tuple[Step, ...]:
    """RTRL: the Jacobian ∂h_t/∂w itself is carried along."""
    h, own = theory.state, theory.first_order.added[w]
    start = Derivative(h.at(0), w)
    gradient = theory.weighted_sum(transpose(Derivative(h, w)) @ theory.g())
    return (
        Step(f"form.start_{w.name}", start, zeros(*start.shape), "initial state",
             ("Forward accumulation starts from nothing.",)),
        Step(f"form.carry_{w.name}", Derivative(h, w), own + _factor(theory) @ Derivative(lag(h), w),
             "recurrence", ("The recurrence itself, run forwards along with the states.",),
             (over(t, 1, theory.length),)),
        Step(f"form.rtrl_{w.name}", vec(Gradient(theory.model.total, w)), gradient, "forward accumulation",
             (*_pick_up(theory), " The columns of the gradient are stacked.")),
    )  # fmt: skip


def _factor(theory: Theory) -> Node:
    """c_t, written out where it is one block."""
    return theory.first_order.carried if len(theory.phase.states) == 1 else theory.c()


def _pick_up(theory: Theory) -> Prose:
    if theory.single:
        return ("At the end it meets the error.",)
    return ("And the loss picks up its share at every step.",)


def _initial_state(theory: Theory, start: Var) -> tuple[Step, ...]:
    """h_0 as the parameter: a_0 picks its rows and every b_t = 0, so that only the whole chain is left."""
    h, states = theory.state, theory.phase.states
    state = start.at(t)
    name = f"{start.name}_0"
    gradient = Gradient(theory.model.total, start)
    whole = theory.weighted_sum(theory.part(transpose(theory.chain(t, 1)) @ theory.g(), state))
    begin = stack(*(Identity(s.shape[0]) if s == state else zeros(s.shape[0], start.shape[0]) for s in states))
    return (
        Step(f"form.expanded_{name}", gradient, whole, "single sum",
             ("The initial state is a parameter of step 1 alone: only whole chains are left.",)),
        Step(f"form.start_{name}", Derivative(h.at(0), start), begin, "initial state",
             ("A state changes with itself one to one.",)),
        Step(f"form.carry_{name}", Derivative(h, start), _factor(theory) @ Derivative(lag(h), start), "recurrence",
             ("No step adds anything of its own.",), (over(t, 1, theory.length),)),
        Step(f"form.rtrl_{name}", gradient, theory.weighted_sum(transpose(Derivative(h, start)) @ theory.g()),
             "forward accumulation", _pick_up(theory)),
    )  # fmt: skip


def steps(theory: Theory) -> tuple[Step, ...]:
    parameters = theory.phase.parameters
    initial = [_initial_state(theory, start) for start in theory.phase.given_initially]
    return (
        *(_expanded(theory, w) for w in parameters),
        *(steps_[0] for steps_ in initial),
        *(step for w in parameters for step in _forward(theory, w)),
        *(step for steps_ in initial for step in steps_[1:]),
    )
