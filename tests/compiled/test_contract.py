"""Every model, compiled: the loss and the gradients are those of the interpreter."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.assemble import derivation as assembled
from derive.cell import Cell, Equation, lag, parameter, state
from derive.cell import given as of_input
from derive.cellfile.reader import read_cell
from derive.compiled.program import compiled
from derive.evaluate import evaluate
from derive.indices import N_INPUT, N_STATE, t
from derive.model import build
from derive.run import Derived, gradients
from derive.unroll import weight
from tests.cellfile.reading import EXAMPLES
from tests.compiled.models import (
    ADJOINT,
    CROSSING,
    EVERY,
    EXACT,
    EXTRAS,
    FIRST,
    VARIANTS,
    WIRINGS,
    adjoints,
    apart,
    distance,
    far,
    interpreted,
    problem,
    program,
    total,
)
from tests.derive.models import Names, derived
from verify.problem import random_problem

SMALLEST = {"steps": 1, "batch": 1, "hidden": 1, "inputs": 1, "outputs": 1}
SIZES: tuple[dict[str, int], ...] = ({}, {"steps": 1}, {"batch": 1}, {"hidden": 1}, SMALLEST)


def agrees(names: Names, **sizes: int) -> None:
    of = problem(names, **sizes)
    run = program(names).run(of.given, of.sizes)
    wanted = interpreted(names, of)
    assert abs(run.loss - total(of)) <= EXACT * abs(total(of))
    assert set(run.gradient()) == set(wanted)
    assert far(names, of, run.gradient()) == []
    if len(of.model.phases) > 1:
        return
    pieces = run.gradients(adjoints(run)) | run.readout_gradients()
    assert far(names, of, pieces) == []
    missing = set(wanted) - set(pieces)
    assert missing == {f"{state.name}_0" for state in of.model.initial_states}


@pytest.mark.parametrize("names", EVERY, ids=str)
def test_every_cell_wiring_and_loss(names: Names) -> None:
    for sizes in SIZES:
        agrees(names, **sizes)


@pytest.mark.parametrize("names", (*VARIANTS, *EXTRAS, *CROSSING), ids=str)
def test_variants_feedback_layers_and_masks(names: Names) -> None:
    agrees(names)
    agrees(names, steps=1, batch=1)


@given(st.sampled_from(EVERY), st.tuples(*[st.integers(1, 4)] * 5), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_any_sizes(names: Names, sizes: tuple[int, ...], seed: int) -> None:
    steps, hidden, inputs, outputs, batch = sizes
    agrees(names, steps=steps, hidden=hidden, inputs=inputs, outputs=outputs, batch=batch, seed=seed)


def test_terms_that_cancel() -> None:
    """Three shares of a bias that leave a thousandth of themselves: its rounding is not an error, a factor is."""
    names = Names("lstm", FIRST["lstm"], "binary_cross_entropy", wiring="every")
    sizes = {"steps": 3, "hidden": 1, "inputs": 1, "outputs": 3, "batch": 1, "seed": 84}
    agrees(names, **sizes)
    of = problem(names, **sizes)
    found = program(names).run(of.given, of.sizes).gradient()
    for name, array in found.items():
        assert [own.split(":")[0] for own in far(names, of, found | {name: array * (1 + 1e-8)})] == [name]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_cell_of_a_file(path: Path) -> None:
    of = random_problem(build(read_cell(path)), steps=5, hidden=3, batch=2)
    derivation = assembled(of.model)
    found = compiled(derivation).run(of.given, of.sizes).gradient()
    assert max(apart(found, gradients(derivation, of.forward, ADJOINT)).values()) < EXACT


def test_a_cell_that_only_adds() -> None:
    """Its c_t is the identity: what is carried back is what was given, in memory of its own."""
    h, x, W = state("h", N_STATE), of_input("x", N_INPUT), parameter("W", N_STATE, N_INPUT)
    cell = Cell("sum", "h_t = h_{t−1} + W x_t", (h,), (x,), (W,), (Equation(h, lag(h) + W @ x),))
    for wiring in WIRINGS:
        of = random_problem(build(cell, wiring=wiring), steps=4, hidden=3, batch=2)
        derivation = assembled(of.model)
        run = compiled(derivation).run(of.given, of.sizes)
        assert max(apart(run.gradient(), gradients(derivation, of.forward, ADJOINT)).values()) < EXACT
        columns = np.ones((2, 3, 1))
        assert np.array_equal(run.back(2, columns), columns)
        assert not np.shares_memory(run.back(2, columns), columns)


@pytest.mark.parametrize("names", (*EVERY, *EXTRAS), ids=str)
def test_the_adjoint_of_an_initial_state_is_what_step_one_sends_back(names: Names) -> None:
    of = problem(names)
    run = program(names).run(of.given, of.sizes)
    back = run.back(1, adjoints(run)[0]).mean(axis=0) * float(weight(of.model, of.sizes))
    wanted = interpreted(names, of)
    for name, rows in run.rows.items():
        assert distance(back[rows], wanted[f"{name}_0"]) < EXACT


@pytest.mark.parametrize("names", (*EVERY, *EXTRAS), ids=str)
def test_columns_are_carried_back_as_the_jacobian_does(names: Names) -> None:
    """Any number of columns, and any axes in front: c_tᵀ columns, by the derived c_t."""
    of, rng = problem(names), np.random.default_rng(3)
    run = program(names).run(of.given, of.sizes)
    env = Derived(derived(names), of.forward)
    for step in (1, 3, 5):
        factor = evaluate(derived(names)["local.c"].rhs, env, {t: step})
        transposed = np.swapaxes(np.broadcast_to(factor, (run.batch, run.size, run.size)), -1, -2)
        for axes, count in (((), 1), ((), 4), ((3,), 1), ((2, 3), 2), ((), 0)):
            columns = rng.normal(size=(*axes, run.batch, run.size, count))
            found = run.back(step, columns)
            wanted = transposed @ columns
            assert found.shape == wanted.shape and not np.shares_memory(found, columns)
            assert distance(found, wanted) < EXACT


@pytest.mark.parametrize("names", (*EVERY[::5], *EXTRAS[::3]), ids=str)
def test_gradients_of_many_deltas_at_once(names: Names) -> None:
    of, rng = problem(names), np.random.default_rng(4)
    run = program(names).run(of.given, of.sizes)
    deltas = [rng.normal(size=(2, 3, run.batch, run.size, 1)) for _ in range(run.length)]
    found = run.gradients(deltas)
    for first in range(2):
        for second in range(3):
            alone = run.gradients([delta[first, second] for delta in deltas])
            assert max(apart({name: found[name][first, second] for name in found}, alone).values()) < EXACT
