"""What is proved of the corpus, and that nothing wrong is: no wrong claim of it, and no right one that is spoiled."""

from __future__ import annotations

import pytest

from tests.check.proving.links import CORPUS, Case, cases, spoiled
from verify.check.links import best
from verify.check.proving.proofs import proof_of
from verify.check.reading.tree import Tree

PROVED = 90
"""As many right claims of the corpus have a proof, at least; most of the others speak of tanh, W x and numbers."""
FILES = ("right/expansion.tex", "right/closed_form.tex", "right/recursion.tex", "right/double_sum.tex")
"""All of whose claims are proved, but those that say what the network is."""


def test_the_article_is_proved_where_it_is_right() -> None:
    lines = {case.claim.line for case in cases("source_article.tex") if case.reason}
    assert {14, 15, 19, 23, 24, 25, 27, 28, 29, 31, 34} >= lines >= {14, 15, 19, 27, 28, 29, 31, 34}


@pytest.mark.parametrize("file", FILES)
def test_proved_to_the_line(file: str) -> None:
    open_ = [case.claim.line for case in cases(file) if not case.reason and not case.claim.definition]
    assert open_ == []


@pytest.mark.slow
def test_how_much_is_proved() -> None:
    assert sum(bool(case.reason) for file in CORPUS for case in cases(file) if case.is_right) >= PROVED


@pytest.mark.parametrize("file", CORPUS)
def test_nothing_wrong_is_proved(file: str) -> None:
    """Not even without the judge."""
    assert [(case.claim.line, case.reason) for case in cases(file) if case.reason and not case.is_right] == []


@pytest.mark.parametrize("file", CORPUS)
def test_spoiled_claims_are_proved_only_where_they_hold(file: str) -> None:
    """A change may leave a claim true; then the judge says so too, by numbers."""
    proved = [
        (case, tree) for case in cases(file) if case.reason
        for tree in dict.fromkeys(spoiled(case.link.right.tree))
        if proof_of(case.link.left.tree, tree, case.setting)
    ]  # fmt: skip
    assert [(case.claim.line, tree) for case, tree in proved if not holds(case, tree)] == []


def holds(case: Case, tree: Tree) -> bool:
    outcome, alone, _ = best(case.link.left.tree, tree, case.setting)
    return bool(outcome.holds) and not alone
