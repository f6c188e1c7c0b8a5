"""Every equation that a derivation of ours prints is read back and judged true: LaTeX that cannot lie."""

from __future__ import annotations

from functools import cache

import pytest

from derive import registry
from derive.assemble import derivation
from derive.derivation import Derivation
from derive.model import build
from reports.derivation_document import only_derivation
from reports.writers import writer
from verify.check.check import check
from verify.check.reading.document import read
from verify.check.result import RIGHT, Checked
from verify.check.search import Asked, found
from verify.jets.field import Modular, random_prime

LOSS = "softmax_cross_entropy"
OTHERS = (
    ("rnn", "every", "squared_error", "sigmoid"),
    ("rnn", "last", "binary_cross_entropy", "relu"),
    ("rnn", "every", "softmax_cross_entropy", "identity"),
    ("lstm", "last", "squared_error", ""),
    ("gru", "every", "binary_cross_entropy", ""),
    ("jordan", "last", "squared_error", ""),
)
"""A cell, a wiring, a loss and an activation."""
QUICK = (("rnn", "every"), ("rnn", "last"), ("indrnn", "last"), ("jordan", "last"))
"""Those of the default suite."""


@cache
def derived(cell: str, wiring: str, loss: str = LOSS, activation: str = "") -> Derivation:
    return derivation(build(cell, variant=activation, wiring=wiring, loss=loss))


def printed(steps: Derivation) -> str:
    """What ``bptt derive CELL --format latex`` prints."""
    return writer("latex").render(only_derivation(steps)).main


def asked(cell: str, wiring: str, loss: str = LOSS, activation: str = "") -> Asked:
    return Asked(cell, wiring, activation, loss)


def read_back(text: str, *network: str) -> Checked:
    return check(text, asked(*network), kind="latex")


def complaints(checked: Checked) -> list[str]:
    """The lines that are not judged true, and those that cannot be read."""
    open_ = [f"{own.place.line} {own.mark} {own.source}" for own in checked.links if own.mark != RIGHT]
    return open_ + [f"{own.place.line} unread {own.source}" for own in checked.unreadable]


def all_true(*network: str) -> None:
    checked = read_back(printed(derived(*network)), *network)
    assert complaints(checked) == []
    assert len(checked.links) >= len(derived(*network).steps)


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


@pytest.mark.parametrize(
    ("wiring", "key", "other"),
    [pytest.param(*own, marks=[] if own[0] == "last" else [pytest.mark.slow]) for own in PLANTS],
)
def test_a_wrong_step_is_found_where_it_is_printed(wiring: str, key: str, other: str) -> None:
    right = derived("rnn", wiring)
    planted = right.with_step(key, rhs=right[other].rhs)
    lines = zip(printed(right).splitlines(), printed(planted).splitlines(), strict=True)
    changed = {number for number, (one, two) in enumerate(lines, start=1) if one != two}
    links = found(read(printed(planted), "latex").claims, asked("rnn", wiring), Modular(random_prime(61))).links
    wrong = {own.right.span.line for own in links if own.outcome.holds is False or own.alone}
    assert wrong & changed


WIRINGS = ("every", "last", "seq2seq")


@pytest.mark.slow
@pytest.mark.parametrize("wiring", WIRINGS)
@pytest.mark.parametrize("cell", registry.names("derive.cells"))
def test_what_is_printed_of_every_network_is_true(cell: str, wiring: str) -> None:
    all_true(cell, wiring)


@pytest.mark.slow
@pytest.mark.parametrize("network", OTHERS, ids=" ".join)
def test_other_losses_and_activations(network: tuple[str, ...]) -> None:
    all_true(*network)
