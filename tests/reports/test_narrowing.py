"""Formulas too wide for their line, above all matrices: broken inside, and never wider than the page."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import sample

from reports.document.blocks import Derivation, Document, Line
from reports.document.lines import fitted
from reports.engines import tex_engine
from reports.formula.measure import width
from reports.formula.narrowing import broken
from reports.formula.shape import height
from reports.formula.to_text import text
from reports.formula.tree import Atom, Call, Formula, Matrix, Paren, Role, Script, Stacked, Words, row
from reports.writers import writer
from reports.writers.text_boxes import box
from reports.writers.text_inline import cells

GOLDEN = Path(__file__).parent / "golden"


def of(name: str) -> Formula:
    return sample.sub(name, "t")


def minus_square(shown: Formula) -> Formula:
    return Paren(row("one", "-", shown, "odot", shown))


def diag(*factors: Formula) -> Formula:
    return Call(Atom("diag"), (row(*[x for factor in factors for x in ("odot", factor)][1:]),))


def gate(name: str) -> list[Formula]:
    return [diag(of(name), Paren(row("one", "-", of(name)))), sample.sub("W", "h" + name)]


TANH = Call(Atom("tanh"), (of("c"),))
GATES = row(*gate("i"), "+", *gate("f"), "+", *gate("g"))
CELL = diag(of("o"), minus_square(TANH))
LSTM = Matrix(
    (
        (row(*gate("o"), "+", CELL, Paren(GATES)), diag(of("o"), minus_square(TANH), of("f"))),
        (GATES, diag(of("f"))),
    )
)
PLAIN = Matrix(((of("a"), Atom("0")), (row("-", of("b")), of("c"))))
DISPLAYS: dict[str, Formula] = {
    "plain": row(PLAIN, of("x"), "+", Matrix(((of("y"),), (of("z"),)))),
    "signed": row("-", PLAIN, ",", PLAIN),
    "numbers": Matrix(((Atom("0.5"), row("-", "10.25")), (row("-", "1.5"), Atom("3")))),
    "in parentheses": row(Paren(row(PLAIN, "+", "I")), of("x")),
    "transposed": row(Script(PLAIN, None, Atom("top")), Role(sample.sub("A", "t"), "unknown")),
    "scripted": Script(Matrix(((Atom("a"),), (Atom("b"),))), Atom("h"), Atom("top")),
    "called": row(Call(Atom("diag"), (Matrix(((of("u"),), (of("v"),))),)), Call(Atom("f"), (of("u"), PLAIN))),
    "summed": sample.total("t", 1, "T", row(PLAIN, of("x"))),
    "one row": Matrix(((of("a"), of("b")),)),
    "lstm": LSTM,
    "lstm in a product": row(of("B"), "+", Script(LSTM, None, Atom("top")), of("A")),
}


def page(columns: int, *names: str) -> str:
    lines = [Derivation((Line(of("C"), "=", DISPLAYS[name], name),)) for name in names or DISPLAYS]
    return writer("text").render(Document("", "", "", tuple(lines)), width=columns).main


@pytest.mark.parametrize("columns", [80, 120])
def test_matrices_in_a_terminal(columns: int) -> None:
    shown = page(columns)
    path = GOLDEN / f"matrices-{columns}.txt"
    if os.environ.get("BPTT_UPDATE_GOLDEN") == "1":
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("columns", range(40, 121, 5))
def test_a_terminal_is_never_too_narrow(columns: int) -> None:
    assert max(map(cells, page(columns).splitlines())) <= columns


def test_the_brackets_of_a_box_are_straight() -> None:
    for formula in DISPLAYS.values():
        shown = box(formula)
        assert {cells(line) for line in shown.lines} == {shown.width}
        assert 0 <= shown.axis < len(shown.lines)


def test_in_running_text_a_matrix_is_one_line() -> None:
    assert text(PLAIN) == "[aₜ, 0; −bₜ, cₜ]"


def test_what_fits_stays_as_it_is() -> None:
    assert broken(LSTM, 1000.0) == (LSTM,)


@pytest.mark.parametrize("room", [26.0, 30.0, 40.0])
def test_a_wide_matrix_is_broken_in_its_cells(room: float) -> None:
    (found,) = broken(LSTM, room)
    assert isinstance(found, Matrix)
    assert width(found) <= room
    assert text(found).replace("· ", "") == text(LSTM)


def test_less_room_takes_more_lines() -> None:
    heights = [height(broken(LSTM, room)[0]) for room in (80.0, 40.0, 30.0, 26.0)]
    assert heights[0] == 2
    assert heights == sorted(heights)


def test_a_product_is_broken_between_factors_with_a_dot() -> None:
    first, second = broken(row("=", *gate("i"), *gate("f"), *gate("g")), 20.0)
    assert text(first).startswith("= diag(")
    assert text(second).startswith("· ")


def test_a_sum_in_parentheses_is_broken_inside_them() -> None:
    (found,) = broken(row(of("x"), Paren(GATES)), 20.0)
    assert any(isinstance(part, Paren) and isinstance(part.body, Stacked) for part in vars(found)["items"])


def test_words_are_not_taken_for_factors() -> None:
    sentence = row(Words("a sentence that is long "), of("x"), Words(" and has no end"))
    assert broken(sentence, 5.0) == (sentence,)


def test_markdown_breaks_matrices_only() -> None:
    lines = (Line(of("C"), "=", LSTM), Line(of("C"), "=", row(*[GATES, "+"] * 3, of("x"))))
    matrix, total = writer("markdown").render(Document("", "", "", (Derivation(lines),))).main.split(" \\\\\n")[-2:]
    assert r"\begin{aligned}" in matrix.partition(r"\begin{pmatrix}")[2]
    assert r"\begin{aligned}" not in total


def test_a_matrix_fits_the_page() -> None:
    (line,) = fitted((Line(of("C"), "=", LSTM, "why"),))
    assert width(line.rhs) <= 1.15 * 36
    assert line.why == "why"


@pytest.mark.slow
@pytest.mark.skipif(tex_engine.available() is None, reason="pdflatex is not installed")
def test_pdflatex_sets_them_without_overfull_lines() -> None:
    lines = tuple(Derivation((Line(of("C"), "=", formula, name),)) for name, formula in DISPLAYS.items())
    log = tex_engine.compile_source(writer("latex").render(Document("t", "", "", lines)).main)[1]
    assert not re.findall(r"^(?:Overfull|LaTeX Warning|! ).*$", log, re.MULTILINE)
