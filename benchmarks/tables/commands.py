"""(e) Commands, each in a process of its own: the start of the command line, an answer from the cache, a PDF."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.measuring.agreement import DisagreementError
from benchmarks.measuring.rounds import Budget, medians
from benchmarks.measuring.scale import Scale
from benchmarks.measuring.table import NOTHING, Table, judged, milliseconds, ratio

PLACE = 6

BPTT = ("-m", "bptt")
SCREEN = "import rich.console, rich.table"
IMPORTS = "import bptt.command_line, bptt.verbs.verify, bptt.cache.answers"
REPORT = "report.pdf"
FEW = 3
"""Rounds of the commands that take seconds, at most."""
HOLDS, REFUSED, SOMETHING_NOT_RUN = 0, 2, 3


@dataclass(frozen=True)
class Command:
    """``words`` are Python's; the time is compared with that of the command with the title ``unit``."""

    title: str
    words: tuple[str, ...]
    unit: str = ""
    wanted: float | None = None
    codes: tuple[int, ...] = (HOLDS,)
    long: bool = False


PLAIN, TERMINAL, VERIFY = "python -c pass", "importing rich", "imports of verify"
COMMANDS = (
    Command(PLAIN, ("-c", "pass")),
    Command(TERMINAL, ("-c", SCREEN)),
    Command("bptt --help", (*BPTT, "--help"), TERMINAL, 2.0),
    Command("bptt verify --help", (*BPTT, "verify", "--help"), TERMINAL, 2.0),
    Command("bptt verify (refused)", (*BPTT, "verify", "nothing"), TERMINAL, 2.0, (REFUSED,)),
    Command("bptt derive rnn", (*BPTT, "derive", "rnn", "--no-cache"), TERMINAL),
    Command(VERIFY, ("-c", IMPORTS)),
    Command("bptt verify rnn, again", (*BPTT, "verify", "rnn"), VERIFY, None),
    Command("bptt verify rnn", (*BPTT, "verify", "rnn", "--no-cache"), TERMINAL, long=True),
    Command("bptt grow rnn, T = 1000", (*BPTT, "grow", "rnn", "--hidden", "64", "--steps", "1000",
            "--no-cache"), TERMINAL, long=True),
    Command("bptt report rnn, to PDF", (*BPTT, "report", "rnn", "--engine", "typst", "-o", REPORT),
            TERMINAL, None, (HOLDS, SOMETHING_NOT_RUN), long=True),
)  # fmt: skip


def tables(scale: Scale) -> Iterator[Table]:
    """Milliseconds, and ratios."""
    table = Table("(e) Commands, each in a new process", ("", "compared with", "ms", "ratio", "wanted"), words=2)
    table.notes.append(f"{NOTHING}: not at this scale." if not scale.long_commands else "Medians, wall clock.")
    with tempfile.TemporaryDirectory() as folder:
        run = [own for own in COMMANDS if scale.long_commands or not own.long]
        works = {own.title: partial(started, own, Path(folder)) for own in run}
        said: dict[str, bytes] = {}
        checked = {title: partial(same, title, work, said) for title, work in works.items()}
        taken: dict[str, float] = {}
        for long, most in ((False, scale.starts), (True, min(FEW, scale.starts))):
            alike = {own.title: checked[own.title] for own in run if own.long is long}
            for work in () if long else alike.values():
                work()  # fills the caches: that of the disk, and ours
            taken |= medians(alike, Budget(0.0, most, most, warm=False))
    for own in COMMANDS:
        table.add(own.title, own.unit, *_row(own, taken))
    yield table


def started(command: Command, folder: Path) -> bytes:
    """What it prints, or the document that it writes.  Raises DisagreementError for a command that does not end as it
    should: it is no time."""
    environment = {**os.environ, "BPTT_CACHE": str(folder / "cache"), "PYTHONPATH": str(Path(__file__).parents[2])}
    ended = subprocess.run(
        [sys.executable, *command.words], capture_output=True, env=environment, cwd=folder, check=False
    )
    if ended.returncode not in command.codes:
        raise DisagreementError(f"{command.title} ended with {ended.returncode}: {ended.stderr.decode()}")
    if REPORT not in command.words:
        return ended.stdout
    written = (folder / REPORT).read_bytes()
    (folder / REPORT).unlink()
    if not written.startswith(b"%PDF"):
        raise DisagreementError(f"{command.title} wrote no PDF")
    return written


def same(title: str, work: Callable[[], bytes], said: dict[str, bytes]) -> None:
    """Raises DisagreementError for a command that does not say what it has ``said`` before."""
    if (own := work()) != said.setdefault(title, own):
        raise DisagreementError(f"{title} does not give the same twice; nothing is timed")


def _row(own: Command, taken: Mapping[str, float]) -> tuple[str, ...]:
    if own.title not in taken:
        return NOTHING, "", ""
    if not own.unit:
        return milliseconds(taken[own.title]), "", ""
    found = taken[own.title] / taken[own.unit]
    if own.wanted is None:
        return milliseconds(taken[own.title]), ratio(found, 1.0), ""
    return milliseconds(taken[own.title]), judged(found, own.wanted), f"≤ {own.wanted:g}"
