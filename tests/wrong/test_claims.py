"""No wrong claim is proved, each right one is, and every refusal gives its reason in one line."""

from __future__ import annotations

import pytest

from derive.prover import Proof, Refusal, prove
from tests.derive.brute_force import fails
from tests.wrong.claims import PAIRS, Pair

EVERY_PAIR = pytest.mark.parametrize("name", PAIRS)


def pair(name: str) -> Pair:
    return PAIRS[name]()


@EVERY_PAIR
def test_the_right_claim_is_proved(name: str) -> None:
    found = prove(pair(name).right)
    assert isinstance(found, Proof), found
    assert found.lines and all(line.strip() and "\n" not in line for line in found.lines)


@EVERY_PAIR
def test_the_wrong_claim_is_refused_with_a_reason(name: str) -> None:
    found = prove(pair(name).wrong)
    assert isinstance(found, Refusal), found
    assert found.reason and "\n" not in found.reason


@EVERY_PAIR
def test_the_wrong_claim_is_false_and_the_right_one_true(name: str) -> None:
    """Else a refusal would show nothing.  The facts of the right claim are true, so it is proved from the truth."""
    claims = pair(name)
    assert fails(claims.right, claims.start) is None
    assert fails(claims.wrong, claims.start) is not None
    facts = [claims.right.known[key] for key in claims.right.method.premises]
    assert all(fails(fact, claims.start) is None for fact in facts)


@EVERY_PAIR
def test_the_pair_differs_in_one_thing(name: str) -> None:
    right, wrong = pair(name).right, pair(name).wrong
    assert type(right.method) is type(wrong.method)
    assert (right.lhs, right.rhs, right.where) != (wrong.lhs, wrong.rhs, wrong.where)


def test_there_are_many() -> None:
    wrong = [pair(name).wrong for name in PAIRS]
    assert len({(w.lhs, w.rhs, w.where) for w in wrong}) >= 60
