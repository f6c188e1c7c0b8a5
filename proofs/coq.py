"""Coq, asked to read a file."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

PROOFS = Path(__file__).resolve().parent


def read(file: Path) -> subprocess.CompletedProcess[str]:
    """What ``coqc`` answers to a file that may use the proofs; what it compiles to is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        compiled = Path(folder) / f"{file.stem}.vo"
        asked = ["coqc", "-q", "-w", "none", "-R", str(PROOFS), "Bptt", "-o", str(compiled), str(file)]
        return subprocess.run(asked, capture_output=True, text=True, check=False)


def answer(text: str) -> str:
    """What Coq prints when it reads the text; RuntimeError with its message where it refuses."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "question.v"
        file.write_text(text, encoding="utf-8")
        ran = read(file)
    if ran.returncode:
        raise RuntimeError(ran.stderr)
    return ran.stdout
