"""Trained networks from files: numbers land where they belong, and nothing that does not fit gets through."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as given_from
from hypothesis import strategies as st
from safetensors.numpy import save_file

from derive.assemble import derivation
from derive.cell import Cell, Equation, given, inner, lag, parameter, state
from derive.errors import InputError
from derive.functions import ACTIVATIONS
from derive.indices import N_INPUT, N_OUTPUT, N_STATE, T
from derive.model import Model, build
from derive.nonlinear import Map
from derive.run import FORMS, gradients, name_of
from derive.unroll import place, unroll
from verify.trained import TrainedRun, trained_run

SUNSPOTS = Path(__file__).parent.parent / "examples" / "sunspots"
REAL, SIMPLEX = build(loss="squared_error"), build(loss="softmax_cross_entropy")
Arrays = dict[str, np.ndarray]


def weights(n: int = 4, m: int = 2, q: int = 2, prefix: str = "rnn.", readout: str = "fc.") -> Arrays:
    rng = np.random.default_rng(0)
    shapes = {
        f"{prefix}weight_ih_l0": (n, m), f"{prefix}weight_hh_l0": (n, n), f"{prefix}bias_ih_l0": (n,),
        f"{prefix}bias_hh_l0": (n,), f"{readout}weight": (q, n), f"{readout}bias": (q,),
    }  # fmt: skip
    return {key: rng.normal(size=shape) / 2 for key, shape in shapes.items()}


def run(
    folder: Path,
    arrays: Arrays,
    sequence: str | np.ndarray,
    model: Model = REAL,
    kind: str = "safetensors",
    target: str | np.ndarray | None = None,
    batch_first: bool = False,
) -> TrainedRun:
    path = folder / f"weights.{kind}"
    save_file(arrays, path) if kind == "safetensors" else np.savez(path, **arrays)  # type: ignore[arg-type]
    second = None if target is None else written(folder, "y", target)
    return trained_run(model, path, written(folder, "x", sequence), target=second, batch_first=batch_first)


def written(folder: Path, name: str, sequence: str | np.ndarray) -> Path:
    path = folder / f"{name}.{'csv' if isinstance(sequence, str) else 'npy'}"
    path.write_text(sequence) if isinstance(sequence, str) else np.save(path, sequence)
    return path


def refused(
    folder: Path,
    arrays: Arrays,
    sequence: str | np.ndarray,
    *parts: str,
    model: Model = REAL,
    target: str | np.ndarray | None = None,
    batch_first: bool = False,
) -> None:
    with pytest.raises(InputError) as caught:
        run(folder, arrays, sequence, model, target=target, batch_first=batch_first)
    line = str(caught.value)
    assert line.isprintable() and caught.value.mend, line
    for part in parts:
        assert part in line, f"{part!r} is not in {line!r}"


def by_hand(arrays: Arrays, x: np.ndarray) -> np.ndarray:
    """Outputs (T, q) of the network in PyTorch's row form: the test's own forward pass."""
    w = {key.rpartition(".")[2]: array for key, array in arrays.items()}
    h, outputs = np.zeros(w["weight_hh_l0"].shape[0]), []
    for row in x:
        h = np.tanh(row @ w["weight_ih_l0"].T + w["bias_ih_l0"] + h @ w["weight_hh_l0"].T + w["bias_hh_l0"])
        outputs.append(h @ w["weight"].T + w["bias"])
    return np.array(outputs)


FIVE = np.random.default_rng(1).normal(size=(5, 2))
TABLE = "x1,x2,y1,y2\n1,2,3,4\n5,6,7,8\n"


# What fits


@pytest.mark.parametrize("kind", ["safetensors", "npz"])
@pytest.mark.parametrize(("prefix", "readout"), [("", ""), ("rnn.", "linear."), ("net.core.", "head.readout.")])
def test_the_network_in_the_file_is_the_network_that_runs(tmp_path: Path, kind: str, prefix: str, readout: str) -> None:
    arrays = weights(prefix=prefix, readout=readout)
    found = run(tmp_path, arrays, FIVE, kind=kind)
    assert found.sizes == {N_STATE: 4, N_INPUT: 2, N_OUTPUT: 2, T: 4}
    table = unroll(REAL, found.given, found.sizes)
    expected = by_hand(arrays, FIVE[:-1])
    for step in range(1, 5):
        output = table.values[place(REAL.readout.output.target.at(step))]
        np.testing.assert_allclose(output[:, 0], expected[step - 1], rtol=1e-13)
    loss = 0.5 * np.mean(np.sum((expected - FIVE[1:]) ** 2, axis=1))
    np.testing.assert_allclose(table.values[place(REAL.total)].item(), loss, rtol=1e-13)


def test_next_step_prediction_is_assumed_and_said(tmp_path: Path) -> None:
    found = run(tmp_path, weights(), "a,b\n1,2\n3,4\n5,6\n")
    assert found.sizes[T] == 2
    np.testing.assert_array_equal(found.given["x", "input", 2], [[3], [4]])
    np.testing.assert_array_equal(found.given["y", "target", 2], [[5], [6]])
    assert any("next-step" in note for note in found.notes)


@pytest.mark.parametrize("header", ["x1,x2,y1,y2", "x1,x2,target,target_b", "u,v,Y1,TARGET"])
def test_target_columns_are_found_by_name(tmp_path: Path, header: str) -> None:
    found = run(tmp_path, weights(), f"{header}\n1,2,3,4\n5,6,7,8\n")
    assert found.sizes[T] == 2
    np.testing.assert_array_equal(found.given["x", "input", 2], [[5], [6]])
    np.testing.assert_array_equal(found.given["y", "target", 1], [[3], [4]])
    assert any(header.split(",")[2] in note for note in found.notes)


def test_a_batch_leads(tmp_path: Path) -> None:
    x = np.random.default_rng(2).normal(size=(4, 3, 2))
    arrays = weights()
    found = run(tmp_path, arrays, x)
    assert found.given["x", "input", 1].shape == (3, 2, 1)
    assert found.given["h", "state", 0].shape == (4, 1)
    table = unroll(REAL, found.given, found.sizes)
    last = table.values[place(REAL.readout.output.target.at(3))]
    for sample in range(3):
        np.testing.assert_allclose(last[sample, :, 0], by_hand(arrays, x[:-1, sample])[-1], rtol=1e-13)


@pytest.mark.parametrize("gone", [("rnn.bias_ih_l0", "rnn.bias_hh_l0"), ("fc.bias",)])
def test_biases_that_are_absent_altogether_are_zeros_and_said(tmp_path: Path, gone: tuple[str, ...]) -> None:
    arrays = {key: array for key, array in weights().items() if key not in gone}
    found = run(tmp_path, arrays, FIVE)
    absent = {"rnn.bias_ih_l0": "b_ih", "rnn.bias_hh_l0": "b_hh", "fc.bias": "b_o"}
    for key in gone:
        assert not found.given[absent[key], "parameter", None].any()
        assert any(key.rpartition(".")[2] in note and "zeros" in note for note in found.notes)


def test_classes_become_one_hot_and_probabilities_stay(tmp_path: Path) -> None:
    found = run(tmp_path, weights(q=3), "x1,x2,y\n1,2,0\n5,6,2\n", SIMPLEX)
    np.testing.assert_array_equal(found.given["y", "target", 2], [[0], [0], [1]])
    found = run(tmp_path, weights(q=3), "x1,x2,y1,y2,y3\n1,2,.25,.25,.5\n5,6,0.1,0.2,0.7\n", SIMPLEX)
    np.testing.assert_array_equal(found.given["y", "target", 1], [[0.25], [0.25], [0.5]])
    assert len(found.notes) == 1
    found = run(tmp_path, weights(q=3), "x1,x2,y1,y2,y3\n1,2,.3333333,.3333333,.3333333\n", SIMPLEX)
    np.testing.assert_allclose(found.given["y", "target", 1].sum(), 1, rtol=1e-15)
    assert any("divided by their sums" in note for note in found.notes)


def test_our_own_parameter_names_do_as_well(tmp_path: Path) -> None:
    names = {"weight_ih_l0": "W_i", "weight_hh_l0": "W_h", "bias_ih_l0": "b_ih", "bias_hh_l0": "b_hh",
             "weight": "W_o", "bias": "b_o"}  # fmt: skip
    arrays = weights(prefix="", readout="")
    ours = run(tmp_path, {names[key]: array for key, array in arrays.items()}, FIVE)
    theirs = run(tmp_path, arrays, FIVE)
    for where, array in theirs.given.items():
        np.testing.assert_array_equal(ours.given[where], array)


def stacked() -> Model:
    """A cell whose two weights stand on top of each other in one array of the file, as an LSTM's gates do."""
    n, m = N_STATE, N_INPUT
    h, x, z = state("h", n), given("x", m), inner("z", n)
    a, b, r = parameter("A", n, m), parameter("B", n, m), parameter("R", n, n)
    forward = (Equation(z, r @ lag(h) + (a + b) @ x), Equation(h, Map(ACTIVATIONS["tanh"], z)))
    names = {"B": "weight_ih_l0", "A": "weight_ih_l0", "R": "weight_hh_l0"}
    return dataclasses.replace(REAL, cell=Cell("two", "two", (h,), (x,), (a, b, r), forward, pytorch=names))


