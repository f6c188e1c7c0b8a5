"""The journal: torn lines, other sweeps, locks, full disks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bptt.sweeps import journal as module
from bptt.sweeps import versions as of_versions
from bptt.sweeps.grid import grid
from bptt.sweeps.header import Header
from bptt.sweeps.journal import Journal, journal, line
from bptt.sweeps.run import run_sweep
from bptt.sweeps.task import Outcome
from derive.errors import InputError
from tests.sweeps import toys
from tests.sweeps.running import Here, StoppedError, entry, keys, lines

WORDS = ("seeds=6",)
HEADER = Header(toys.MODEL, grid(WORDS))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "table.csv.journal"


@contextmanager
def written(path: Path, *outcomes: Outcome) -> Iterator[Journal]:
    with journal(path, HEADER) as kept:
        kept.append(outcomes)
        yield kept


def filled(path: Path) -> bytes:
    with written(path, Outcome("a", {"x": 0.1, "y": None, "z": float("-inf")}), Outcome("b", {}, "it is “too” big")):
        return path.read_bytes()


def taken_up(path: Path) -> dict[str, Outcome]:
    with journal(path, HEADER) as kept:
        return dict(kept.outcomes)


def test_what_is_written_is_read_again(path: Path) -> None:
    filled(path)
    assert taken_up(path) == {
        "a": Outcome("a", {"x": 0.1, "y": None, "z": float("-inf")}),
        "b": Outcome("b", {}, "it is “too” big"),
    }


def test_of_a_torn_last_line_nothing_is_left(path: Path) -> None:
    """At every byte, the first of it (nothing is torn) and the last (its end is missing) included."""
    whole = filled(path)
    kept = whole[: whole[:-1].rindex(b"\n") + 1]
    for size in range(len(kept), len(whole)):
        path.write_bytes(whole[:size])
        assert list(taken_up(path)) == ["a"]
        assert path.read_bytes() == kept
        with written(path, Outcome("c", {})):
            assert path.read_bytes() == kept + line(Outcome("c", {}))
    path.write_bytes(whole)
    assert list(taken_up(path)) == ["a", "b"] and path.read_bytes() == whole


def test_of_a_torn_header_a_new_journal_is_made(path: Path) -> None:
    for size in range(len(HEADER.line)):
        path.write_bytes(HEADER.line[:size])
        assert taken_up(path) == {}
        assert path.read_bytes() == HEADER.line


@pytest.mark.parametrize("tail", [b"\0" * 40, b"\0" * 40 + b"\n", b'{"key": 3, "values": {}}\n', b"[1]\n", b"\xff\n"])
def test_a_last_line_that_is_no_outcome_is_torn(path: Path, tail: bytes) -> None:
    whole = filled(path)
    path.write_bytes(whole + tail)
    assert list(taken_up(path)) == ["a", "b"] and path.read_bytes() == whole


def test_damage_before_the_last_line_is_refused_and_nothing_is_touched(path: Path) -> None:
    header, first, second = filled(path).splitlines(keepends=True)
    damaged = header + first[:-9] + b"\n" + second
    path.write_bytes(damaged)
    with pytest.raises(InputError, match=r"line 2: the line is damaged.*delete the journal from line 2 on"):
        taken_up(path)
    assert path.read_bytes() == damaged


@pytest.mark.parametrize("content", [b"my diary\n", b"my diary", b"{}\n", b'{"key": 1}'])
@pytest.mark.parametrize("restart", [False, True])
def test_a_file_that_is_no_journal_is_never_overwritten(path: Path, content: bytes, restart: bool) -> None:
    path.write_bytes(content)
    with pytest.raises(InputError, match="is no journal"), journal(path, HEADER, restart=restart):
        pass
    assert path.read_bytes() == content


def test_what_is_not_a_file_is_refused(path: Path) -> None:
    os.mkfifo(path)
    with pytest.raises(InputError, match="not a regular file"):
        taken_up(path)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (Header({"cell": "toy", "layers": 2}, grid(WORDS)), "its model is toy layers=2"),
        (Header(toys.MODEL, grid(["seeds=7"])), "it sweeps seeds=7"),
    ],
)
def test_the_journal_of_another_sweep_is_refused(path: Path, other: Header, said: str) -> None:
    with journal(path, other):
        before = path.read_bytes()
    with pytest.raises(InputError, match=f"another sweep: {said}.*--restart"):
        taken_up(path)
    assert path.read_bytes() == before
    with journal(path, HEADER, restart=True) as kept:
        assert (kept.outcomes, path.read_bytes()) == ({}, HEADER.line)


def test_the_journal_of_other_versions_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(path)
    found = {**of_versions.versions(), "numpy": "99"}
    monkeypatch.setattr("bptt.sweeps.header.versions", lambda: found)
    with pytest.raises(InputError, match=r"numpy \d[\d.]*, here 99"), journal(path, Header(toys.MODEL, grid(WORDS))):
        pass


def test_a_journal_of_another_format_is_refused(path: Path) -> None:
    path.write_bytes(filled(path).replace(b'"bptt_sweep_journal": 1', b'"bptt_sweep_journal": 2'))
    with pytest.raises(InputError, match="its format is 2, not 1"):
        taken_up(path)


def test_two_runs_do_not_share_a_journal(path: Path) -> None:
    with written(path, Outcome("a", {})):
        before = path.read_bytes()
        for restart in (False, True):
            with pytest.raises(InputError, match="another run is writing"), journal(path, HEADER, restart=restart):
                pass
        assert path.read_bytes() == before
    assert list(taken_up(path)) == ["a"]


def test_a_line_that_the_disk_has_no_room_for_leaves_no_piece(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    with written(path, Outcome("a", {})) as kept:
        before = path.read_bytes()
        monkeypatch.setattr(module.os, "write", lambda descriptor, data: real(descriptor, data[:5]))
        with pytest.raises(OSError, match="No space left"):
            kept.append([Outcome("b", {})])
        monkeypatch.undo()
        assert path.read_bytes() == before


def test_no_key_is_written_twice(path: Path) -> None:
    with written(path, Outcome("a", {"x": 1}), Outcome("a", {"x": 2})) as kept:
        kept.append([Outcome("a", {"x": 3})])
    assert keys(path) == ["a"] and taken_up(path)["a"].values == {"x": 1}


def test_what_is_not_final_is_not_kept(path: Path) -> None:
    with written(path, Outcome("a", {}, "killed", final=False)):
        pass
    assert keys(path) == []


def test_a_line_is_one_write_and_is_synced(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []
    real_write, real_sync = os.write, os.fsync
    with written(path) as kept:
        monkeypatch.setattr(module.os, "write", lambda d, data: (calls.append(data), real_write(d, data))[1])
        monkeypatch.setattr(module.os, "fsync", lambda d: (calls.append("fsync"), real_sync(d))[1])
        kept.append([Outcome("a", {}), Outcome("b", {})])
        monkeypatch.undo()
    assert calls == [line(Outcome("a", {})), line(Outcome("b", {})), "fsync"]


# From here on: a sweep that is stopped and goes on, and the mistakes that the tests exist for.


def resumed(output: Path) -> list[str]:
    """Stop a sweep, tear its last line, go on; returns what was computed the second time.  Fails where the table, or
    the journal, is not that of a run that was never stopped."""
    undisturbed = output.with_name("undisturbed.csv")
    run_sweep(grid(WORDS), toys.MODEL, undisturbed, measure=toys.number, executor=Here())
    with pytest.raises(StoppedError):
        run_sweep(grid(WORDS), toys.MODEL, output, measure=toys.number, executor=Here(after=3))
    path = module_path(output)
    assert not output.exists() and len(keys(path)) == 3
    path.write_bytes(path.read_bytes()[:-4])
    before = path.read_bytes().rpartition(b"\n")[0]
    here = Here()
    run_sweep(grid(WORDS), toys.MODEL, output, measure=toys.number, executor=here)
    assert output.read_bytes() == undisturbed.read_bytes()
    assert path.read_bytes().startswith(before)
    assert len(set(keys(path))) == len(keys(path)) == 6
    assert all(entry(found) for found in lines(path))
    return here.keys


def module_path(output: Path) -> Path:
    return output.with_name(f"{output.name}.journal")


def test_a_sweep_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    assert len(resumed(tmp_path / "table.csv")) == 4


def test_a_journal_that_does_not_cut_off_a_torn_line_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.os, "ftruncate", lambda descriptor, size: None)
    with pytest.raises((AssertionError, InputError, ValueError)):
        resumed(tmp_path / "table.csv")


def test_a_sweep_that_computes_again_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bptt.sweeps.run._missing", _everything)
    assert len(resumed(tmp_path / "table.csv")) != 4


def test_a_sweep_that_forgets_what_was_finished_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = module._read
    monkeypatch.setattr(module, "_read", lambda file, size, path: ({}, real(file, size, path)[1]))
    with pytest.raises(AssertionError):
        resumed(tmp_path / "table.csv")


def _everything(points: Any, model: Any, kept: Journal) -> Any:
    from bptt.sweeps.task import Task

    return (Task(model, point) for point in points.points())
