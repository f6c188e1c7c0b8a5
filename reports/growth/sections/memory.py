"""How far back a loss reaches, lag by lag."""

from __future__ import annotations

import numpy as np

from derive.growth.memory import FRACTIONS
from derive.growth.study import Study
from reports.document.blocks import Block, Column, Heading, Table, para
from reports.document.charts import Band, Plot, Series, style
from reports.document.inline import Inline, InlineLike
from reports.formula.tree import Formula, Norm, row
from reports.growth.letters import LOG10, chain
from reports.growth.material import Growth
from reports.growth.numbers import DECADES, memory_by_lag
from reports.numbers import scientific
from reports.present import index, show


def blocks(growth: Growth) -> list[Block]:
    study = growth.study
    if not study.memories:
        return []
    return [
        Heading(2, "How far back a loss reaches", label="sec:growth-memory"),
        para(*_said(study)),
        figure(study),
        _table(study),
    ]


def figure(study: Study) -> Plot:
    """log₁₀ of the size of the terms by lag, relative to the largest median, with quartiles; and of the adjoint."""
    lags, found = memory_by_lag(study)
    shown = {name: values * DECADES for name, values in found.items()}
    top = float(np.nanmax(shown["median"][np.isfinite(shown["median"])], initial=-np.inf))
    top = top if np.isfinite(top) else 0.0
    ahead = shown["adjoint"][np.isfinite(shown["adjoint"])]
    start = float(ahead.max()) if len(ahead) else 0.0
    x = tuple(float(lag) for lag in lags)
    return Plot(
        (
            Series((Norm(term(study)),), x, tuple(shown["median"] - top), style(0, marker="none")),
            Series((Norm(adjoint(study)),), x, tuple(shown["adjoint"] - start), style(1, "dashed", "none")),
        ),
        ("lag ", row("t", "-", show_early(study)), " (steps)"), (row(LOG10), " of the relative size"),
        bands=(Band(x, tuple(shown["lower"] - top), tuple(shown["upper"] - top), style(0)),),
        caption=("The gradient of a step's loss by the lag of the step that the parameters acted in, median and "
                 "quartiles over the followed losses; and what arrives at the state."),
        label="fig:growth-memory",
        alt="The size of the gradient's terms against the lag, on a logarithmic axis, relative to the largest.",
    )  # fmt: skip


def show_early(study: Study) -> Formula:
    """i, or the letter that stands for it."""
    return index(study.chain.theory.early)


def adjoint(study: Study) -> Formula:
    """∂ℓ_t/∂h_t P(t, i), the transposed g_t times the chain."""
    theory = study.chain.theory
    return row(show(theory.g().T), chain(study))


def term(study: Study) -> Formula:
    theory = study.chain.theory
    return row(adjoint(study), show(theory.b(theory.early)))


def _said(study: Study) -> Inline:
    ends = sum(len(own.ends) for own in study.memories)
    sequences = f" in {len(study.memories)} sequences" if len(study.memories) > 1 else ""
    return (
        f"The losses of {ends} steps{sequences}, spread over the second half, are followed back to the first step. A "
        "term of the double sum is what a step created, carried on to the error: ", Norm(term(study)),
        " for all parameters of the recurrence together. The effective memory is the first lag from which on every "
        "term is below a fraction of the largest.",
    )  # fmt: skip


def _table(study: Study) -> Table:
    columns = (Column("Left of the largest term"), Column("Effective memory (steps), median", "right"),
               Column("Shortest", "right"), Column("Longest", "right"))  # fmt: skip
    ends = np.concatenate([own.ends for own in study.memories])
    rows: list[tuple[InlineLike, ...]] = []
    for fraction in FRACTIONS:
        lags = study.reach(fraction)
        beyond = lags >= ends  # not even the longest lag that this loss has is below
        order = np.argsort(lags, kind="stable")
        middle = order[(len(order) - 1) // 2]
        picked = (middle, order[0], order[-1])
        rows.append((_fraction(fraction), *(_steps(lags[k], beyond[k]) for k in picked)))
    note = (
        ("A loss reaches beyond the first step where ≥ stands.",)
        if any("≥" in str(c) for r in rows for c in r)
        else None
    )
    caption = ("Effective memory of the gradient with respect to the parameters of the recurrence.",)
    return Table(columns, tuple(rows), caption=caption, label="tab:growth-memory", note=note)


def _fraction(value: float) -> InlineLike:
    return scientific(value, 0) if value < 1e-3 else f"{value:.0%}"


def _steps(lag: int, beyond: bool) -> str:
    return f"≥ {lag}" if beyond else str(lag)
