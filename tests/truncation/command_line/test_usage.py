"""Bad words and bad files: one line that names them and the mend, exit code 2, and nothing half-written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from tests.command_line.running import bptt, complaint

WORDS: dict[str, tuple[str, ...]] = {
    "--strategy nonsense": ("nonsense", "artbp_schedule"),
    "--strategy artbp:kappa=2": ("kappa = 2", "[0, 1)"),
    "--strategy artbp:kappa=1": ("kappa = 1", "[0, 1)"),
    "--strategy artbp:kappa=1/0": ("1/0", "4/5"),
    "--strategy artbp:kappa=1/00": ("1/00", "divides by zero"),
    "--strategy artbp:kappa=": ("not a number",),
    "--strategy artbp:kappa=x": ("'x' is not a number",),
    "--strategy artbp:kappa=1e-3": ("'1e-3' is not a number", "0.8"),
    "--strategy artbp:kappa=-1/5": ("'-1/5' is not a number",),
    "--strategy artbp:kappa": ("not a number",),
    "--strategy artbp:pi=1/2": ("no option 'pi'", "kappa"),
    "--strategy artbp:kappa=1/2,kappa=1/3": ("kappa", "twice"),
    "--strategy full:tau=2": ("no option 'tau'", "no options"),
    "--strategy window:tau=0": ("tau = 0", "less than one step"),
    "--strategy window:tau=1/2": ("tau counts steps", "whole number"),
    "--strategy window:tau=5,": ("no option ''",),
    "--strategy chunks:tau=0": ("tau = 0",),
    "--strategy artbp_schedule:alpha=2": ("alpha = 2", "no finite mean length"),
    "--strategy artbp_schedule:length=1": ("length = 1", "above one"),
    "--strategy randomised:pi=0": ("pi = 0", "(0, 1]"),
    "--strategy randomised_one_step:pi=3/2": ("pi = 3/2",),
    "--exact --steps 30": ("--exact", "2^29", "--steps 12"),
    "--json -o x.md": ("--json", "-o"),
    "--json --figures pictures": ("--json", "--figures"),
    "--training --no-training": ("--training", "--no-training"),
    "--steps 3000": ("3000", "2000"),
    "--engine typst": ("--engine", "-o FILE.pdf"),
    "-o x.doc": (".doc", "md"),
    "-o nowhere/x.md": ("nowhere",),
    "--max-bias 0": ("--max-bias",),
    "--max-bias -1": ("--max-bias",),
    "--max-bias nan": ("--max-bias",),
    "--length 0": ("--length",),
    "--runs 0": ("--runs",),
    "--gain 2 --radius 1": ("--gain", "--radius"),
    "--weights w.safetensors": ("--weights", "--input"),
    "--target y.csv": ("--target",),
    "--weights gone.safetensors --input gone.csv": ("gone.safetensors",),
    "--weights gone.safetensors --input gone.csv --hidden 5": ("--hidden", "--weights"),
    "--activation nonsense": ("nonsense", "tanh"),
}  # fmt: skip


@pytest.mark.parametrize("words", WORDS)
def test_a_complaint(words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    complaint(bptt("truncate", "rnn", *words.split()), *WORDS[words])
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_cell() -> None:
    complaint(bptt("truncate", "nonsense"), "nonsense", "lstm")


@pytest.mark.filterwarnings("error")
def test_a_gradient_beyond_all_numbers(tmp_path: Path) -> None:
    words = ("--activation", "relu", "--steps", "300", "--gain", "1e4", "--hidden", "2", "--loss", "squared_error")
    out = tmp_path / "x.md"
    done = bptt("truncate", "rnn", *words, "-o", str(out))
    complaint(done, "larger than any floating point number", "fewer steps")
    assert not out.exists()


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_no_numbers(tmp_path: Path, value: float) -> None:
    shapes = {"weight_ih_l0": (3, 1), "weight_hh_l0": (3, 3), "bias_ih_l0": (3,), "bias_hh_l0": (3,)}
    arrays = {f"rnn.{name}": np.ones(shape) for name, shape in shapes.items()}
    arrays |= {"fc.weight": np.full((1, 3), value), "fc.bias": np.ones(1)}
    save_file(arrays, tmp_path / "w.safetensors")
    (tmp_path / "x.csv").write_text("x\n1\n2\n3\n")
    words = (
        "--loss",
        "squared_error",
        "--weights",
        str(tmp_path / "w.safetensors"),
        "--input",
        str(tmp_path / "x.csv"),
    )
    complaint(bptt("truncate", "rnn", *words), "fc.weight")
