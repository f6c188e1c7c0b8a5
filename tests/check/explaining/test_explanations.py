"""The wrong claims of the corpus are explained as expected; a link that holds is not explained at all."""

from __future__ import annotations

import re
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

import verify.check
from tests.check.explaining.corpus_links import FILES, judged, link_at, refuted
from tests.derivations.corpus import MISCONCEPTIONS
from verify.check.effort import Effort
from verify.check.explaining import explain_all, explained
from verify.check.explaining.links import case_of, right_formulas
from verify.check.explaining.nearest import candidates, kinds, nearest
from verify.check.explaining.trial import MOST
from verify.check.misconceptions import OTHER, TEXTS
from verify.check.reading.document import read

SHARE = 0.9
_CLOCK = re.compile(r"\b(from|import) time\b")
WRONG = [file for file, own in FILES.items() if own.wrong]
FEW = [
    "source_article.tex", "wrong/closed_form_ends.tex", "wrong/closed_form_factors.tex", "wrong/recursion.tex",
    "wrong/elman_jacobian.tex", "wrong/adjoint.tex", "wrong/dots.tex", "wrong/gru.tex",
]  # fmt: skip


def share(files: list[str]) -> tuple[int, int, list[str]]:
    """How many refuted claims have an expected explanation, out of how many; and the others, in words."""
    good, others = 0, []
    for file in files:
        own, wrong = judged(file), list(refuted(FILES[file]))
        found = explain_all(own.links, own.setting, most=MOST * len(wrong))
        for one in wrong:
            explanation = found[one.place]
            assert explanation is not None
            if explanation.misconception in (one.claim.misconception, *one.claim.also):
                good += 1
            else:
                wanted, got = one.claim.misconception, explanation.misconception
                others.append(f"{file}:{one.claim.line}: {got}, expected {wanted}")
    return good, good + len(others), others


def enough(files: list[str]) -> None:
    good, whole, others = share(files)
    sys.stdout.write("\n".join([f"{good} of {whole} explained as expected", *others, ""]))
    assert good >= SHARE * whole, others


def test_some_files() -> None:
    enough(FEW)


@pytest.mark.slow
def test_all_files() -> None:
    enough(WRONG)


@pytest.mark.parametrize(
    ("file", "line", "key", "nearest"),
    [
        ("source_article.tex", 8, "wrong-argument", r"g\left(h_{t}, w_{o}\right)"),
        ("source_article.tex", 22, "unknown-symbol", r"\frac{\partial h_{t}}{\partial w_{h}}"),
        ("wrong/chain_sign.tex", 3, "wrong-sign", "b_{t} + c_{t} b_{t - 1} + c_{t} c_{t - 1} a_{t - 2}"),
        ("wrong/dots.tex", 4, "product-end", r"c_{t} c_{t - 1} \dots  c_{i + 1}"),
    ],
)
def test_the_nearest_formula(file: str, line: int, key: str, nearest: str) -> None:
    own, link = judged(file), link_at(file, line)
    found = explained(link, own.setting, right_formulas(own.links, link))
    assert found is not None
    assert (found.misconception, found.nearest) == (key, nearest)
    assert found.hint and found.answer and found.hint != found.answer


def test_a_mistake_on_the_left_is_told_with_both_sides() -> None:
    found = explained(link_at("wrong/unknown_symbols.tex", 3), judged("wrong/unknown_symbols.tex").setting)
    assert found is not None
    assert found.misconception == "unknown-symbol"
    assert found.nearest.startswith(r"\frac{\partial h_{t}}{\partial w_{h}} = \frac{\partial f")


def test_the_closed_form_of_the_source_is_one_mistake() -> None:
    """All that stands in the product is of step t: that is one edit, not four."""
    found = explained(link_at("source_article.tex", 37), judged("source_article.tex").setting)
    assert found is not None
    assert found.misconception == "stale-subscript"
    assert r"\frac{\partial f\left(x_{j}, h_{j - 1}, w_{h}\right)}{\partial h_{j - 1}}" in found.nearest
    assert r"\frac{\partial f\left(x_{i}, h_{i - 1}, w_{h}\right)}{\partial w_{h}}" in found.nearest


@pytest.mark.parametrize("file", ["right/expansion.tex", "right/elman_tanh.tex"])
def test_what_holds_is_not_explained(file: str) -> None:
    own = judged(file)
    assert set(explain_all(own.links, own.setting)) == {None}


def test_what_no_edit_mends() -> None:
    own = judged("wrong/chain_sign.tex")
    wrong = link_at("wrong/chain_sign.tex", 3)
    nonsense = read(r"$a_t = c_t c_t c_t b_t - 7 b_{t-1} c_t - 3 b_t$", "latex").claims[0].chain[1]
    found = explained(replace(wrong, right=nonsense), own.setting)
    assert found is not None
    assert (found.misconception, found.nearest) == (OTHER, "")


def test_as_much_is_tried_as_is_asked() -> None:
    """And the same each time: what is found does not hang on a clock."""
    own, link = judged("wrong/denominator_layout.tex"), link_at("wrong/denominator_layout.tex", 4)
    spent = []
    for most in (3_000, 3_000, 6_000):
        effort = Effort(most)
        assert nearest(case_of(link, own.setting), effort) is None
        spent.append(effort.spent)
    assert spent[0] == spent[1] < spent[2] < 6_500
    assert spent[0] >= 3_000
    clocks = [path for path in Path(verify.check.__path__[0]).rglob("*.py") if _CLOCK.search(path.read_text("utf-8"))]
    assert not clocks


def test_in_time() -> None:
    """A page with five wrong lines; twice the time, since the machine has others to serve."""
    own = judged("wrong/closed_form_ends.tex")
    begun = time.perf_counter()
    found = explain_all(own.links, own.setting)
    assert sum(one is not None for one in found) == 5
    assert time.perf_counter() - begun < 6


def test_every_kind_of_edit_speaks_the_catalogue() -> None:
    """Their keys are misconceptions, and every misconception is undone by some edit."""
    seen = set()
    for file in ("wrong/adjoint.tex", "wrong/elman_jacobian.tex", "source_article.tex"):
        for wrong in refuted(FILES[file]):
            link = judged(file).links[wrong.place]
            seen |= {own.misconception for own in candidates(case_of(link, judged(file).setting))}
    assert seen <= set(TEXTS)
    assert set(MISCONCEPTIONS) <= seen
    assert len(kinds()) >= 14
