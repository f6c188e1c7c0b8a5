"""Formulas that are right in every network of their kind, and the same with an error planted."""

from __future__ import annotations

import re

import pytest

from tests.check.judging.formulas import holds, network, searched, tree
from verify.check.convention import Convention, Vectors, admitted
from verify.check.naming import split
from verify.check.reading.tree import Name

PAIRS = r"""
D[h_t|h_{t-1}] = \operatorname{diag}(1-h_t^2) W_h            D[h_t|h_{t-1}] = \operatorname{diag}(1-h_{t-1}^2) W_h
D[h_t|h_i] = \prod_{j=i+1}^{t} c_j                          D[h_t|h_i] = \prod_{j=i}^{t} c_j
D[h_t|h_i] = \prod_{j=t}^{i+1} c_j                          D[h_t|h_i] = \prod_{j=t}^{i} c_j
D[h_t|h_i] = c_t c_{t-1} \cdots c_{i+1}                     D[h_t|h_i] = c_{i+1} \cdots c_t
D[h_t|h_{t-2}] = D[h_t|z_t] W_h c_{t-1}                     D[h_t|h_{t-2}] = D[h_t|z_t] W_h c_t
o_t = \operatorname{softmax}(s_t)                           o_t = \operatorname{softmax}(s_{t-1})
\ell_t = -y_t^\top \log o_t                                 \ell_t = y_t^\top \log o_t
\mathbf{1}^\top y_t = 1                                     \mathbf{1}^\top s_t = 1
D[h_0|h_0] = I                                              D[h_1|h_0] = I
D[\ell_t|W_o] = (o_t - y_t) \otimes h_t                     D[\ell_t|W_o] = h_t \otimes (o_t - y_t)
D[s_{t,i}|(W_o)_{jk}] = \delta_{ij} h_{t,k}                 D[s_{t,i}|(W_o)_{jk}] = \delta_{ik} h_{t,j}
D[L|W_h] = \sum_{t=1}^{T} D[L|W_h^{(t)}]                    D[L|W_h] = \sum_{t=2}^{T} D[L|W_h^{(t)}]
\bar{h}_t = D[L|h_t]                                 \bar{h}_t = T D[L|h_t]
D[h_t|w_h] = \frac{\partial^+ h_t}{\partial w_h} + c_t D[h_{t-1}|w_h]   D[h_t|w_h] = D[h_t|w_h] + c_t D[h_{t-1}|w_h]
s_{t,i} = \sum_{j=1}^{n} (W_o)_{ij} h_{t,j} + b_{o,i}        s_{t,i} = \sum_{j=1}^{n} (W_o)_{ji} h_{t,j} + b_{o,i}
h_t = f(x_t, f(x_{t-1}, h_{t-2}, w_h), w_h)                 h_t = f(x_t, f(x_t, h_{t-2}, w_h), w_h)
a_t = b_t + c_t b_{t-1} + \cdots + c_t \cdots c_2 b_1   a_t = b_t + c_t b_{t-1} + \cdots + c_t \cdots c_1 b_1
"""
"""What is right, and, after some space, the same with an error; D[A|B] is short for a fraction of two ∂."""


def pairs() -> list[tuple[str, ...]]:
    return [tuple(re.split(r"\s{3,}", line.strip())) for line in PAIRS.splitlines() if line]


@pytest.mark.parametrize(("right", "wrong"), pairs())
def test_right_and_wrong(right: str, wrong: str) -> None:
    assert holds(right) == [True]
    assert holds(wrong) == [False]


@pytest.mark.parametrize("name", ["w_t", "W_{h,t}"])
def test_a_weight_has_no_step(name: str) -> None:
    assert holds(rf"\frac{{\partial h_t}}{{\partial {name}}} = c_t") == [False]


def test_what_nobody_knows_is_not_judged() -> None:
    assert holds(r"h_t = \operatorname{diag}(q) W_h h_{t-1}") == [None]


def test_a_function_of_something_else() -> None:
    assert holds(r"\frac{\partial f(x_t, h_{t-1}, w_h)}{\partial q_{t-1}} = c_t") == [False]


