"""Trained networks from files: layers, gates, wirings, fed back outputs, vocabularies and batches."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from derive.indices import N_INPUT, N_OUTPUT, N_STATE, S, T, value
from derive.model import Model, build
from derive.unroll import place, unroll
from tests.test_trained import FIVE, TABLE, Arrays, refused, run, weights
from verify.state_dict import slots


def random_weights(model: Model, n: int = 3, m: int = 2, q: int = 2) -> Arrays:
    """Under PyTorch's names, and our own for what PyTorch has no name for."""
    rng, sizes = np.random.default_rng(3), {N_STATE: n, N_INPUT: m, N_OUTPUT: q}
    return {slot.label: rng.normal(size=[value(size, sizes) for size in slot.shape]) / 2 for slot in slots(model)}


def built(cell: str = "gru", **more: object) -> Model:
    return build(cell, **{"loss": "squared_error", **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("feedback", [False, True])
@pytest.mark.parametrize("wiring", ["every", "last"])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm", "peephole", "leaky", "diagonal"])
def test_every_cell_runs_from_files(tmp_path: Path, cell: str, layers: int, wiring: str, feedback: bool) -> None:
    model = built(cell, layers=layers, wiring=wiring, feedback=feedback)
    found = run(tmp_path, random_weights(model), FIVE, model)
    table = unroll(model, found.given, found.sizes)
    assert np.isfinite(table.values[place(model.total)]).all()
    assert found.sizes[T] == (5 if feedback else 4)
    assert any("one loss, at the last step" in note and "row 5" in note for note in found.notes) == (wiring == "last")
    assert any("no inputs are given" in note for note in found.notes) == feedback
    assert found.problem(model).label["batch"] == 1


@pytest.mark.parametrize("wiring", ["every", "last", "seq2seq"])
def test_a_jordan_network_runs_from_files(tmp_path: Path, wiring: str) -> None:
    model = built("jordan", wiring=wiring)
    found = run(tmp_path, random_weights(model), FIVE, model, target=FIVE if wiring == "seq2seq" else None)
    assert np.isfinite(unroll(model, found.given, found.sizes).values[place(model.total)]).all()
    assert any("o_0" in note for note in found.notes)


def test_the_number_of_layers_is_that_of_the_file(tmp_path: Path) -> None:
    one, two = built("lstm"), built("lstm", layers=2)
    refused(tmp_path, random_weights(two), FIVE, "'weight_hh_l1'", "expected 1 layer(s)", "use --layers 2", model=one)
    refused(tmp_path, random_weights(one), FIVE, "has no 'weight_ih_l1'", "(4*n, n)", "use --layers 1", model=two)
    arrays = {key: array for key, array in random_weights(two).items() if key != "bias_ih_l1"}
    refused(tmp_path, arrays, FIVE, "has no 'bias_ih_l1'", model=two)
    biasless = {key: array for key, array in random_weights(two).items() if "bias" not in key}
    assert sum("zeros" in note for note in run(tmp_path, biasless, FIVE, two).notes) == 5


def test_the_weights_of_another_cell_are_refused_and_the_gates_counted(tmp_path: Path) -> None:
    for cell, other in (("gru", "lstm"), ("rnn", "gru"), ("lstm", "rnn")):
        arrays = random_weights(built(cell))
        refused(tmp_path, arrays, FIVE, "weight", "expected (", "a gru stacks 3 gates, an lstm 4", model=built(other))
    refused(tmp_path, random_weights(built("lstm")), FIVE, "is no parameter", "another cell", model=built("peephole"))


def test_of_targets_only_the_last_is_looked_at_where_only_the_last_has_a_loss(tmp_path: Path) -> None:
    model = build("gru", wiring="last")
    found = run(tmp_path, random_weights(model, q=3), "x1,x2,y\n1,2,-7\n5,6,2\n", model)
    np.testing.assert_array_equal(found.given["y", "target", 2], [[0], [0], [1]])
    assert ("y", "target", 1) not in found.given and any("row 2" in note for note in found.notes)
    arrays = random_weights(model, q=3)
    refused(tmp_path, arrays, "x1,x2,y\n1,2,0\n5,6,3\n", "row 2", "is 3", model=model)


def test_of_binary_cross_entropy_targets_are_between_zero_and_one(tmp_path: Path) -> None:
    model = built(loss="binary_cross_entropy")
    run(tmp_path, random_weights(model), "x1,x2,y1,y2\n1,2,0,1\n5,6,.5,1\n", model)
    refused(tmp_path, random_weights(model), TABLE, "row 1", "entry 3", "from 0 to 1", model=model)


def test_a_fed_back_output_needs_targets_alone(tmp_path: Path) -> None:
    model = built(feedback=True)
    arrays = random_weights(model)
    found = run(tmp_path, arrays, "y1,y2\n1,2\n3,4\n", model)
    np.testing.assert_array_equal(found.given["F", "parameter", None], arrays["F"])
    np.testing.assert_array_equal(found.given["y", "target", 2], [[3], [4]])
    assert not any(kind == "input" for _, kind, _ in found.given)
    assert not found.given["o", "inner", 0].any() and any("o_0" in note for note in found.notes)
    refused(tmp_path, arrays, TABLE, "input column(s) x1, x2", "--feedback", model=model)
    del arrays["F"]
    found = run(tmp_path, arrays, FIVE, model)
    np.testing.assert_array_equal(found.given["F", "parameter", None], np.eye(2))
    assert any("F = I" in note for note in found.notes)
    arrays = {key: array for key, array in random_weights(model, q=3).items() if key != "F"}
    refused(tmp_path, arrays, np.ones((5, 3)), "no 'F'", "3 entries", "input of 2", "(2, 3)", model=model)


def test_an_encoder_and_a_decoder_read_a_sequence_each(tmp_path: Path) -> None:
    model = built("lstm", wiring="seq2seq")
    arrays = random_weights(model)
    assert {"encoder.weight_ih_l0", "decoder.weight_hh_l0", "readout.weight"} <= set(arrays)
    source = np.random.default_rng(4).normal(size=(3, 2))
    found = run(tmp_path, arrays, source, model, target=FIVE)
    assert (found.sizes[S], found.sizes[T]) == (3, 4)
    np.testing.assert_array_equal(found.given["x^e", "input", 3][:, 0], source[2])
    np.testing.assert_array_equal(found.given["x", "input", 1][:, 0], FIVE[0])
    np.testing.assert_array_equal(found.given["W_hg^e", "parameter", None], arrays["encoder.weight_hh_l0"][6:9])
    refused(tmp_path, arrays, source, "one sequence", "--target", model=model)
    refused(tmp_path, weights(), FIVE, "no decoder", "--wiring seq2seq", target=FIVE)
    refused(tmp_path, arrays, TABLE, "target column(s) y1, y2", "--target", model=model, target=FIVE)
    refused(tmp_path, arrays, np.ones((3, 1)), "1 input column", "expected 2", model=model, target=FIVE)
    refused(tmp_path, arrays, np.ones((3, 7, 2)), "7 sequences", "one sequence", model=model, target=FIVE)
    bare = {key.removeprefix("encoder."): array for key, array in arrays.items()}
    refused(tmp_path, bare, source, "'weight_ih_l0'", "encoder.", model=model, target=FIVE)


def test_a_vocabulary_is_all_words_or_a_mask(tmp_path: Path) -> None:
    model = built(loss="softmax_cross_entropy", normalisation="masked_softmax")
    arrays = random_weights(model, q=3)
    found = run(tmp_path, arrays, "x1,x2,y\n1,2,1\n5,6,2\n", model)
    assert not found.given["mu", "constant", None].any() and any("all words" in note for note in found.notes)
    masked = {**arrays, "mask": np.array([0.0, 1.0, 1.0])}
    found = run(tmp_path, masked, "x1,x2,y\n1,2,1\n5,6,2\n", model)
    np.testing.assert_array_equal(found.given["mu", "constant", None], [[-np.inf], [0], [0]])
    output = unroll(model, found.given, found.sizes).values["o", "inner", 1]
    assert output[0, 0] == 0 and output.sum() == pytest.approx(1) and "2 of 3 words" in found.notes[-1]
    refused(tmp_path, masked, "x1,x2,y\n1,2,0\n", "outside of the vocabulary", model=model)
    for bad in (np.zeros(3), np.ones(2), np.array([0.5, 1, 1])):
        refused(tmp_path, {**arrays, "mask": bad}, "x1,x2,y\n1,2,1\n", "mask", "expected (3,)", model=model)
    refused(tmp_path, {**weights(), "mask": np.ones(2)}, FIVE, "'mask'", "no parameter")


def test_the_batch_may_come_first_and_an_error_says_what_was_read_as_what(tmp_path: Path) -> None:
    x = np.random.default_rng(2).normal(size=(3, 4, 2))
    first, second = run(tmp_path, weights(), x, batch_first=True), run(tmp_path, weights(), x.swapaxes(0, 1))
    assert first.sizes[T] == 3 and first.sizes == second.sizes
    assert all(np.array_equal(array, second.given[where]) for where, array in first.given.items())
    plain = run(tmp_path, weights(), FIVE, batch_first=True)
    np.testing.assert_array_equal(plain.given["x", "input", 1][:, 0], FIVE[0])
    parts = ("shape (7, 5, 1) read as (batch, T, features)", "expected 2")
    refused(tmp_path, weights(), np.ones((7, 5, 1)), *parts, batch_first=True)
