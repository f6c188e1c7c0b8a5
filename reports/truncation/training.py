"""What truncation does to learning: loss curves, where they end, and what that says of every strategy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from derive.cell import Reference
from reports.document.blocks import Block, Bullets, Column, Heading, Table, para
from reports.document.charts import LARGEST, Band, Plot, Series, SeriesStyle, style
from reports.document.inline import Cite, Inline, InlineLike
from reports.formula.tree import row
from reports.numbers import fixed
from reports.truncation.training_json import as_json as as_json
from reports.truncation.training_words import called, findings, size, turns
from verify.training.outcome import Outcome, quantiles
from verify.training.result import Experiment

LABEL = "sec:truncation-training"


def blocks(experiments: Sequence[Experiment]) -> list[Block]:
    """A heading of level 2, then for every task a paragraph, a plot, tables and findings."""
    if not experiments:
        return []
    return [Heading(2, "In training", label=LABEL), para(*_said()), *(b for own in experiments for b in _task(own))]


def references(experiments: Sequence[Experiment]) -> tuple[Reference, ...]:
    """What the tasks cite, each once."""
    return tuple({own.key: own for e in experiments for own in e.task.references}.values())


def _said() -> Inline:
    return (
        "The same networks are trained with every strategy, from the same starts, on the same data, by the same "
        "optimiser, with pieces of the same mean length; only the gradient differs. A run is stopped where its loss is "
        "no longer finite or a thousand times that of a network that has learned nothing.",
    )


def _task(own: Experiment) -> Iterator[Block]:
    yield Heading(3, own.task.title)
    yield para(*_about(own))
    yield figure(own)
    yield _ends(own)
    yield _costs(own)
    if turns(own):
        yield _lengths(own)
    if len(own.task.settings.rates) > 1:
        yield _sensitivity(own)
    yield Bullets(tuple(findings(own)))


def _about(own: Experiment) -> Inline:
    settings = own.task.settings
    cited = tuple(part for reference in own.task.references for part in (" ", Cite(reference.key)))
    return (
        own.task.about, *cited, f" Trained by {settings.optimiser.said}, for {settings.iterations} iterations on "
        f"sequences of {own.task.steps} steps, in {settings.runs} runs. Solved is a final loss below ",
        size(settings.solved * settings.reference), ".",
    )  # fmt: skip


def figure(own: Experiment) -> Plot:
    """Medians over the runs with their quartiles; what is stopped in more than half of the runs ends at a cross."""
    series: list[Series] = []
    bands = []
    for place, group in enumerate(own.groups):
        out, look = group[0], style(place)
        low, middle, high = (tuple(map(float, row_)) for row_ in quantiles(out.curves[:, 0]))
        x = tuple(map(float, out.at))
        series.append(Series(called(group), x, middle, look))
        bands.append(Band(x, low, high, look))
        series += _ended(x, middle, look.colour)
    stopped = len(series) > len(own.groups)
    return Plot(
        tuple(series), ("iteration",), ("loss ", row("calL"), " (1)"), log_y=True, bands=tuple(bands),
        caption=(f"{own.task.title}: loss in training, median and quartiles over {own.task.settings.runs} runs.",
                 *(" A curve ends at a cross where half of the runs have been stopped.",) * stopped),
        label=f"fig:truncation-training-{own.task.name}",
        alt=f"The loss against the iteration on a logarithmic axis for {len(own.groups)} strategies, with bands "
        "between the quartiles.",
    )  # fmt: skip


def _ended(x: Sequence[float], y: Sequence[float], colour: str) -> list[Series]:
    """A cross where a curve ends before training does."""
    alive = [place for place, value in enumerate(y) if value < LARGEST]
    if not alive or len(alive) == len(y):
        return []
    return [Series((), (x[alive[-1]],), (y[alive[-1]],), SeriesStyle(colour, marker="cross"))]


def _lengths(own: Experiment) -> Plot:
    """Where the first gradient of a truncation leads, by its length."""
    reach, steps = own.reach, own.task.steps
    lengths = tuple(map(float, range(1, steps + 1)))
    tau = row("tau")
    return Plot(
        (
            Series(("sliding window",), lengths, tuple(map(float, reach.windows)), style(1, marker="none")),
            Series(("chunks",), lengths, tuple(map(float, reach.chunks)), style(2, "dashed", "none")),
            Series(("the true gradient",), (1.0, float(steps)), (1.0, 1.0), style(0, "dotted", "none")),
            Series((), (1.0, float(steps)), (0.0, 0.0), SeriesStyle("#4d4d4d", weight=0.4)),
        ),
        (tau, " (steps)"), ("along the true one (1)",), height_mm=48.0,
        caption=(f"{own.task.title}: what a truncation to ", tau, " steps makes of the first gradient; below zero its "
                 "steps lead uphill."),
        label=f"fig:truncation-training-{own.task.name}-lengths",
        alt="The component of the truncated gradient along the true one against the length of the truncation.",
    )  # fmt: skip


def _ends(own: Experiment) -> Table:
    columns = (
        Column("Strategy", weight=2.8), Column("Runs", "right", 0.7), Column("Final loss, median", "right", 1.4),
        Column("Quartiles", "right", 2.7), Column("Solved", "right", 0.9), Column("Diverged", "right", 1.1),
    )  # fmt: skip
    groups = (*own.groups, *((out,) for out in own.more))
    rows: tuple[tuple[InlineLike, ...], ...] = tuple(
        (called(group), str(group[0].runs), *_final(group[0]), str(group[0].solved()), str(group[0].diverged()))
        for group in groups
    )
    return Table(columns, rows, caption=(f"{own.task.title}: where training ends.",),
                 label=f"tab:truncation-training-{own.task.name}")  # fmt: skip


def _final(own: Outcome) -> tuple[InlineLike, InlineLike]:
    low, middle, high = own.quartiles()
    if not np.isfinite(middle):
        return "stopped", "–"
    return size(middle), (size(low), " … ", size(high))


def _costs(own: Experiment) -> Table:
    columns = (
        Column("Strategy", weight=3.0), Column("Products", "right", 1.2), Column("Steps kept", "right", 1.2),
        Column("Along", "right", 1.6), Column("Noise", "right", 1.0),
    )  # fmt: skip
    note = (
        "Products: those of a vector and a factor, for one sequence. Steps kept: the longest reach of a loss, in the "
        "mean over sequences. Along: the first gradient along the true one, relative to it, with the standard error of "
        "a mean; below zero it leads uphill. Noise: the standard deviation of the first gradient, relative to the true "
        "one. Both are of the recurrence's parameters, on one batch.",
    )
    return Table(
        columns, tuple(_cost(group) for group in own.groups),
        caption=(f"{own.task.title}: what an iteration costs, and what the first gradient is.",),
        label=f"tab:truncation-training-{own.task.name}-costs", note=note,
    )  # fmt: skip


def _cost(group: Sequence[Outcome]) -> tuple[InlineLike, ...]:
    own, first = group[0], group[0].beginning
    drawn = first.estimates > 1
    along: InlineLike = (fixed(first.along, 2), " ± ", size(first.uncertainty)) if drawn else fixed(first.along, 2)
    noise = size(first.noise) if drawn else row("0")
    return called(group), fixed(own.cost.operations, 0), fixed(own.cost.memory, 0), along, noise


def _sensitivity(own: Experiment) -> Table:
    rates = own.task.settings.rates
    order = sorted(range(len(rates)), key=lambda place: rates[place])
    columns = (Column("Strategy"), *(Column((row("times"), f" {rates[place]:g}"), "right") for place in order))
    rows: tuple[tuple[InlineLike, ...], ...] = tuple(
        (called(group), *(f"{group[0].solved(place)} / {group[0].diverged(place)}" for place in order))
        for group in own.groups
    )
    return Table(
        columns, rows,
        caption=(f"{own.task.title}: runs of {own.task.settings.runs} that are solved / that diverge, when the rate of "
                 "the optimiser is multiplied.",),
        label=f"tab:truncation-training-{own.task.name}-rates",
    )  # fmt: skip
