"""The worked example: n = 2, T = 3, every sum written out, first in symbols, then in numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.chapters.entries import COL, ROW, UNIT
from derive.derivation import Step
from derive.entries import FIRST, Entry, entry, summation_names
from derive.evaluate import evaluate
from derive.expr import Add, Node, Var
from derive.indices import T, t, value
from derive.run import Derived
from derive.sums import Sum, reindex, rewrite
from derive.unroll import Place, place
from reports.chapters.example_check import comparison
from reports.document.blocks import Block, Column, Derivation, Heading, Line, Table, para
from reports.document.inline import InlineLike
from reports.formula.tree import Formula, Matrix, Paren, Row, row
from reports.material import Material
from reports.numbers import fixed, short
from reports.present import show
from verify.problem import Problem, random_problem

_STEPS = 3
_GIVEN = ("parameter", "input", "target")  # chosen with one decimal; everything else is rounded in print


def blocks(material: Material) -> list[Block]:
    problem = example_problem(material)
    env = Derived(material.derivation, problem.forward)
    w = material.model.recurrent_parameters[0]
    return [
        Heading(1, "A worked example", label="sec:example"),
        para(
            "Two hidden units, one input, two outputs, three steps, and numbers that can be followed by hand. "
            "Every line is evaluated from the formulas above: the sums written out, the numbers put in, the value.",
        ),
        *_given(problem),
        _states(problem),
        *(block for step, at, why in _chosen(material) for block in _worked(step, at, why, env)),
        *comparison(material, problem, w),
    ]


def example_problem(material: Material) -> Problem:
    """A random instance rounded to one decimal, so that a reader can type it in."""
    drawn = random_problem(material.model, steps=_STEPS, hidden=2, inputs=1, outputs=2, seed=material.seed)
    given: dict[Place, Array] = {where: np.round(array, 1) for where, array in drawn.given.items()}
    target = material.model.readout.target
    if material.model.loss.targets == "simplex":
        for step in range(1, _STEPS + 1):
            given[place(target, {t: step})] = np.eye(2)[None, :, [step % 2]]
    return drawn.with_given(given)


def _given(problem: Problem) -> list[Block]:
    """The parameters, as matrices."""
    shared = [
        row(show(w), "=", _matrix(problem.given[place(w)]))
        for w in (*problem.model.parameters, *problem.model.initial_states)
    ]
    lines = tuple(Line(None, "", Row(_joined(shared[k : k + 3]))) for k in range(0, len(shared), 3))
    return [Derivation(lines, label="eq:example-given")]


def _joined(formulas: list[Formula]) -> tuple[Formula, ...]:
    separated = [x for formula in formulas for x in (row(","), row("quad"), formula)]
    return tuple(separated[2:])


def _matrix(array: Array) -> Formula:
    return Matrix(tuple(tuple(short(float(x)) for x in line) for line in array))


def _states(problem: Problem) -> Table:
    """The forward pass."""
    model = problem.model
    shown = [(x, 0) for x in model.cell.inputs] + [(model.readout.target, 0)]
    shown += [(e.target, 4) for e in model.cell.equations if e.target in model.cell.states]
    shown += [(model.readout.output.target, 4), (model.readout.loss.target, 4)]
    columns = (Column(row("t"), "right"), *(Column(show(v), "center") for v, _ in shown))
    rows = []
    for step in range(1, _STEPS + 1):
        cells: list[InlineLike] = [row(step)]
        for variable, digits in shown:
            array = np.asarray(problem.forward.values[place(variable, {t: step})])
            flat = array.reshape(-1)
            cells.append(_tuple(flat, digits))
        rows.append(tuple(cells))
    return Table(columns, tuple(rows), caption="The forward pass of the example (entries of a column side by side).",
                 label="tab:example")  # fmt: skip


def _tuple(flat: Array, digits: int) -> Formula:
    shown = [fixed(float(x), digits) if digits else short(float(x)) for x in flat]
    if len(shown) == 1:
        return shown[0]
    return Paren(Row(tuple(x for item in shown for x in (row(","), row("thin"), item))[2:]))


Chosen = tuple[Step, dict[sp.Symbol, int], str]


def _chosen(material: Material) -> list[Chosen]:
    """One state, one seed, one adjoint, one gradient entry."""
    d = material.derivation
    model = material.model
    picked: list[Chosen] = []
    for equation in model.cell.equations:
        step = d[f"model.{equation.target.name}"]
        claim = Step(step.key, Entry(step.lhs, FIRST, FIRST), entry(step.rhs, FIRST, FIRST, summation_names()), "", ())
        picked.append((claim, {t: 1}, "first unit, first step"))
    picked.append((d["entry.g"], {t: 2, UNIT: 1}, "what the output sends to unit 1 at step 2"))
    picked.append((d["entry.delta"], {t: 2, UNIT: 1}, "and what all later steps add"))
    picked.append((d[f"entry.{model.recurrent_parameters[0].name}"], {ROW: 1, COL: 2}, "one weight, over all steps"))
    return picked


def _worked(step: Step, at: dict[sp.Symbol, int], why: str, env: Derived) -> list[Block]:
    numbers = {symbol: sp.Integer(number) for symbol, number in at.items()}
    lhs, rhs = (written_out(reindex(side, numbers), env) for side in (step.lhs, step.rhs))
    result = float(np.asarray(evaluate(rhs, env, {})).reshape(-1)[0])
    lines = (
        Line(show(lhs), "=", show(rhs), why),
        Line(None, "approx", show(rhs, _numbered(env)), "the numbers, to four decimals"),
        Line(None, "approx", fixed(result), "the value"),
    )
    return [Derivation(lines, label=f"eq:example-{step.key}")]


def written_out(node: Node, env: Derived) -> Node:
    """Every sum with its terms side by side."""

    def replace(part: Node) -> Node | None:
        if not isinstance(part, Sum):
            return None
        low, high = (value(limit, env.sizes) for limit in (part.lower, part.upper))
        terms = [reindex(part.body, {part.index: sp.Integer(k)}) for k in range(low, high + 1)]
        written = [written_out(term, env) for term in terms]
        return Add(*written) if len(written) > 1 else written[0]

    concrete = {symbol: sp.Integer(number) for symbol, number in env.sizes.items() if symbol is T}
    return rewrite(reindex(node, concrete), replace)


def _numbered(env: Derived) -> Callable[[Node], Formula | None]:
    """Entries of variables as numbers; negative ones in parentheses, since they stand in sums and products."""

    def leaf(node: Node) -> Formula | None:
        if not isinstance(node, Entry) or not isinstance(node.body, Var):
            return None
        number = float(np.asarray(evaluate(node, env, {})).reshape(-1)[0])
        exact = node.body.kind in _GIVEN or node.body.time == 0
        shown = short(number) if exact else fixed(number)
        return Paren(shown) if number < 0 else shown

    return leaf
