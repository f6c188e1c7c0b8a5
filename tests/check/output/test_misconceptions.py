"""The catalogue of misconceptions: complete, in formulas that can be printed, and without telling too early."""

from __future__ import annotations

import pytest

from reports.check_words import parts
from reports.document.inline import Code
from verify.check.misconceptions import OTHER, TEXTS, Text
from verify.check.misconceptions.text import DETAILS

KEYS = {
    "stale-subscript", "missing-factor", "extra-factor", "product-end", "sum-end", "reversed-product",
    "missing-direct-term", "missing-mean", "transposed", "total-for-partial", "slope-at-wrong-time",
    "factor-inside-product", "unknown-symbol", "wrong-sign", "missing-slope", "wrong-order", "wrong-argument", OTHER,
}  # fmt: skip
SAMPLES = {
    "symbol": "h_t", "right": r"\frac{\partial f_j}{\partial w}", "factor": "c_{t-2}", "term": "a_{t-3}",
    "index": "j", "outer": "t", "end": "t-1", "function": r"\phi",
}  # fmt: skip


def test_the_catalogue_is_complete() -> None:
    assert set(TEXTS) >= KEYS
    assert set(SAMPLES) == set(DETAILS)


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_there_is_something_to_say_whatever_is_known(key: str) -> None:
    own = TEXTS[key]
    for details in ({}, SAMPLES, *({name: value} for name, value in SAMPLES.items())):
        for words in (own.hint(**details), own.answer(**details)):
            assert words[-1] in ".?" and "{symbol}" not in words and words.count("$") % 2 == 0
            assert not any(isinstance(part, Code) for part in parts(words)), "a formula that cannot be printed"


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_a_hint_does_not_tell(key: str) -> None:
    assert SAMPLES["right"] not in TEXTS[key].hint(**SAMPLES)


def test_what_is_not_known_is_not_said() -> None:
    own = TEXTS["missing-factor"]
    assert "a_{t-3}" in own.hint(term="a_{t-3}") and "$" not in own.hint() and own.hint(term="") == own.hint()
    assert "c_{t-2}" in own.answer(factor="c_{t-2}") and "in front" not in own.answer(factor="c_{t-2}")


def test_a_detail_is_never_read_as_a_blank() -> None:
    assert "{factor}" in TEXTS["unknown-symbol"].hint(symbol="{factor}")


@pytest.mark.parametrize("hints", [(), ("{symbol}",), ("{colour}", "plain")])
def test_a_text_without_general_words_is_refused(hints: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="planted"):
        Text("planted", "planted", hints, ("plain",))
