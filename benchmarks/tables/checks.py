"""(c) What a gradient check costs in reverse passes, and how near it comes to the truth."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.competitors.checks import enclosed, forward_mode
from benchmarks.competitors.checks._case import Check, CheckCase
from benchmarks.competitors.listing import Competitor, competitors
from benchmarks.measuring.agreement import agree, distance
from benchmarks.measuring.rounds import medians
from benchmarks.measuring.scale import Scale
from benchmarks.measuring.table import ABSENT, Table, judged, milliseconds, ratio

PASS = "one reverse pass (bptt, compiled)"
FEW, WANTED_FEW, WANTED_MANY, CERTIFIED = 300, 10.0, 60.0, 170.0
"""Reverse passes that all entries may take, up to so many numbers and above; and certified."""
CRUDE = 1e-4
"""No checker's derivatives are this far off: it would be another function."""


def tables(scale: Scale) -> Iterator[Table]:
    for steps, hidden in scale.checks:
        case = CheckCase(steps, hidden)
        count = sum(array.size for array in case.program.point.values())
        table = Table(
            f"(c) Checking a gradient of {count} numbers, rnn, T={steps}, n={hidden}",
            ("", "ms", "reverse passes", "true error"),
        )
        _fill(table, case, count, scale)
        table.notes.append("The error is that of the worst entry, relative to the largest one of its parameter.")
        yield table


def _fill(table: Table, case: CheckCase, count: int, scale: Scale) -> None:
    everybody = competitors("checks")
    checks = {own.title: own.module.prepare(case) for own in everybody if not own.absent}
    errors = {own.title: _error(own, checks, case) for own in everybody if not own.absent}
    taken = medians({PASS: case.reverse_pass, **{title: own.work for title, own in checks.items()}}, scale.budget)
    table.add(PASS, milliseconds(taken[PASS]), "1", f"{distance(case.reverse_pass()[1], case.truth):.0e}")
    for own in everybody:
        if own.absent:
            table.add(own.title, ABSENT, ABSENT, ABSENT)
        else:
            passes = taken[own.title] / taken[PASS]
            shown = judged(passes, wanted) if (wanted := _wanted(own, count)) else ratio(passes, 1.0)
            table.add(own.title, milliseconds(taken[own.title]), shown, f"{errors[own.title]:.0e}")


def _wanted(own: Competitor, count: int) -> float | None:
    if own.title == forward_mode.TITLE:
        return WANTED_FEW if count <= FEW else WANTED_MANY
    return CERTIFIED if own.title == enclosed.TITLE else None


def _error(own: Competitor, checks: dict[str, Check], case: CheckCase) -> float:
    """Of the derivatives that a checker finds, or believes in.  All are those of one function."""
    check = checks[own.title]
    if check.read is None:
        return float(own.module.error(case))
    found = check.read(check.work())
    return agree(own.title, (None, found), (0.0, case.truth), CRUDE)
