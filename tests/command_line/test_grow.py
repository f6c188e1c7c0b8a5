"""``bptt grow``: its numbers, its files, its pictures, and what it says to bad input."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from derive import registry
from derive.assemble import derivation
from derive.model import build
from derive.unroll import unroll
from tests.command_line.running import ROOT, Done, bptt, complaint, other_process
from tests.growth.rescaled import log10_norms
from verify.growth.drawing import network

CELLS = registry.names("derive.cells")
FIXTURES = ROOT / "tests" / "fixtures"
SUNSPOTS = ROOT / "examples" / "sunspots"
TRAINED = ("--weights", str(SUNSPOTS / "weights.safetensors"), "--input", str(SUNSPOTS / "input.csv"))
SMALL = ("--steps", "12", "--hidden", "3")


def grown(*words: str) -> dict[str, Any]:
    """What ``--json`` prints; it has to go well."""
    done = bptt("grow", *words, "--json")
    assert (done.code, done.err) == (0, ""), done
    found: dict[str, Any] = json.loads(done.out)
    return found


@pytest.mark.parametrize("gain", [1.0, 0.97])
def test_an_orthogonal_linear_network_grows_by_its_gain(gain: float) -> None:
    words = ("--activation", "identity", "--start", "orthogonal", "--gain", str(gain), "--hidden", "12")
    found = grown("rnn", *words, "--steps", "600")
    values = np.array(found["log_singular_values"]["mean"])
    assert len(values) == 12 and np.max(np.abs(values - 600 * math.log(gain))) < 1e-9


@pytest.mark.slow
def test_a_long_sequence() -> None:
    """Finite, and right as a whole; 100 000 steps whose answer is known are in ``.ci/run`` and ``test_spectrum``."""
    found = grown("rnn", "--hidden", "64", "--steps", "20000")
    values = found["log_singular_values"]["mean"]
    assert len(values) == 64 and np.isfinite(values).all() and found["rank"] == [64]
    assert found["determinant_error"] < 1e-9 and max(found["agreement"]) < 1e-9


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_has_a_study(cell: str) -> None:
    found = grown(cell, *SMALL, "--batch", "2")
    size = found["state_size"]
    assert len(found["log_singular_values"]["sequences"]) == 2 and len(found["lyapunov_exponents"]["mean"]) == size
    model = build(cell)
    problem = network(model, steps=12, hidden=3, batch=2)
    plain = log10_norms(derivation(model), unroll(model, problem.given, problem.sizes))
    norms = np.array([float(x) for x in found["by_lag"]["log_norm"]["sequences"][0]]) / math.log(10)
    finite = np.isfinite(plain)
    assert np.allclose(norms[finite], np.array(plain)[finite], rtol=1e-8, atol=0)
    assert set(found) >= {"bounds", "transient", "anatomy", "survives", "saturation", "memory", "remedies"}


def test_the_terminal_says_what_was_found() -> None:
    done = bptt("grow", "rnn", *SMALL)
    assert (done.code, done.err) == (0, "")
    for word in ("norm of the chain", "Lyapunov exponents", "product of norms", "growth comes from", "memory", "⣀"):
        assert word in done.out, word
    assert max(map(len, done.out.splitlines())) <= 80


def test_files_are_written_and_named(tmp_path: Path) -> None:
    document, pictures = tmp_path / "growth.md", tmp_path / "pictures"
    done = bptt("grow", "gru", *SMALL, "-o", str(document), "--figures", str(pictures))
    assert done.code == 0, done
    text = document.read_text(encoding="utf-8")
    for heading in ("Norms and bounds", "All singular values", "Where the growth comes from", "Remedies"):
        assert heading in text, heading
    names = {path.name for path in pictures.iterdir()}
    charts = ("norms", "spectrum", "exponents", "anatomy", "memory", "radii", "grid")
    assert names == {f"{chart}.{suffix}" for chart in charts for suffix in ("svg", "png")}
    assert all(path.stat().st_size > 1000 for path in pictures.iterdir())


@pytest.mark.slow
def test_a_pdf_and_latex(tmp_path: Path) -> None:
    for suffix in ("pdf", "tex"):
        done = bptt(
            "grow",
            "rnn",
            *SMALL,
            "-o",
            str(tmp_path / f"g.{suffix}"),
            *(["--engine", "typst"] if suffix == "pdf" else []),
        )
        assert done.code == 0, done
    assert (tmp_path / "g.pdf").read_bytes().startswith(b"%PDF-")
    assert r"\begin{document}" in (tmp_path / "g.tex").read_text(encoding="utf-8")


def test_a_trained_network_on_its_own_input() -> None:
    found = grown(*TRAINED, "--loss", "squared_error")
    assert found["model"]["cell"] == "rnn-tanh" and found["steps"] == 308
    assert "holds a rnn" in found["notes"][0] and found["memory"] is not None
    alone = grown(*TRAINED, "--no-loss")
    assert alone["memory"] is None and alone["remedies"] == []
    assert alone["steps"] == 309  # no next value is needed as a target


@pytest.mark.parametrize(
    ("name", "cell", "layers"), [("gru_1", "gru", 1), ("lstm_2", "lstm", 2), ("rnn_tanh_1", "rnn-tanh", 1)]
)
def test_a_bare_state_dict_says_which_cell_it_is(tmp_path: Path, name: str, cell: str, layers: int) -> None:
    with np.load(FIXTURES / f"{name}.npz") as arrays:
        bare = {key.split(".")[-1]: np.array(arrays[key]) for key in arrays if "_l" in key}
    inputs = next(array.shape[1] for key, array in bare.items() if key == "weight_ih_l0")
    save_file(bare, tmp_path / "M.safetensors")
    np.save(tmp_path / "seq.npy", np.random.default_rng(0).normal(size=(9, 3, inputs)))
    found = grown("--weights", str(tmp_path / "M.safetensors"), "--input", str(tmp_path / "seq.npy"))
    assert (found["model"]["cell"], found["model"]["layers"]) == (cell, layers)
    assert found["sequences"] == [0, 1, 2] and "no loss" in found["notes"][-1]


def test_of_a_large_batch_some_sequences_are_followed() -> None:
    found = grown("rnn", *SMALL, "--batch", "9", "--sequences", "3")
    assert found["sequences"] == [0, 4, 8] and found["sizes"]["batch"] == 9


def test_the_command_in_the_document_makes_it_again() -> None:
    found = grown("rnn", *SMALL, "--radius", "1.2", "--activation", "relu", "--seed", "4")
    words = found["command"].split()
    assert words[:2] == ["bptt", "grow"]
    again = grown(*words[2:])
    assert again["log_singular_values"] == found["log_singular_values"]


def test_a_sweep_prints_a_map_and_writes_a_table(tmp_path: Path) -> None:
    table = tmp_path / "sweep.csv"
    words = ("--sweep", "radius=0.5,1.5", "steps=3,6", "seeds=2", "--hidden", "3", "-o", str(table), "--jobs", "1")
    done = bptt("grow", "rnn", *words, "--figures", str(tmp_path / "pictures"))
    assert (done.code, done.err) == (0, ""), done
    assert len(table.read_text().splitlines()) == 1 + 8 and "8 points" in done.out and "decades per step" in done.out
    assert {p.name for p in (tmp_path / "pictures").iterdir()} == {"sweep.svg", "sweep.png"}


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ((), ("no CELL is named", "--weights")),
        (("nosuch",), ("there is no cell 'nosuch'",)),
        (("rnn", "--gain", "2", "--radius", "1"), ("--gain and --radius",)),
        (("rnn", "--gain", "nan"), ("is not a number of at least 0",)),
        (("rnn", "--radius", "0"), ("is not a positive number",)),
        (("rnn", "--drive", "1e999"), ("is not a number of at least 0",)),
        (("rnn", "--start", "zeros"), ("invalid choice",)),
        (("rnn", "--json", "-o", "x.pdf"), ("leave one of them out",)),
        (("rnn", "--engine", "typst"), ("give -o FILE.pdf",)),
        (("rnn", "-o", "x.docx"), ("no format has the suffix",)),
        (("rnn", "--weights", "w.npz"), ("--weights stands alone",)),
        (("rnn", *TRAINED, "--radius", "1"), ("--radius is of a random network",)),
        (("rnn", *TRAINED, "--steps", "7"), ("--steps is of a random network",)),
        (("rnn", "--sweep", "radius=1"), ("give -o FILE.csv",)),
        (("rnn", "--sweep", "radius=1", "--json", "-o", "x.csv"), ("--json is of one network",)),
        (("rnn", "--sweep", "shoe=1", "-o", "x.csv"), ("shoe",)),
        (("--sweep", "radius=1", "-o", "x.csv"), ("no CELL is named",)),
        (("jordan", "--start", "orthogonal"), ("no square parameter matrix",)),
        (("rnn", "--activation", "identity", "--radius", "9", "--steps", "400"), ("not finite at step", "explodes")),
    ],
)  # fmt: skip
def test_bad_words_get_one_line(words: tuple[str, ...], parts: tuple[str, ...]) -> None:
    complaint(bptt("grow", *words), *parts)


def test_a_figure_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x")
    done = bptt("grow", "rnn", *SMALL, "--figures", str(tmp_path / "taken"))
    complaint(Done(done.code, "", done.err), "taken")


def test_help_is_light() -> None:
    """No SymPy, NumPy or Dask for a page of help."""
    code = "import sys; from bptt.command_line import main\ntry: main(['grow', '--help'])\nexcept SystemExit: pass\n"
    from tests.command_line.running import python

    done = python(code + "print(sorted({'sympy', 'numpy', 'scipy', 'distributed', 'matplotlib'} & set(sys.modules)))")
    assert done.stdout.decode().splitlines()[-1] == "[]", done.stdout


@pytest.mark.slow
def test_a_folder_with_chinese_letters(tmp_path: Path) -> None:
    folder = tmp_path / "梯度"
    folder.mkdir()
    done = other_process("grow", "rnn", *SMALL, "-o", "图.md", "--figures", "图片", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert (folder / "图片" / "norms.svg").exists() and "图.md" in (folder / "图.md").read_text(encoding="utf-8")
