"""Files: the right format, all or nothing, and the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import reports.growth.material
import reports.material
from derive.assemble import derivation
from derive.model import build
from tests.command_line.running import bptt, complaint, other_process
from verify.growth.drawing import network
from verify.growth.formulas.judge import evidence as formulas
from verify.growth.remedies import Remedy, remedies
from verify.problem import Problem
from verify.verdicts import Evidence, Finding

gathered = reports.material.evidence


@cache
def _found() -> Evidence:
    """The evidence about one derivation, judged once for all tests of files."""
    from verify.problem import random_problem

    return gathered(reports.material.derive(_problem().model), random_problem(_problem().model))


@cache
def _problem() -> Problem:
    from verify.problem import random_problem

    return random_problem(build())


@cache
def _about_growth() -> tuple[Finding, ...]:
    return formulas(derivation(build()))


@cache
def _remedies() -> tuple[Remedy, ...]:
    problem = network(build(), steps=10, hidden=2)
    return remedies(problem, derivation(problem.model))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A folder to work in; the evidence is taken as known, everything else is done."""
    monkeypatch.setattr(reports.material, "evidence", lambda *words, **options: _found())
    monkeypatch.setattr(reports.growth.material, "evidence", lambda *words, **options: _about_growth())
    monkeypatch.setattr(reports.growth.material, "remedies", lambda *words, **options: _remedies())
    monkeypatch.chdir(tmp_path)
    yield tmp_path


@pytest.mark.parametrize(
    ("suffix", "start"), [("txt", "Backprop"), ("tex", "\\documentclass"), ("md", "# "), ("typ", ""), ("json", "{")]
)
def test_the_suffix_is_the_format(suffix: str, start: str, tmp_path: Path) -> None:
    path = tmp_path / f"模型.{suffix}"
    assert bptt("derive", "rnn", "--form", "rtrl", "-o", str(path)).code == 0
    assert path.read_text(encoding="utf-8").startswith(start)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("form", ["expanded", "adjoint", "rtrl"])
@pytest.mark.parametrize("format_", ["text", "latex", "markdown", "typst", "json"])
def test_every_format_of_every_form(form: str, format_: str) -> None:
    done = bptt("derive", "rnn", "--form", form, "--format", format_)
    assert (done.code, done.err) == (0, "") and len(done.out) > 1000


SLOW = [pytest.param(name, marks=pytest.mark.slow) for name in ("x.md", "x.txt", "x.typ", "x.tex")]


@pytest.mark.parametrize("name", ["模型 50%.md", *SLOW])
def test_the_same_report_has_the_same_bytes(name: str, quick: Path) -> None:
    written = []
    for folder in ("one", "two"):
        Path(folder).mkdir()
        done = bptt("report", "rnn", "-o", f"{folder}/{name}")
        assert (done.code, done.err) == (0, "")
        written.append(
            {path.relative_to(folder): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}
        )
    assert written[0] == written[1]


@pytest.mark.slow
def test_the_same_pdf_has_the_same_bytes(quick: Path) -> None:
    for name in ("one", "two"):
        Path(name).mkdir()
        assert bptt("report", "rnn", "-o", f"{name}/x.PDF", "--engine", "typst").code == 0
    assert Path("one/x.PDF").read_bytes() == Path("two/x.PDF").read_bytes()


@pytest.mark.slow
def test_another_process_in_another_folder_writes_the_same_bytes(tmp_path: Path) -> None:
    folders = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        done = other_process("report", "rnn", "-o", "x.tex", cwd=folder, PYTHONHASHSEED=seed)
        assert (done.returncode, done.stderr) == (0, b"")
        folders.append((folder / "x.tex").read_bytes())
    assert folders[0] == folders[1]


def test_a_failing_write_leaves_the_old_file(quick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("x.md").write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reports.files.os.replace", full)
    for verb in ("derive", "report"):
        complaint(bptt(verb, "rnn", "-o", "x.md"), "x", "No space left on device")
        assert Path("x.md").read_text() == "old"
    assert not [path for path in quick.rglob("*") if path.name.startswith(".")]


def test_a_link_keeps_pointing_to_its_file(tmp_path: Path) -> None:
    (tmp_path / "link.md").symlink_to("target.md")
    (tmp_path / "target.md").write_text("old")
    assert bptt("derive", "rnn", "-o", str(tmp_path / "link.md")).code == 0
    assert (tmp_path / "link.md").is_symlink() and (tmp_path / "target.md").read_text().startswith("# ")


def test_the_summary_says_what_and_where(quick: Path) -> None:
    said = bptt("report", "rnn", "-o", "x.md").out
    assert all(word in said for word in ("derived", "checked", "written", "PROVED", "EXACT", "AGREED", "x.md", "W_h"))
