"""Any cell compiled: what the code computes is what the interpreter computes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from derive.arithmetic import Array
from derive.assemble import derivation as assembled
from derive.cell import Cell
from derive.compile import compile_gradient
from derive.errors import InputError
from derive.model import Model, build
from derive.run import gradients
from tests.compiled.models import ADJOINT, EXACT, LOSSES, Stacked, distance, total
from tests.compiled.random_cells import cells
from verify.judge import evidence
from verify.problem import random_problem
from verify.verdicts import Verdict

RANDOM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def far_apart(found: Mapping[str, Array], wanted: Mapping[str, Array]) -> float:
    """All gradients as one: that by a single parameter may be nothing but rounding, where its terms cancel."""
    assert {name: array.shape for name, array in found.items()} == {n: a.shape for n, a in wanted.items()}
    return distance(*(np.concatenate([own[name].ravel() for name in wanted]) for own in (found, wanted)))


def built(cell: Cell, how: Mapping[str, str]) -> Model:
    try:
        return build(cell, **how)  # type: ignore[arg-type]
    except InputError:  # the encoder of such a cell may remember nothing
        assume(False)
        raise


def agrees(cell: Cell, how: Mapping[str, str], sizes: Mapping[str, int], **more: int) -> None:
    """Two calls: the second finds the shapes known, and the memory of the first."""
    model = built(cell, how)
    of = random_problem(model, **sizes)
    derivation, own = assembled(model), Stacked.of(of)
    gradient = compile_gradient(derivation)
    wanted = gradients(derivation, of.forward, ADJOINT)
    for _ in range(2):
        given_ = own.parameters, own.starts, own.inputs, own.targets
        loss, found = gradient.loss_and_gradient(*given_, steps=of.steps, **more)  # type: ignore[arg-type]
        assert abs(loss - total(of)) <= EXACT * abs(total(of))
        assert far_apart(found, wanted) < EXACT


SIZES = st.fixed_dictionaries({
    name: st.integers(1, 5 if name == "steps" else 3) for name in ("steps", "hidden", "inputs", "outputs", "batch")
})  # fmt: skip


@given(cells(), st.sampled_from(("every", "last", "seq2seq")), st.sampled_from(LOSSES), SIZES)
@settings(RANDOM, max_examples=60)
def test_any_cell(cell: Cell, wiring: str, loss: str, sizes: Mapping[str, int]) -> None:
    agrees(cell, {"wiring": wiring, "loss": loss}, sizes)


@given(cells(), st.sampled_from(("every", "last", "seq2seq")), st.integers(1, 4), SIZES)
@settings(RANDOM, max_examples=40)
def test_any_cell_in_pieces(cell: Cell, wiring: str, piece: int, sizes: Mapping[str, int]) -> None:
    agrees(cell, {"wiring": wiring, "loss": "squared_error"}, sizes, piece=piece)


@pytest.mark.slow
@given(cells(), st.sampled_from(("every", "last", "seq2seq")))
@settings(RANDOM, max_examples=40)
def test_no_evidence_is_against_any_cell(cell: Cell, wiring: str) -> None:
    model = built(cell, {"wiring": wiring, "loss": "squared_error"})
    of = random_problem(model, steps=3, hidden=2, inputs=2, outputs=2, batch=2)
    found = evidence(assembled(model), of)
    assert not found.with_verdict(Verdict.REFUTED)
    assert {finding.form for finding in found.findings} > {"adjoint", "compiled"}
