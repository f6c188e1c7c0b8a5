"""The study in a terminal: what a hurried reader wants to know, a chart, and the tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from derive.truncation.bench import Measured
from reports.document.inline import as_inline
from reports.formula.to_text import text
from reports.formula.tree import Formula
from reports.truncation import training_words
from reports.truncation.material import Recommended, Truncation
from reports.truncation.names import with_options
from reports.truncation.sections import bias
from reports.wording import short_name
from reports.writers.text_charts import coloured_plot
from verify.verdicts import Finding, Verdict

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_WIDEST = 100


def print_truncation(truncation: Truncation, console: Console, *, brief: bool = False) -> None:
    """Everything at the width of the terminal; ``brief`` leaves the tables to the document that was written."""
    label = truncation.problem.label
    sizes = ", ".join(f"{name}={number}" for name, number in label.items())
    console.print(f"{short_name(truncation.problem.model)}; {sizes}", highlight=False, markup=False)
    for note in truncation.notes:
        console.print(f"note: {note}", style="dim", highlight=False, markup=False)
    console.print()
    console.print(_summary(truncation), highlight=False)
    if not brief:
        console.print()
        for line in coloured_plot(replace(bias.figure(truncation.study)), min(console.width, _WIDEST)):
            console.print(line, soft_wrap=True)
        console.print()
        console.print(_strategies(truncation))
        console.print()
        console.print(_unbiased(truncation))
    for experiment in truncation.experiments:
        console.print(f"\n{experiment.task.title}", style="bold", highlight=False, markup=False)
        for finding in training_words.findings(experiment):
            console.print("- " + "".join(as_text(part) for part in finding), highlight=False, markup=False)


def _summary(truncation: Truncation) -> Table:
    from rich.table import Table as RichTable

    grid = RichTable.grid(padding=(0, 2, 0, 0))
    most = f"{truncation.most_bias:g}"
    grid.add_row(f"bias ≤ {most}", f"sliding window: {_needed(truncation.window)}")
    grid.add_row("", f"chunks: {_needed(truncation.chunks)}")
    grid.add_row("", f"by the bound alone: {_needed(truncation.bound)}")
    tapes = sum(own.verdict is Verdict.AGREED for own in truncation.detached)
    wrong = sum(own.verdict is Verdict.REFUTED for own in truncation.detached)
    more = f", {wrong} do NOT" if wrong else ""
    grid.add_row("detach", f"{tapes} gradients agree with programs that detach{more}")
    return grid


def _needed(own: Recommended) -> str:
    if own.tau is None:
        return "no length is enough"
    untried = "" if own.tau == 1 else ", of the lengths that were tried"
    before = untried if np.isnan(own.before) else f", {own.before:.2g} at {own.tau - 1}"
    whole = "nothing shorter than the whole sequence, " if own.is_whole else ""
    return f"{whole}τ = {own.tau} ({own.there:.2g}{before})"


def _strategies(truncation: Truncation) -> Table:
    from rich.table import Table as RichTable

    table = RichTable(box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("strategy")
    for name in ("bias", "angle", "deviation", "error", "operations", "memory"):
        table.add_column(name, justify="right")
    for own in truncation.study.measured:
        table.add_row(_name(own), *_numbers(own))
    return table


def _numbers(own: Measured) -> tuple[str, ...]:
    is_zero = own.has_no_bias
    angle = "0" if is_zero else "–" if np.isnan(own.bias.angle) else f"{own.bias.angle:.2f}°"
    bias = "0" if is_zero else "–" if own.runs else f"{own.bias.relative:.2g}"
    return (
        bias, angle, f"{own.deviation:.2g}" if own.deviation else "0",
        "0" if is_zero and not own.deviation else f"{own.error:.2g}",
        f"{own.cost.operations:.0f}", f"{own.cost.memory:.0f}",
    )  # fmt: skip


def _name(own: Measured) -> str:
    return "".join(as_text(part) for part in with_options(own.strategy))


def _unbiased(truncation: Truncation) -> Table:
    from rich.table import Table as RichTable

    table = RichTable(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("unbiased?", "proof", "all patterns", "drawn"):
        table.add_column(name)
    for own in truncation.judged.ways:
        name = "".join(as_text(part) for part in with_options(own.strategy))
        table.add_row(name, *(_word(finding) for finding in own.findings))
    return table


def _word(finding: Finding) -> str:
    return finding.verdict.value


def as_text(part: object) -> str:
    """A part of a sentence as plain text."""
    return "".join(text(own) if isinstance(own, Formula) else str(own) for own in as_inline(part))  # type: ignore[arg-type]
