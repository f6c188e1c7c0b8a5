"""(b) The time of loss and gradient: ours against everybody's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from benchmarks.competitors.gradients import by_hand, hips_autograd, jax_jit, ours, torch_cpu
from benchmarks.competitors.listing import Competitor, competitors
from benchmarks.measuring.agreement import agree
from benchmarks.measuring.case import CELLS, Case, drawn
from benchmarks.measuring.rounds import medians
from benchmarks.measuring.scale import Scale
from benchmarks.measuring.table import ABSENT, Table, judged, milliseconds, ratio

PLACE = 2

SMALL = {"steps": 7, "hidden": 5, "batch": 3}
"""Where they agree before they are timed, at every size again against ours."""


@dataclass(frozen=True)
class Target:
    """What ours divided by theirs is to be at most, if anything; and the same in words."""

    of: Callable[[Case], float | None] = lambda case: None
    words: str = ""


SMALL_N = 64
WANTED: Mapping[str, Target] = {
    by_hand.TITLE: Target(lambda case: 1.05 if case.cell == "rnn" else None, "1.05 for rnn"),
    torch_cpu.TITLE: Target(lambda case: 1.0 if case.hidden <= SMALL_N else 1.1, f"1 at n ≤ {SMALL_N}, else 1.1"),
    jax_jit.TITLE: Target(lambda case: 1.0, "1"),
    hips_autograd.TITLE: Target(lambda case: 0.25 if case.hidden <= SMALL_N else None, f"0.25 at n ≤ {SMALL_N}"),
}


def tables(scale: Scale) -> Iterator[Table]:
    """A table a cell."""
    everybody = competitors("gradients")
    others = [own for own in everybody if own.title != ours.TITLE]
    for cell in CELLS:
        heads = ("(T, n, batch)", "ms", *(own.title for own in others))
        table = Table(f"(b) Loss and gradient of {cell}: the time of {ours.TITLE}, and divided by that of …", heads)
        agreed(everybody, drawn(cell, **SMALL), reference=True)
        for size in scale.gradients:
            case = drawn(cell, *size)
            works = agreed(everybody, case)
            taken = medians(works, scale.budget)
            shown = (_ratio(own, taken, case) for own in others)
            table.add(case.label, milliseconds(taken[ours.TITLE]), *shown)
        table.notes.append("Wanted at most: " + "; ".join(f"{name} {own.words}" for name, own in WANTED.items()) + ".")
        yield table


def agreed(everybody: tuple[Competitor, ...], case: Case, reference: bool = False) -> dict[str, Callable[[], object]]:
    """What is timed, of those who are there; their second results agree with ours, or with the interpreter."""
    prepared = {own.title: own.module.prepare(case) for own in everybody if not own.absent}
    right = prepared[ours.TITLE]
    wanted = case.reference if reference else right.read(right.work())
    for title, own in prepared.items():
        if own.read is not None:
            own.work()
            agree(f"{title}, {case.cell} {case.label}", own.read(own.work()), wanted)
    return {title: own.work for title, own in prepared.items()}


def _ratio(own: Competitor, taken: Mapping[str, float], case: Case) -> str:
    if own.title not in taken:
        return ABSENT
    wanted = WANTED.get(own.title, Target()).of(case)
    found = taken[ours.TITLE] / taken[own.title]
    return ratio(found, 1.0) if wanted is None else judged(found, wanted)
