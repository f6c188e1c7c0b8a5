"""Matrices of blocks, and parts of stacked states: each right claim beside one with a planted error."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from tests.check.judging.formulas import network, tree
from verify.check.meaning import meaning
from verify.check.networks import Asked
from verify.check.reading.document import read
from verify.check.search import Found, found
from verify.check.values import MeaningError
from verify.jets.field import Modular, random_prime

SLOPE = r"o_t \odot (1 - r_t \odot r_t)"
H_BY_C = rf"\operatorname{{diag}}({SLOPE} \odot f_t)"
C_BY_H = (
    r"\operatorname{diag}(c_{t-1} \odot f_t \odot (1 - f_t)) W_{hf} + "
    r"\operatorname{diag}(g_t \odot i_t \odot (1 - i_t)) W_{hi} + "
    r"\operatorname{diag}(i_t \odot (1 - g_t \odot g_t)) W_{hg}"
)
H_BY_H = rf"\operatorname{{diag}}(r_t \odot o_t \odot (1 - o_t)) W_{{ho}} + \operatorname{{diag}}({SLOPE}) ({C_BY_H})"
C_BY_C = r"\operatorname{diag}(f_t)"


def matrix(*rows: str) -> str:
    inside = r" \\ ".join(rows)
    return rf"\begin{{pmatrix}} {inside} \end{{pmatrix}}"


CHAIN = r"\Bigl(\prod_{j=1}^T C_j\Bigr)^\top G_T"
BY_START, BY_BIAS = r"\frac{\partial L}{\partial h_0}", r"\frac{\partial \Phi(x_t, H_{t-1}, b_{ho})}{\partial b_{ho}}"
OF_START = r"\frac{\partial H_0}{\partial c_0}"
SHARES = r"\delta_{h,t}", r"\delta_{c,t}"
GATE = r"\operatorname{diag}(r_t \odot o_t \odot (1 - o_t))"
PAIRS = {
    "jacobian": (
        f"C_t = {matrix(f'{H_BY_H} & {H_BY_C}', f'{C_BY_H} & {C_BY_C}')}",
        f"C_t = {matrix(f'{H_BY_H} & {C_BY_H}', f'{H_BY_C} & {C_BY_C}')}",
    ),
    "block": (f"[C_t]_{{h,c}} = {H_BY_C}", f"[C_t]_{{c,h}} = {H_BY_C}"),
    "rows": (f"{BY_START} = [{CHAIN}]_h", f"{BY_START} = [{CHAIN}]_c"),
    "state": (f"H_t = {matrix('h_t', 'c_t')}", f"H_t = {matrix('c_t', 'h_t')}"),
    "adjoint": (rf"\delta_t = {matrix(*SHARES)}", rf"\delta_t = {matrix(*SHARES[::-1])}"),
    "share of a state": (r"\bar{o}_t = r_t \odot \delta_{h,t}", r"\bar{o}_t = r_t \odot \delta_{c,t}"),
    "nought": (f"{BY_BIAS} = {matrix(GATE, '0')}", f"{BY_BIAS} = {matrix('0', GATE)}"),
    "identity": (f"{OF_START} = {matrix('0', 'I')}", f"{OF_START} = {matrix('I', '0')}"),
}
"""A right claim, and the same with blocks or states exchanged."""
TOLD = (r"c_t = f_t \odot c_{t-1} + i_t \odot g_t", r"r_t = \tanh(c_t)", r"h_t = o_t \odot r_t")


@cache
def judged(wrong: str = "") -> Found:
    """All claims, one of them wrong."""
    claims = (*TOLD, *(pair[other == wrong] for other, pair in PAIRS.items()))
    text = "\n".join(rf"\[ {own} \]" for own in claims)
    asked = Asked("lstm", "last", "", "softmax_cross_entropy")
    return found(read(text, "latex").claims, asked, Modular(random_prime(61)))


@pytest.mark.parametrize("name", PAIRS)
def test_right_is_right(name: str) -> None:
    link = judged().links[len(TOLD) + list(PAIRS).index(name)]
    assert link.outcome.holds and not link.alone, link.outcome.reason


@pytest.mark.parametrize("name", PAIRS)
def test_wrong_is_wrong(name: str) -> None:
    wrong = [place for place, link in enumerate(judged(name).links) if link.outcome.holds is False or link.alone]
    assert wrong == [len(TOLD) + list(PAIRS).index(name)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (matrix("h_t & h_t", f"c_t & {C_BY_C}"), "do not fit"),
        (matrix("0 & I", "I & 0", "0 & 0"), "how large"),
        ("[h_t]_c", "no part"),
    ],
)
def test_what_is_no_matrix(text: str, reason: str) -> None:
    scope = replace(network("lstm", "last").scope(), at={"t": 2, "T": 4})
    with pytest.raises(MeaningError, match=reason):
        meaning(tree(text), scope)
