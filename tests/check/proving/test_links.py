"""Single links: what is translated, where it is claimed, and what is refused."""

from __future__ import annotations

import pytest

from verify.check.check import check
from verify.check.convention import Convention
from verify.check.proving import PROOF, all_proved, proofs
from verify.check.proving.proofs import proof_of
from verify.check.proving.solution import RECURRENCE
from verify.check.reading.document import read
from verify.check.search import Asked, found
from verify.jets.field import Modular
from verify.verdicts import Verdict

_PRIME = 2305843009213693951
_A, _W = r"\frac{\partial h_t}{\partial w_h}", r"\frac{\partial L}{\partial w_h}"
_CLOSED = r"\left(\prod_{j=i+1}^{t} c_j\right) b_i"
_FROM_THREE = r"\left(\prod_{j=3}^{t} c_j\right)"
_CONTEXT = r"\[ h_t = f(x_t,h_{t-1},w_h) \] \[ L = \frac{1}{T} \sum_{t=1}^{T} \ell(y_t, o_t) \]"


def reason(left: str, right: str, denominator: bool = False) -> str:
    """Without asking the judge."""
    text = f"{_CONTEXT} \\[ {left} = {right} \\]"
    layout = Convention(denominator=denominator)
    result = found(read(text.encode(), "latex").claims, Asked(), Modular(_PRIME), (layout,))
    link = result.links[-1]
    return proof_of(link.left.tree, link.right.tree, result.setting)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (_A, r"b_t + c_t b_{t-1} + c_t c_{t-1} b_{t-2} + \cdots + c_t c_{t-1} \cdots c_2 b_1"),
        (r"\frac{\partial h_t}{\partial h_i}", r"c_t c_{t-1} \cdots c_{i+1}"),
        (r"\frac{\partial h_t}{\partial h_i}", r"\prod_{j=i+1}^{t} \frac{\partial h_j}{\partial h_{j-1}}"),
        (_A, rf"\sum_{{i=1}}^{{t}} {_CLOSED}"),
        (_A, rf"\sum_{{i=2}}^{{t}} {_CLOSED} + \left(\prod_{{j=2}}^{{t}} c_j\right) b_1"),
        (_A, rf"\sum_{{i=3}}^{{t}} {_CLOSED} + {_FROM_THREE} b_2 + {_FROM_THREE} c_2 b_1"),
        ("a_t", r"b_t + c_t b_{t-1} + c_t c_{t-1} b_{t-2} + c_t c_{t-1} c_{t-2} a_{t-3}"),
        (_W, r"\frac{1}{T} \sum_{i=1}^{T} \sum_{t=i}^{T} \frac{\partial \ell_t}{\partial h_t}" + _CLOSED),
        (r"\frac{\partial L}{\partial h_t}", r"\frac{1}{T} \sum_{s=t}^{T} \frac{\partial \ell_s}{\partial h_t}"),
    ],
)  # fmt: skip
def test_proved(left: str, right: str) -> None:
    assert reason(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (_A, r"b_t + c_t b_{t-1} + c_t c_{t-1} b_{t-2} + \cdots + c_t c_{t-1} \cdots c_1 b_1"),
        (_A, r"b_t + c_t b_{t-1} + c_{t-1} c_t b_{t-2} + \cdots + c_t c_{t-1} \cdots c_2 b_1"),
        (r"\frac{\partial h_t}{\partial h_i}", r"c_{i+1} c_{i+2} \cdots c_t"),
        (r"\frac{\partial h_t}{\partial h_i}", r"c_t c_{t+1} \cdots c_{i+1}"),
        (r"\frac{\partial h_t}{\partial h_i}", r"c_t c_{t-1} \cdots c_i"),
        (r"\frac{\partial h_t}{\partial h_i}", r"\prod_{j=i}^{t} c_j"),
        (_A, rf"\sum_{{i=0}}^{{t}} {_CLOSED}"),
        (_A, rf"\sum_{{i=1}}^{{t-1}} {_CLOSED}"),
        (_A, rf"\sum_{{i=1}}^{{T}} {_CLOSED}"),
        (_A, rf"\sum_{{i=3}}^{{t}} {_CLOSED} + \left(\prod_{{j=2}}^{{t}} c_j\right) b_1"),
        ("a_t", r"b_t + c_t b_{t-1} + c_t c_{t-1} b_{t-2} + c_t c_{t-1} a_{t-3}"),
        ("a_t", "b_t + a_{t-1} c_t"),
        ("a_t", "b_t + c_t^2 a_{t-1}"),
        (_W, r"\sum_{i=1}^{T} \sum_{t=i}^{T} \frac{\partial \ell_t}{\partial h_t}" + _CLOSED),
        (_W, r"\frac{1}{T} \sum_{i=1}^{T} \sum_{t=1}^{T} \frac{\partial \ell_t}{\partial h_t}" + _CLOSED),
        (r"\frac{\partial L}{\partial h_t}", r"\frac{1}{T} \sum_{s=1}^{t} \frac{\partial \ell_s}{\partial h_t}"),
    ],
)  # fmt: skip
def test_not_proved(left: str, right: str) -> None:
    assert reason(left, right) == ""


def test_the_layout_says_in_which_order_factors_stand() -> None:
    for right in (r"c_{i+1} c_{i+2} \cdots c_t", r"\prod_{j=i+1}^{t} c_j"):
        assert reason(r"\frac{\partial h_t}{\partial h_i}", right, denominator=True)
    assert not reason(r"\frac{\partial h_t}{\partial h_i}", r"c_t c_{t-1} \cdots c_{i+1}", denominator=True)
    assert reason("a_t", "b_t + a_{t-1} c_t", denominator=True)
    assert not reason("a_t", "b_t + c_t a_{t-1}", denominator=True)


def test_what_the_proof_rests_on_is_told() -> None:
    assert reason("a_t", "b_t + c_t (b_{t-1} + c_{t-1} a_{t-2})").endswith(RECURRENCE)
    assert RECURRENCE not in reason(_W, r"\frac{1}{T} \sum_{t=1}^{T} \frac{\partial \ell_t}{\partial w_h}")


def test_the_front_door_takes_the_proof_as_the_verdict() -> None:
    checked = check((_CONTEXT + r"\[ a_t = b_t + c_t a_{t-1} = b_t + a_{t-1} c_t \]").encode(), kind="latex")
    right, wrong = checked.links[-2:]
    assert (right.verdict, [own.evidence for own in right.findings]) == (Verdict.PROVED, ["free jets", PROOF])
    assert (wrong.verdict, [own.evidence for own in wrong.findings]) == (Verdict.REFUTED, ["free jets"])


def test_a_network_with_two_states_has_no_such_recurrence() -> None:
    result = found(read(rb"\[ a_t = b_t + c_t a_{t-1} \]", "latex").claims, Asked("lstm"), Modular(_PRIME))
    assert all_proved(result.links, result.setting) == (None,)


def test_without_effort_there_is_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "FILE", 0)
    result = found(read(rb"\[ a_t = b_t + c_t a_{t-1} \]", "latex").claims, Asked(), Modular(_PRIME))
    assert all_proved(result.links, result.setting) == (None,)
