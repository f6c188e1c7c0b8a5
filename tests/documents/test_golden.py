"""The derivation in every format, and the structure of the report, against files in the repository.

``BPTT_UPDATE_GOLDEN=1 pytest tests/documents`` writes the files again; the difference is then read in the commit.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

import pytest

from derive.model import build
from reports.document.blocks import Derivation, Document, Heading, Result, Table
from reports.document.figures import Figure
from reports.document.numbering import number, walk
from reports.engines import typst_engine
from reports.material import gather
from reports.report import report
from reports.writers import writer
from tests.command_line.running import bptt

GOLDEN = Path(__file__).parent / "golden"
FORMATS = {"text": "txt", "latex": "tex", "markdown": "md", "json": "json"}


@cache
def document() -> Document:
    """The report on the vanilla network."""
    return report(gather(build(), command="bptt report rnn -o rnn.pdf"))


def same(name: str, found: str) -> None:
    path = GOLDEN / name
    if os.environ.get("BPTT_UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8"), f"{name} differs; BPTT_UPDATE_GOLDEN=1 writes it again"


@pytest.mark.parametrize("format_name", FORMATS)
def test_the_derivation(format_name: str, tmp_path: Path) -> None:
    path = tmp_path / f"rnn.{FORMATS[format_name]}"
    assert bptt("derive", "rnn", "-o", str(path)).code == 0
    same(f"derive-rnn.{FORMATS[format_name]}", path.read_text(encoding="utf-8"))


def test_the_structure_of_the_report() -> None:
    """Section titles, and every table, figure and numbered equation, in their order; no text and no numbers."""
    numbers = number(document())
    lines = []
    for block in walk(document().blocks):
        if isinstance(block, Heading):
            lines.append(f"{numbers.of(block)} {block.text}")
        elif isinstance(block, Table):
            lines.append(f"  {numbers.of(block)} {block.label}: {len(block.columns)} columns")
        elif isinstance(block, (Derivation, Result)):
            lines.append(f"  {numbers.of(block) or '-'} {block.label}: {len(block.lines)} lines")
        elif isinstance(block, Figure):
            lines.append(f"  {numbers.of(block)} {block.label}: {type(block).__name__}")
    same("report-structure.txt", "\n".join(lines) + "\n")


def test_the_pdf_has_at_least_five_pages() -> None:
    assert len(re.findall(rb"/Type ?/Page\b", typst_engine.compile(document()))) >= 5


def test_latex_has_no_character_that_it_would_misread() -> None:
    hostile = gather(build(), command="bptt report rnn -o '50%_#1 & $x^2~ \\input{y}.tex'", notes=("a_b 100% #2",))
    body = writer("latex").render(report(hostile)).main.partition("\\begin{document}")[2]
    assert not re.findall(r"(?<!\\)%(?!$)", body, flags=re.M), "a comment would swallow the rest of a line"
    assert not re.findall(r"(?<!\\)#", body), "a parameter outside of a definition"
    assert "\\input" not in body
    assert len(re.findall(r"(?<!\\)\{", body)) == len(re.findall(r"(?<!\\)\}", body))
    assert body.count("\\(") == body.count("\\)") and len(re.findall(r"(?<!\\)\$", body)) % 2 == 0
