"""PDF: arbitrary text compiles, the same document gives the same bytes, and no line runs off the page."""

from __future__ import annotations

import re

import pytest
import sample
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.document.blocks import (
    Code,
    CodeBlock,
    Column,
    Derivation,
    Document,
    Heading,
    Line,
    Link,
    Reference,
    References,
    Strong,
    Table,
    para,
)
from reports.engines import choose, engines, tex_engine, typst_engine
from reports.engines.errors import EngineError
from reports.formula.tree import Atom, Words, row
from reports.writers.latex_writer import render

QUICK = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
needs_tex = pytest.mark.skipif(tex_engine.available() is None, reason="pdflatex is not installed")
ANY_TEXT = st.text(max_size=30)
HOSTILE = (
    '\\input{/etc/passwd} #read("x") $ % & ~ ^ _ { } // /* */ `` " \' << >> @a <b> = - + 1. '
    "ß Ł ỹ ☃ 循环 \x00\x1b \u202e -- ---"
)


def _full_of(text: str) -> Document:
    line = Line(Atom(text or "x"), "=", row(Words(text), "+", Atom(text or "y", "bold")), text)
    return Document(
        text, text, text,
        (
            Heading(1, text),
            para(text, " ", Strong(text), Code(text), Link(text, "https://example.org/" + text)),
            Derivation((line,), "eq"),
            Table((Column(text),), ((text,),), text),
            CodeBlock(text, "python"),
            References((Reference("key", text, 2000, text, text),)),
        ),
        colophon=text,
    )  # fmt: skip


@QUICK
@given(ANY_TEXT)
def test_arbitrary_text_compiles_in_typst(text: str) -> None:
    assert typst_engine.compile(_full_of(text)).startswith(b"%PDF")


def test_hostile_text_compiles_in_typst() -> None:
    assert typst_engine.compile(_full_of(HOSTILE)).startswith(b"%PDF")


def test_typst_is_accessible_and_deterministic() -> None:
    first = typst_engine.compile_strict(sample.document())
    again = typst_engine.compile_strict(sample.document())
    assert first == again
    assert b"pdfuaid" in first


def test_engines_are_discovered_and_chosen() -> None:
    assert list(engines()) == ["latex", "typst"]
    assert choose("typst").ENGINE == "typst"
    assert choose() is engines()["latex" if tex_engine.available() else "typst"]
    with pytest.raises(EngineError, match="latex, typst"):
        choose("word")


@pytest.mark.slow
@needs_tex
def test_pdflatex_sets_the_sample_without_overfull_lines() -> None:
    source = render(sample.document()).main
    first, log = tex_engine.compile_source(source)
    assert not re.findall(r"^(?:Overfull|LaTeX Warning|! ).*$", log, re.MULTILINE)
    assert first == tex_engine.compile_source(source)[0]


@pytest.mark.slow
@needs_tex
@settings(QUICK, max_examples=5)
@given(ANY_TEXT)
def test_arbitrary_text_compiles_in_latex(text: str) -> None:
    assert tex_engine.compile(_full_of(text)).startswith(b"%PDF")


@pytest.mark.slow
@needs_tex
def test_hostile_text_compiles_in_latex() -> None:
    assert tex_engine.compile(_full_of(HOSTILE)).startswith(b"%PDF")


@pytest.mark.slow
@needs_tex
def test_a_tex_error_is_reported_in_a_line_or_two() -> None:
    with pytest.raises(EngineError, match="Undefined control sequence"):
        tex_engine.compile_source(r"\documentclass{article}\begin{document}\nonsense\end{document}")


@pytest.mark.slow
@needs_tex
def test_tex_may_not_write_elsewhere() -> None:
    body = r"\newwrite\f\immediate\openout\f=/tmp/bptt-escape.txt x"
    source = rf"\documentclass{{article}}\begin{{document}}{body}\end{{document}}"
    with pytest.raises(EngineError):
        tex_engine.compile_source(source)
