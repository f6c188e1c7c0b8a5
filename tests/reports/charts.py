"""Charts of every kind, ordinary and extreme, for the tests of all writers."""

from __future__ import annotations

from dataclasses import replace
from math import inf, nan, sin

from sample import W, c, row, sub

from reports.document.bars import Bars, BarSeries
from reports.document.charts import Band, Plot, Series, fan, style
from reports.document.figures import Chart
from reports.document.heatmaps import HeatMap
from reports.document.triangles import Panel, Triangles
from reports.formula.tree import Atom, Norm, Script

ALT = "a chart"
LAGS = tuple(float(lag) for lag in range(1, 41))
NORM = row(Script(Atom("log"), Atom("10")), "thin", Norm(row(c("t"), "cdots", c(row("i", "+", 1)))))


def _fan() -> Plot:
    curves = [tuple(-0.004 * k * lag + 0.1 * sin(lag + k) for lag in LAGS) for k in range(60)]
    mean = Series("mean", LAGS, tuple(-0.12 * lag for lag in LAGS), style(1, marker="none"))
    return Plot(
        (*fan("each singular value", LAGS, curves), mean), ("lag ", row("t", "-", "i")), NORM,
        caption="Sixty singular values.", label="fig:fan", alt=ALT,
    )  # fmt: skip


def _bands() -> Plot:
    middle = tuple(0.05 * lag for lag in LAGS)
    spread = Band(
        LAGS, tuple(y - 0.3 for y in middle), tuple(y + 0.4 for y in middle), style(0), "middle 80 % of 24 sequences"
    )
    falling = Series("ρ = 0.9", LAGS, tuple(-0.08 * lag for lag in LAGS), style(1, "dashed"))
    return Plot(
        (Series("ρ = 1.2", LAGS, middle, style(0)), falling), ("lag ", row("t", "-", "i")), NORM,
        caption="Median and spread.", label="fig:bands", alt=ALT, bands=(spread,),
    )  # fmt: skip


def _powers() -> Plot:
    sizes = (8.0, 16.0, 32.0, 64.0, 128.0, 256.0)
    low, high = tuple(0.2 * n**-0.5 - 0.03 for n in sizes), tuple(n**-0.5 for n in sizes)
    return Plot(
        (Series("error", sizes, tuple(0.5 * n**-0.5 for n in sizes), style(0)),), "batch", "relative error",
        log_y=True, log_x=True, caption="Both axes logarithmic.", alt=ALT, bands=(Band(sizes, low, high),),
    )  # fmt: skip


def _anatomy() -> Bars:
    slope = tuple(-0.1 - 0.05 * n for n in range(12))
    weights = tuple(0.35 + 0.02 * sin(n) for n in range(12))
    return Bars(
        tuple(range(1, 13)),
        (BarSeries(("slope ", row(Script(Atom("phi"), None, Atom("prime")))), slope), BarSeries(W, weights)),
        "growth per step, in decades", ("step ", Atom("t")), "net growth",
        caption="Where growth comes from.", label="fig:anatomy", alt=ALT,
    )  # fmt: skip


def _cells() -> Bars:
    names = ("vanilla tanh", "LSTM with peepholes", "GRU", "antisymmetric network", "循环神经网络", "unitary")
    parts = ("slope", "weights", "gates", "skip", "rest", "noise")
    series = (BarSeries(part, tuple(sin(2 * n + 3 * k) for n in range(6))) for k, part in enumerate(parts))
    return Bars(names, tuple(series), "decades per step", caption="Six parts of six cells.", alt=ALT)


def _phases() -> HeatMap:
    values = tuple(
        tuple(None if (i, j) == (3, 4) else 0.3 * (i - 7) - 0.2 * j + 0.4 * sin(i * j) for i in range(16))
        for j in range(12)
    )
    return HeatMap(
        tuple(round(0.5 + 0.1 * i, 1) for i in range(16)), tuple(round(0.1 * j, 1) for j in range(1, 13)), values,
        ("spectral radius ", Atom("rho")), ("input scale ", sub("sigma", "x")), "growth, decades per step",
        threshold=0.0, caption="Where the chain grows.", label="fig:phases", alt=ALT,
    )  # fmt: skip


def _words() -> HeatMap:
    values = ((-3.2, 1.5, -inf, 0.1), (0.2, None, -0.5, nan), (0.01, 0.02, 0.5, 2.0))
    return HeatMap(
        ("tanh", "ReLU", "门控", "LSTM"), ("zero", "Glorot", "orthogonal"), values, "cell", "initialisation",
        "decades per step", centre=None, threshold=0.0, caption="Words at both axes.", alt=ALT, height_mm=55,
    )  # fmt: skip


def _boundary() -> HeatMap:
    factors, probabilities = tuple(n / 10 for n in range(1, 16)), tuple(n / 10 for n in range(1, 11))
    values = tuple(tuple(c * c - p for c in factors) for p in probabilities)
    curve = tuple((n / 4, 10 * ((n / 4 + 1) / 10) ** 2 - 1) for n in range(60))
    return HeatMap(
        factors, probabilities, values, ("factor ", Atom("c")), ("probability ", Atom("pi")), "excess",
        curve=curve, curve_name=("phase boundary ", row(Script(Atom("c"), None, Atom("2")), "=", "pi")),
        caption="Where the variance is bounded.", label="fig:boundary", alt=ALT, height_mm=60,
    )  # fmt: skip


