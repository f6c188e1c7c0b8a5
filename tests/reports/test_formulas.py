"""Every emitter prints the sample formulas as the golden files say; BPTT_UPDATE_GOLDEN=1 rewrites those."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import sample

from reports.formula.breaking import split
from reports.formula.measure import width
from reports.formula.shape import flatten
from reports.formula.slashed import slashed
from reports.formula.to_latex import latex
from reports.formula.to_text import spoken, text
from reports.formula.to_typst import typst_math
from reports.formula.tree import Accent, Atom, Formula, Frac, Matrix, Script, row

GOLDEN = Path(__file__).parent / "golden"
EMITTERS: dict[str, Callable[[Formula], str]] = {
    "latex": latex,
    "typst": typst_math,
    "text": text,
    "spoken": spoken,
}


@pytest.mark.parametrize("name", EMITTERS)
def test_golden(name: str) -> None:
    shown = "".join(f"{key}: {EMITTERS[name](formula)}\n" for key, formula in sample.FORMULAS.items())
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("BPTT_UPDATE_GOLDEN") == "1":
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", EMITTERS)
def test_every_node_has_an_emitter(name: str) -> None:
    for node in Formula.__subclasses__():
        assert any(node in _nodes(formula) for formula in sample.FORMULAS.values()), f"the sample lacks {node}"
    assert all(EMITTERS[name](formula) for formula in sample.FORMULAS.values())


def _nodes(formula: Formula) -> set[type[Formula]]:
    from reports.formula.shape import children

    return {type(formula)}.union(*(_nodes(child) for child in children(formula)))


def test_double_superscript_is_parenthesised() -> None:
    squared = Script(Atom("h"), Atom("t"), Atom("2"))
    twice = Script(squared, None, Atom("top"))
    assert latex(twice) == r"(h_t^2)^{\top}"
    assert text(twice) == "(hₜ²)ᵀ"
    assert typst_math(twice).startswith("attach(lr(")


def test_superscript_on_a_coloured_symbol_stands_above_its_subscript() -> None:
    assert "_{\\role{jacobian}{t}}^{\\top}" in latex(sample.FORMULAS["coloured_script"])


def test_colour_can_be_left_out() -> None:
    assert "\\role" not in latex(sample.FORMULAS["gradient"], colour=False)


def test_unary_minus_is_tight_and_binary_is_not() -> None:
    assert text(row("-", "x", "-", "y", "=", "-", "z")) == "−x − y = −z"


def test_scripts_without_unicode_form_keep_braces() -> None:
    assert text(Script(Atom("x"), row("t", ",", "i"))) == "x_{t,i}"
    assert text(Script(Atom("W"), Atom("y"))) == "W_y"
    assert text(Accent(Atom("x"), "hat")) == "x̂"


def test_long_formula_breaks_before_operators_only() -> None:
    long = row(*["x", "+"] * 40, "y")
    lines = split(long, 20.0)
    assert len(lines) > 2
    assert all(width(line) <= 21.0 for line in lines)
    assert all(flatten(line)[:2] == (Atom(""), Atom("+")) for line in lines[1:])


def test_fractions_in_running_text_are_slashed_where_that_is_unambiguous() -> None:
    gradient = sample.d(Atom("calL"), sample.W)
    assert latex(slashed(gradient)) == r"\partial L / \partial W_h"
    assert "\\frac" in latex(slashed(row(gradient, gradient)))
    assert "\\frac" in latex(slashed(Frac(Atom("1"), row("a", "b"))))


def test_a_ragged_matrix_is_refused() -> None:
    with pytest.raises(ValueError, match="lengths"):
        Matrix(((Atom("a"),), (Atom("b"), Atom("c"))))
