"""A counterexample is one: it can be recomputed by hand, and a link that holds has none."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.check.explaining.corpus_links import FILES, judged, link_at, refuted
from verify.check.counterexample import counterexample
from verify.check.explaining.telling import SHOWN, WIDEST
from verify.check.judge import Outcome
from verify.check.result import Counterexample


def at(file: str, line: int) -> tuple[Counterexample, dict[str, Fraction]]:
    found = counterexample(link_at(file, line), judged(file).setting)
    assert found is not None
    numbers = {name: Fraction(value) for name, value in found.given if value[0] not in "(["}
    return found, numbers


def test_a_sign_by_hand() -> None:
    """b_3 + c_3 b_2 − c_3 c_2 a_1, where plus is right: both sides from the numbers that are told."""
    found, own = at("wrong/chain_sign.tex", 3)
    before, last = own["b_{3}"] + own["c_{3}"] * own["b_{2}"], own["c_{3}"] * own["c_{2}"] * own["a_{1}"]
    assert (Fraction(found.left), Fraction(found.right)) == (before + last, before - last)
    assert dict(found.sizes) == {"T": 3, "t": 3, "n": 1}


def test_one_step_and_one_unit_are_enough() -> None:
    found, own = at("wrong/elman_jacobian.tex", 9)
    assert dict(found.sizes) == {"T": 1, "t": 1, "n": 1}
    assert Fraction(found.left) == (1 - own["h_{1}"] ** 2) * own["W_{h}"]
    assert Fraction(found.right) == (1 + own["h_{1}"] ** 2) * own["W_{h}"]


def test_order_needs_two_units() -> None:
    found, _ = at("wrong/elman_jacobian.tex", 4)
    assert dict(found.sizes)["n"] == 2
    assert found.entry.startswith("(")


@pytest.mark.parametrize("file", ["wrong/adjoint.tex", "wrong/gru.tex", "wrong/softmax_cross_entropy.tex"])
def test_readable(file: str) -> None:
    for wrong in refuted(FILES[file]):
        found = counterexample(judged(file).links[wrong.place], judged(file).setting)
        assert found is not None
        assert found.left != found.right
        assert len(found.given) <= SHOWN
        assert all(len(value) <= WIDEST for _, value in found.given)


@pytest.mark.parametrize("file", ["right/expansion.tex", "right/elman_tanh.tex", "right/leaky.tex"])
def test_none_of_what_holds(file: str) -> None:
    """A false alarm here would be a witness against a theorem; it is looked for though the judge says otherwise."""
    own = judged(file)
    doubted = [replace(link, outcome=Outcome(False)) for link in own.links if not link.reading]
    assert doubted
    assert not [link.right.span.line for link in doubted if counterexample(link, own.setting)]


def test_none_without_a_refutation() -> None:
    own = judged("wrong/chain_sign.tex")
    wrong = link_at("wrong/chain_sign.tex", 3)
    assert counterexample(replace(wrong, outcome=Outcome(True)), own.setting) is None
    assert counterexample(link_at("source_article.tex", 22), judged("source_article.tex").setting) is None
