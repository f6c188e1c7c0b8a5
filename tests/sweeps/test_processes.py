"""The pool of processes: what it computes, what it survives, and what is left of it."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from bptt.sweeps.executor import executor
from bptt.sweeps.executors.processes import Processes, cores
from bptt.sweeps.grid import grid
from bptt.sweeps.run import Finished, journal_of, run_sweep
from bptt.sweeps.task import LOST, NO_MEMORY
from tests.sweeps import toys
from tests.sweeps.running import Here, ended, keys, lines, started, until

SLOW = {toys.DELAY: "0.02"}


def sweep(output: Path, measure: str = "number", jobs: int = 2, words: tuple[str, ...] = ("seeds=12",)) -> Finished:
    return run_sweep(grid(words), toys.MODEL, output, measure=getattr(toys, measure), executor=Processes(jobs))


def alive(pid: int) -> bool:
    """Whether a process runs: one that has ended and was not waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def children(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def test_the_table_is_the_same_wherever_it_is_computed(tmp_path: Path) -> None:
    words = ("seeds=40", "steps=1:3:1")
    for name, jobs in (("one.csv", 1), ("three.csv", 3)):
        assert len(sweep(tmp_path / name, jobs=jobs, words=words).table.rows) == 120
    run_sweep(grid(words), toys.MODEL, tmp_path / "here.csv", measure=toys.number, executor=Here())
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "three.csv").read_bytes()
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()


def test_all_processes_work_and_have_one_thread_each(tmp_path: Path) -> None:
    before = dict(os.environ)
    found = sweep(tmp_path / "t.csv", "pid", jobs=2, words=("seeds=16",)).table
    assert len(set(found.column("pid"))) == 2 and os.getpid() not in found.column("pid")
    assert set(found.column("threads")) == {1}
    assert dict(os.environ) == before


def test_all_cores_are_the_default() -> None:
    from argparse import Namespace

    assert executor(Namespace(jobs=None, dask=None)) == Processes(cores())
    assert executor(Namespace(jobs=3, dask=None)) == Processes(3)


def test_a_point_that_fails_is_a_row_with_a_reason(tmp_path: Path) -> None:
    done = sweep(tmp_path / "t.csv", words=("seeds=12,13,14",))
    assert done.table.column("reason") == (None, "OverflowError: unlucky", None)
    assert done.exit_code == 3
    assert "3 points, 1 NOT MEASURED (the first: OverflowError: unlucky)" in done.summary
    again = sweep(tmp_path / "t.csv", words=("seeds=12,13,14",))
    assert again.before == 3 and again.table == done.table  # such a failure is finished, too


def test_what_is_not_a_number_is_a_failure(tmp_path: Path) -> None:
    done = sweep(tmp_path / "t.csv", "undefined", words=("seeds=2",))
    assert done.reasons == ("x: not a number",) * 2


def test_want_of_memory_is_tried_again_by_the_next_run(tmp_path: Path) -> None:
    done = sweep(tmp_path / "t.csv", "hungry", words=("seeds=2",))
    assert done.reasons == (NO_MEMORY,) * 2 and keys(journal_of(tmp_path / "t.csv")) == []
    assert sweep(tmp_path / "t.csv", words=("seeds=2",)).exit_code == 0


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_process_that_is_killed_once_is_survived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    monkeypatch.setenv(toys.DEADLY, str(tmp_path / "killed"))
    monkeypatch.setenv(toys.LOG, str(tmp_path / "log"))
    done = sweep(tmp_path / "t.csv", "deadly", jobs)
    assert done.exit_code == 0 and (tmp_path / "killed").exists()
    assert sorted(keys(journal_of(tmp_path / "t.csv"))) == sorted(point.key for point in done.table.grid.points())
    monkeypatch.delenv(toys.LOG)
    assert sweep(tmp_path / "u.csv", jobs=jobs).table.rows == done.table.rows


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_point_that_always_kills_its_process_is_given_up_and_no_other(tmp_path: Path, jobs: int) -> None:
    done = sweep(tmp_path / "t.csv", "deadly", jobs)
    assert done.reasons == (LOST,) and done.table.column("reason")[7] == LOST
    assert len(keys(journal_of(tmp_path / "t.csv"))) == 11
    assert sweep(tmp_path / "t.csv").exit_code == 0  # the next run tries it again, and it alone


@linux
def test_a_worker_that_somebody_kills_is_survived(tmp_path: Path) -> None:
    output = tmp_path / "t.csv"
    process = started(output, "number", "2", "seeds=60", **SLOW, **{toys.LOG: str(tmp_path / "log")})
    until(lambda: len(keys_so_far(output)) >= 5)
    workers = [pid for pid in children(process.pid) if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(workers[0], signal.SIGKILL)
    ended(process, 3)  # seed 13 is unlucky
    assert len(keys_so_far(output)) == 60


def keys_so_far(output: Path) -> list[bytes]:
    return lines(journal_of(output))[1:]


@linux
def test_after_a_kill_of_everything_the_same_command_goes_on(tmp_path: Path) -> None:
    """Nothing that was in the journal is lost, changed or computed again, and the table is that of a quiet run."""
    output, log, words = tmp_path / "t.csv", tmp_path / "log", ("seeds=40", "steps=5,6")
    environment = {**SLOW, toys.LOG: str(log)}
    for wanted in (10, 35):
        process = started(output, "number", "2", *words, **environment)
        until(lambda wanted=wanted: len(keys_so_far(output)) >= wanted)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        assert not output.exists()
    left = journal_of(output).read_bytes()
    whole = left[: left.rfind(b"\n") + 1]
    journal_of(output).write_bytes(left + b'{"key": "hid')
    done, computed = len(lines(journal_of(output))) - 2, len(lines(log))
    said = ended(started(output, "number", "2", *words, **environment), 3)
    assert f"80 points, {done} of them from the journal, 2 NOT MEASURED" in said
    assert journal_of(output).read_bytes().startswith(whole)
    found = keys(journal_of(output))
    assert len(found) == len(set(found)) == 80
    assert len(lines(log)) - computed == 80 - done
    ended(started(tmp_path / "u.csv", "number", "1", *words), 3)
    assert output.read_bytes() == (tmp_path / "u.csv").read_bytes()


@linux
def test_two_commands_do_not_share_a_journal(tmp_path: Path) -> None:
    output = tmp_path / "t.csv"
    first = started(output, "number", "1", "seeds=400", **SLOW)
    until(lambda: len(keys_so_far(output)) >= 2)
    assert "another run is writing this journal" in ended(started(output, "number", "1", "seeds=400"), 2)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    assert "400 points" in ended(started(output, "number", "2", "seeds=400"), 3)  # the lock died with its holder


@linux
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_processes_go_when_the_parent_goes(tmp_path: Path, sign: signal.Signals) -> None:
    output = tmp_path / "t.csv"
    process = started(output, "number", "2", "seeds=1000", **{toys.DELAY: "0.2"})
    until(lambda: len(keys_so_far(output)) >= 2)
    workers = children(process.pid)
    assert len(workers) >= 2
    process.send_signal(sign)
    process.communicate(timeout=20)
    until(lambda: not any(alive(pid) for pid in workers), 20)