def test_layouts() -> None:
    formula = r"D[h_t|h_{t-1}] = W_h^\top \operatorname{diag}(1-h_t^2)"
    assert holds(formula) == [False]
    assert holds(formula, convention=Convention(denominator=True)) == [True]
    chain = r"D[h_t|h_{t-2}] = D[h_{t-1}|h_{t-2}] D[h_t|h_{t-1}]"
    assert holds(chain) == [False]
    assert holds(chain, convention=Convention(denominator=True)) == [True]


def test_rows() -> None:
    formula = r"h_t = \tanh(h_{t-1} W_h^\top + x_t W_i^\top + b^\top)"
    assert holds(formula) == [False]
    assert holds(formula.replace(r"b^\top", "b"), convention=Convention(Vectors.ROWS)) == [True]
    turned = formula.replace(r"^\top", "")
    assert holds(turned, convention=Convention(Vectors.ROWS_TURNED)) == [True]


def test_a_text_says_its_layout() -> None:
    assert all(own.denominator for own in admitted("In denominator layout,"))
    assert all(own.vectors is not Vectors.COLUMNS for own in admitted("All vectors are rows here."))
    assert len(admitted("nothing of it")) == 12


@pytest.mark.parametrize(("text", "key", "count"), [
    ("W_{hh}", "W_hh", 0), ("h_{t-1}", "h", 1), ("u_{f,t}", "u_f", 1), ("W_i", "W_i", 0), ("h^{e}_t", "h^e", 1),
    (r"\hat{y}_t", "y^", 1), ("h^{(t)}", "h", 1), ("W_{ij}", "W", 2),
])  # fmt: skip
def test_names_are_taken_apart(text: str, key: str, count: int) -> None:
    name = tree(text)
    assert isinstance(name, Name)
    found = split(name, {"W", "W_hh", "W_i", "h", "h^e", "u_f", "y^"})
    assert (found.key, len(found.indices)) == (key, count)


def test_one_unit() -> None:
    text = r"$$ \frac{d h_t}{d w} = (1-h_t^2) \left( h_{t-1} + w \frac{d h_{t-1}}{d w} \right) $$"
    result = searched(text)
    assert result.setting.scalar
    assert [own.outcome.holds for own in result.links] == [True]
    wrong = searched(text.replace("h_{t-1} +", "h_t +"))
    assert [own.outcome.holds for own in wrong.links] == [False]


def test_the_order_counts_where_sizes_fit() -> None:
    """A reversed product is true of one unit; that is no reason to take one unit for meant."""
    result = searched(r"$$ D[h_t|h_{t-2}] = c_{t-1} c_t $$ $$ a_t = b_t + c_t a_{t-1} $$")
    assert not result.setting.scalar
    assert [own.alone for own in result.links] == [True, False]


@pytest.mark.parametrize("total", [r"\frac{1}{T}", ""])
def test_the_loss_is_what_the_file_says(total: str) -> None:
    factor = {r"\frac{1}{T}": r"\frac{1}{T}", "": ""}[total]
    text = rf"$$ L = {total} \sum_{{t=1}}^T \ell_t $$ $$ D[L|W_o] = {factor} \sum_{{t=1}}^T (o_t - y_t) h_t^\top $$"
    assert [own.outcome.holds for own in searched(text).links] == [True, True]
    other = rf"D[L|W_o] = 2 {factor}"
    wrong = text.replace(rf"D[L|W_o] = {factor}", other)
    assert [own.outcome.holds for own in searched(wrong).links] == [True, False]


def test_a_number_of_the_file_is_found() -> None:
    from verify.check.search import Asked

    forward = r"$$ h_t = (1-\beta) h_{t-1} + \beta \tanh(W h_{t-1} + U x_t + b) $$"
    jacobian = r"$$ D[h_t|h_{t-1}] = (1-\beta) I + \beta \operatorname{diag}(1-\tanh^2(W h_{t-1} + U x_t + b)) W $$"
    asked = Asked("leaky", names={"W": "W_h", "U": "W_i"})
    assert [own.outcome.holds for own in searched(forward + jacobian, asked).links] == [True, True]
    wrong = jacobian.replace(r"(1-\beta) I", r"\beta I")
    assert [own.outcome.holds for own in searched(forward + wrong, asked).links] == [True, False]


def test_nothing_escapes() -> None:
    assert holds(r"h_t = \frac{1}{0} h_t") == [None]
    assert network().network.whole.absent == frozenset()
