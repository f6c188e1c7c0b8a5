"""The options that say what the network around the cell is, and cells from files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from derive import registry
from tests.command_line.running import ROOT, Done, bptt

EXAMPLES = ROOT / "examples" / "cells"
CELLS, WIRINGS = registry.names("derive.cells"), registry.names("derive.wirings")
SMALL = ("--steps", "3", "--hidden", "2", "--batch", "2", "--json")


def checked(*words: str) -> dict[str, object]:
    """What a quick check of one model prints; it has to pass."""
    done = bptt("verify", *words, "--oracle", "complex_step", *SMALL)
    assert done.code == 0, (done.err, done.out[-2000:])
    found: dict[str, object] = json.loads(done.out)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("wiring", WIRINGS)
@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_in_every_wiring_passes_all_oracles(cell: str, wiring: str) -> None:
    done = bptt("verify", cell, "--wiring", wiring, "--steps", "5", "--hidden", "3", "--batch", "2", "--json")
    assert done.code == 0, done.out[-2000:]


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        (("rnn", "--layers", "2"), "layers", 2),
        (("rnn", "--feedback"), "feedback", True),
        (("rnn", "--wiring", "last"), "wiring", "last"),
        (("rnn", "--wiring", "seq2seq", "--bridge", "softmax", "--source-steps", "4"), "bridge", "softmax"),
        (("rnn", "--normalisation", "masked_softmax"), "normalisation", "masked_softmax"),
        (("rnn", "--loss", "binary_cross_entropy"), "loss", "binary_cross_entropy"),
        (("rnn", "--loss", "squared_error", "--normalisation", "relu"), "normalisation", "relu"),
        ((str(EXAMPLES / "mgu.toml"),), "cell", "mgu"),
    ],
)
def test_an_option_changes_the_model(words: tuple[str, ...], name: str, value: object) -> None:
    model = checked(*words)["model"]
    assert isinstance(model, dict) and model[name] == value


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_an_example_cell_can_be_derived_and_checked(path: Path) -> None:
    assert checked(str(path))["exit_code"] == 0
    assert bptt("derive", str(path), "--format", "latex").code == 0


@pytest.mark.parametrize("cell", ["lstm", "leaky", "jordan"])
def test_a_printed_cell_reads_back_as_the_same_derivation(cell: str, tmp_path: Path) -> None:
    path = tmp_path / "again.toml"
    path.write_text(bptt("cells", cell, "--as", "toml").out)
    assert bptt("derive", str(path), "--format", "json").out == bptt("derive", cell, "--format", "json").out


def refused(*words: str) -> Done:
    done = bptt(*words)
    assert done.code == 2 and done.out == ""
    assert done.err.count("\n") == 1 and "Traceback" not in done.err
    return done


@pytest.mark.parametrize(
    ("words", "offender", "mend"),
    [
        (("rnn", "--bridge", "softmax"), "every", "seq2seq"),
        (("rnn", "--wiring", "seq2seq", "--bridge", "relu"), "relu", "sigmoid"),
        (("rnn", "--layers", "0"), "'0'", "--help"),
        (("jordan", "--feedback"), "jordan", "leave"),
        (("rnn", "--normalisation", "relu"), "relu", "masked_softmax"),
        (("rnn", "--normalisation", "tanh"), "tanh", "sigmoid"),
        (("gru", "--activation", "relu"), "relu", "one form"),
        ((str(EXAMPLES / "mgu.toml"), "--activation", "relu"), "relu", "leave"),
        (("nowhere.toml",), "nowhere.toml", "check"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(words: tuple[str, ...], offender: str, mend: str) -> None:
    done = refused("derive", *words)
    assert offender in done.err and mend in done.err


def test_steps_of_an_encoder_need_one() -> None:
    assert "seq2seq" in refused("verify", "rnn", "--source-steps", "3").err


def test_an_endless_encoder_is_refused_before_it_starts() -> None:
    words = ("gru", "--wiring", "seq2seq", "--steps", "3", "--source-steps", "100000")
    assert "shorter sequence for the encoder" in refused("verify", *words).err


def test_a_broken_cell_file_gets_its_place_and_a_mend(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    text = bptt("cells", "rnn").out.replace("h = tanh(z)", "h = __import__('os')")
    path.write_text(text)
    line = next(number for number, line in enumerate(text.splitlines(), start=1) if "__import__" in line)
    done = refused("report", str(path), "-o", str(tmp_path / "out.pdf"))
    assert f"line {line}, column 5" in done.err and "__import__" in done.err
    assert not (tmp_path / "out.pdf").exists()


FIXTURES = ROOT / "tests" / "fixtures"


def sequence(path: Path, columns: str, rows: int) -> Path:
    count = columns.count(",") + 1
    lines = [",".join(str((row * count + column) % 5 / 4 - 0.5) for column in range(count)) for row in range(rows)]
    path.write_text("\n".join([columns, *lines]))
    return path


@pytest.mark.slow
def test_a_trained_decoder_is_reported_on_both_its_sequences(tmp_path: Path) -> None:
    source, target = sequence(tmp_path / "a.csv", "x1,x2", 4), sequence(tmp_path / "b.csv", "x1,x2,y1,y2", 5)
    words = ("lstm", "--wiring", "seq2seq", "--loss", "squared_error", "--input", str(source), "--target", str(target))
    out = tmp_path / "out.md"
    done = bptt("report", *words, "--weights", str(FIXTURES / "lstm_seq2seq.npz"), "-o", str(out))
    assert done.code == 0 and out.exists()
    assert "--target b.csv" in out.read_text()


def test_files_of_a_decoder_stand_with_weights(tmp_path: Path) -> None:
    out = str(tmp_path / "out.tex")
    assert "--weights" in refused("report", "lstm", "--target", "b.csv", "-o", out).err
    assert "--weights" in refused("report", "lstm", "--batch-first", "-o", out).err