def weights(steps: int, cuts: tuple[int, ...] = (), factor: float = 1.0) -> tuple[tuple[float, ...], ...]:
    """`factor` to the power of the lag, and 0 for what a cut takes."""
    return tuple(
        tuple(0.0 if any(i <= cut < t for cut in cuts) else factor ** (t - i) for i in range(1, t + 1))
        for t in range(1, steps + 1)
    )  # fmt: skip


def _truncations() -> Triangles:
    panels = (
        Panel("full", weights(8)),
        Panel(("blocks of 3, ", row("K", "=", "3")), weights(8, (3, 6)), (3, 6)),
        Panel("randomised, one draw", weights(8, (2, 6), 1.5), (2, 6)),
        Panel("截断 & 50% of $x_t {a} <b>", weights(8, factor=0.75)),
    )
    return Triangles(panels, "What is kept.", "fig:truncations", ALT)


def _curve(x: tuple[float, ...], y: tuple[float, ...], log: bool = False) -> Plot:
    return Plot((Series("curve", x, y, style(0)),), "x", "y", log_y=log, log_x=log, alt=ALT)


def _bars(*values: float | None) -> Bars:
    return Bars(tuple(range(len(values))), (BarSeries("part", values),), "value", total="sum", alt=ALT)


def _map(*rows: tuple[float | None, ...], centre: float | None = 0.0) -> HeatMap:
    across = tuple(range(len(rows[0]))) if rows else ()
    return HeatMap(across, tuple(range(len(rows))), rows, "x", "y", "value", centre, threshold=0.0, alt=ALT)


CHARTS: dict[str, Chart] = {
    "fan": _fan(), "bands": _bands(), "powers": _powers(), "anatomy": _anatomy(), "cells": _cells(),
    "phases": _phases(), "words": _words(), "boundary": _boundary(), "truncations": _truncations(),
}  # fmt: skip

EXTREMES: dict[str, Chart] = {
    "no curve": Plot((), "x", "y", alt=ALT),
    "no points": _curve((), (), log=True),
    "nothing finite": _curve((1.0, 2.0), (nan, inf)),
    "one point": _curve((1.0,), (2.0,), log=True),
    "constant": _curve((1.0, 2.0), (5.0, 5.0), log=True),
    "huge": _curve((1.0, 2.0, 3.0), (-9e299, 1.0, 9e299)),
    "huge powers": _curve((1.0, 2.0, 3.0), (1e-299, 1.0, 9e299), log=True),
    "tiny": _curve((1.0, 2.0), (5e-324, 1e-300)),
    "no name": Plot((Series((), (1.0, 2.0), (1.0, 2.0)),), "x", "y", alt=ALT),
    "only a band": Plot((), "x", "y", log_y=True, alt=ALT, bands=(Band((1.0, 2.0), (0.0, -1.0), (1.0, 2.0)),)),
    "a band at one place": Plot((), "x", "y", alt=ALT, bands=(Band((1.0,), (0.5,), (1.0,)),)),
    "no bars": Bars((), (), "value", alt=ALT),
    "bars of nothing": _bars(nan, None, inf),
    "bars of zero": _bars(0.0, 0.0),
    "one bar": _bars(3.0),
    "huge bars": _bars(9e299, -9e299),
    "tiny bars": _bars(1e-300, -2e-300),
    "no cells": _map(),
    "no values": _map((None, None), (None, nan)),
    "infinities": _map((inf, -inf)),
    "one cell": _map((2.0,)),
    "one column": _map((2.0,), (1.0,), (-1.0,), centre=None),
    "equal": _map((3.0, 3.0), (3.0, 3.0), centre=None),
    "rounding errors": _map((1.0, 1.0 + 1e-12), (1.0, 1.0), centre=None),
    "huge cells": _map((9e299, -9e299), (0.0, 1e-300)),
    "a curve far away": replace(_map((1.0, 2.0)), curve=((5.0, 5.0), (1e9, 7.0)), curve_name="far"),
    "a curve across": replace(_map((1.0, -2.0), (0.5, 3.0)), curve=((-1e9, 0.5), (1e9, 0.5)), curve_name="level"),
    "a curve on no cells": replace(_map(), curve=((-3.0, 0.0), (3.0, 0.0)), curve_name="nothing beneath"),
    "one term": Triangles((Panel("", ((1.0,),)),), alt=ALT),
    "no term": Triangles((Panel("none", ((0.0,), (0.0, 0.0))),), alt=ALT),
    "huge weights": Triangles(
        (Panel("huge", weights(16, factor=1e15)), Panel("tiny", weights(16, factor=1e-9))), alt=ALT
    ),
    "long titles": Triangles(
        (Panel("循环神经网络" * 9, weights(4)), Panel("l" * 200, weights(7, (3,)), (3,))) * 3, alt=ALT
    ),
}