def test_parameters_that_share_a_name_are_its_row_blocks_in_the_order_of_the_map(tmp_path: Path) -> None:
    arrays = {key: array for key, array in weights().items() if "_l0" not in key}
    arrays["rnn.weight_ih_l0"] = np.arange(16.0).reshape(8, 2)
    arrays["rnn.weight_hh_l0"] = np.eye(4)
    found = run(tmp_path, arrays, FIVE, stacked())
    np.testing.assert_array_equal(found.given["B", "parameter", None], arrays["rnn.weight_ih_l0"][:4])
    np.testing.assert_array_equal(found.given["A", "parameter", None], arrays["rnn.weight_ih_l0"][4:])
    arrays["rnn.weight_ih_l0"] = np.ones((7, 2))
    refused(tmp_path, arrays, FIVE, "weight_ih_l0", "(7, 2)", "(2*n, m)", model=stacked())


# What does not fit


@pytest.mark.parametrize(("key", "shape", "parts"), [
    ("rnn.weight_ih_l0", (2, 4), ["weight_ih_l0: has shape (2, 4)", "(n, m) = (4, m)", "hh_l0 (4, 4)"]),
    ("rnn.weight_hh_l0", (4, 5), ["weight_hh_l0: has shape (4, 5)", "(n, n) = (4, 4)"]),
    ("rnn.weight_hh_l0", (16, 4), ["weight_hh_l0: has shape (16, 4)", "(n, n)"]),
    ("rnn.bias_hh_l0", (5,), ["bias_hh_l0: has shape (5,)", "(n,) = (4,)", "hh_l0 (4, 4) makes n = 4"]),
    ("rnn.bias_hh_l0", (4, 1), ["bias_hh_l0: has shape (4, 1)", "(n,) = (4,)"]),
    ("fc.weight", (2, 3), ["fc.weight: has shape (2, 3)", "(q, n)", "4)", "makes n = 4"]),
    ("fc.bias", (3,), ["fc.bias: has shape (3,)", "(q,) = (2,)", "fc.weight (2, 4) makes q = 2"]),
    ("fc.weight", (), ["fc.weight: has shape ()"]),
])  # fmt: skip
def test_a_contradiction_names_the_key_both_shapes_and_who_fixed_them(
    tmp_path: Path, key: str, shape: tuple[int, ...], parts: list[str]
) -> None:
    refused(tmp_path, weights() | {key: np.ones(shape)}, FIVE, "weights.safetensors", *parts)


