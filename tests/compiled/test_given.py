"""What a program is given: in any layout, never changed, and refused where it does not fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from derive.arithmetic import Array
from derive.errors import InputError
from tests.compiled.models import CROSSING, EVERY, EXACT, EXTRAS, Stacked, apart, problem, program
from tests.derive.models import Names

SOME = (*EVERY[::4], *EXTRAS[::2])


def strided(array: Array) -> Array:
    """The same numbers, not contiguous, and not to be written to."""
    wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]))
    wide[..., ::2] = array
    found = wide.swapaxes(0, 1).copy().swapaxes(0, 1)[..., ::2]
    found.setflags(write=False)
    return found


@pytest.mark.parametrize("names", SOME, ids=str)
def test_arrays_in_any_layout_and_none_changed(names: Names) -> None:
    of = problem(names)
    plain = Stacked.of(of)
    odd = Stacked(
        {name: strided(array) for name, array in plain.parameters.items()},
        {name: strided(array) for name, array in plain.starts.items()},
        {name: strided(array) for name, array in plain.inputs.items()},
        strided(plain.targets),
    )
    before = {place: array.copy() for place, array in of.given.items()}
    by_place = program(names).run(of.given, of.sizes)
    wanted = by_place.gradient()
    for stacked in (plain, odd):
        run = stacked.run(program(names), of.steps)
        assert run.loss == pytest.approx(by_place.loss, rel=EXACT)
        assert max(apart(run.gradient(), wanted).values()) < EXACT
        run.gradients([run.seed(step) for step in range(1, run.length + 1)])
        run.readout_gradients()
        run.back(1, run.seed(1))
    assert all(np.array_equal(array, before[place]) for place, array in of.given.items())


@pytest.mark.parametrize("names", SOME, ids=str)
def test_what_is_handed_out_belongs_to_the_caller(names: Names) -> None:
    """Asked twice, the same answer, whatever became of the first one; no two gradients share memory."""
    of = problem(names)
    run = program(names).run(of.given, of.sizes)
    first = run.gradient()
    kept = {name: array.copy() for name, array in first.items()}
    arrays = list(first.values())
    assert not any(np.shares_memory(a, b) for place, a in enumerate(arrays) for b in arrays[:place])
    seed, state = run.seed(run.length), run.states
    back = run.back(2, seed)
    copies = seed.copy(), back.copy()
    for array in (*arrays, seed, back, *state.values()):
        array *= np.nan
    again = run.gradient()
    assert all(np.array_equal(again[name], kept[name]) for name in kept)
    assert np.array_equal(run.seed(run.length), copies[0])
    assert np.array_equal(run.back(2, copies[0]), copies[1])


@pytest.mark.parametrize("names", SOME, ids=str)
def test_an_initial_state_for_each_sequence(names: Names) -> None:
    """Of which the loss of a batch is the mean of the losses of each, and the gradient the mean of the gradients."""
    of, rng = problem(names), np.random.default_rng(5)
    given = Stacked.of(of)
    starts = {name: rng.normal(size=(2, *start.shape)) / 2 for name, start in given.starts.items()}
    both = replace(given, starts=starts).run(program(names), of.steps)
    alone = [
        Stacked(
            given.parameters,
            {name: start[place] for name, start in starts.items()},
            {name: x[:, place : place + 1] for name, x in given.inputs.items()},
            given.targets[:, place : place + 1],
        ).run(program(names), of.steps)
        for place in range(2)
    ]
    assert both.loss == pytest.approx(np.mean([run.loss for run in alone]), rel=EXACT)
    found, parts = both.gradient(), [run.gradient() for run in alone]
    assert max(apart(found, {name: (parts[0][name] + parts[1][name]) / 2 for name in found}).values()) < EXACT


def test_parameters_may_change_while_a_run_is_in_use() -> None:
    names = EVERY[0]
    of = problem(names)
    stacked = Stacked.of(of)
    run = stacked.run(program(names), of.steps)
    wanted = stacked.run(program(names), of.steps).gradient()
    for array in stacked.parameters.values():
        array += 1
    assert max(apart(run.gradient(), wanted).values()) == 0


@pytest.mark.parametrize("names", SOME, ids=str)
def test_single_precision_throughout(names: Names) -> None:
    of = problem(names)
    wanted = program(names).run(of.given, of.sizes).gradient()
    run = program(names).run(of.given, of.sizes, dtype=np.float32)
    found = run.gradient()
    assert {array.dtype for array in (*found.values(), run.seed(1), run.back(1, run.seed(1)))} == {np.dtype("float32")}
    assert max(apart(found, wanted).values()) < 1e-3


def test_nan_in_an_input_surfaces() -> None:
    of = problem(Names("rnn", "tanh"))
    stacked = Stacked.of(of)
    stacked.inputs["x"][2, 0, 0, 0] = np.nan
    run = stacked.run(program(Names("rnn", "tanh")), of.steps)
    assert np.isnan(run.loss) and np.isnan(run.gradient()["W_h"]).any()


def test_what_does_not_fit_is_refused() -> None:
    names = Names("rnn", "tanh")
    of = problem(names)
    good = Stacked.of(of)
    run = good.run(program(names), of.steps)
    wrong = (
        lambda: Stacked({}, good.starts, good.inputs, good.targets).run(program(names), of.steps),
        lambda: Stacked(good.parameters, good.starts, {"x": good.inputs["x"][1:]}, good.targets).run(program(names), 5),
        lambda: Stacked(good.parameters, good.starts, good.inputs, good.targets[..., 0]).run(program(names), of.steps),
        lambda: Stacked(good.parameters, good.starts, good.inputs, good.targets[:, :0]).run(program(names), of.steps),
        lambda: run.back(0, run.seed(1)),
        lambda: run.back(of.steps + 1, run.seed(1)),
        lambda: run.back(1, run.seed(1)[0]),
        lambda: run.seed(0),
        lambda: run.gradients([run.seed(1)]),
        lambda: Stacked.of(problem(CROSSING[0])).run(program(CROSSING[0]), of.steps).seed(1),
    )
    for attempt in wrong:
        with pytest.raises(InputError, match=r"\(.+\)$"):
            attempt()
