"""Every table at the smallest scale: that it runs, agrees, and says who is absent.  Nothing is timed here."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

import benchmarks
from benchmarks.competitors import listing
from benchmarks.competitors.listing import competitors
from benchmarks.measuring.scale import TINY
from benchmarks.measuring.table import ABSENT, NOTHING
from benchmarks.run import TABLES, main
from benchmarks.tables import checks, commands, derivation, gradient

ROOT = Path(benchmarks.__file__).parent
KINDS = ("derivations", "gradients", "checks")
WAY = {"derivations": derivation, "gradients": gradient, "checks": checks}
OPTIONAL = {"torch", "jax", "casadi", "symengine"}


@pytest.mark.parametrize("name", TABLES)
def test_every_table_runs(name: str) -> None:
    for table in TABLES[name].tables(TINY):
        assert table.rows and all(len(row) == len(table.columns) for row in table.rows)
        assert re.match(r"\([a-f]\) ", table.title)
        figures = [cell for row in table.rows for cell in row[table.words :]]
        assert any(re.match(r"\d", cell) for cell in figures)


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_is_a_competitor_in_a_place_of_its_own(kind: str) -> None:
    found = competitors(kind)
    files = {file.stem for file in (ROOT / "competitors" / kind).glob("[!_]*.py")}
    assert {own.module.__name__.rpartition(".")[2] for own in found} == files
    assert len({own.title for own in found}) == len({own.module.PLACE for own in found}) == len(found)


def test_every_file_is_a_table_in_a_place_of_its_own() -> None:
    assert set(TABLES) == {file.stem for file in (ROOT / "tables").glob("[!_]*.py")}
    assert len({own.PLACE for own in TABLES.values()}) == len(TABLES)


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_not_installed_has_a_row_or_a_column_that_says_so(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = importlib.util.find_spec
    monkeypatch.setattr(listing, "find_spec", lambda name: None if name in OPTIONAL else everything(name))
    absent = [own.title for own in competitors(kind) if own.absent]
    assert absent
    for table in WAY[kind].tables(TINY):
        for title in absent:
            if title in table.columns:
                cells = [row[table.columns.index(title)] for row in table.rows]
            else:
                (row,) = (row for row in table.rows if row[0] == title)
                cells = [row[table.words]]
            assert set(cells) == {ABSENT}, (table.title, title)


def test_a_library_is_loaded_late() -> None:
    """Whoever needs a library that may be missing says so, and imports it where it is used."""
    for file in (ROOT / "competitors").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        imported = set(re.findall(r"^ +(?:import|from) (\w+)", text, re.MULTILINE))
        assert not re.search(rf"^(?:import|from) ({'|'.join(OPTIONAL)})\b", text, re.MULTILINE), file
        if imported & OPTIONAL and not file.stem.startswith("_"):
            assert re.search(r'LIBRARY.* = .*"(\w+)"', text), file


def test_what_would_not_end_is_said_in_words() -> None:
    for own in competitors("derivations"):
        if own.module.too_long(3, 10**6):
            assert own.module.LIMIT


def test_what_does_not_run_at_this_scale_is_not_left_out() -> None:
    (table,) = commands.tables(TINY)
    shown = {row[0]: row[2] for row in table.rows}
    assert set(shown) == {own.title for own in commands.COMMANDS}
    assert {title for title, cell in shown.items() if cell == NOTHING} == {
        own.title for own in commands.COMMANDS if own.long
    }


def test_the_command_shows_what_is_asked_for_and_writes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- measured: begin -->\nold\n<!-- measured: end -->\nafter\n", encoding="utf-8")
    main(["--tiny", "--only", "chain", "--write", str(page)])
    shown, written = capsys.readouterr().out, page.read_text(encoding="utf-8")
    for text in (shown, written):
        assert "(d) The growth of a product chain" in text and "numpy" in text and "(a)" not in text
    assert all(len(line) <= 80 for line in shown.splitlines())
    assert "old" not in written and written.startswith("before\n") and written.endswith("after\n")
