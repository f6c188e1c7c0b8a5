"""What only a process of its own shows: what is imported, pipes and full disks, and the encoding."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.command_line.running import ROOT, other_process, python

LIST_MODULES = """
import io, json, sys
from contextlib import redirect_stderr, redirect_stdout, suppress
from bptt.command_line import main
with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()), suppress(SystemExit):
    main(sys.argv[1:])
print(json.dumps(sorted(sys.modules)))
"""
HEAVY = {"sympy", "numpy", "autograd", "matplotlib", "typst", "rich", "safetensors"}
VERIFY = "verify rnn --steps 3 --hidden 2 --json --oracle"


@pytest.mark.parametrize(
    ("words", "absent"),
    [
        ("--help", HEAVY),
        ("verify --help", HEAVY),
        ("nonsense", HEAVY),
        ("derive nothing", HEAVY),
        ("verify rnn --steps x", HEAVY),
        ("verify rnn --oracle x", HEAVY),
        ("report rnn -o x.docx", HEAVY),
        ("derive rnn --format latex", {"autograd", "matplotlib", "typst", "rich", "safetensors", "verify.oracles"}),
        ("derive rnn", {"autograd", "matplotlib", "typst", "safetensors", "verify.oracles"}),
        (f"{VERIFY} complex_step", {"autograd", "matplotlib", "typst", "rich", "safetensors"}),
    ],
)
def test_nothing_is_imported_that_is_not_used(words: str, absent: set[str]) -> None:
    done = python(LIST_MODULES, *words.split())
    assert not absent & set(json.loads(done.stdout)), done.stderr.decode()


def test_help_takes_less_than_twice_the_import_of_rich() -> None:
    def seconds(code: str, *words: str) -> float:
        start = time.perf_counter()
        python(code, *words)
        return time.perf_counter() - start

    main = "import sys; from bptt.command_line import main; sys.exit(main())"
    ours, rich = zip(
        *((seconds(main, "--help"), seconds("import rich.console, rich.table")) for _ in range(7)), strict=True
    )
    assert min(ours) < 2 * min(rich)


def _shell(line: str) -> subprocess.CompletedProcess[bytes]:
    program = f'bptt() {{ "{sys.executable}" -m bptt "$@"; }}; '
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(["bash", "-c", program + line], env=environment, capture_output=True, check=False, timeout=60)


@pytest.mark.parametrize("words", ["derive rnn --form rtrl", "cells --json"])
def test_a_reader_that_leaves_is_no_error(words: str) -> None:
    done = _shell(f"bptt {words} | true; echo ${{PIPESTATUS[0]}}")
    assert (done.stdout, done.stderr) == (b"0\n", b"")


def test_a_closed_output_is_no_error() -> None:
    done = _shell("bptt derive rnn --format json >&-")
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="there is no /dev/full")
@pytest.mark.parametrize("words", ["--help", "derive rnn --form rtrl"])
def test_a_full_disk_is_said_once(words: str) -> None:
    done = _shell(f"bptt {words} > /dev/full")
    assert done.returncode == 2
    assert done.stderr.decode() == "bptt: standard output: No space left on device (make room, or write elsewhere)\n"


@pytest.mark.parametrize("words", ["derive rnn --format json", "derive rnn --form rtrl"])
def test_a_pipe_gets_utf8_whatever_the_locale_says(words: str) -> None:
    done = other_process(*words.split(), PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "∂" in done.stdout.decode("utf-8")


def test_no_colour_without_a_terminal() -> None:
    assert b"\x1b" not in other_process("cells").stdout


def test_ctrl_c_ends_without_a_traceback() -> None:
    command = [sys.executable, "-m", "bptt", "verify", "rnn", "--steps", "40"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)})
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=20)[1] == b"\nbptt: interrupted\n"
    assert process.returncode == 130
