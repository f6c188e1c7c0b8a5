"""Every strategy at equal expected cost: mean squared error against memory, and against operations."""

from __future__ import annotations

import numpy as np

from derive.truncation.bench import Measured
from derive.truncation.study import Study
from reports.document.blocks import Block, Heading, para
from reports.document.charts import Plot, Series, style
from reports.document.inline import Inline, InlineLike, as_inline
from reports.formula.tree import Script, row
from reports.numbers import scientific
from reports.truncation.material import Truncation
from reports.truncation.names import plain

_READABLE = 1e4
LENGTH = Script(row("L"), row("0"))
"""As the schedule calls it."""


def blocks(truncation: Truncation) -> list[Block]:
    study = truncation.study
    if len({own.size for own in study.by_length}) < 2:
        return []
    return [
        Heading(2, "At equal expected cost", label="sec:truncation-cost"),
        para(*_said()),
        against_length(study),
        against_operations(study),
        para(*_compared(study)),
    ]


def _said() -> Inline:
    return (
        "An unbiased estimate is no better by itself: what counts for one step of the optimiser is the mean squared "
        "error, bias² + variance. The pieces of all strategies get the same mean length ", LENGTH, ": ",
        row("tau", "=", LENGTH), ", ", row("kappa", "=", "1", "-", "pi", "=", "1", "/", LENGTH), " and the schedule's "
        "own. (Averaging over ", row("N"), " sequences that are cut independently divides the "
        "variance by ", row("N"), ", and leaves the bias as it is; a batch in one program shares its cuts.)",
    )  # fmt: skip


def _families(study: Study) -> dict[str, list[Measured]]:
    """By name; what is one estimator under two names is one curve."""
    found: dict[str, list[Measured]] = {}
    for own in study.by_length:
        found.setdefault(plain(own.strategy), []).append(own)
    together: dict[tuple[float, ...], list[str]] = {}
    for name, every in found.items():
        together.setdefault(tuple(own.error for own in every), []).append(name)
    return {" = ".join(names): found[names[0]] for names in together.values()}


def against_length(study: Study) -> Plot:
    return Plot(
        tuple(
            Series(name, tuple(float(own.size) for own in every), tuple(own.error for own in every), style(number))
            for number, (name, every) in enumerate(_families(study).items())
        ),
        ("mean length of a piece (steps)",), ("relative error",), log_y=True, log_x=True,
        caption=("Root of the mean squared error, relative to the full gradient.",), label="fig:truncation-error",
        alt="The relative error of every strategy against the mean length of its pieces.",
    )  # fmt: skip


def against_operations(study: Study) -> Plot:
    series = []
    for number, (name, every) in enumerate(_families(study).items()):
        points = sorted((own.cost.operations, own.error) for own in every)
        series.append(Series(name, tuple(x for x, _ in points), tuple(y for _, y in points), style(number)))
    return Plot(
        tuple(series), ("operations (vectors through one factor)",), ("relative error",), log_y=True, log_x=True,
        caption=(
            f"The same against the work; full backpropagation takes {study.steps - 1} operations. Cutting saves memory "
            "and waiting, hardly any work; a sliding window takes more of it, since every loss walks its own way back.",
        ),
        label="fig:truncation-operations",
        alt="The relative error of every strategy against the number of operations.",
    )  # fmt: skip


def _compared(study: Study) -> Inline:
    sizes = sorted({own.size for own in study.by_length})
    middle = min(sizes, key=lambda size: abs(np.log(size / study.length)))
    at = {plain(own.strategy): own for own in study.by_length if own.size == middle}
    unbiased = [own for own in at.values() if own.strategy.unbiased]
    biased = [own for own in at.values() if not own.strategy.unbiased]
    if not unbiased or not biased:
        return ("There is nothing to compare.",)
    best, other = (min(side, key=lambda own: own.error) for side in (unbiased, biased))
    ratio = best.error / other.error if other.error else float("inf")
    said: Inline = (
        f"With {middle} steps a piece the best unbiased estimate is {plain(best.strategy)}, with an error of ",
        scientific(best.error, 1), f"; the best biased one is {plain(other.strategy)}, with ",
        scientific(other.error, 1), ". ",
    )  # fmt: skip
    if ratio > 1:
        many = as_inline(_many(ratio))
        return (*said, "It takes about ", *many, " independent runs before the unbiased one is as good.")
    return (*said, "Being unbiased pays already for a single sequence here.")


def _many(ratio: float) -> InlineLike:
    """As many as it takes to divide the variance by the square of the ratio."""
    if not np.isfinite(ratio):
        return "infinitely many"
    needed = np.ceil(ratio**2)
    return f"{needed:.0f}" if needed < _READABLE else scientific(needed, 1)
