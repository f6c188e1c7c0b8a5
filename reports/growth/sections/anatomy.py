"""Which part of a factor makes the chain grow or shrink, and which direction survives."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from derive.arithmetic import Array
from derive.growth.study import Study
from reports.document.bars import Bars, BarSeries
from reports.document.blocks import Block, Column, Heading, Table, para
from reports.document.inline import Inline, InlineLike
from reports.formula.tree import Formula, Script, row
from reports.growth.letters import key_of, name_of, sigma
from reports.growth.material import Growth
from reports.numbers import fixed
from reports.present import show

_BINS = 12
_LEADING, _LEAST = 4, 0.01


@dataclass(frozen=True)
class Group:
    """Parts that are told as one; ``values`` (T,), of the first sequence."""

    name: InlineLike
    values: Array


def blocks(growth: Growth) -> list[Block]:
    study = growth.study
    own = study.anatomies[0]
    if not np.isfinite(own.growth).any():
        return []
    return [
        Heading(2, "Where the growth comes from", label="sec:growth-anatomy"),
        para(*_said(study)),
        figure(study),
        para(*_survivor(study)),
        *_saturation(study),
    ]


def groups(study: Study) -> list[Group]:
    """The parts of a factor, those with one key added up."""
    own = study.anatomies[0]
    found: dict[object, Group] = {}
    for part, values in zip(own.parts, own.shares, strict=True):
        key = key_of(part)
        known = found.get(key)
        name = known.name if known else name_of(study, part, product=own.logarithmic)
        found[key] = Group(name, values if known is None else known.values + values)
    return list(found.values())


def figure(study: Study) -> Bars:
    """The growth of every stretch of the sequence, a bar each, split into parts."""
    own = study.anatomies[0]
    edges = np.unique(np.rint(np.linspace(0, study.steps, min(_BINS, study.steps) + 1)).astype(int))
    spans = list(pairwise(edges))
    labels = tuple(f"{a + 1}–{b}" if b > a + 1 else f"{b}" for a, b in spans)
    series = tuple(BarSeries(group.name, tuple(_mean(group.values[a:b]) for a, b in spans)) for group in groups(study))
    unit = "log-growth (nats per step)" if own.logarithmic else "share of the growth factor (1)"
    return Bars(
        labels, series, (unit,), category_label=("steps",), total=("sum",) if own.logarithmic else (),
        caption=_caption(study, logarithmic=own.logarithmic), label="fig:growth-anatomy",
        alt="Stacked bars along the sequence: what each part of a factor adds to the growth.",
    )  # fmt: skip


def _mean(values: Array) -> float | None:
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else None


def _caption(study: Study, *, logarithmic: bool) -> Inline:
    first = " (first sequence)" if len(study.anatomies) > 1 else ""
    if logarithmic:
        return (f"What each link of a factor adds to the log-growth of the surviving direction{first}.",)
    return (f"What each part of a factor contributes to the stretch of the surviving direction{first}.",)


def _said(study: Study) -> Inline:
    own = study.anatomies[0]
    alive = np.isfinite(own.growth)
    parts: list[InlineLike] = []
    for group in groups(study):
        parts += [", " if parts else "", group.name, " ", fixed(float(group.values[alive].mean()), 3)]
    total = fixed(float(own.growth[alive].mean()), 3)
    shown = tuple(part for item in parts for part in (item if isinstance(item, tuple) else (item,)) if part)
    whole: Inline = (
        "Along the direction that the whole chain stretches most, the logarithm of ", sigma(1), " is a sum over the "
        "steps, ", total, " nats each on average. ",
    )  # fmt: skip
    if own.logarithmic:
        return (*whole, "Each is the sum of what the links do one after the other: ", *shown, ".")
    return (
        *whole,
        "The stretch of a step is shared out over the parts of a factor, which add up to one: ",
        *shown,
        ".",
    )


def _survivor(study: Study) -> Inline:
    """The entries of the leading singular vectors that weigh most."""
    own, names = study.spectra[0], study.chain.names
    if not np.any(own.left):
        return ("No direction survives.",)
    ends = (("in the last state ", own.left), ("and in the first one ", own.right))
    said: list[str | Formula] = ["What survives lies "]
    for where, vector in ends:
        said.append(where)
        order = [k for k in np.argsort(-np.abs(vector))[:_LEADING] if vector[k] ** 2 >= _LEAST]
        for place, k in enumerate(order or [int(np.argmax(np.abs(vector)))]):
            said += [", " if place else "", _unit(names[k]), f" ({vector[k] ** 2:.0%})"]
        said.append("; " if where == ends[0][0] else ", in shares of the squared length of the singular vector.")
    return tuple(part for part in said if part != "")


def _unit(name: str) -> Formula:
    letter, _, number = name.rpartition("_")
    base, _, mark = letter.partition("^")
    return Script(row(base), row(number), row(mark) if mark else None)


def _saturation(study: Study) -> list[Block]:
    """How steep the activations are where the network runs."""
    if not study.saturations[0]:
        return []
    names = {e.target.name: e.target for e in study.chain.trajectory.phase.equations}
    rows: list[tuple[InlineLike, ...]] = []
    for place, first in enumerate(study.saturations[0]):
        every = [own[place] for own in study.saturations]
        mean = float(np.mean([s.mean for s in every]))
        saturated = [s.saturated for s in every if s.saturated is not None]
        shown: InlineLike = f"{np.mean(saturated):.1%}" if saturated else "–"
        dead = f"{np.mean([s.dead for s in every]):.1%}"
        rows.append((show(names[first.name]), first.function, fixed(mean, 4), shown, dead))
    columns = (
        Column("Quantity"), Column("Function"), Column("Mean slope", "right"),
        Column("Below a tenth of the steepest", "right"), Column("Exactly zero", "right"),
    )  # fmt: skip
    caption = ("How steep the activations are, over all steps and units.",)
    return [Table(columns, tuple(rows), caption=caption, label="tab:growth-saturation")]
