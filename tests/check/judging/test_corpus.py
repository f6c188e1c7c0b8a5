"""The whole corpus: what is right passes, what is wrong is refuted, and nearly everything is judged."""

from __future__ import annotations

from functools import cache

import pytest

from tests.derivations.corpus import Claim, Derivation, Expected, load
from verify.check.convention import admitted
from verify.check.links import Judged
from verify.check.reading.document import read
from verify.check.result import OPEN, RIGHT, WRONG
from verify.check.search import Asked, Found, found
from verify.jets.field import Modular, random_prime

CORPUS = {derivation.file: derivation for derivation in load()}
JUDGED = 0.95
"""The share of the claims that has to be judged."""


@cache
def searched(file: str, guess: bool = False) -> Found:
    derivation = CORPUS[file]
    network = derivation.network
    names = {} if guess else dict(derivation.names)
    asked = Asked(network.cell, network.wiring, network.activation, network.loss, names)
    reading = read(derivation.path)
    numbers = Modular(random_prime(61))
    return found(reading.claims, asked, numbers, admitted(reading.text.content))


def mark(link: Judged) -> str:
    if link.outcome.impossible is not None or link.alone or link.outcome.holds is False:
        return WRONG
    return RIGHT if link.outcome.holds else OPEN


def marks(derivation: Derivation, guess: bool = False) -> list[tuple[Claim, str]]:
    """Every claim with the mark of its link; claims and links of one line belong together in their order."""
    left = list(searched(derivation.file, guess).links)
    found_ = []
    for claim in derivation.claims:
        spans = ((own, own.right.span) for own in left)
        link = next((own for own, span in spans if span.line <= claim.line <= span.stop[0]), None)
        if link is not None:
            left.remove(link)
        found_.append((claim, OPEN if link is None else mark(link)))
    return found_


def misjudged(derivation: Derivation, guess: bool = False) -> list[tuple[int, str]]:
    return [
        (claim.line, given) for claim, given in marks(derivation, guess)
        if given == (RIGHT if claim.verdict is Expected.WRONG else WRONG)
    ]  # fmt: skip


@pytest.mark.parametrize("file", CORPUS)
def test_marks(file: str) -> None:
    assert misjudged(CORPUS[file]) == []


@pytest.mark.slow
def test_nearly_everything_is_judged() -> None:
    given = [own for derivation in CORPUS.values() for _, own in marks(derivation)]
    assert sum(own != OPEN for own in given) >= JUDGED * len(given)


def test_the_article_is_judged_to_the_line() -> None:
    derivation = CORPUS["source_article.tex"]
    expected = [WRONG if claim.verdict is Expected.WRONG else RIGHT for claim in derivation.claims]
    assert [own for _, own in marks(derivation)] == expected


@pytest.mark.slow
@pytest.mark.parametrize("file", CORPUS)
def test_marks_without_declared_names(file: str) -> None:
    """The letters are guessed."""
    assert misjudged(CORPUS[file], guess=True) == []
