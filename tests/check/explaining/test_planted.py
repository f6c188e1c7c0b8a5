"""Right formulas of the corpus, broken by a random edit of the catalogue: what is proposed is right again."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from tests.check.explaining.corpus_links import judged
from verify.check.explaining.candidate import Candidate
from verify.check.explaining.case import Case
from verify.check.explaining.links import case_of, is_refuted
from verify.check.explaining.nearest import candidates, nearest
from verify.check.links import Judged, best
from verify.check.reading.document import Member

FILES = (
    "right/closed_form.tex", "right/elman_tanh.tex", "right/expansion.tex", "right/adjoint.tex", "right/recursion.tex",
    "right/double_sum.tex", "right/lstm_memory.tex", "right/gru_gates.tex", "right/squared_error.tex",
    "right/three_factors.tex", "right/course_uvw.tex", "right/index_form.tex",
)  # fmt: skip
UNDONE = {
    "extra-factor": {"missing-factor", "missing-slope", "missing-mean", "total-for-partial"},
    "missing-factor": {"extra-factor", "missing-factor"},  # an exponent one less is mended by one more
    "missing-slope": {"extra-factor"},
    "missing-mean": {"extra-factor", "missing-mean"},
    "stale-subscript": {"stale-subscript", "wrong-argument", "product-end", "slope-at-wrong-time"},
    "slope-at-wrong-time": {"slope-at-wrong-time"},
    "wrong-argument": {"wrong-argument", "stale-subscript", "unknown-symbol"},
    "reversed-product": {"reversed-product", "wrong-order"},
    "wrong-order": {"wrong-order", "transposed", "reversed-product"},
    "factor-inside-product": {"factor-inside-product"},
    "unknown-symbol": {"unknown-symbol"},
}
"""What undoes an edit; the others undo themselves.  An added term is undone by none: nobody adds one by mistake."""
SKIPPED = frozenset({"missing-direct-term", "total-for-partial"})
EACH, SHARE = 2, 0.75


@dataclass(frozen=True)
class Planted:
    """A link with a planted mistake, refuted."""

    edit: Candidate
    link: Judged
    case: Case


def planted(file: str, rng: random.Random, each: int) -> Iterator[Planted]:
    """For every right line of a file, mistakes of different kinds."""
    own = judged(file)
    for link in own.links:
        if link.is_definition or link.alone or not link.outcome.holds:
            continue
        by_kind: dict[str, list[Candidate]] = {}
        for edit in candidates(case_of(link, own.setting)):
            by_kind.setdefault(edit.misconception, []).append(edit)
        chosen = rng.sample(sorted(by_kind.keys() - SKIPPED), min(each, len(by_kind.keys() - SKIPPED)))
        for key in chosen:
            edit = rng.choice(by_kind[key])
            outcome, alone, _ = best(link.left.tree, edit.tree, own.setting)
            wrong = replace(link, right=Member(edit.tree, link.right.span), outcome=outcome, alone=alone)
            if is_refuted(wrong) and outcome.impossible is None:
                chain = replace(wrong.claim, chain=(wrong.left, wrong.right))
                wrong = replace(wrong, claim=chain)
                yield Planted(edit, wrong, case_of(wrong, own.setting))


def measured(files: tuple[str, ...], each: int, seed: int) -> tuple[Counter[str], list[str]]:
    """How many mistakes were planted, mended, and called by a name that fits; and proposals that are not right."""
    rng, count, false = random.Random(seed), Counter[str](), list[str]()
    for file in files:
        for one in planted(file, rng, each):
            count["planted"] += 1
            found = nearest(one.case)
            if found is None:
                continue
            count["mended"] += 1
            count["named"] += found.misconception in UNDONE.get(one.edit.misconception, {one.edit.misconception})
            if not _is_right(one, found):
                false.append(f"{file}:{one.link.right.span.line} {one.edit.misconception}: {found.tree}")
    sys.stdout.write("\n".join([str(dict(count)), *false, ""]))
    return count, false


def _is_right(one: Planted, found: Candidate) -> bool:
    """By the judge of links, which knows nothing of candidates: in the place of either side."""
    pairs = ((one.link.left.tree, found.tree), (found.tree, one.link.right.tree))
    judged_ = [best(*pair, one.case.setting) for pair in pairs]
    return any(outcome.holds and not alone for outcome, alone, _ in judged_)


def enough(files: tuple[str, ...], each: int, seed: int) -> None:
    count, false = measured(files, each, seed)
    assert not false
    assert count["planted"] > 3 * len(files) * each // 4
    assert count["mended"] >= SHARE * count["planted"]
    assert count["named"] >= SHARE * count["mended"]


def test_some() -> None:
    enough(FILES[:6], 1, seed=1)


@pytest.mark.slow
def test_many() -> None:
    enough(FILES, EACH, seed=2)


def test_a_false_proposal_would_be_seen() -> None:
    """The wrong formula itself, proposed as the right one."""
    one = next(planted("right/expansion.tex", random.Random(3), 1))
    assert not _is_right(one, replace(one.edit, tree=one.link.right.tree))
