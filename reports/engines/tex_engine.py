"""pdfLaTeX, when it is on the machine. It may neither run programs nor write outside a folder of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from reports.document.blocks import Document
from reports.engines.errors import EngineError

ENGINE = "latex"
TITLE = "pdfLaTeX (TeX Live)"
TIMEOUT_S = 120.0
MAX_PASSES = 4
_OPTIONS = ("-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode", "-file-line-error")
_SAFE = {"openin_any": "p", "openout_any": "p", "SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1"}
_RERUN = re.compile(r"Rerun to get|Rerun LaTeX|There were undefined references|has changed")


def available() -> str | None:
    """The path of pdflatex, or None."""
    return shutil.which("pdflatex")


def compile(document: Document) -> bytes:
    """The document as PDF."""
    from reports.writers.latex_writer import render

    return compile_source(render(document).main)[0]


def compile_source(source: str) -> tuple[bytes, str]:
    """The PDF of a LaTeX source, and the log of its last pass."""
    program = available()
    if program is None:
        raise EngineError("pdflatex is not on this machine")
    with tempfile.TemporaryDirectory(prefix="bptt-tex-") as name:
        folder = Path(name)
        (folder / "report.tex").write_text(source, encoding="utf-8")
        log = _passes(program, folder)
        return (folder / "report.pdf").read_bytes(), log


def _passes(program: str, folder: Path) -> str:
    """At least two passes, and more while references or table widths still move."""
    log = ""
    for done in range(1, MAX_PASSES + 1):
        log = _one_pass(program, folder)
        if done >= 2 and not _RERUN.search(log):
            break
    return log


def _one_pass(program: str, folder: Path) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TEXMFOUTPUT")}
    command = [program, *_OPTIONS, "report.tex"]
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment | _SAFE, capture_output=True, timeout=TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise EngineError(f"pdflatex took longer than {TIMEOUT_S:g} s") from error
    path = folder / "report.log"
    log = path.read_text(encoding="utf-8", errors="replace") if path.exists() else done.stdout.decode(errors="replace")
    if done.returncode != 0:
        raise EngineError("pdflatex: " + _first_error(log))
    return log


def _first_error(log: str) -> str:
    """The first complaint of the log and the two lines after it."""
    lines = log.splitlines()
    for index, line in enumerate(lines):
        if line.startswith("!") or re.match(r"\S+\.tex:\d+: ", line):
            return "\n".join(lines[index : index + 4])
    return "failed without a message"
