"""Trained weights on real input: the recommended length, measured again by programs of this test's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from safetensors.numpy import load_file, save_file

from tests.command_line.running import ROOT, bptt, complaint

SUNSPOTS = ROOT / "examples" / "sunspots"
RECURRENT = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
Weights = dict[str, np.ndarray]
State = tuple[Any, ...]
Step = Callable[[Weights, Any, State], State]


def rnn(w: Weights, x: Any, state: State) -> State:
    return (anp.tanh(w["weight_ih_l0"] @ x + w["bias_ih_l0"] + w["weight_hh_l0"] @ state[0] + w["bias_hh_l0"]),)


def lstm(w: Weights, x: Any, state: State) -> State:
    z = w["weight_ih_l0"] @ x + w["bias_ih_l0"] + w["weight_hh_l0"] @ state[0] + w["bias_hh_l0"]
    i, f, g, o = anp.split(z, 4)
    sigmoid = lambda v: 1 / (1 + anp.exp(-v))  # noqa: E731
    c = sigmoid(f) * state[1] + sigmoid(i) * anp.tanh(g)
    return sigmoid(o) * anp.tanh(c), c


def window(step: Step, w: Weights, start: State, x: np.ndarray, y: np.ndarray, tau: int) -> np.ndarray:
    """For every loss the state τ steps back is a constant, and the steps since are run again."""
    states = [start]
    for row in x:
        states.append(tuple(np.asarray(part) for part in step(w, row, states[-1])))
    total = {name: np.zeros_like(w[name]) for name in RECURRENT}
    for late in range(1, len(x) + 1):
        first = max(late - tau, 0)

        def loss(own: Weights, first: int = first, late: int = late) -> Any:
            state = states[first]
            for row in x[first:late]:
                state = step({**w, **own}, row, state)
            return 0.5 * anp.sum((w["weight"] @ state[0] + w["bias"] - y[late - 1]) ** 2) / len(x)

        for name, array in grad(loss)({name: w[name] for name in RECURRENT}).items():
            total[name] = total[name] + array
    return np.concatenate([total[name].ravel() for name in RECURRENT])


def check(
    found: dict[str, Any], step: Step, w: Weights, start: State, x: np.ndarray, y: np.ndarray, most: float
) -> int:
    """The bias of the recommended length holds, that of one step less does not, and both are what is said."""
    own = found["recommended"]["window"]
    full = window(step, w, start, x, y, len(x))
    assert found["gradient_norm"] == pytest.approx(np.linalg.norm(full), rel=1e-9)
    for tau, said in ((own["tau"], own["bias"]), (own["tau"] - 1, own["bias_one_step_shorter"])):
        bias = np.linalg.norm(window(step, w, start, x, y, tau) - full) / np.linalg.norm(full)
        assert bias == pytest.approx(said, rel=1e-6) and bool(bias <= most) is (tau == own["tau"])
    return int(own["tau"])


def plain(arrays: Weights) -> Weights:
    return {name.rpartition(".")[2]: array.astype(float) for name, array in arrays.items()}


def truncate(*words: str) -> dict[str, Any]:
    done = bptt("truncate", *words, "--loss", "squared_error", "--json", "--runs", "50", "--strategy", "window")
    assert (done.code, done.err) == (0, ""), done
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_the_sunspots(tmp_path: Path) -> None:
    """The last part of the series, since the whole of it takes longer."""
    lines = (SUNSPOTS / "input.csv").read_text().splitlines()
    path = tmp_path / "input.csv"
    path.write_text("\n".join([*lines[:1], *lines[-50:]]))
    weights = SUNSPOTS / "weights.safetensors"
    found = truncate("rnn", "--weights", str(weights), "--input", str(path), "--max-bias", "0.01")
    series = np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2)
    w = plain(load_file(weights))
    start = (np.zeros(w["weight_hh_l0"].shape[1]),)
    q = w["bias"].shape[0]
    x, y = (series[:-1], series[1:]) if series.shape[1] == q else (series[:, :-q], series[:, -q:])
    assert check(found, rnn, w, start, x, y, 0.01) < found["steps"] == len(x)


def drawn(
    folder: Path, gates: int, n: int = 4, m: int = 2, steps: int = 25, batch: int = 0
) -> tuple[Weights, np.ndarray]:
    rng = np.random.default_rng(7)
    shapes = {"weight_ih_l0": (gates * n, m), "weight_hh_l0": (gates * n, n), "bias_ih_l0": (gates * n,),
              "bias_hh_l0": (gates * n,)}  # fmt: skip
    core = "lstm" if gates == 4 else "rnn"
    arrays = {f"{core}.{name}": rng.normal(size=shape) / 2 for name, shape in shapes.items()}
    arrays |= {"fc.weight": rng.normal(size=(m, n)), "fc.bias": rng.normal(size=m)}
    save_file(arrays, folder / "w.safetensors")
    series = rng.normal(size=(steps, batch, m) if batch else (steps, m))
    if batch:
        np.save(folder / "x.npy", series)
    else:
        np.savetxt(folder / "x.csv", series, delimiter=",", header="a,b", comments="", fmt="%.17g")
    return plain(arrays), series


@pytest.mark.parametrize("most", [0.01, *(pytest.param(own, marks=pytest.mark.slow) for own in (0.1, 1e-3, 1e-6))])
def test_an_lstm(tmp_path: Path, most: float) -> None:
    w, series = drawn(tmp_path, 4)
    words = ("--weights", str(tmp_path / "w.safetensors"), "--input", str(tmp_path / "x.csv"))
    found = truncate("lstm", *words, "--max-bias", str(most))
    tau = check(found, lstm, w, (np.zeros(4), np.zeros(4)), series[:-1], series[1:], most)
    assert 1 < tau <= 24


def test_a_batch_of_sequences(tmp_path: Path) -> None:
    """The gradients are means over the sequences."""
    w, series = drawn(tmp_path, 1, batch=3, steps=12)
    words = ("--weights", str(tmp_path / "w.safetensors"), "--input", str(tmp_path / "x.npy"))
    found = truncate("rnn", *words, "--max-bias", "0.05")
    assert found["sizes"]["batch"] == 3
    each = [(series[:-1, own], series[1:, own]) for own in range(3)]
    own = found["recommended"]["window"]
    full, kept, shorter = (
        np.mean([window(rnn, w, (np.zeros(4),), x, y, tau) for x, y in each], axis=0)
        for tau in (11, own["tau"], own["tau"] - 1)
    )
    biases = [np.linalg.norm(one - full) / np.linalg.norm(full) for one in (kept, shorter)]
    assert biases == pytest.approx([own["bias"], own["bias_one_step_shorter"]], rel=1e-6)
    assert biases[0] <= 0.05 < biases[1]


def test_an_encoder_and_a_decoder(tmp_path: Path) -> None:
    fixtures = ROOT / "tests" / "fixtures"
    rng = np.random.default_rng(0)
    arrays = load_file(fixtures / "gru_seq2seq.safetensors")
    wide = next(array.shape[1] for name, array in arrays.items() if "weight_ih" in name)
    np.save(tmp_path / "x.npy", rng.normal(size=(5, wide)))
    np.save(tmp_path / "y.npy", rng.normal(size=(7, wide)))
    words = ("gru", "--wiring", "seq2seq", "--weights", str(fixtures / "gru_seq2seq.safetensors"))
    files = ("--input", str(tmp_path / "x.npy"))
    complaint(bptt("truncate", *words, *files, "--loss", "squared_error"), "--target")
    found = truncate(*words, *files, "--target", str(tmp_path / "y.npy"), "--max-bias", "0.01")
    assert found["steps"] == found["sizes"]["S"] + found["sizes"]["T"]
    own = found["recommended"]["window"]
    bias = dict(zip(found["windows"]["tau"], found["windows"]["relative_bias"], strict=True))
    assert bias[own["tau"]] <= 0.01 < bias[own["tau"] - 1]


def test_a_series_that_does_not_fit(tmp_path: Path) -> None:
    drawn(tmp_path, 1)
    (tmp_path / "x.csv").write_text("a\n1\n2\n")
    words = ("--weights", str(tmp_path / "w.safetensors"), "--input", str(tmp_path / "x.csv"))
    complaint(bptt("truncate", "rnn", "--loss", "squared_error", *words), "x.csv")
