"""Every equation that a derivation of ours prints is read back and judged true: LaTeX that cannot lie."""

from __future__ import annotations

from functools import cache

import pytest

from derive.assemble import derivation
from derive.derivation import Derivation
from derive.model import build
from reports.derivation_document import only_derivation
from reports.writers import writer
from verify.check.check import check
from verify.check.result import RIGHT, WRONG, Checked
from verify.check.search import Asked

LOSS = "softmax_cross_entropy"
QUICK = (("rnn", "every"), ("rnn", "last"))
"""Those of the default suite."""


@cache
def derived(cell: str, wiring: str) -> Derivation:
    return derivation(build(cell, wiring=wiring, loss=LOSS))


def printed(steps: Derivation) -> str:
    """What ``bptt derive CELL --format latex`` prints."""
    return writer("latex").render(only_derivation(steps)).main


def read_back(text: str, cell: str, wiring: str) -> Checked:
    return check(text, Asked(cell=cell, wiring=wiring, loss=LOSS), kind="latex")


def complaints(found: Checked) -> list[str]:
    """The lines that are not judged true, and those that cannot be read."""
    open_ = [f"{own.place.line} {own.mark} {own.source}" for own in found.links if own.mark != RIGHT]
    return open_ + [f"{own.place.line} unread {own.source}" for own in found.unreadable]


def all_true(cell: str, wiring: str) -> None:
    found = read_back(printed(derived(cell, wiring)), cell, wiring)
    assert complaints(found) == []
    assert len(found.links) >= len(derived(cell, wiring).steps)


@pytest.mark.parametrize(("cell", "wiring"), QUICK)
def test_what_is_printed_is_true(cell: str, wiring: str) -> None:
    all_true(cell, wiring)


PLANTS = (
    ("every", "recursion.b", "recursion.a"),
    ("every", "gradient.W_h", "gradient.W_i"),
    ("last", "gradient.z-bar", "gradient.last"),
    ("last", "seed.g", "gradient.delta"),
)
"""A wiring, a step, and the step whose right-hand side it is given instead."""


@pytest.mark.parametrize(("wiring", "key", "other"), PLANTS)
def test_a_wrong_step_is_found_where_it_is_printed(wiring: str, key: str, other: str) -> None:
    right = derived("rnn", wiring)
    planted = right.with_step(key, rhs=right[other].rhs)
    lines = zip(printed(right).splitlines(), printed(planted).splitlines(), strict=True)
    changed = {number for number, (one, two) in enumerate(lines, start=1) if one != two}
    found = read_back(printed(planted), "rnn", wiring)
    assert {own.place.line for own in found.marked(WRONG)} & changed
