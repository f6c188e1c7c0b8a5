"""The norm of the chain against its lag, beside its bounds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from derive.arithmetic import Array
from derive.growth.study import Study
from reports.document.blocks import Block, Column, Heading, Table, para
from reports.document.charts import Band, Dash, Plot, Series, style
from reports.document.inline import Cite, Inline, InlineLike
from reports.formula.tree import Formula, row
from reports.growth.letters import DECADES as UNIT
from reports.growth.letters import LAG, LOG10, chain_norm, power, sigma
from reports.growth.material import Growth
from reports.growth.numbers import DECADES, averaged, looseness
from reports.numbers import fixed, power_of_ten
from reports.present import show

_ROWS = 8


def blocks(growth: Growth) -> list[Block]:
    study = growth.study
    return [
        Heading(2, "Norms and bounds", label="sec:growth-norms"),
        para(*_said(study)),
        figure(study),
        _table(study),
    ]


def figure(study: Study) -> Plot:
    """log₁₀ of the true norm, of the product of norms, of the bound by the weights, and of ρ^lag."""
    lags = tuple(float(lag) for lag in study.lags)
    mean, deviation = averaged(study.log_norms * DECADES)
    series = [Series(("true ", chain_norm(study)), lags, tuple(mean), style(0))]
    for place, (name, dash, values) in enumerate(_bounds(study), start=1):
        series.append(Series(name, lags, tuple(values), style(place, dash, "none")))
    bands = (Band(lags, tuple(mean - deviation), tuple(mean + deviation), style(0)),) if len(study.spectra) > 1 else ()
    return Plot(
        tuple(series), LAG, (row(LOG10, chain_norm(study)), *UNIT), log_x=study.steps > 60, bands=bands,
        caption=(
            "The spectral norm of the chain that ends at the last step, against its lag",
            *(" (mean and standard deviation over the sequences)" if bands else "",),
            ": the truth below its bounds.",
            *(" The power of the spectral radius is no bound.",) * any("no bound" in str(own.name) for own in series),
        ),
        label="fig:growth-norms",
        alt="The logarithm of the norm of the product chain against the lag, below the product of the norms of its "
        "factors and, where there is one, the bound by the weights alone.",
    )  # fmt: skip


def _bounds(study: Study) -> Iterator[tuple[InlineLike, Dash, Array]]:
    lags = np.array(study.lags)
    yield ("product of norms",), "dashed", averaged(study.log_products * DECADES)[0]
    if study.log_weights is not None:
        yield ("weights alone",), "dotted", study.log_weights * DECADES
    if len(study.transients) == 1:
        (own,) = study.transients.values()
        if own.radius > 0:
            yield (power(row("rho"), row("lag")), " (no bound)"), "dashdot", lags * np.log10(own.radius)


def _said(study: Study) -> Inline:
    found = looseness(study)
    rate = float(np.mean(study.log_norms[:, -1])) / study.lags[-1]
    if not np.isfinite(rate):
        return ("The chain is zero at the longest lag: some factor passes nothing on. ", *_weights(study, found))
    return (
        "Over the whole sequence (", row("T", "=", study.steps), ") the norm of the chain changes by ", fixed(rate, 4),
        " nats a step. The product of the norms of its factors is an upper bound that uses the very factors",
        *_loose(found["product_of_norms"]), ". It is tight only when each factor's most stretched direction is the one "
        "that the next factor stretches most. ", *_weights(study, found),
    )  # fmt: skip


def _weights(study: Study, found: dict[str, float]) -> Inline:
    bound = study.weights
    if bound is None:
        return ("The weights alone do not bound a factor of this cell: a gate multiplies what may be of any size. ",)
    means = (
        "is below one, which is sufficient for the chain to vanish whatever the input" if bound.value < 1
        else "is not below one, so an explosion is not excluded; that is necessary for one, not sufficient"
    )  # fmt: skip
    return (
        "From the weights alone a factor is at most ", row(show(bound.node), "=", fixed(bound.value, 4)),
        f" large, which {means} ", Cite("pascanu2013"), *_loose(found["weights"]), ". ",
    )  # fmt: skip


def _loose(nats: float) -> Inline:
    return (", ", fixed(nats, 4), " nats a step too large here") if np.isfinite(nats) else ()


def _table(study: Study) -> Table:
    chosen = sorted({int(k) for k in np.rint(np.linspace(0, len(study.lags) - 1, _ROWS))})
    true, products = (averaged(rows * DECADES)[0] for rows in (study.log_norms, study.log_products))
    columns = [Column("Lag", "right"), Column(chain_norm(study), "right"), Column("Product of norms", "right")]
    cells: list[list[Formula]] = [[_logarithm(true[k]), _logarithm(products[k])] for k in chosen]
    if study.log_weights is not None:
        columns.append(Column("Weights alone", "right"))
        for own, k in zip(cells, chosen, strict=True):
            own.append(_logarithm(study.log_weights[k] * DECADES))
    columns += [Column((sigma(1), "/", sigma("n")), "right")]
    with np.errstate(invalid="ignore"):  # −∞ − (−∞), where the chain is zero
        spread = averaged(np.array([own.by_lag[:, 0] - own.by_lag[:, -1] for own in study.spectra]) * DECADES)[0]
    for own, k in zip(cells, chosen, strict=True):
        own.append(_logarithm(spread[k]) if np.isfinite(spread[k]) else row("infinity"))
    rows = tuple((row(study.lags[k]), *own) for k, own in zip(chosen, cells, strict=True))
    caption = "Norm, bounds and condition of the chain at some lags" + (
        ", geometric means over the sequences." if len(study.spectra) > 1 else "."
    )
    return Table(tuple(columns), rows, caption=(caption,), label="tab:growth-norms")


def _logarithm(log10: float) -> Formula:
    return power_of_ten(float(log10))
