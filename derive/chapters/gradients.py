"""The gradients that a program computes: one backward sweep over the steps, one term a step for each parameter."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from derive.accumulate import Backward, bar
from derive.build import add
from derive.cell import lag
from derive.chapters import crossing, seed
from derive.chapters.shortcut import Place, shortcut
from derive.derivation import Prose, Range, Section, Step, key_of
from derive.derivatives import Gradient
from derive.expr import Add, Node, Scale, Var, is_zero, zeros
from derive.indices import t
from derive.prover import Cancelling, Rewriting, RowOf, over
from derive.sums import Sum, reindex, substitute
from derive.theory import Theory

SECTION = Section(
    "gradient",
    "The gradients",
    ("The adjoint recursion with the letters of this cell, from the last step to the first, and the gradient of every "
     "parameter. This is what to program.",),
)  # fmt: skip
ENCODER = Section("gradient", "The gradients of the encoder", ("The same sweep, through the encoder.",))


RESERVED = ("last", "delta", "split")


def _own(theory: Theory, state: Var) -> Node:
    """What a state gets from the loss of its own step."""
    return seed.of_state(theory, state) if theory.is_main else crossing.of_state(theory, state)


def _delta(theory: Theory, back: Backward, state: Var) -> tuple[Step, Step]:
    several = len(theory.phase.states) > 1
    suffix = f"-{state.name}" if several else ""
    own = _own(theory, state)
    carried = reindex(back.at_sources.get(lag(state), zeros(*state.shape)), {t: t + 1})
    letters = ("local.c", theory.seed_key, *(f"gradient.{e.target.name}-bar" for e in back.named))
    last: Prose = ("The sweep starts at the last step.",)
    down: Prose = (
        ("And goes down: what the next step sends back.",) if theory.single or is_zero(own)
        else ("And goes down: the error of this step, and what the next step sends back.",)
    )  # fmt: skip
    at_last = reindex(own, {t: theory.length})
    every = add(zeros(*state.shape) if theory.single else own, carried)
    end, now = theory.delta_of(state.at(theory.length)), theory.delta_of(state)
    rows = theory.row_of(state)
    return (
        Step(f"gradient.last{suffix}", end, at_last, "adjoint", last, (),
             RowOf("adjoint.last", ("gradient.split", theory.seed_key), rows) if several
             else Rewriting(using=("adjoint.last",), then=(theory.seed_key,))),
        Step(f"gradient.delta{suffix}", now, every, "adjoint", down, (over(t, 1, theory.length - 1),),
             RowOf("adjoint.recursion", ("gradient.split", *letters), rows) if several
             else Rewriting(using=("adjoint.recursion",), at=(now,), then=letters)),
    )  # fmt: skip


def _split(theory: Theory) -> tuple[Step, ...]:
    if len(theory.phase.states) == 1:
        return ()
    return (
        Step("gradient.split", theory.delta(), theory.split_delta(), "definition",
             ("The adjoint of the stacked state, a part for each state.",), (over(t, 1, theory.length),)),
    )  # fmt: skip


def _shortcuts(theory: Theory) -> tuple[Step, ...]:
    """Of an output that is fed back: what its loss sends to the score, beside what the next step sends."""
    readout, output = theory.model.readout, theory.model.readout.output.target
    if not theory.is_main or output not in theory.phase.states:
        return ()
    named = {e.target: e for e in theory.sweep.named}
    score = named.get(bar(readout.score.target))
    if score is None:
        return ()
    found: list[Step] = []
    for word, time, where in _times(theory):
        place = Place("gradient", f"-{word}", where, time)
        (source,) = (step for step in _delta(theory, theory.sweep, output) if step.role.startswith(f"gradient.{word}"))
        plain = place.at(score.expression)
        whole = substitute(plain, {place.at(theory.delta_of(output)): source.rhs})
        proof = Cancelling(using=(f"gradient.{score.target.name}-bar",), then=(source.key,))
        found += shortcut(theory, place, place.at(score.target), plain, whole, proof)
    return tuple(found)


def _times(theory: Theory) -> Iterator[tuple[str, dict[sp.Symbol, sp.Expr], tuple[Range, ...]]]:
    """The last step, and, where they have losses of their own, the ones before it."""
    yield "last", {t: theory.length}, ()
    if not theory.single:
        yield "delta", {}, (over(t, 1, theory.length - 1),)


def _gradient(theory: Theory, w: Var, term: Node) -> Step:
    return Step(
        key_of("gradient", w.name, RESERVED), Gradient(theory.model.total, w),
        theory.weight * Sum(term, t, 1, theory.length), "adjoint",
        ("Every step adds its own term, since the parameter is shared.",),
    )  # fmt: skip


def _of_readout(theory: Theory) -> tuple[Step, ...]:
    """The parameters of the readout, at the steps with a loss."""
    if not theory.is_main:
        return ()
    terms = theory.readout_sweep.at_sources
    because: Prose = ("Only the step with the loss uses it.",) if theory.single else ("Every step adds its own term.",)
    return tuple(
        Step(
            key_of("gradient", w.name, RESERVED),
            Gradient(theory.model.total, w),
            theory.weighted_sum(terms[w]),
            "adjoint",
            because,
        )
        for w in theory.model.parameters_after
    )


def _weighted(theory: Theory, node: Node) -> Node:
    """The weight once, in front of a sum too."""
    return Scale(theory.weight, node) if isinstance(node, Add) and theory.weight != 1 else theory.weight * node


def _initial(theory: Theory, back: Backward) -> tuple[Step, ...]:
    total, one = theory.model.total, {t: sp.Integer(1)}
    return tuple(
        Step(
            f"gradient.{start.name}_0", Gradient(total, start),
            _weighted(theory, reindex(back.at_sources.get(start.at(t - 1), zeros(*start.shape)), one)), "adjoint",
            ("The initial state has a gradient too: what the first step sends back.",),
        )
        for start in theory.phase.given_initially
    )  # fmt: skip


def steps(theory: Theory) -> tuple[Step, ...]:
    back = theory.sweep
    named = [
        Step(f"gradient.{e.target.name}-bar", e.target, e.expression, "adjoint",
             ("What everything that uses this quantity sends back.",), (over(t, 1, theory.length),))
        for e in back.named
    ]  # fmt: skip
    return (
        *_split(theory),
        *named,
        *(step for state in theory.phase.states for step in _delta(theory, back, state)),
        *_shortcuts(theory),
        *(_gradient(theory, w, back.at_sources[w]) for w in theory.phase.parameters),
        *_of_readout(theory),
        *_initial(theory, back),
    )
