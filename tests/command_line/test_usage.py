"""Help helps, and whatever is wrong with the words or the files is said in one line."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from derive import registry
from tests.command_line.running import bptt, complaint

VERBS = registry.names("bptt.verbs")


@pytest.mark.parametrize("words", [(), *((verb,) for verb in VERBS)])
def test_help_has_an_example(words: tuple[str, ...]) -> None:
    done = bptt(*words, "--help")
    assert (done.code, done.err) == (0, "")
    assert "example: bptt " in done.out


def test_version() -> None:
    assert bptt("--version").out.startswith("bptt ")


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("", ["VERB", "bptt --help"]),
        ("nonsense", ["'nonsense'", "derive", "verify"]),
        ("derive", ["CELL"]),
        ("derive lstn", ["cell 'lstn'", "rnn"]),
        ("derive ../rnn", ["'../rnn'"]),
        ("derive rnn extra", ["extra", "bptt derive --help"]),
        ("derive rnn --act relu", ["--act"]),
        ("derive rnn --activation swish", ["'swish'", "tanh"]),
        ("derive rnn --loss mse", ["loss 'mse'", "squared_error"]),
        ("derive rnn --wiring none", ["wiring 'none'", "every"]),
        ("derive rnn --form reverse", ["'reverse'", "adjoint"]),
        ("derive rnn --format docx", ["'docx'", "latex"]),
        ("verify rnn --oracle oracle", ["oracle 'oracle'", "complex_step"]),
        ("verify rnn --steps 0", ["--steps", "'0'"]),
        ("verify rnn --steps -1", ["--steps", "'-1'"]),
        ("verify rnn --steps 1e9", ["--steps", "'1e9'"]),
        ("verify rnn --steps abc", ["--steps", "'abc'"]),
        ("verify rnn --steps １２", ["--steps"]),
        ("verify rnn --steps 9999999999", ["--steps", "1000000000"]),
        ("verify rnn --seed -1", ["--seed", "'-1'"]),
        ("verify rnn --seed ²", ["--seed"]),
        ("report rnn", ["--output"]),
        ("report rnn -o x.pdf --engine word", ["'word'", "typst"]),
        ("report rnn -o x.pdf --weights w.npz", ["--weights", "--input"]),
        ("report rnn -o x.pdf --input x.csv", ["--input", "--weights"]),
        ("report rnn -o x.pdf --weights w.npz --input x.csv", ["w.npz", "no such file"]),
    ],
)
def test_a_wrong_word_is_named(words: str, parts: list[str]) -> None:
    complaint(bptt(*words.split()), *parts)


def test_names_cannot_break_the_line() -> None:
    complaint(bptt("derive", "a\nb\x1b[31m"), "there is no cell", "\\x1b")
    complaint(bptt("derive", "rnn", "a\nb\x1b[31m"), "\\x1b")


@pytest.mark.parametrize(
    "words", ["--steps 100000 --hidden 4", "--hidden 3000", "--batch 100000000", "--inputs 10000000"]
)
def test_endless_work_is_refused(words: str) -> None:
    complaint(bptt("verify", "rnn", *words.split()), words.split()[-1], "would take", "GB", "take ")


@pytest.mark.parametrize("verb", ["derive", "report"])
@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("missing/x.md", ["missing", "no such folder"]),
        ("folder.md", ["folder.md", "is a directory"]),
        ("pipe.md", ["pipe.md", "pipe"]),
        ("x.docx", ["'.docx'", ".md", ".tex"]),
        ("x", ["''", ".md"]),
        ("", ["--output", "names no file"]),
        ("a" * 300 + ".md", ["too long"]),
        ("\udcff.md", ["\\udcff.md", "cannot be printed"]),
    ],
)
def test_an_output_that_cannot_be_written(
    verb: str, name: str, parts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder.md").mkdir()
    os.mkfifo("pipe.md")
    complaint(bptt(verb, "rnn", "-o", name), *parts)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.md", "pipe.md"]
    assert Path("pipe.md").is_fifo()


def test_a_name_that_contradicts_the_format(tmp_path: Path) -> None:
    complaint(bptt("derive", "rnn", "-o", str(tmp_path / "x.tex"), "--format", "text"), "x.tex", "latex", "text")
    complaint(bptt("derive", "rnn", "-o", str(tmp_path / "x.pdf")), "'.pdf'", "bptt report")
    complaint(bptt("report", "rnn", "-o", str(tmp_path / "x.md"), "--engine", "typst"), "x.md", "typst")


def test_an_engine_that_is_not_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    complaint(bptt("report", "rnn", "-o", str(tmp_path / "x.pdf"), "--engine", "latex"), "latex", "not on this machine")


def _weights(folder: Path, **changed: np.ndarray) -> Path:
    arrays = {
        "rnn.weight_ih_l0": np.ones((2, 1)), "rnn.weight_hh_l0": np.ones((2, 2)), "rnn.bias_ih_l0": np.ones(2),
        "rnn.bias_hh_l0": np.ones(2), "fc.weight": np.ones((1, 2)), "fc.bias": np.ones(1),
    }  # fmt: skip
    np.savez(folder / "w.npz", **{**arrays, **changed})  # type: ignore[arg-type]
    return folder / "w.npz"


@pytest.mark.parametrize(
    ("changed", "parts"),
    [
        ({"rnn.weight_hh_l0": np.ones((2, 3))}, ["w.npz", "rnn.weight_hh_l0", "(2, 3)"]),
        ({"fc.bias": np.array([np.nan])}, ["w.npz", "fc.bias", "nan"]),
        ({"fc.bias": np.array([{"a": 1}], dtype=object)}, ["w.npz"]),
        ({"other": np.ones(2)}, ["w.npz", "'other'"]),
    ],
)
def test_weights_that_do_not_fit(changed: dict[str, np.ndarray], parts: list[str], tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("1\n2\n3\n")
    words = ["--weights", str(_weights(tmp_path, **changed)), "--input", str(tmp_path / "x.csv")]
    complaint(bptt("report", "rnn", "--loss", "squared_error", "-o", str(tmp_path / "x.md"), *words), *parts)
    assert not (tmp_path / "x.md").exists()


@pytest.mark.parametrize(
    ("name", "data"), [("w.npz", b""), ("w.safetensors", b"x" * 9), ("w.pkl", b"\x80\x04."), ("w.pt", b"PK")]
)
def test_files_that_are_no_weights(name: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "x.csv").write_text("1\n2\n3\n")
    words = ["--weights", str(tmp_path / name), "--input", str(tmp_path / "x.csv")]
    complaint(bptt("report", "rnn", "-o", str(tmp_path / "x.md"), *words), name)


def test_a_sequence_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("1\n" * 200000)
    words = ["--weights", str(_weights(tmp_path)), "--input", str(tmp_path / "x.csv"), "-o", str(tmp_path / "x.md")]
    complaint(bptt("report", "rnn", "--loss", "squared_error", *words), "x.csv", "T=", "take at most")