@pytest.mark.parametrize("key", list(weights()))
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    arrays = weights()
    del arrays[key]
    if key == "fc.bias":  # the readout's only bias: bias=False
        assert run(tmp_path, arrays, FIVE).notes
    else:
        refused(
            tmp_path,
            arrays,
            FIVE,
            f"has no '{key.rpartition('.')[2]}'",
            "fc.weight" if "fc" not in key else "",
        )


@pytest.mark.parametrize(("key", "parts"), [
    ("rnn.weight_ih_l1", ["'rnn.weight_ih_l1'", "expected 1 layer(s)", "use --layers 2"]),
    ("rnn.weight_hh_l0_reverse", ["_reverse'", "one direction", "bidirectional=False"]),
    ("rnn.weight_ih_l1_reverse", ["_reverse'", "one direction", "bidirectional=False"]),
    ("rnn.weight_hr_l0", ["'rnn.weight_hr_l0'", "no parameter", "'weight_hh_l0'"]),
    ("step", ["'step'", "no parameter"]),
    ("norm.weight", ["'fc.weight'", "'norm.weight'", "'weight'"]),
    ("old.weight_ih_l0", ["'rnn.weight_ih_l0'", "'old.weight_ih_l0'"]),
])  # fmt: skip
def test_a_key_too_many_is_named(tmp_path: Path, key: str, parts: list[str]) -> None:
    refused(tmp_path, weights() | {key: np.ones((4, 4))}, FIVE, *parts)


