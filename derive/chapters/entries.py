"""The index form: one entry of the gradient, as it is done on a blackboard."""

from __future__ import annotations

import sympy as sp

from derive.build import add
from derive.cell import lag
from derive.chapters import crossing, seed
from derive.derivation import Prose, Section, Step, key_of
from derive.derivatives import Gradient
from derive.entries import FIRST, Entry, entry, summation_names
from derive.expr import ONE, Node, Var, zeros
from derive.indices import entry_index, t
from derive.prover import over
from derive.sums import Sum, reindex, substitute
from derive.theory import Theory

SECTION = Section(
    "entry",
    "One entry at a time",
    ("The same result for a single weight, where every sum over units is written out. Here the indices name units, "
     "not steps.",),
)  # fmt: skip
ENCODER = Section("entry", "One entry at a time, in the encoder", ("Likewise.",))
ROW, COL, UNIT = entry_index("i"), entry_index("j"), entry_index("k")


def _of(node: Node, row: sp.Expr, col: sp.Expr) -> Node:
    return entry(node, row, col, summation_names())


def _is_small(theory: Theory) -> bool:
    """Whether one state and one named adjoint are all there is: then a blackboard writes the slopes out."""
    return len(theory.phase.states) == 1 and len(theory.sweep.named) <= 1


def _back_to(theory: Theory, source: Var) -> Node:
    """What arrives at a parameter or a lagged state: written out for a small cell, else in the adjoints' names."""
    if _is_small(theory):
        return theory.first_order.reached[source][theory.state].pull_back(theory.delta())
    return theory.sweep.at_sources.get(source, zeros(*source.shape))


def _gradient(theory: Theory, w: Var) -> Step:
    row, col = ROW, COL if w.shape[1] != ONE else FIRST
    rows = (over(row, 1, w.shape[0]),) + ((over(col, 1, w.shape[1]),) if col is COL else ())
    because: Prose = (
        ("The adjoint of what unit ", ROW, " sums up, and what the weight multiplied.") if col is COL
        else ("What is added has slope one.",)
    )  # fmt: skip
    if _is_small(theory) and col is COL:
        because = ("The slope of unit ", ROW, ", its adjoint, and what the weight multiplied.")
    return Step(
        key_of("entry", w.name, ("delta", "g")), Entry(Gradient(theory.model.total, w), row, col),
        theory.weight * Sum(_of(_back_to(theory, w), row, col), t, 1, theory.length), "entry", because, rows,
    )  # fmt: skip


def _error(theory: Theory, state: Var) -> Node:
    """What a state gets from the loss of its own step, with every shortcut put in."""
    if not theory.is_main:
        return crossing.of_state(theory, state)
    shortcuts = {step.lhs: step.rhs for step in seed.shortcut(theory) if isinstance(step.lhs, Var)}
    return substitute(theory.at_loss(seed.of_state(theory, state)), shortcuts)


def _adjoint(theory: Theory, state: Var) -> Step:
    """δ at a unit, from the adjoints of the next step."""
    delta, units = theory.delta_of(state), over(UNIT, 1, state.shape[0])
    carried = reindex(_back_to(theory, lag(state)), {t: t + 1})
    several = len(theory.phase.states) > 1
    own = zeros(*state.shape) if theory.single else theory.part(seed.stacked(theory) if several else theory.g(), state)
    suffix = f"-{state.name}" if several else ""
    return Step(
        f"entry.delta{suffix}", Entry(delta, UNIT, FIRST), _of(add(own, carried), UNIT, FIRST), "entry",
        ("The adjoint of unit ", UNIT, " collects from every unit of the next step.",),
        (over(t, 1, theory.length - 1), units),
    )  # fmt: skip


def steps(theory: Theory) -> tuple[Step, ...]:
    states = theory.phase.states
    units = over(UNIT, 1, theory.size)
    when = () if theory.single else (over(t, theory.first, theory.last),)
    alone = (
        Step("entry.g", Entry(theory.at_loss(theory.g()), UNIT, FIRST), _of(_error(theory, states[0]), UNIT, FIRST),
             "entry", ("And from every output unit of its own step.",), (*when, units)),
    ) if len(states) == 1 and theory.is_main else ()  # fmt: skip
    return (
        *(_gradient(theory, w) for w in theory.phase.parameters),
        *(_adjoint(theory, state) for state in states),
        *alone,
    )
