"""A Dask cluster: a real scheduler and real workers, one of which is killed midway."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from bptt.sweeps.executor import executor
from bptt.sweeps.executors import dask_cluster
from bptt.sweeps.executors.dask_cluster import DaskCluster
from bptt.sweeps.executors.processes import Processes
from bptt.sweeps.grid import grid
from bptt.sweeps.run import journal_of, run_sweep
from bptt.sweeps.task import LOST
from derive.errors import InputError
from tests.command_line.running import ROOT
from tests.sweeps import toys
from tests.sweeps.running import ended, keys, lines, started, until

slow = pytest.mark.slow
installed = pytest.mark.skipif(find_spec("distributed") is None, reason="the extra dask is not installed")
WORDS = ("seeds=60", "steps=5,6")
TCP = re.compile(rb"tcp://127\.0\.0\.1:\d+")


@dataclass
class Cluster:
    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


def program(name: str, *words: str, log: Path, **environment: str) -> subprocess.Popen[bytes]:
    """``dask scheduler`` or ``dask worker``; what it says goes to a file."""
    paths = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{name}", *words, "--no-dashboard"],
            cwd=log.parent, env=paths, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip


@contextmanager
def cluster(folder: Path, workers: int = 2, threads: int = 1, **environment: str) -> Iterator[Cluster]:
    """A scheduler and workers on free ports of this machine; gone afterwards, whatever happens."""
    log = folder / "scheduler.log"
    running = [program("scheduler", "--host", "127.0.0.1", "--port", "0", log=log)]
    try:
        until(lambda: TCP.search(log.read_bytes()) is not None)
        found = TCP.search(log.read_bytes())
        assert found is not None
        address = found[0].decode()
        for number in range(workers):
            words = (address, "--nthreads", str(threads), "--no-nanny", "--host", "127.0.0.1")
            here = ("--local-directory", str(folder))
            running.append(program("worker", *words, *here, log=folder / f"worker{number}.log", **environment))
        yield Cluster(address, running[0], running[1:])
    finally:
        for process in running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@slow
@installed
def test_a_sweep_survives_the_loss_of_a_worker(tmp_path: Path) -> None:
    """And its table is that of this machine, byte for byte; nothing is in the journal twice."""
    output, here = tmp_path / "t.csv", tmp_path / "here.csv"
    with cluster(tmp_path, **{toys.DELAY: "0.05"}) as found:
        process = started(output, "number", found.address, *WORDS)
        until(lambda: len(lines(journal_of(output))) > 20)
        found.workers[0].kill()
        assert "120 points, 2 NOT MEASURED" in ended(process, 3)
    run_sweep(grid(WORDS), toys.MODEL, here, measure=toys.number, executor=Processes(2))
    assert output.read_bytes() == here.read_bytes()
    assert len(keys(journal_of(output))) == len(set(keys(journal_of(output)))) == 120


@slow
@installed
def test_a_real_measurement_is_the_same_on_a_cluster(tmp_path: Path) -> None:
    """Of workers that compute two points at a time."""
    points, model = grid(["radius=0.5:1.5:0.5", "steps=10,20", "seeds=3", "hidden=6"]), {"cell": "rnn"}
    with cluster(tmp_path, threads=2, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1") as found:
        run_sweep(points, model, tmp_path / "t.csv", executor=DaskCluster(found.address))
    done = run_sweep(points, model, tmp_path / "here.csv", executor=Processes(2))
    assert (tmp_path / "t.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()
    assert done.exit_code == 0


@slow
@installed
def test_when_everything_is_lost_the_same_command_goes_on(tmp_path: Path) -> None:
    """The scheduler dies: one line, and what was finished is there.  Then our own process is killed."""
    output, log = tmp_path / "t.csv", tmp_path / "log"
    environment = {toys.DELAY: "0.05", toys.LOG: str(log)}
    with cluster(tmp_path, **environment) as found:
        process = started(output, "number", found.address, *WORDS)
        until(lambda: len(lines(journal_of(output))) > 10)
        os.killpg(found.scheduler.pid, signal.SIGKILL)
        said = ended(process, 2)
        assert said.count("\n") == 1 and "the cluster has failed" in said and "the same command goes on" in said
    with cluster(tmp_path, **environment) as found:
        before = journal_of(output).read_bytes()
        process = started(output, "number", found.address, *WORDS)
        until(lambda: len(lines(journal_of(output))) > 40)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        assert journal_of(output).read_bytes().startswith(before)
        done = len(lines(journal_of(output))) - 1
        assert f"120 points, {done} of them from the journal" in ended(
            started(output, "number", found.address, *WORDS), 3
        )
    assert len(keys(journal_of(output))) == len(set(keys(journal_of(output)))) == 120


@slow
@installed
def test_a_point_that_kills_its_workers_is_given_up(tmp_path: Path) -> None:
    """With nannies, who start a new worker for every one that dies."""
    log = tmp_path / "nanny.log"
    with cluster(tmp_path, workers=0) as found:
        words = (found.address, "--nthreads", "1", "--nworkers", "2", "--host", "127.0.0.1")
        nanny = program("worker", *words, "--local-directory", str(tmp_path), log=log)
        try:
            output = tmp_path / "t.csv"
            done = run_sweep(
                grid(["seeds=10"]), toys.MODEL, output, measure=toys.deadly, executor=DaskCluster(found.address)
            )
        finally:
            os.killpg(nanny.pid, signal.SIGKILL)
            nanny.wait()
    assert done.reasons == (LOST,) and done.table.column("reason")[7] == LOST
    assert len(keys(journal_of(output))) == 9


@slow
@installed
def test_what_is_wrong_with_a_cluster_is_one_line_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_cluster, "WAITED", 1)
    with cluster(tmp_path, workers=0) as found, pytest.raises(InputError, match="the scheduler has no workers"):
        run_sweep(grid(WORDS), toys.MODEL, tmp_path / "t.csv", measure=toys.number, executor=DaskCluster(found.address))
    start = time.monotonic()
    said = ended(started(tmp_path / "t.csv", "number", found.address, *WORDS), 2)
    assert time.monotonic() - start < 20
    assert said.count("\n") == 1 and "no scheduler answers" in said and found.address in said
    for address in ("nonsense", "", "tcp://", "udp://127.0.0.1:1", "tcp://127.0.0.1:99999999", "tcp://a b:1"):
        said = ended(started(tmp_path / "t.csv", "number", address, *WORDS), 2)
        assert said.count("\n") == 1 and f"--dask {address}" in said, said
    assert not list(tmp_path.glob("t.csv*"))


@slow
@installed
def test_workers_without_our_code_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that is here alone stands for a bptt that is not there."""
    (tmp_path / "only_here.py").write_text("def measure(task):\n    return {}\n")
    monkeypatch.syspath_prepend(tmp_path)
    measure = import_module("only_here").measure
    folder = tmp_path / "cluster"
    folder.mkdir()
    with cluster(folder) as found, pytest.raises(InputError, match="cannot load what it is to compute"):
        run_sweep(grid(WORDS), toys.MODEL, tmp_path / "t.csv", measure=measure, executor=DaskCluster(found.address))


def test_without_dask_the_mend_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_cluster, "find_spec", lambda name: None)
    place = DaskCluster("tcp://127.0.0.1:1")
    with pytest.raises(InputError, match=r"Dask is not installed \(python -m pip install 'bptt\[dask\]'\)"):
        run_sweep(grid(WORDS), toys.MODEL, tmp_path / "t.csv", measure=toys.number, executor=place)
    assert not list(tmp_path.iterdir())


def test_the_points_are_computed_in_one_place() -> None:
    from argparse import Namespace

    assert executor(Namespace(jobs=None, dask="tcp://a:1")) == DaskCluster("tcp://a:1")
    with pytest.raises(InputError, match=r"--dask and --jobs are given"):
        executor(Namespace(jobs=2, dask="tcp://a:1"))
