"""A report on every kind of network that can be asked for, and its growth chapter on unusual weights."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from derive import registry
from derive.functions import ACTIVATIONS
from derive.model import build
from reports.chapters import growth
from reports.material import Material, gather
from reports.report import report
from reports.writers import writer
from verify.problem import random_problem
from verify.verdicts import Evidence

SATURATES = "units saturate"


def material(activation: str, batch: int = 1, scale: float = 1.0) -> Material:
    """A report's material on a given problem, without evidence."""
    from derive.assemble import derivation

    model = build(variant=activation)
    problem = random_problem(model, batch=batch)
    where = ("W_h", "parameter", None)
    problem = problem.with_given({**problem.given, where: scale * problem.given[where]})
    return Material(derivation(model), problem, Evidence(()), "bptt", 0, trained=True)


@pytest.mark.parametrize("loss", ["softmax_cross_entropy", "squared_error"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_network_has_a_report(activation: str, loss: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        document = report(gather(build(variant=activation, loss=loss), command="bptt report rnn"))
    shown = writer("text").render(document).main
    assert "A worked example" in shown
    assert (SATURATES in " ".join(shown.split())) == (activation in ("tanh", "sigmoid"))


def test_of_a_batch_the_first_sequence_is_followed() -> None:
    assert "the first sequence" in repr(growth.blocks(material("tanh", batch=3)))


def test_a_recurrent_matrix_that_is_zero_has_no_table() -> None:
    blocks = growth.blocks(material("tanh", scale=0.0))
    assert len(blocks) == 2 and not np.any([hasattr(block, "series") for block in blocks])


@pytest.mark.parametrize("cell", registry.names("derive.cells"))
def test_the_bound_is_printed_only_where_it_holds(cell: str) -> None:
    """c_t of a leaky network is not diag(φ′) W alone: a bound by γσ₁(W) would be false there."""
    from derive.assemble import derivation

    model = build(cell)
    problem = random_problem(model, steps=12, hidden=5, drive=0.01)
    given = Material(derivation(model), problem, Evidence(()), "bptt", 0, trained=True)
    w = growth.recurrent(given)
    assert w is None or cell not in ("leaky", "diagonal")
    assert w is not None or cell != "rnn"
    if w is not None:
        studied = [growth._growth(given, problem, w, radius) for radius in growth.RADII]
        assert all(n <= b + 1e-9 for g in studied for n, b in zip(g.log_norms, g.log_bounds, strict=True))
    assert bool(growth.blocks(given)) == (w is not None)
