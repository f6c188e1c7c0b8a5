"""(e) The command line: how soon it answers, and how long a report takes from the shell to the PDF."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.measuring.rounds import Budget, medians
from benchmarks.measuring.scale import Scale
from benchmarks.measuring.table import Table, judged, milliseconds, ratio

SHELL = "import rich.console, rich.table"
VERIFY = "import bptt.command_line, bptt.verbs.verify, bptt.cache.answers"
HOLDS, USAGE, SOMETHING_NOT_RUN = 0, 2, 3


@dataclass(frozen=True)
class Command:
    """``python -m bptt`` with these words; at most ``wanted`` times what the import of ``floor`` takes."""

    title: str
    words: tuple[str, ...]
    ends: tuple[int, ...] = (HOLDS,)
    floor: str = SHELL
    wanted: float | None = 2.0


COMMANDS = (
    Command("bptt --help", ("--help",)),
    Command("bptt verify --help", ("verify", "--help")),
    Command("a usage error", ("verify", "nothing"), (USAGE,)),
    Command("bptt derive rnn, a second time", ("derive", "rnn"), wanted=None),
    Command("bptt verify rnn, a second time", ("verify", "rnn"), (HOLDS, SOMETHING_NOT_RUN), VERIFY, 1.5),
)
SLOW = (
    Command("bptt derive rnn, --no-cache", ("derive", "rnn", "--no-cache")),
    Command("bptt verify rnn, --no-cache", ("verify", "rnn", "--no-cache"), (HOLDS, SOMETHING_NOT_RUN)),
    Command(
        "bptt report rnn, to the PDF",
        ("report", "rnn", "--engine", "typst", "-o", "report.pdf"),
        (HOLDS, SOMETHING_NOT_RUN),
    ),
)


def tables(scale: Scale) -> Iterator[Table]:
    with tempfile.TemporaryDirectory() as folder:
        yield _soon(scale, Path(folder))
        yield _whole(scale, Path(folder))


def _soon(scale: Scale, folder: Path) -> Table:
    table = Table("(e) Starting: milliseconds, a new process each time", ("", "ms", "/ its imports"))
    floors = {"importing the terminal library": SHELL, "importing what verify needs": VERIFY}
    works: dict[str, Callable[[], object]] = {}
    for title, text in floors.items():
        works[title] = partial(_run, [sys.executable, "-c", text], (HOLDS,), folder)
    works |= {own.title: partial(_command, own, folder) for own in COMMANDS}
    taken = medians(works, Budget(0.0, scale.starts, scale.starts, slow=60.0, block=0.0))
    of = {text: taken[title] for title, text in floors.items()}
    for title in floors:
        table.add(title, milliseconds(taken[title]), "")
    for own in COMMANDS:
        found = taken[own.title] / of[own.floor]
        shown = ratio(found, 1.0) if own.wanted is None else judged(found, own.wanted)
        table.add(own.title, milliseconds(taken[own.title]), shown)
    return table


def _whole(scale: Scale, folder: Path) -> Table:
    table = Table("(e) Whole answers: seconds, a new process each time", ("", "seconds"))
    works = {own.title: partial(_command, own, folder) for own in SLOW}
    rounds = 1 + scale.starts // 4
    taken = medians(works, Budget(0.0, rounds, rounds, slow=1.0 if rounds == 1 else 600.0, block=0.0))
    for title, own in taken.items():
        table.add(title, f"{own:.2f}")
    if not (folder / "report.pdf").read_bytes().startswith(b"%PDF"):
        raise SystemExit("bptt report left no PDF")
    return table


def _command(own: Command, folder: Path) -> None:
    _run([sys.executable, "-m", "bptt", *own.words], own.ends, folder)


def _run(words: list[str], ends: tuple[int, ...], folder: Path) -> None:
    """A command that does not end as it should is an error, not a time.  The cache is ours, and empty at first."""
    environment = {**os.environ, "BPTT_CACHE": str(folder / "cache")}
    ended = subprocess.run(words, capture_output=True, env=environment, cwd=folder, check=False)
    if ended.returncode not in ends:
        raise SystemExit(f"{' '.join(words)} ended with {ended.returncode}: {ended.stderr.decode()}")
