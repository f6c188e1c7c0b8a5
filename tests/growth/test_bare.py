"""Weight files without a loss: which cell they hold, and the recurrence alone on a sequence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from derive.errors import InputError
from derive.growth.study import study
from derive.model import build
from derive.unroll import place, unroll
from tests.derive.models import Names, derived
from verify.bare import NO_LOSS, bare_run, cell_in, has_readout

Array = np.ndarray
BLOCKS = {"rnn": 1, "gru": 3, "lstm": 4}


def weights(path: Path, cell: str, *, layers: int = 1, n: int = 3, m: int = 2, prefix: str = "", **more: Array) -> Path:
    """A state_dict with the names and shapes of PyTorch."""
    rng = np.random.default_rng(0)
    rows, arrays = BLOCKS[cell] * n, {}
    for layer in range(layers):
        shapes = {
            "weight_ih": (rows, m if layer == 0 else n),
            "weight_hh": (rows, n),
            "bias_ih": (rows,),
            "bias_hh": (rows,),
        }
        arrays |= {f"{prefix}{name}_l{layer}": rng.normal(size=shape) for name, shape in shapes.items()}
    file = path / "w.safetensors"
    save_file(arrays | more, file)
    return file


def sequence(path: Path, *shape: int) -> Path:
    file = path / "x.npy"
    np.save(file, np.random.default_rng(1).normal(size=shape))
    return file


@pytest.mark.parametrize("prefix", ["", "encoder.rnn."])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", BLOCKS)
def test_the_shapes_tell_the_cell(cell: str, layers: int, prefix: str, tmp_path: Path) -> None:
    found, count, sentence = cell_in(weights(tmp_path, cell, layers=layers, prefix=prefix))
    assert (found, count) == (cell, layers)
    assert sentence.startswith(f"w.safetensors holds a {cell} (") and f"{layers} layer" in sentence
    assert ("layers" in sentence) == (layers == 2)


def refused(arrays: dict[str, Array], path: Path) -> str:
    save_file(arrays, path / "w.safetensors")
    with pytest.raises(InputError) as error:
        cell_in(path / "w.safetensors")
    return str(error.value)


def test_what_is_no_file_of_pytorch(tmp_path: Path) -> None:
    zeros = np.zeros
    for arrays in (
        {"W": zeros((3, 3))},
        {"weight_hh_l1": zeros((3, 3))},
        {"weight_ih_l0": zeros((3, 3))},
        {"weight_hh_l0": zeros((7, 3))},
        {"weight_hh_l0": zeros((3,))},
        {"weight_hh_l0": zeros((3, 0))},
        {"weight_hh_l0": zeros((3, 4))},
        {"weight_hh_l0": zeros((2, 3, 3))},
    ):
        message = refused(arrays, tmp_path)
        assert "weight_hh_l0" in message or "no number" in message or "empty" in message, message
    assert "2 blocks" in refused({"weight_hh_l0": zeros((6, 3))}, tmp_path)
    assert "1 (rnn), 3 (gru), 4 (lstm)" in refused({"weight_hh_l0": zeros((15, 3))}, tmp_path)


@pytest.mark.parametrize(("cell", "layers"), [("rnn", 1), ("rnn", 2), ("gru", 1), ("lstm", 1)])
def test_the_recurrence_runs_without_its_loss(cell: str, layers: int, tmp_path: Path) -> None:
    names = Names(cell, layers=layers)
    model = derived(names).model
    file = weights(tmp_path, cell, layers=layers)
    assert not has_readout(model, file)
    run = bare_run(model, file, sequence(tmp_path, 6, 4, 2))
    assert run.notes[-1] == NO_LOSS
    problem = run.problem(model)
    assert problem.steps == 6 and problem.label["batch"] == 4
    found = study(derived(names), problem.given, problem.sizes, losses=False)
    assert found.batch == 4 and found.settled and not found.memories
    if cell == "rnn" and layers == 1:
        by_hand(file, tmp_path / "x.npy", problem.forward.values)


def by_hand(file: Path, inputs: Path, values: dict) -> None:
    from safetensors.numpy import load_file

    w, x = load_file(file), np.load(inputs)
    h = np.zeros((4, 3))
    for step in range(6):
        h = np.tanh(x[step] @ w["weight_ih_l0"].T + w["bias_ih_l0"] + h @ w["weight_hh_l0"].T + w["bias_hh_l0"])
        assert np.allclose(values["h", "state", step + 1][..., 0], h, rtol=1e-13)


def test_batch_first_and_one_sequence(tmp_path: Path) -> None:
    model, file = derived(Names("rnn")).model, weights(tmp_path, "rnn")
    x = np.load(sequence(tmp_path, 6, 4, 2))
    one = bare_run(model, file, tmp_path / "x.npy")
    np.save(tmp_path / "x.npy", x.swapaxes(0, 1))
    other = bare_run(model, file, tmp_path / "x.npy", batch_first=True)
    assert all(np.array_equal(one.given[w], other.given[w]) for w in one.given)
    np.save(tmp_path / "x.npy", x[:, 0])
    alone = bare_run(model, file, tmp_path / "x.npy")
    assert alone.given["x", "input", 1].shape == (2, 1), "no batch axis"
    whole = unroll(model, alone.given, alone.sizes)
    found = study(derived(Names("rnn")), alone.given, alone.sizes, losses=False)
    assert found.batch == 1 and found.settled
    last = found.chain.trajectory.window(0).timed["h", "state"][-1, 0]
    assert np.allclose(last, whole.values["h", "state", 6], rtol=1e-14)
    assert np.allclose(last, one.problem(model).forward.values["h", "state", 6][0], rtol=1e-14)


def test_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    model, file = derived(Names("rnn")).model, weights(tmp_path, "rnn")
    with pytest.raises(InputError, match=r"x\.npy"):
        bare_run(model, file, sequence(tmp_path, 6, 4, 5))
    wrong = {"weight_hh_l0": np.zeros((4, 4))}
    with pytest.raises(InputError, match="weight"):
        bare_run(model, weights(tmp_path, "rnn", **wrong), sequence(tmp_path, 6, 4, 2))
    with pytest.raises(InputError):
        bare_run(model, weights(tmp_path, "gru"), sequence(tmp_path, 6, 4, 2))
    with pytest.raises(InputError):
        bare_run(derived(Names("rnn", layers=2)).model, weights(tmp_path, "rnn"), sequence(tmp_path, 6, 4, 2))
    for other in (build("rnn", wiring="seq2seq"), build("rnn", feedback=True)):
        with pytest.raises(InputError, match="one given input"):
            bare_run(other, file, tmp_path / "x.npy")


def test_a_readout_is_found(tmp_path: Path) -> None:
    model = derived(Names("rnn")).model
    readout = {"readout.weight": np.zeros((3, 3)), "readout.bias": np.zeros(3)}
    assert has_readout(model, weights(tmp_path, "rnn", **readout))
    run = bare_run(model, tmp_path / "w.safetensors", sequence(tmp_path, 6, 4, 2))
    (w_o,) = (w for w in model.parameters if w.name == "W_o")
    assert not run.given[place(w_o)].any(), "left out all the same"
