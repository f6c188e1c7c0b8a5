"""The whole corpus: what is right passes, what is wrong is refuted, and nearly everything is judged."""

from __future__ import annotations

from functools import cache

import pytest

from tests.derivations.corpus import Claim, Derivation, Expected, load
from verify.check.check import check_file
from verify.check.result import OPEN, RIGHT, WRONG, Checked, Link
from verify.check.search import Asked

CORPUS = {derivation.file: derivation for derivation in load()}
JUDGED = 0.95
"""The share of the claims that has to be judged."""


@cache
def checked(file: str, guess: bool = False) -> Checked:
    derivation = CORPUS[file]
    network = derivation.network
    names = {} if guess else dict(derivation.names)
    asked = Asked(network.cell, network.wiring, network.activation, network.loss, names)
    return check_file(derivation.path, asked)


def marks(derivation: Derivation, guess: bool = False) -> list[tuple[Claim, str]]:
    """Every claim with the mark of its link; claims and links of one line belong together in their order."""
    left: list[Link] = list(checked(derivation.file, guess).links)
    found = []
    for claim in derivation.claims:
        link = next((own for own in left if own.place.line <= claim.line <= own.place.end_line), None)
        if link is not None:
            left.remove(link)
        found.append((claim, OPEN if link is None else link.mark))
    return found


def misjudged(derivation: Derivation, guess: bool = False) -> list[tuple[int, str]]:
    return [
        (claim.line, mark) for claim, mark in marks(derivation, guess)
        if mark == (RIGHT if claim.verdict is Expected.WRONG else WRONG)
    ]  # fmt: skip


@pytest.mark.parametrize("file", CORPUS)
def test_marks(file: str) -> None:
    assert misjudged(CORPUS[file]) == []


def test_nearly_everything_is_judged() -> None:
    found = [mark for derivation in CORPUS.values() for _, mark in marks(derivation)]
    assert sum(mark != OPEN for mark in found) >= JUDGED * len(found)


def test_the_article_is_judged_to_the_line() -> None:
    derivation = CORPUS["source_article.tex"]
    expected = [WRONG if claim.verdict is Expected.WRONG else RIGHT for claim in derivation.claims]
    assert [mark for _, mark in marks(derivation)] == expected


@pytest.mark.slow
@pytest.mark.parametrize("file", CORPUS)
def test_marks_without_declared_names(file: str) -> None:
    """The letters are guessed."""
    assert misjudged(CORPUS[file], guess=True) == []
