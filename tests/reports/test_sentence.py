"""Plain text with letters in it, as words and formulas."""

from __future__ import annotations

import re

import pytest

from reports.formula.tree import Atom, Script, row
from reports.present.sentence import sentence
from verify.theorem import coverings, record


@pytest.mark.parametrize(
    ("plain", "printed"),
    [
        ("The gradient with respect to W_h, all else held.", "The gradient with respect to {}, all else held."),
        ("where δ_{i+1} and b_ih", "where {} and {}"),
        ("W_hᵀ and oᵀ", "{} and {}"),
        ("A function of x, y and exp(z_i) - 1", "A function of x, y and exp({}) − 1"),
        ("1 <= i, no letter here", "1 ≤ i, no letter here"),
    ],
)
def test_letters_with_scripts_are_formulas_and_words_stay(plain: str, printed: str) -> None:
    found = sentence(plain)
    assert "".join(part if isinstance(part, str) else "{}" for part in found) == printed


def test_how_a_letter_is_set() -> None:
    (_, letter, _) = sentence("of δ_{i+1} here")
    assert letter == Script(Atom("delta"), row("i", "+", "1"))
    (_, letter, *_) = sentence("W_hᵀ")
    assert letter == Script(Atom("W"), row("h"), Atom("top"))


def test_of_no_theorem_that_is_cited_a_raw_subscript_is_left() -> None:
    for theorem in (record()[covering.theorem] for covering in coverings()):
        words = "".join(part for part in sentence(theorem.about.partition(":")[0]) if isinstance(part, str))
        assert not re.search(r"\w_", words) and "ᵀ" not in words, theorem.name
