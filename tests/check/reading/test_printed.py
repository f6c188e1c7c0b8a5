"""What we print ourselves is read back, all of it; and the misprints of the source article are read as they stand."""

from __future__ import annotations

from functools import cache

import pytest

from bptt.command_line import main
from tests.check.reading.shorthand import claims, said, tree
from verify.check.reading.document import Reading, read
from verify.check.reading.unparse import latex

CASES = [
    [cell, "--wiring", wiring, *form]
    for cell in ("rnn", "gru", "lstm")
    for wiring in ("every", "seq2seq")
    for form in ([], ["--form", "expanded"], ["--form", "adjoint"], ["--form", "rtrl"])
] + [
    ["rnn", "--wiring", "last"],
    ["rnn", "--layers", "2", "--wiring", "seq2seq"],
    ["rnn", "--wiring", "seq2seq", "--feedback"],
    ["jordan"],
    ["indrnn"],
    ["leaky"],
]


@cache
def _printed(form: str, *words: str) -> str:
    import contextlib
    import io

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(["derive", *words, "--format", form]) == 0
    return out.getvalue()


def _relations(reading: Reading) -> int:
    return sum(len(claim.relations) for claim in reading.claims)


@pytest.mark.parametrize("words", CASES, ids=" ".join)
def test_own_latex_is_read(words: list[str]) -> None:
    text = _printed("latex", *words)
    reading = read(text, "latex")
    assert not reading.unread
    display = text.split(r"\begin{document}", 1)[1]
    assert _relations(reading) >= display.count(" &= ") > 10
    assert all(claim.relations for claim in reading.claims)


def test_own_markdown_is_the_same_derivation() -> None:
    """The colours and the reasons differ, the formulas do not."""
    latex_claims = [said(claim) for claim in read(_printed("latex", "lstm"), "latex").claims]
    markdown_claims = [
        said(c) for c in read(_printed("markdown", "lstm"), "markdown").claims if not c.display.is_inline
    ]
    assert markdown_claims == latex_claims


def test_own_trees_are_read_back() -> None:
    for claim in read(_printed("latex", "gru"), "latex").claims:
        for member in claim.chain:
            assert tree(latex(member.tree)) == member.tree


def test_the_expansion() -> None:
    [expansion] = [c for c in read(_printed("latex", "rnn"), "latex").claims if len(c.chain) > 6]
    assert said(expansion).split(" = ")[:3] == ["a_t", "b_t + c_t a_{t-1}", "b_t + c_t (b_{t-1} + c_{t-1} a_{t-2})"]


MISPRINTS: dict[str, list[str]] = {
    r"a_t=b_t+c_t*a_{t-1} \\ =b_t+c_t*b_{t-1}+c_t*c_{t-1}*b_{t-2}+c_t*c_{t-1}*a_{t-3}": [
        "a_t = b_t + c_t * a_{t-1} = b_t + c_t * b_{t-1} + c_t * c_{t-1} * b_{t-2} + c_t * c_{t-1} * a_{t-3}"
    ],
    r"\frac{\partial h_t}{\partial w_h}=\frac{\partial f(x_t,h_{t-1},w_h)}{\partial w_h}+\sum_{i=1}^{t-1}"
    r"\left(\prod_{j=i+1}^{t}\frac{\partial f(x_t,h_{t-1},w_h)}{\partial h_{j-1}}"
    r"\frac{\partial f(x_t,h_{t-1},w_h)}{\partial w_h}\right)": [
        "∂h_t/∂w_h = ∂f(x_t, h_{t-1}, w_h)/∂w_h + Σ_{i=1}^{t-1} ∏_{j=i+1}^t "
        "∂f(x_t, h_{t-1}, w_h)/∂h_{j-1} ∂f(x_t, h_{t-1}, w_h)/∂w_h"
    ],
    r"a_t=\frac{\partial h_t}{\partial w_t}": ["a_t = ∂h_t/∂w_t"],
    r"o_t=g(h_t,o_t)": ["o_t = g(h_t, o_t)"],
}


@pytest.mark.parametrize("lines", MISPRINTS)
def test_misprints(lines: str) -> None:
    assert claims(rf"\begin{{align}}{lines}\end{{align}}") == MISPRINTS[lines]