@pytest.mark.parametrize(("sequence", "parts"), [
    (np.ones((5, 3)), ["3 input column", "expected 2", "rnn.weight_ih_l0 (4, 2) makes m = 2"]),
    (np.ones((5, 7, 1)), ["shape (5, 7, 1) read as (T, batch, features)", "expected 2"]),
    ("x1,y1,y2\n1,2,3\n", ["1 input column(s) (x1)", "expected 2"]),
    ("x1,x2,y1\n1,2,3\n", ["1 target column(s) (y1)", "expected 2", "fc.weight (2, 4) makes q = 2"]),
    ("y1,y2\n1,2\n", ["every column is a target"]),
    (np.ones((1, 2)), ["1 row", "at least 2"]),
])  # fmt: skip
def test_a_sequence_that_does_not_fit_the_weights(tmp_path: Path, sequence: str | np.ndarray, parts: list[str]) -> None:
    refused(tmp_path, weights(), sequence, "x.csv" if isinstance(sequence, str) else "x.npy", *parts)


def test_next_step_prediction_needs_as_many_outputs_as_inputs(tmp_path: Path) -> None:
    refused(tmp_path, weights(q=3), FIVE, "no target columns", "2 entries", "expected 3", "makes q = 3")


@pytest.mark.parametrize(("sequence", "parts"), [
    ("x1,x2,y1,y2,y3\n1,2,1,0,0\n1,2,.5,.5,.5\n", ["row 2", "(0.5, 0.5, 0.5)", "sums to 1.5", "probability"]),
    ("x1,x2,y1,y2,y3\n1,2,1.5,-.5,0\n", ["row 1", "probability"]),
    ("x1,x2,y\n1,2,0\n1,2,3\n", ["row 2", "class", "is 3", "0 to 2"]),
    ("x1,x2,y\n1,2,0.5\n", ["row 1", "is 0.5", "whole number"]),
    ("x1,x2,y\n1,2,-1\n", ["row 1", "is -1"]),
])  # fmt: skip
def test_targets_of_cross_entropy_are_probabilities(tmp_path: Path, sequence: str, parts: list[str]) -> None:
    refused(tmp_path, weights(q=3), sequence, *parts, model=SIMPLEX)


def test_next_step_targets_of_cross_entropy_are_probabilities_too(tmp_path: Path) -> None:
    one_hot = np.eye(2)[[0, 1, 1, 0]]
    found = run(tmp_path, weights(), one_hot, SIMPLEX)
    np.testing.assert_array_equal(found.given["y", "target", 1][:, 0], one_hot[1])
    refused(tmp_path, weights(), FIVE, "row 2", "probability vector", model=SIMPLEX)


SHAPE = st.lists(st.integers(1, 4), max_size=3).map(tuple)


@given_from(shapes=st.lists(SHAPE, min_size=6, max_size=6), sequence=SHAPE)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_shapes_there_is_a_run_or_one_line(
    tmp_path: Path, shapes: list[tuple[int, ...]], sequence: tuple[int, ...]
) -> None:
    arrays = {key: np.ones(shape) for key, shape in zip(weights(), shapes, strict=True)}
    try:
        found = run(tmp_path, arrays, np.ones(sequence))
    except InputError as error:
        assert str(error).isprintable() and error.mend
        return
    unroll(REAL, found.given, found.sizes)


