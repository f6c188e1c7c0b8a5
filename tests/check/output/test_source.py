"""Marks in somebody's own article: the source stays theirs, nothing is put where it could do harm, and it compiles."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from reports.check_annotated import write_checked
from reports.check_ascii import ascii_latex
from reports.check_source import annotated, begins
from reports.engines import tex_engine
from tests.check.output.samples import ARTICLE, FRAGMENT, PROVED, REFUTED, article, hostile, link, place, right
from verify.check.result import Checked, Unreadable

_ADDED = re.compile(r"\\bpttmark\{[a-z]+\}\{\d*\}")
_PREAMBLE = re.compile(r"\n% ---- marks of bptt check.*?\n% -{100,}\n", re.DOTALL)


def without_marks(source: str) -> str:
    lines = _ADDED.sub("", _PREAMBLE.sub("", source)).split("\n")
    return "\n".join(line for line in lines if not line.startswith("% bptt "))


def test_the_source_stays_theirs_to_the_letter() -> None:
    marked = annotated(article())
    assert without_marks(marked) == ARTICLE and marked != ARTICLE
    assert len(_ADDED.findall(marked)) == 9


def test_marks_stand_where_the_equalities_end() -> None:
    marked = annotated(article())
    assert r"a_t &= b_t + c_t a_{t-1}\bpttmark{right}{} \\" in marked
    assert r"c_{t-1} a_{t-3}\bpttmark{wrong}{1} \\ % 100 % sure" in marked
    assert "% bptt ✗ 1: hint: Count the factors in front of a_{t-3}" in marked
    assert r"\smile h_t\bpttmark{open}{6} \]" in marked


def test_answers_only_when_they_are_asked_for() -> None:
    assert "c_{t-2}" not in annotated(article()) and "c_{t - 2}" not in annotated(article())
    assert "c_{t-2}" in annotated(article(), answer=True)


@pytest.mark.parametrize(
    "line",
    ["$a = b_t$ $x$", "$a = b^2$", "% $a = b$", "$a = b'$", r"\foo{a = b}[x]", r"\verb|x| % a = b", "$a = b{c}$"],
)
def test_no_mark_where_it_could_do_harm(line: str) -> None:
    body = f"\\documentclass{{article}}\n\\begin{{document}}\n{line}\n\\end{{document}}\n"
    found = Checked("x.tex", (link(body, "a = b", REFUTED),), text=body)
    marked = annotated(found)
    is_harmless = line.startswith("\\foo")
    assert (r"\bpttmark{wrong}{1}" in marked.split(r"\begin{document}")[1]) is is_harmless
    assert "Line 3. Hint" in marked, "it is said on the last page all the same"


@pytest.mark.parametrize(("line", "marked"), [("$u v$ x", True), (r"\foo{u v} x", False), (r"\[ u v + w \]", False)])
def test_what_was_not_read_is_marked_only_at_the_end_of_a_formula(line: str, marked: bool) -> None:
    body = f"\\documentclass{{article}}\n\\begin{{document}}\n{line}\n\\end{{document}}\n"
    found = Checked("x.tex", (), (Unreadable(place(body, "u v"), "u v", "unknown"),), text=body)
    assert (r"u v\bpttmark{open}{1}" in annotated(found)) is marked


def test_an_equation_in_the_preamble_gets_no_mark() -> None:
    body = "\\documentclass{article}\n\\newcommand{\\x}{a = b}\n\\begin{document}\n$c = d$\n\\end{document}\n"
    found = Checked("x.tex", (link(body, "a = b", REFUTED), link(body, "c = d", PROVED)), text=body)
    assert without_marks(annotated(found)) == body
    assert "{a = b}\n" in annotated(found) and "$c = d\\bpttmark{right}" in annotated(found)


def test_what_is_a_whole_article() -> None:
    whole = "\\documentclass[12pt]{article}\n%\\begin{document}\n\\begin{document}x\\end{document}"
    assert begins(whole) == whole.index("\n\\begin") + 1
    for text in (
        FRAGMENT, "% \\documentclass{article}\n\\begin{document}", "\\begin{document}\n\\documentclass{article}",
        "\\documentclass{beamer}\n\\begin{document}", "\\documentclass{standalone}\\begin{document}", "",
    ):  # fmt: skip
        assert begins(text) is None, text
    with pytest.raises(ValueError, match="no article"):
        annotated(right())


def test_words_for_somebody_elses_fonts() -> None:
    assert ascii_latex('50 % of "σ" – $c_{t-2}$ é 循 \\input{x} <b>') == (
        r"50 \% of ''\ensuremath{\sigma}'' -- $c_{t - 2}$ U+00E9 U+5FAA \textbackslash{}input\{x\} "
        r"\ensuremath{<}b\ensuremath{>}"
    )
    assert ascii_latex(r"$\input{x}$") == r"\texttt{\textbackslash{}input\{x\}}"


def test_hostile_words_stay_words() -> None:
    body = ARTICLE.replace("odd", "even")
    own = replace(article(body).links[3], remarks=(r"\input{/etc/passwd} $\write18{ls}$ \end{document}",))
    marked = annotated(Checked("x.tex", (own,), text=body))
    preamble, rest = marked.split("\\begin{document}", 1)
    assert "\\input" not in preamble and "\\write18" not in preamble and "\\end{document}" not in preamble
    commands = [line for line in rest.splitlines() if "\\input" in line]
    assert commands and all(line.startswith("% ") for line in commands)


def test_a_fragment_becomes_a_document_of_our_own(tmp_path: Path) -> None:
    assert "marks" not in write_checked(right(), tmp_path / "x.tex")
    assert r"\documentclass" in (tmp_path / "x.tex").read_text()
    assert "marks" in write_checked(article(), tmp_path / "y.tex")
    write_checked(article(), tmp_path / "y.md")
    assert (tmp_path / "y.md").read_text().startswith("# A derivation, checked")
    assert "Typst" in write_checked(article(), tmp_path / "y.pdf", "typst")
    write_checked(hostile(), tmp_path / "z.tex")
    assert "\\write18" not in (tmp_path / "z.tex").read_text()


HEADS = {
    "amsart": "\\documentclass{amsart}\n\\usepackage{amssymb}",
    "two columns, two sides": "\\documentclass[twocolumn,twoside]{article}\n\\usepackage{amsmath,amssymb,color}",
    "scrartcl, links": "\\documentclass{scrartcl}\n\\usepackage{amsmath,amssymb,hyperref}",
    "memoir": "\\documentclass{memoir}\n\\usepackage{amsmath,amssymb}",
    "book": "\\documentclass{book}\n\\usepackage{amsmath,amssymb,color}",
    "article": "\\documentclass{article}\n\\usepackage{amsmath,amssymb}",
}


def words(pdf: bytes, folder: Path) -> list[set[str]]:
    """The words of every page, each with its place."""
    (folder / "x.pdf").write_bytes(pdf)
    command = ["pdftotext", "-bbox", str(folder / "x.pdf"), "-"]
    shown = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return [set(re.findall(r"<word.*?</word>", page)) for page in shown.split("<page ")[1:]]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(HEADS))
def test_it_compiles_where_the_original_does_and_moves_nothing(name: str, tmp_path: Path) -> None:
    body = ARTICLE.replace(HEADS["article"], HEADS[name])
    before = words(tex_engine.compile_source(body)[0], tmp_path)
    after = words(tex_engine.compile_source(annotated(article(body), answer=True))[0], tmp_path)
    marks: set[str] = set()
    for old, new in zip(before, after, strict=False):
        assert old <= new
        marks |= new - old
    shown = sorted(re.sub("<.*?>", "", word) for word in marks)
    assert len(after) > len(before) and [word for word in shown if word in "?×✓"] == ["?", "?", "×", "×", "×", *"✓✓✓✓"]
    assert [word for word in shown if word.isdigit()] == list("123456")


@pytest.mark.slow
def test_an_article_that_cannot_stand_alone_becomes_a_document(tmp_path: Path) -> None:
    body = ARTICLE.replace("\\maketitle", "\\input{not-here}")
    said = write_checked(article(body), tmp_path / "x.pdf")
    assert "could not be compiled alone" in said and (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")
    said = write_checked(article(), tmp_path / "y.pdf")
    assert "a copy with marks, typeset by pdfLaTeX" in said


@pytest.mark.slow
def test_an_article_cannot_run_or_read_anything(tmp_path: Path) -> None:
    evil = "\\immediate\\write18{touch " + str(tmp_path / "run") + "}\\newread\\r\\openin\\r=/etc/hostname "
    evil += "\\ifeof\\r closed\\else opened\\fi"
    body = ARTICLE.replace("\\maketitle", evil)
    write_checked(article(body), tmp_path / "x.pdf")
    text = subprocess.run(
        ["pdftotext", str(tmp_path / "x.pdf"), "-"], capture_output=True, check=True, text=True
    ).stdout
    assert not (tmp_path / "run").exists() and "opened" not in text and "closed" in text
