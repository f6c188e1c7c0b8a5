"""Our own document about a derivation: formulas that were read, code for all else, in every format."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.check_document import document
from reports.engines import typst_engine
from reports.output import write_document
from reports.writers import writer, writers
from tests.check.output.samples import HOSTILE, UNKNOWN, article, hostile, right


@pytest.mark.parametrize("name", sorted(writers()))
def test_every_format_says_everything(name: str) -> None:
    shown = writer(name).render(document(article(), answer=True, command="bptt check article.tex")).main
    for words in (
        "3 lines need another look",
        "numerator layout",
        "line 10",
        "is missing in front of",
        "not a quantity",
    ):
        assert words in " ".join(shown.replace("\\", "").split()) or words in " ".join(shown.split()), words


def test_formulas_that_were_read_are_typeset_and_others_are_code() -> None:
    shown = writer("markdown").render(document(article())).main
    assert r"\frac{\partial h_t}{\partial w_t} && \boldsymbol{\times}\text{ line 17}" in shown
    assert f"```latex\n{UNKNOWN}\n```" in shown
    assert r"a_t &= b_t + c_t a_{t - 1} && \checkmark\text{ line 8, proved} \\" in shown


def test_answers_only_when_they_are_asked_for() -> None:
    found = article()
    assert "c_{t - 2} a" not in writer("markdown").render(document(found)).main
    assert "c_{t - 2} a" in writer("markdown").render(document(found, answer=True)).main


def test_commands_of_the_user_are_never_commands_of_ours() -> None:
    shown = writer("latex").render(document(hostile())).main
    assert "\\input" not in shown and "\\write18" not in shown and "\\csname" not in shown
    assert "\x1b" not in shown and "\u202e" not in shown
    assert "\x1b" not in writer("markdown").render(document(hostile())).main and "\\input" in HOSTILE


@pytest.mark.parametrize("found", [article(), right(), hostile()], ids=["article", "right", "hostile"])
def test_typst_takes_it(found, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    if found.links[0].mark == "✓":
        assert typst_engine.compile_strict(document(found)).startswith(b"%PDF")
    said = write_document(document(found, answer=True), tmp_path / "x.pdf", "typst")
    assert "Typst" in said and (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")
