"""The terminal: the user's own lines, marked; nothing wider than the screen, and nothing that a terminal obeys."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from reports.check_terminal import check_text, print_check
from reports.writers.text_inline import cells
from tests.check.output.samples import ARTICLE, FRAGMENT, IMPOSSIBLE, REFUTED, article, hostile, link, right
from verify.check.result import Checked, Explanation, Link, Place
from verify.verdicts import Verdict

SAMPLES = {"article": article(), "right": right(), "hostile": hostile()}


def line(shown: str, number: int) -> str:
    return next(row for row in shown.splitlines() if row.startswith(f"{number:>3} "))


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    for answer in (False, True):
        assert max(cells(row) for row in check_text(SAMPLES[name], width, answer).splitlines()) <= width


def test_every_line_has_its_mark() -> None:
    shown = check_text(article(), 80)
    marks = {number: line(shown, number)[4] for number in (6, 8, 9, 10, 11, 15, 17, 19)}
    assert marks == {6: "✓", 8: "✓", 9: "✓", 10: "✗", 11: "✓", 15: "✗", 17: "✗", 19: "?"}
    assert "3 lines need another look.\n4 right, 3 wrong, 1 not judged, 1 not read." in shown
    assert "documentclass" not in shown and "The activation" not in shown


def test_what_is_at_fault_is_underlined() -> None:
    rows = check_text(article(), 120).splitlines()
    at = next(number for number, row in enumerate(rows) if row.startswith(" 10 "))
    start, end = rows[at + 1].index("~"), len(rows[at + 1])
    assert rows[at][start:end] == "c_t c_{t-1} a_{t-3}"


def test_a_whole_line_at_fault_is_not_underlined() -> None:
    assert "~" not in check_text(Checked("x", (link(FRAGMENT, FRAGMENT.split("\n")[0], REFUTED),), text=FRAGMENT))


def test_hints_first_and_answers_when_they_are_asked_for() -> None:
    shown, told = check_text(article(), 120), check_text(article(), 120, answer=True)
    assert "hint        Count the factors in front of aₜ₋₃" in shown and "--answer" in shown
    assert "cₜ₋₂ is missing" not in shown and "bₜ₋₂ + cₜ cₜ₋₁ cₜ₋₂ aₜ₋₃" not in shown
    assert "cₜ₋₂ is missing in front of aₜ₋₃" in told and "bₜ₋₂ + cₜ cₜ₋₁ cₜ₋₂ aₜ₋₃" in told and "hint" not in told


def test_numbers_readings_names_and_reasons() -> None:
    shown = check_text(article(), 120)
    assert "for example T = 4, n = 1, c₄ = 2, c₃ = 3, c₂ = 5, a₁ = 1: left 30, right 6" in shown
    assert "entry (1, 2): left 30" in shown
    assert "read as     the product reaches to the closing parenthesis" in shown
    assert "I read wₕ as Wₕ; x as the input." in shown and "hₜ as hₜ" not in shown and "numerator layout" in shown
    assert "not judged  σ₁ is not a quantity" in shown and "line 19, column 4: \\mathfrak is not known" in shown
    assert "with the beginning of its chain" in shown
    assert "3 proved for every t and T, 1 exact at the sizes that were tried." in shown
    assert line(shown, 8).endswith("proved") and line(shown, 11).endswith("exact")


def test_where_all_is_right_nothing_is_asked_for() -> None:
    shown = check_text(right())
    assert "Everything holds.\n2 right, 0 wrong." in shown and "hint" not in shown and "--answer" not in shown


def test_a_wrong_line_that_nobody_explains_still_gets_a_hint() -> None:
    shown = check_text(hostile())
    assert "hint        Put small numbers into both sides" in shown


def test_why_a_line_makes_no_sense() -> None:
    text = "a = b"
    shown = check_text(Checked("x", (link(text, text, IMPOSSIBLE),), text=text))
    assert "because     a column cannot be added to a row" in shown


def test_an_empty_result_says_so() -> None:
    shown = check_text(Checked("x.tex", ()))
    assert "There is no equation here that could be judged.\n0 right, 0 wrong." in shown


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_nothing_that_a_terminal_obeys_gets_through(name: str) -> None:
    shown = check_text(SAMPLES[name])
    assert all(char.isprintable() or char == "\n" for char in shown)


def test_without_the_file_the_sources_are_shown() -> None:
    shown = check_text(replace(article(), text=""), 120)
    assert r"a_t &= b_t + c_t a_{t-1}" in line(shown, 8)
    assert "where" not in line(shown, 17) and r"\partial w_t}" in line(shown, 17)


def test_of_an_endless_line_only_the_fault_is_shown() -> None:
    text = "x = " + "y + " * 300_000 + "q + " + "y + " * 300_000 + "z"
    at = text.index("q") + 1
    own = Explanation("other", "", "", "", Place(1, at, 1, at + 1))
    found = Checked(
        "x.tex", (Link(Place(1, 1, 1, len(text) + 1), text, Verdict.REFUTED, explanation=own),), text=text
    )  # fmt: skip
    shown = check_text(found, 80)
    rows = shown.splitlines()
    under = next(number for number, row in enumerate(rows) if "~" in row)
    assert rows[under - 1][rows[under].index("~")] == "q" and rows[under].count("~") == 1
    assert len(rows) < 25 and "…" in shown


def test_a_wide_letter_does_not_shift_what_is_underlined() -> None:
    text = "循环 $a = b$, $c = d$"
    found = Checked("x.md", (link(text, "c = d", REFUTED),), text=text)
    rows = check_text(found).splitlines()
    under = next(number for number, row in enumerate(rows) if "~" in row)
    before = rows[under - 1][: rows[under - 1].index("c = d")]
    assert cells(before) == rows[under].index("~")


def test_a_link_over_two_lines_is_marked_once() -> None:
    text = "a = b\n  + c\nd"
    found = Checked("x", (link(text, "a = b\n  + c", REFUTED),), text=text)
    shown = check_text(found)
    assert line(shown, 1)[4] == "✗" and line(shown, 2)[4] == " " and shown.count("hint") == 1


def test_colours_and_a_terminal_without_our_letters() -> None:
    gathered = io.StringIO()
    print_check(article(), Console(file=gathered, width=80, force_terminal=True, color_system="standard"))
    assert "\x1b[1;31m" in gathered.getvalue() and "\x1b[32m" in gathered.getvalue()
    gathered = io.StringIO()
    print_check(article(), Console(file=gathered, width=80, color_system=None), ascii_only=True)
    shown = gathered.getvalue().replace("σ₁", "")
    assert shown.isascii() and line(shown, 10)[4] == "x" and "in front of a_{t-3}" in shown


def test_the_sample_is_the_source_article() -> None:
    assert ARTICLE.count("\\\\") >= 3
