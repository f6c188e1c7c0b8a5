"""The LaTeX that is written is compiled by a real pdflatex, twice: no error, no open reference, no line too wide."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.command_line.running import bptt

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed"),
]
MGU = Path(__file__).parents[2] / "examples" / "cells" / "mgu.toml"
SUNSPOTS = Path(__file__).parents[2] / "examples" / "sunspots"
TRAINED = f"--loss squared_error --weights {SUNSPOTS / 'weights.safetensors'} --input {SUNSPOTS / 'input.csv'}"


def log_of(source: Path) -> str:
    """The log of the second pass."""
    for _ in range(2):
        subprocess.run(
            ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", source.name],
            cwd=source.parent, check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    return source.with_suffix(".log").read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize(
    "words",
    [
        "derive rnn",
        "derive rnn --form adjoint",
        "derive rnn --form expanded --activation relu",
        "derive rnn --form rtrl --loss squared_error",
        "report rnn",
        "report rnn --activation sigmoid --loss squared_error",
        f"report rnn {TRAINED}",
        "report lstm",
        "report gru --wiring seq2seq --bridge softmax",
        "report rnn --wiring last --normalisation masked_softmax",
        f"report {MGU}",
        "report rnn --layers 2",
        "report rnn --feedback",
        "report jordan",
        "derive lstm --wiring seq2seq",
        "derive lstm --layers 2",
    ],
)
def test_pdflatex_is_content(words: str, tmp_path: Path) -> None:
    source = tmp_path / "document.tex"
    done = bptt(*words.split(), "-o", str(source))
    assert done.code in (0, 3), done.err
    content(log_of(source))


@pytest.mark.parametrize("name", ["模型.pdf", "my model's_50%#&$.pdf"])
def test_any_name_can_be_given_to_the_pdf(name: str, tmp_path: Path) -> None:
    assert bptt("report", "rnn", "--engine", "latex", "-o", str(tmp_path / name)).code == 0
    assert (tmp_path / name).read_bytes().startswith(b"%PDF")


def content(log: str) -> None:
    wide = [float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]
    assert max(wide, default=0.0) <= 1.0, wide
    assert not re.findall(r"^(?:! |LaTeX Warning: .*(?:undefined|multiply)).*$", log, flags=re.M)
