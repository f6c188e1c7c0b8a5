"""The options of a sweep: words in, a table and one line out."""

from __future__ import annotations

import argparse
import csv
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from bptt import options, sizes
from bptt.command_line import OneLineParser
from bptt.sweeps.options import add_sweep, run
from bptt.sweeps.run import journal_of
from derive.errors import InputError
from tests.command_line.running import ROOT, python

SWEEP = "rnn --sweep radius=0.5,1.5 steps=4,8 seeds=3 --jobs 2 --hidden 5 -o"


def parsed(*words: str) -> argparse.Namespace:
    parser = OneLineParser("bptt grow")
    options.add_model(parser)
    sizes.add_sizes(parser, "a random network", steps=100, hidden=16)
    parser.add_argument("-o", "--output", type=Path)
    add_sweep(parser)
    return parser.parse_args(words)


def swept(*words: str) -> int:
    return run(parsed(*words))


def test_words_become_a_table_and_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "t.csv"
    assert swept(*SWEEP.split(), str(output)) == 0
    assert capsys.readouterr().out == f"{output}: 12 points\n"
    rows = list(csv.DictReader(output.open()))
    assert [(row["radius"], row["steps"], row["seed"]) for row in rows[:4]] == [
        ("0.5", "4", "0"), ("0.5", "4", "1"), ("0.5", "4", "2"), ("0.5", "8", "0"),
    ]  # fmt: skip
    assert {row["hidden"] for row in rows} == {"5"} and {row["reason"] for row in rows} == {""}
    table = output.read_bytes()
    output.unlink()
    assert swept(*SWEEP.split(), str(output)) == 0
    assert capsys.readouterr().out == f"{output}: 12 points, 12 of them from the journal\n"
    assert output.read_bytes() == table
    assert swept(*SWEEP.split(), str(output), "--restart") == 0
    assert "journal" not in capsys.readouterr().out and output.read_bytes() == table


def test_a_file_of_equations_is_the_same_sweep_in_another_folder_until_it_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cell, output = tmp_path / "mgu.toml", tmp_path / "t.json"
    shutil.copy(ROOT / "examples/cells/mgu.toml", cell)
    words = ["--sweep", "steps=3,4", "--jobs", "1", "-o", str(output)]
    assert swept(str(ROOT / "examples/cells/mgu.toml"), *words) == swept(str(cell), *words) == 0
    assert "2 of them from the journal" in capsys.readouterr().out
    cell.write_text(cell.read_text() + "\n# changed\n")
    with pytest.raises(InputError, match=r"another sweep: its model is mgu.toml.*--restart"):
        swept(str(cell), *words)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("rnn --sweep radius=2:1:1 -o t.csv", "descends"),
        ("rnn --sweep radius=1 -o t.txt", "no format"),
        ("rnn --sweep radius=1", "written to a table"),
        ("nothing --sweep radius=1 -o t.csv", "no cell 'nothing'"),
        ("jordan --sweep radius=1 -o t.csv", "no square parameter matrix"),
        ("rnn --sweep radius=1 -o t.csv --jobs 2 --dask tcp://127.0.0.1:1", "one place"),
        ("rnn --sweep hidden=3,4 --hidden 5 -o t.csv", "'hidden' and --hidden are both given"),
        ("rnn --sweep seeds=3 --seed 5 -o t.csv", "'seeds' and --seed are both given"),
        ("rnn --sweep radius=1 --batch 2 -o t.csv", "one sequence"),
        pytest.param(
            "rnn --sweep radius=1 -o t.csv --dask nonsense",
            "no address",
            marks=pytest.mark.skipif(find_spec("distributed") is None, reason="the extra dask is not installed"),
        ),
        ("rnn --sweep radius=1 -o t.csv --jobs 1000000", "this machine has"),
    ],
)
def test_what_is_refused_leaves_nothing(words: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=said):
        swept(*words.split())
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    output = tmp_path / "no" / "t.csv"
    with pytest.raises(FileNotFoundError) as caught:
        swept("rnn", "--sweep", "steps=2", "-o", str(output))
    assert caught.value.filename == journal_of(output) or str(caught.value.filename) == str(journal_of(output))


def test_options_import_nothing_heavy() -> None:
    code = "import sys, argparse\nfrom bptt.sweeps.options import add_sweep\nadd_sweep(argparse.ArgumentParser())\n"
    done = python(f"{code}print(*sys.modules)")
    heavy = {"sympy", "numpy", "scipy", "rich", "distributed", "pyarrow", "multiprocessing", "importlib.metadata"}
    assert not heavy & set(done.stdout.decode().split()), done.stderr.decode()
