"""Many processes that write, read and drop the same answers, some of them killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from bptt.cache.entry import Entry, encoded
from bptt.cache.store import Store
from tests.command_line.running import ROOT

KEYS = 8
WORKER = """
import sys
from pathlib import Path
from tests.cache.test_processes import KEYS, entry
from bptt.cache.store import Store
store, turns, found = Store(Path(sys.argv[1]), most=int(sys.argv[2])), int(sys.argv[3]), 0
print("begun", flush=True)
for turn in range(turns):
    number = turn * 7 % KEYS
    known = store.read(entry(number).key)
    if known is None:
        store.write(entry(number))
    elif known != entry(number):
        sys.exit(f"{number}: something else was read")
    else:
        found += 1
print(found)
"""


def entry(number: int) -> Entry:
    return Entry(f"{number:064x}", 1, number % 2, f"{number}" * 100_000)


def begun(folder: Path, most: int, turns: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WORKER, str(folder), str(most), str(turns)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "begun\n"
    return process


def test_readers_writers_and_droppers_at_once(tmp_path: Path) -> None:
    most = 4 * len(encoded(entry(0)))  # half of them have to go, all the time
    workers = [begun(tmp_path, most, 120) for _ in range(4)]
    for worker in workers:
        out, err = worker.communicate(timeout=100)
        assert worker.returncode == 0 and out.strip().isdecimal(), err
    store = Store(tmp_path, most=most)
    assert sum(status.st_size for _, status in store.files()) <= most
    assert all(store.read(entry(number).key) in (None, entry(number)) for number in range(KEYS))
    assert any(store.read(entry(number).key) for number in range(KEYS))


def test_killed_in_the_middle(tmp_path: Path) -> None:
    most = 4 * len(encoded(entry(0)))
    for moment in range(8):
        victim, other = begun(tmp_path, most, 10**9), begun(tmp_path, most, 40)
        time.sleep(0.01 * moment)
        victim.send_signal(signal.SIGKILL)
        victim.communicate()
        assert other.wait(timeout=100) == 0, other.communicate()[1]
        other.communicate()
    store = Store(tmp_path, most=most)
    assert all(store.read(entry(number).key) in (None, entry(number)) for number in range(KEYS))
    store.write(entry(0))
    assert store.read(entry(0).key) == entry(0)
    for path in tmp_path.glob(".*"):  # of those that were killed
        os.utime(path, (1, 1))
    store.write(entry(1))
    assert not list(tmp_path.glob(".*"))
