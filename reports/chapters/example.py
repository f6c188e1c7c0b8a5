"""The worked example: n = 2, T = 3, every sum written out, first in symbols, then in numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.entries import Entry
from derive.evaluate import evaluate
from derive.explicit import sizes_for
from derive.expr import Add, Node, Var
from derive.indices import N_OUTPUT, value
from derive.run import Derived
from derive.sums import Sum, reindex, rewrite
from derive.theory import theories
from derive.unroll import Place, place
from reports.chapters.example_check import comparison
from reports.chapters.example_choice import Choice, choices, widest
from reports.chapters.example_forward import forward_tables
from reports.document.blocks import Block, Derivation, Heading, Line, para
from reports.formula.tree import Formula, Matrix, Paren, row
from reports.material import Material
from reports.numbers import measured, short
from reports.present import show
from verify.problem import Problem, random_problem

_STEPS = 3
_GIVEN = ("parameter", "input", "target", "constant")  # with one decimal; everything else is rounded in print


def blocks(material: Material) -> list[Block]:
    problem = example_problem(material)
    env = Derived(material.derivation, problem.forward)
    return [
        Heading(1, "A worked example", label="sec:example"),
        para(
            f"Two units in every state, one input, {_COUNTS[problem.sizes[N_OUTPUT]]} outputs, three steps",
            ", two of the encoder" if len(material.model.phases) > 1 else "",
            ", and numbers that can be followed by hand. Every line is evaluated from the formulas above: the sums "
            "written out, the numbers put in to four decimals or three digits, the value.",
        ),
        *_given(problem),
        *(table for phase in material.model.phases for table in forward_tables(problem, phase)),
        *_worked(choices(material.derivation, problem.sizes), env),
        *(
            block
            for theory in theories(material.model)
            for block in comparison(material, problem, widest(theory.phase, problem.sizes))
        ),
    ]


_COUNTS = {2: "two", 3: "three"}


def example_problem(material: Material) -> Problem:
    """A random instance rounded to one decimal, so that a reader can type it in."""
    model = material.model
    outputs = sizes_for(model, _STEPS)[N_OUTPUT]
    drawn = random_problem(model, steps=_STEPS, hidden=2, inputs=1, outputs=outputs, seed=material.seed)
    given: dict[Place, Array] = {where: np.round(array, 1) for where, array in drawn.given.items()}
    if model.loss.targets == "simplex":
        classes = _classes(drawn)
        for where in given:
            if where[1] == "target":
                given[where] = np.eye(outputs)[None, :, [classes[(where[2] or 0) % len(classes)]]]
    return drawn.with_given(given)


def _classes(problem: Problem) -> list[int]:
    """The outputs that a target may name."""
    allowed = sum((problem.given[place(c)] for c in problem.model.constants), np.zeros((problem.sizes[N_OUTPUT], 1)))
    return [int(k) for k in np.flatnonzero(np.isfinite(allowed[:, 0]))]


def _given(problem: Problem) -> list[Block]:
    """The parameters and whatever else is fixed, as matrices."""
    model = problem.model
    shared = [
        row(show(w), "=", _matrix(problem.given[place(w)]))
        for w in (*model.parameters, *model.constants, *model.initial_states)
    ]
    lines = tuple(Line(None, "", formula, beside=True) for formula in shared)
    return [Derivation(lines, label="eq:example-given")]


def _matrix(array: Array) -> Formula:
    return Matrix(tuple(tuple(short(float(x)) for x in line) for line in array))


def _worked(chosen: Iterable[Choice], env: Derived) -> Iterator[Derivation]:
    """A display for each phase."""
    for number, (phase, group) in enumerate(groupby(chosen, key=lambda choice: choice.phase)):
        whole = list(group)
        before = ("", *(choice.why for choice in whole))
        lines = tuple(line for said, choice in zip(before, whole, strict=False) for line in _lines(choice, said, env))
        yield Derivation(lines, label=f"eq:example-{phase or 'main'}{number}")


def _lines(choice: Choice, said: str, env: Derived) -> Iterator[Line]:
    """In symbols, in numbers, and the value; what was ``said`` of the line before is not said again."""
    numbers = {symbol: sp.Integer(number) for symbol, number in choice.at.items()}
    lhs, rhs = (written_out(reindex(side, numbers), env) for side in (choice.lhs, choice.rhs))
    result = measured(float(np.asarray(evaluate(rhs, env, {})).reshape(-1)[0]))
    in_numbers = show(rhs, _numbered(env))
    yield Line(show(lhs), "=", show(rhs), () if choice.why == said else choice.why)
    as_before = in_numbers in (result, show(rhs))
    yield Line(None, "approx", result if as_before else row(in_numbers, "approx", result))


def written_out(node: Node, env: Derived) -> Node:
    """Every sum with its terms side by side."""

    def replace(part: Node) -> Node | None:
        if not isinstance(part, Sum):
            return None
        low, high = (value(limit, env.sizes) for limit in (part.lower, part.upper))
        terms = [reindex(part.body, {part.index: sp.Integer(k)}) for k in range(low, high + 1)]
        written = [written_out(term, env) for term in terms]
        return Add(*written) if len(written) > 1 else written[0]

    return rewrite(reindex(node, dict(_lengths(env))), replace)


def _lengths(env: Derived) -> Iterator[tuple[sp.Symbol, sp.Expr]]:
    for phase in env.derivation.model.phases:
        yield phase.length, sp.Integer(env.sizes[phase.length])


def _numbered(env: Derived) -> Callable[[Node], Formula | None]:
    """Entries of variables as numbers; negative ones in parentheses, since they stand in sums and products."""

    def leaf(node: Node) -> Formula | None:
        if not isinstance(node, Entry) or not isinstance(node.body, Var):
            return None
        number = float(np.asarray(evaluate(node, env, {})).reshape(-1)[0])
        exact = node.body.kind in _GIVEN or node.body in env.derivation.model.initial_states
        shown = short(number) if exact else measured(number)
        return Paren(shown) if number < 0 else shown

    return leaf
