"""The bias of every window and chunk, exactly: overall, by parameter, and as an angle; Aicher's bound beside it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from derive.truncation.distance import Distance
from derive.truncation.study import Study
from reports.document.blocks import Block, Column, Heading, Table, para
from reports.document.charts import Plot, Series, style
from reports.document.inline import Cite, Inline, InlineLike
from reports.formula.tree import row
from reports.numbers import fixed, scientific
from reports.truncation.letters import parameter
from reports.truncation.material import Recommended, Truncation

_ROWS = 9
_FLOOR = 1e-17
"""What is less is left out of the charts: with it nothing else could be read."""


def blocks(truncation: Truncation) -> list[Block]:
    study = truncation.study
    return [
        Heading(2, "The bias, exactly", label="sec:truncation-bias"),
        para(*_said()),
        figure(study),
        table(study),
        para(*recommendation(truncation)),
        by_parameter(study),
        para(*_parameters_said(truncation)),
    ]


def _said() -> Inline:
    return (
        "The bias is the omitted tail, added up from its own terms and not as a difference of two gradients, so that "
        "it is exact however small it is. It is given relative to the full gradient of all parameters of the "
        "recurrence together (Frobenius norm), with the angle between the two; the readout's own parameters have no "
        "lag, and are never truncated. Beside it stands the bound ", Cite("aicher2019"), ": with the contraction "
        "measured over all lags it is a bound for this very sequence; estimated from the shorter half of the lags, as "
        "it must be in training, it is a guess.",
    )  # fmt: skip


def figure(study: Study) -> Plot:
    """Relative bias against τ."""
    bounds = {tau: study.bound(tau) for tau in study.windows}
    guessed = {tau: study.estimated_bound(tau) for tau in study.windows}
    series = [
        _series("sliding window", {tau: own.relative for tau, own in study.windows.items()}, 0),
        _series("chunks", {tau: own.relative for tau, own in study.chunks.items()}, 1),
        _series("bound, contraction measured", bounds, 2),
        _series("bound, contraction estimated", guessed, 3),
    ]
    return Plot(
        tuple(own for own in series if own.x), (row("tau"), " (steps)"), ("relative bias",), log_y=True,
        caption=("Relative bias of the gradient that keeps ", row("tau"), " steps, and the bound of the window's.",),
        label="fig:truncation-bias",
        alt="The relative bias of windows and chunks against their length, on a logarithmic axis, with two bounds.",
    )  # fmt: skip


def _series(name: InlineLike, values: Mapping[int, float], number: int) -> Series:
    kept = [(float(tau), value) for tau, value in sorted(values.items()) if _FLOOR < value < np.inf]
    return Series(name, tuple(x for x, _ in kept), tuple(y for _, y in kept), style(number))


def table(study: Study) -> Table:
    steps = study.steps
    shown = [int(tau) for tau in np.unique(np.rint(np.geomspace(1, steps, _ROWS)).astype(int))]
    return Table(
        (
            Column(row("tau"), "right"), Column("window", "right"), Column("angle", "right"),
            Column("chunks", "right"), Column("angle", "right"), Column("bound of the window", "right"),
        ),
        tuple(_row(study, tau) for tau in shown),
        ("Relative bias and the angle to the full gradient in degrees.",),
        label="tab:truncation-bias",
    )  # fmt: skip


def _row(study: Study, tau: int) -> tuple[InlineLike, ...]:
    chunk = study.chunks.get(tau)
    return (
        row(str(tau)), *_cells(study.windows[tau], tau >= study.steps),
        *(("–", "–") if chunk is None else _cells(chunk, tau >= study.steps)), _bound(study.bound(tau)),
    )  # fmt: skip


def _cells(own: Distance, is_whole: bool) -> tuple[InlineLike, InlineLike]:
    """With τ ≥ T nothing is omitted: what a float leaves of it is not shown."""
    if is_whole:
        return row("0"), row("0")
    angle = "–" if np.isnan(own.angle) else fixed(own.angle, 2)
    return scientific(own.relative, 1), angle


def _bound(value: float) -> InlineLike:
    return scientific(value, 1) if np.isfinite(value) else "none"


def recommendation(truncation: Truncation) -> Inline:
    """What to choose for the bias that was asked for."""
    window, chunks, bound = truncation.window, truncation.chunks, truncation.bound
    most = f"{truncation.most_bias:g}"
    return (
        f"For a relative bias of at most {most} the sliding window needs ", *_needed(window), ", chunks need ",
        *_needed(chunks), "; the bound alone would ask for ", *_tau(bound), ". A ", row("tau"),
        " is recommended where the bias is small from there on: that terms happen to cancel at one length says "
        "nothing.",
    )  # fmt: skip


def _needed(own: Recommended) -> Inline:
    if own.tau is None:
        return ("more than there is",)
    if np.isnan(own.before):
        untried = "" if own.tau == 1 else ", the smallest of the lengths that were tried"
        return (*_tau(own), " (the bias there is ", scientific(own.there, 2), f"{untried})")
    return (
        *_tau(own), " (the bias there is ", scientific(own.there, 2), ", and ", scientific(own.before, 2),
        " one step shorter)",
    )  # fmt: skip


def _tau(own: Recommended) -> Inline:
    if own.tau is None:
        return ("more than there is",)
    return (*(("all of the sequence, ",) if own.is_whole else ()), row("tau", "=", str(own.tau)))


def by_parameter(study: Study) -> Plot:
    """The window's bias of every parameter by itself."""
    names = list(study.lags.parameters)[:6]
    series = (
        _series(parameter(study, name), {tau: own.relative for tau, own in study.by_parameter[name].items()}, number)
        for number, name in enumerate(names)
    )
    more = f"; {len(study.lags.parameters) - len(names)} more are not drawn" * (len(study.lags.parameters) > len(names))
    return Plot(
        tuple(own for own in series if own.x), (row("tau"), " (steps)"), ("relative bias",), log_y=True,
        caption=(f"The bias of the sliding window, each parameter relative to its own gradient{more}.",),
        label="fig:truncation-parameters",
        alt="The relative bias of the window against its length, a curve for each parameter.",
    )  # fmt: skip


def _parameters_said(truncation: Truncation) -> Inline:
    study = truncation.study
    tau = min(study.length, study.steps)
    worst = max(study.lags.parameters, key=lambda name: _finite(study.by_parameter[name][tau].relative))
    best = min(study.lags.parameters, key=lambda name: _finite(study.by_parameter[name][tau].relative))
    said: list[object] = [
        "With ", row("tau", "=", str(tau)), " the most biased is ", parameter(study, worst), " (",
        scientific(study.by_parameter[worst][tau].relative, 1), "), the least ", parameter(study, best), " (",
        scientific(study.by_parameter[best][tau].relative, 1), ").",
    ]  # fmt: skip
    if study.lags.initial:
        said += [" An initial state acts ", row("t"), " steps before the loss of step ", row("t"),
                 ": its gradient is whole only with ", row("tau", ">", "T"), "."]  # fmt: skip
    return tuple(said)  # type: ignore[arg-type]


def _finite(value: float) -> float:
    return value if np.isfinite(value) else 0.0
