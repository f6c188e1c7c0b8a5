"""How the product chain grows on this very model: a table and a plot beside the bound."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from derive.expr import Diag, MatMul, Var
from derive.growth.by_radius import Growth, chain_growth, with_radius
from derive.indices import T, i, t
from derive.model import Model
from derive.nonlinear import Map
from derive.theory import Theory
from derive.unroll import place, unroll
from reports.document.blocks import Block, Column, Derivation, Heading, Line, Table, para
from reports.document.charts import Plot, Series, style
from reports.document.inline import Cite, Inline, InlineLike
from reports.formula.tree import Formula, Norm, Paren, Script, row
from reports.material import Material
from reports.numbers import power_of_ten
from reports.present import show
from verify.problem import Problem, random_problem

RADII = (0.5, 0.9, 1.0, 1.1, 1.5)
LAGS = (1, 2, 5, 10, 20, 40)
_STEPS, _HIDDEN, _DRIVE = 40, 8, 0.01


def blocks(material: Material) -> list[Block]:
    """Nothing when the bound that the chapter is about does not hold for the cell."""
    w = recurrent(material)
    if w is None:
        return []
    problem = study_problem(material)
    if not np.any(np.abs(np.linalg.eigvals(problem.given[place(w)]))):
        return [
            Heading(1, "How the product chain grows", label="sec:growth"),
            para("The spectral radius of ", show(w), " is zero here, at every scale: there is nothing to compare."),
        ]
    found = [_growth(material, problem, w, radius) for radius in RADII]
    return [
        Heading(1, "How the product chain grows", label="sec:growth"),
        para(
            "The term of lag ", row("t", "-", "i"), " carries a product of as many Jacobians. Each is at most ",
            row("gamma", "thin", Script(row("sigma"), row("1"))), " large, where ",
            row("gamma"), f" = {found[0].gamma:g}", " bounds the slope of the activation and ",
            Script(row("sigma"), row("1")), " is the largest singular value of ", show(w),
            "; so the chain is at most the power of that ", Cite("pascanu2013"), ":",
        ),
        Derivation((_bound(material, w),), label="eq:growth"),
        para(
            "Below one the bound forces the chain to vanish; above one it only permits an explosion. ",
            *_described(material, problem, w),
        ),
        _table(found),
        _plot(found),
    ]  # fmt: skip


def recurrent(material: Material) -> Var | None:
    """W, where the derived c_t is diag(φ′) W (or W itself) and sup|φ′| is known: the premise of the bound.

    A leak or a gate adds terms to c_t, for which γσ₁(W) bounds nothing.
    """
    jacobian = material.derivation["local.c"].rhs
    *slopes, last = jacobian.args if isinstance(jacobian, MatMul) else (jacobian,)
    fits = isinstance(last, Var) and last.kind == "parameter" and all(isinstance(factor, Diag) for factor in slopes)
    functions = [e.expression.function for e in material.model.cell.equations if isinstance(e.expression, Map)]
    return last if fits and all(f.steepest is not None for f in functions) else None


def study_problem(material: Material) -> Problem:
    """The user's own model and sequence, or a random one that is long enough for a plot."""
    if material.trained:
        return material.problem
    return random_problem(material.model, steps=_STEPS, hidden=_HIDDEN, seed=material.seed, drive=_DRIVE)


def _growth(material: Material, problem: Problem, w: Var, radius: float) -> Growth:
    given = dict(problem.given)
    given[place(w)] = with_radius(given[place(w)], radius)
    short = {**problem.sizes, T: min(problem.steps, _STEPS)}
    with np.errstate(all="ignore"):  # the readout runs along, and may overflow
        return chain_growth(material.derivation, unroll(problem.model, given, short), w, radius)


def _bound(material: Material, w: Var) -> Line:
    theory = Theory(material.model)
    chain = Norm(show(theory.chain(t, i + 1)))
    power = row("t", "-", "i")
    right = Script(Paren(row("gamma", "thin", Script(row("sigma"), row("1")), Paren(show(w)))), None, power)
    why = "submultiplicativity of the spectral norm, one factor at a time"
    return Line(Script(chain, row("2")), "le", right, why)


def _described(material: Material, problem: Problem, w: Var) -> Inline:
    kind = "the trained model and its own input" if material.trained else "a weakly driven random model of this kind"
    size = problem.label
    one = "; of the batch the first sequence is followed" if size["batch"] > 1 else ""
    return (
        f"Here it is measured on {kind} (n = {size['n']}, T = {min(size['T'], _STEPS)}{one}), with ", show(w),
        " scaled to five spectral radii. The spectral radius is not what bounds the chain: even below one it may grow "
        "at first.", _saturation(problem.model),
    )  # fmt: skip


def _saturation(model: Model) -> str:
    """Only a bounded activation, one whose slope falls towards the ends of its range, holds an explosion back."""
    found = [e.expression.function for e in model.cell.equations if isinstance(e.expression, Map)]
    if found and all(f.output_form is not None and not f.slope.is_number for f in found):
        return " And a chain that could explode is held back once its units saturate, where the slope falls."
    return ""


def _table(found: list[Growth]) -> Table:
    lags = [lag for lag in LAGS if lag <= len(found[0].log_norms)]
    columns = (Column("Radius", "right"), Column(Script(row("sigma"), row("1")), "right"),
               *(Column(("lag ", str(lag)), "right") for lag in lags))  # fmt: skip
    rows: list[tuple[InlineLike, ...]] = []
    for growth in found:
        norms = (power_of_ten(growth.log_norms[lag - 1]) for lag in lags)
        rows.append((f"{growth.radius:.1f}", f"{growth.sigma:.2f}", *norms))
    caption = ("The spectral norm of the chain that ends at the last step, against its lag.",)
    return Table(columns, tuple(rows), caption=caption, label="tab:growth")


def _plot(found: list[Growth]) -> Plot:
    return Plot(
        tuple(series for place_, growth in enumerate(found) for series in _curves(place_, growth)),
        x_label=("lag ", row("t", "-", "i")), y_label=_axis(), log_y=True,
        caption="Measured norms (solid, marked) and bounds (dashed, drawn up to a million) for five spectral radii.",
        label="fig:growth",
        alt="Curves on a logarithmic axis: the norm of the chain falls for small spectral radii and grows for large "
        "ones; each stays below its dashed bound.",
    )  # fmt: skip


def _axis() -> Formula:
    return row(Norm(row(Script(row("c"), row("t")), "cdots", Script(row("c"), row("i", "+", "1")))))


def _curves(place_: int, growth: Growth) -> Iterator[Series]:
    lags = tuple(float(lag) for lag in range(1, len(growth.log_norms) + 1))
    norms = tuple(10.0**value for value in growth.log_norms)
    bounds = tuple(10.0 ** min(value, 12.0) for value in growth.log_bounds)
    yield Series((row("rho"), f" = {growth.radius:.1f}"), lags, norms, style(place_))
    inside = tuple((x, y) for x, y in zip(lags, bounds, strict=True) if y < 1e6)
    yield Series(
        (), tuple(x for x, _ in inside), tuple(y for _, y in inside), style(place_, dash="dashed", marker="none")
    )
