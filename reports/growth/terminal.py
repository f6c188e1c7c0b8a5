"""The study in a terminal: what a hurried reader wants to know, a chart, and the tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from derive.growth.memory import FRACTIONS
from derive.growth.study import Study
from reports.document.charts import Plot
from reports.document.inline import InlineLike, as_inline
from reports.formula.to_text import text
from reports.formula.tree import Formula
from reports.growth.material import Growth
from reports.growth.numbers import DECADES, averaged, looseness, middle
from reports.growth.sections import anatomy, norms, remedies
from reports.wording import short_name
from reports.writers.text_charts import coloured_plot

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_ROWS = 7
_SPREAD = 5


def print_growth(growth: Growth, console: Console, *, brief: bool = False) -> None:
    """Everything at the width of the terminal; ``brief`` leaves the tables to the document that was written."""
    study, label = growth.study, growth.problem.label
    sizes = ", ".join(f"{name}={number}" for name, number in label.items())
    console.print(f"{short_name(growth.problem.model)}; {sizes}", highlight=False, markup=False)
    for note in growth.notes:
        console.print(f"note: {note}", style="dim", highlight=False, markup=False)
    console.print()
    console.print(_summary(study), highlight=False)
    if brief:
        return
    console.print()
    _chart(norms.figure(study), console)
    console.print()
    console.print(_table(study))
    if growth.remedies:
        console.print()
        console.print(_remedies(growth))


def summary(study: Study) -> Iterator[tuple[str, str]]:
    """A name and a sentence for each finding."""
    top = np.array([own.log_singular_values[0] for own in study.spectra])
    rate, spread = float(np.mean(top)) / study.steps, float(np.std(top)) / study.steps if len(top) > 1 else None
    more = f" ± {spread:.2g} over {len(top)} sequences" if spread is not None and np.isfinite(spread) else ""
    yield "norm of the chain", f"{f'{rate:+.5f} nats a step{more}: ' if np.isfinite(rate) else ''}{_word(rate)}"
    yield "singular values", f"log σ from {_number(top.mean())} to {_number(_last(study))}; rank {_ranks(study)}"
    yield "Lyapunov exponents", f"{_leading(study)} nats a step"
    agreement = max(own.agreement for own in study.spectra)
    yield "checked", f"estimated error {agreement:.1e} of a logarithm{_determinant(study)}"
    loose = looseness(study)
    if study.weights is not None:
        means = "sufficient to vanish" if study.weights.value < 1 else "an explosion is not excluded"
        yield "bound by weights", f"{study.weights.value:.4f} a factor ({means}){_large(loose['weights'], ', ')}"
    if np.isfinite(loose["product_of_norms"]):
        yield "product of norms", _large(loose["product_of_norms"])
    yield "growth comes from", _parts(study)
    if study.memories:
        yield "memory", _memory(study)


def _large(nats: float, before: str = "") -> str:
    return f"{before}{nats:.4f} nats a step too large" if np.isfinite(nats) else ""


def _word(rate: float) -> str:
    if rate == -np.inf:
        return "zero, nothing is passed back"
    return f"it {'vanishes' if rate < 0 else 'explodes'}, by {np.exp(rate):.4g} a step"


def _number(value: float) -> str:
    return f"{value:.4g}" if np.isfinite(value) else "−∞"


def _last(study: Study) -> float:
    return float(np.mean([own.log_singular_values[own.rank - 1] if own.rank else -np.inf for own in study.spectra]))


def _ranks(study: Study) -> str:
    ranks = sorted({own.rank for own in study.spectra})
    return f"{'–'.join(map(str, ranks if len(ranks) < 3 else (ranks[0], ranks[-1])))} of {study.chain.size}"


def _leading(study: Study) -> str:
    mean = averaged(np.array([own.exponents for own in study.spectra]))[0]
    return ", ".join(f"{value:+.4f}" if np.isfinite(value) else "−∞" for value in mean[:_SPREAD]) + (
        ", …" if len(mean) > _SPREAD else "")  # fmt: skip


def _determinant(study: Study) -> str:
    error = study.determinant_error
    return f"; their sum is that of log|det c_t| to {error:.1e}" if np.isfinite(error) else ""


def _parts(study: Study) -> str:
    own = study.anatomies[0]
    alive = np.isfinite(own.growth)
    if not alive.any():
        return "nothing survives"
    unit = " nats" if own.logarithmic else ""
    return ", ".join(f"{_plain(g.name)} {g.values[alive].mean():+.3f}{unit}" for g in anatomy.groups(study))


def _plain(name: InlineLike) -> str:
    return "".join(text(part) if isinstance(part, Formula) else str(part) for part in as_inline(name))


def _memory(study: Study) -> str:
    return ", ".join(
        f"less than {fraction:g} of the largest term after {middle(study.reach(fraction))} steps"
        for fraction in FRACTIONS
    )


def _chart(plot: Plot, console: Console) -> None:
    for line in coloured_plot(replace(plot, bands=()), min(console.width, 100)):
        console.print(line, soft_wrap=True)


def _summary(study: Study) -> Table:
    from rich.markup import escape
    from rich.table import Table as RichTable

    grid = RichTable.grid(padding=(0, 2, 0, 0))
    for name, said in summary(study):
        grid.add_row(name, escape(said))
    return grid


def _table(study: Study) -> Table:
    from rich.table import Table as RichTable

    table = RichTable(box=None, padding=(0, 2, 0, 0), header_style="bold")
    columns = ["lag", "log10 norm", "product of norms", *(["by weights"] if study.log_weights is not None else [])]
    for column in columns:
        table.add_column(column, justify="right")
    true, products = (averaged(rows * DECADES)[0] for rows in (study.log_norms, study.log_products))
    for k in sorted({int(k) for k in np.rint(np.linspace(0, len(study.lags) - 1, _ROWS))}):
        bound = [f"{study.log_weights[k] * DECADES:.3f}"] if study.log_weights is not None else []
        table.add_row(str(study.lags[k]), _three(true[k]), _three(products[k]), *bound)
    return table


def _three(value: float) -> str:
    return f"{value:.3f}" if np.isfinite(value) else "−∞"


def _remedies(growth: Growth) -> Table:
    """The chain and the gradient of every network that a remedy makes."""
    from rich.table import Table as RichTable

    at = remedies.lags(growth)
    table = RichTable(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("log10 norm at")
    for name in (*(f"lag {lag}" for lag in at), "a step", "|dL/dW|", "L"):
        table.add_column(name, justify="right")
    for own in remedies.networks(growth):
        number = own.numbers
        cells = [_decimal(number.get(f"chain.{lag}"), ".2f") for lag in at]
        keys = (("rate", ".4f"), ("gradient.recurrent", ".1e"), ("loss", ".4f"))
        table.add_row(own.name, *cells, *(_decimal(number.get(key), form) for key, form in keys))
    return table


def _decimal(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form) if np.isfinite(value) else "−∞"
