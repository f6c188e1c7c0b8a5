"""(b) A long sequence: the memory and the time of its gradient, as a whole and in pieces of √T steps."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.measuring.agreement import agree
from benchmarks.measuring.long_sequence import WAYS, Found, asked
from benchmarks.measuring.scale import Scale
from benchmarks.measuring.table import Table, judged, ratio

PLACE = 3

AT = (100_000, 64, 16)
MOST_BYTES, MOST_TIME = 1e9, 1.5
"""In pieces; the time is that of the whole."""
LENGTHS = 1e-8
"""Of the largest entry: what sums of so many steps in another order may differ by."""


def tables(scale: Scale) -> Iterator[Table]:
    size = scale.long
    table = Table(f"(b) Loss and gradient of an rnn at (T, n, batch) = {size}", ("", "MB", "seconds", "to the whole"))
    found: dict[str, Found] = {}
    for way in WAYS:
        found[way] = own = asked(way, size)
        whole = found["whole"]
        agree(way, (own.loss, own.gradient), (whole.loss, whole.gradient), LENGTHS)
        large, time = own.bytes_ / 1e6, own.seconds / whole.seconds
        said = way != "whole" and size == AT
        table.add(
            way if way == "whole" else "pieces of √T",
            judged(large, MOST_BYTES / 1e6) if said else ratio(large, 1.0),
            ratio(own.seconds, 1.0),
            judged(time, MOST_TIME) if said else ratio(time, 1.0),
        )
    table.notes.append(
        f"Wanted in pieces at {AT}: under {MOST_BYTES / 1e6:,.0f} MB and at most {MOST_TIME} × the time. "
        "A process each; memory is the peak above what holds the data; the second call is timed."
    )
    yield table
