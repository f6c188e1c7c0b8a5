"""Running the command line: in this process for speed, in another where the process itself is the question."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bptt.command_line import main

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


def bptt(*words: str) -> Done:
    """The command in this process, its output gathered."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main(words)
        except SystemExit as left:
            code = int(left.code or 0)
    return Done(code, out.getvalue(), err.getvalue())


def python(code: str, *words: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Another Python that runs ``code``."""
    paths = {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", code, *words], cwd=cwd, env={**os.environ, **paths, **environment},
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip


def other_process(*words: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """``bptt`` as a program of its own."""
    return python("import sys; from bptt.command_line import main; sys.exit(main())", *words, cwd=cwd, **environment)


def complaint(done: Done, *parts: str) -> None:
    """Bad usage or input: exit code 2, nothing printed, one line on stderr that has all these parts."""
    assert (done.code, done.out) == (2, ""), done
    assert done.err.endswith("\n") and done.err[:-1].isprintable(), done.err
    assert done.err.startswith("bptt"), done.err
    for part in parts:
        assert part in done.err, f"{part!r} is not in {done.err!r}"


@cache
def verified() -> dict[str, Any]:
    """``bptt verify rnn --json``, once for all tests."""
    done = bptt("verify", "rnn", "--json")
    assert (done.code, done.err) == (0, "")
    found: dict[str, Any] = json.loads(done.out)
    return found