# The example


def test_the_gradient_of_the_trained_sunspot_network_agrees_with_central_differences(tmp_path: Path) -> None:
    short = tmp_path / "input.csv"
    short.write_text("\n".join((SUNSPOTS / "input.csv").read_text().splitlines()[:26]))
    found = trained_run(REAL, SUNSPOTS / "weights.safetensors", short)
    assert found.sizes[T] == 24
    table = unroll(REAL, found.given, found.sizes)
    adjoint = gradients(derivation(REAL), table, next(form for form in FORMS if form.name == "adjoint"))

    def loss(where: tuple[str, str, int | None], array: np.ndarray) -> float:
        return float(unroll(REAL, {**found.given, where: array}, found.sizes).values[place(REAL.total)].item())

    def slope(where: tuple[str, str, int | None], at: tuple[int, ...], step: float = 1e-5) -> float:
        up, down = found.given[where].copy(), found.given[where].copy()
        up[at], down[at] = up[at] + step, down[at] - step
        return (loss(where, up) - loss(where, down)) / (2 * step)

    for variable in (*REAL.parameters, *REAL.initial_states):
        exact = adjoint[name_of(variable)]
        where = place(variable)
        numeric = np.array([slope(where, at) for at in np.ndindex(exact.shape)]).reshape(exact.shape)
        scale = np.abs(numeric).max()
        assert scale > 1e-5, variable
        assert np.abs(exact - numeric).max() < 1e-6 * scale, variable
        assert np.abs(-exact - numeric).max() > scale, "a wrong sign is seen"
        assert np.abs(exact * 1.001 - numeric).max() > 1e-4 * scale, "a wrong factor is seen"


def test_the_sunspot_weights_forecast_what_the_readme_says() -> None:
    found = trained_run(REAL, SUNSPOTS / "weights.safetensors", SUNSPOTS / "input.csv")
    assert found.sizes == {N_STATE: 6, N_INPUT: 1, N_OUTPUT: 1, T: 308}
    table = unroll(REAL, found.given, found.sizes)
    output = REAL.readout.output.target
    x = np.array([table.values[place(output.at(step))].item() for step in range(1, 309)])
    years, numbers = np.loadtxt(SUNSPOTS / "yearly.csv", delimiter=",", skiprows=1).T
    held_out = years[1:] >= 1950
    error = np.sqrt(np.mean((np.maximum(10 * x + 6, 0) ** 2 - numbers[1:])[held_out] ** 2))
    persistence = np.sqrt(np.mean((numbers[1:] - numbers[:-1])[held_out] ** 2))
    readme = (SUNSPOTS / "README.md").read_text(encoding="utf-8")
    assert f"{error:.2f}" in readme and f"{persistence:.2f}" in readme
    assert error < 0.65 * persistence


def test_the_input_is_the_series_scaled_as_the_readme_says() -> None:
    numbers = np.loadtxt(SUNSPOTS / "yearly.csv", delimiter=",", skiprows=1)[:, 1]
    x = np.loadtxt(SUNSPOTS / "input.csv", skiprows=1)
    np.testing.assert_allclose(x, (np.sqrt(numbers) - 6) / 10, atol=1e-9)


def test_training_again_starts_the_same_and_lowers_the_loss() -> None:
    program = (
        "import numpy as np, train\n"
        "from derive.assemble import derivation\nfrom derive.model import build\n"
        "derived = derivation(build(loss='squared_error'))\n"
        "x = np.loadtxt('input.csv', skiprows=1)[:80]\n"
        "first, second = (train.train(derived, x, 0, 12) for _ in range(2))\n"
        "assert first[1] == second[1], 'not deterministic'\n"
        "assert all((first[0][k] == second[0][k]).all() for k in first[0])\n"
        "assert first[1][-1] < 0.8 * first[1][0], first[1]\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(SUNSPOTS.parent.parent)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=SUNSPOTS,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
