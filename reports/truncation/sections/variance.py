"""What is paid for being unbiased: the variance, and where it stays bounded."""

from __future__ import annotations

import numpy as np

from derive.truncation.bench import Measured
from derive.truncation.boundary import Scalar, variance
from reports.document.blocks import Block, Column, Heading, Table, para
from reports.document.charts import Plot, Series, style
from reports.document.heatmaps import HeatMap
from reports.document.inline import Inline, InlineLike
from reports.formula.tree import Script, row
from reports.growth.letters import LOG10
from reports.numbers import fixed, scientific
from reports.truncation.material import Truncation
from reports.truncation.names import with_options

_STEPS, _LARGEST = 200, 60.0
_C = tuple(round(0.05 * number, 2) for number in range(2, 25))
_PI = tuple(round(0.05 * number, 2) for number in range(2, 20))
_SHOWN = ((0.7, 0.8), (0.85, 0.8), (0.95, 0.8), (0.95, 0.95))


def blocks(truncation: Truncation) -> list[Block]:
    return [
        Heading(2, "The variance, exactly", label="sec:truncation-variance"),
        para(*_said(truncation)),
        table(truncation),
        para(*_phase_said()),
        phase(),
        growth(),
    ]


def _said(truncation: Truncation) -> Inline:
    runs = max((own.runs for own in truncation.study.measured), default=0)
    how = (
        "not known exactly here: this network is too large for that sum, and the error of every random strategy is "
        f"from {runs} runs" if runs
        else "exact, summed over all decisions without drawing any"
    )  # fmt: skip
    same = all(own.equals_formula for own in truncation.exact.strategies)
    checked = "equals that of the enumeration above, entry by entry, in rational numbers" if same else \
        "does NOT equal that of the enumeration above"  # fmt: skip
    return (
        f"Mean and variance are {how}. The closed form {checked}. The deviation is the square root of the variance of "
        "all entries together, relative to the full gradient; the error is that of the estimate, ",
        "the root of bias² + variance. Work counts vectors carried back through one factor, memory is how many "
        "steps the longest piece needs at once (means over the runs).",
    )  # fmt: skip


def table(truncation: Truncation) -> Table:
    return Table(
        (
            Column("strategy", weight=0.32), Column("bias", "right", 0.12), Column("angle", "right", 0.09),
            Column("deviation", "right", 0.14), Column("error", "right", 0.12), Column("work", "right", 0.09),
            Column("memory", "right", 0.12),
        ),
        tuple(_row(own) for own in truncation.study.measured),
        (f"All strategies with pieces of {truncation.study.length} steps on average, of {truncation.study.steps}.",),
        label="tab:truncation-variance",
    )  # fmt: skip


def _row(own: Measured) -> tuple[InlineLike, ...]:
    is_zero = own.has_no_bias
    angle: InlineLike = row("0") if is_zero else fixed(own.bias.angle, 2) if np.isfinite(own.bias.angle) else "–"
    bias: InlineLike = row("0") if is_zero else "–" if own.runs else scientific(own.bias.relative, 1)
    return (
        with_options(own.strategy), bias, angle,
        scientific(own.deviation, 1), row("0") if is_zero and not own.deviation else scientific(own.error, 1),
        fixed(own.cost.operations, 0), fixed(own.cost.memory, 0),
    )  # fmt: skip


def _phase_said() -> Inline:
    return (
        "How fast the variance grows with the length is seen with one unit and constant ", row("c"), " and ", row("pi"),
        ": a factor ", row(Script(row("c"), None, row("2")), "/", "pi"), " a step. It stays bounded where ",
        row(Script(row("c"), None, row("2")), "<", "pi"), ", and grows without bound beyond, even where the gradient "
        "itself is bounded (", row("c", "<", "1"), ").",
    )  # fmt: skip


def phase() -> HeatMap:
    """log₁₀ Var z_T over (c, π)."""
    values = tuple(tuple(min(_logarithm(c, pi), _LARGEST) for c in _C) for pi in _PI)
    curve = [(c, c**2) for c in np.linspace(_C[0], 1.0, 60) if _PI[0] <= c**2 <= _PI[-1]]
    return HeatMap(
        _C, _PI, values, (row("c"),), (row("pi"),), (row(LOG10, "Var", Script(row("z"), row("T"))),), centre=None,
        curve=tuple((_place(c, _C), _place(pi, _PI)) for c, pi in curve),
        curve_name=(row(Script(row("c"), None, row("2")), "=", "pi"),),
        caption=(
            "Variance of the recursive estimate of ", row(Script(row("a"), row("T"))), " for ", row("T", "=", _STEPS),
            ", ", row("b", "=", "1"), ": bounded above the line, "
            f"explosive below it (colours end at {_LARGEST:.0f}).",
        ),
        label="fig:truncation-phase",
        alt="The variance over c and π as colours, with the curve c² = π, beyond which it grows with the length.",
    )  # fmt: skip


def _logarithm(c: float, pi: float) -> float:
    return float(np.log10(variance(Scalar(c, pi), _STEPS)))


def _place(value: float, axis: tuple[float, ...]) -> float:
    return float(np.interp(value, axis, range(len(axis))))


def growth() -> Plot:
    """Var z_t against t, on both sides of the boundary."""
    steps = np.unique(np.rint(np.geomspace(1, _STEPS, 40)).astype(int))
    series = [
        Series(
            row("c", "=", f"{c:g}", ",", "thin", "pi", "=", f"{pi:g}"), tuple(float(t) for t in steps),
            tuple(variance(Scalar(c, pi), int(t)) for t in steps), style(number),
        )
        for number, (c, pi) in enumerate(_SHOWN)
    ]  # fmt: skip
    return Plot(
        tuple(series), (row("t"),), (row("Var", Script(row("z"), row("t"))),), log_y=True, log_x=True,
        caption=("The same against the length of the sequence.",), label="fig:truncation-length",
        alt="The variance against the number of steps: it settles for two pairs and grows for the others.",
    )  # fmt: skip
