"""The benchmark counts what a checker says of the corpus; a perfect checker and three that are not."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import check_corpus
from tests.derivations.corpus import Claim, Derivation, Expected, load
from verify.check.result import Checked, Explanation, Link, Place
from verify.verdicts import Verdict

DERIVATIONS = [derivation for derivation in load() if derivation.file in ("source_article.tex", "wrong/chain_sign.tex")]
CLAIMS = sum(len(derivation.claims) for derivation in DERIVATIONS)
WRONG = sum(len(derivation.wrong) for derivation in DERIVATIONS)
Says = Callable[[Claim], Verdict | None]


def honest(claim: Claim) -> Verdict:
    return Verdict.REFUTED if claim.verdict is Expected.WRONG else Verdict.EXACT


def tally(monkeypatch: pytest.MonkeyPatch, says: Says, key: str = "") -> check_corpus.Tally:
    """Of a checker that says of each claim what it is told to; None for a claim that it does not read."""

    def check(derivation: Derivation, told: str) -> Checked:
        links = []
        for claim in derivation.claims:
            verdict = says(claim)
            explanation = Explanation(key or claim.misconception, "", "")
            if verdict is not None:
                links.append(Link(Place(claim.line, 1, claim.line, 9), "", verdict, explanation=explanation))
        return Checked(derivation.file, tuple(links))

    monkeypatch.setattr(check_corpus, "check", check)
    return check_corpus.tallied(DERIVATIONS, told=check_corpus.NAMES)


def test_a_perfect_checker(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    found = tally(monkeypatch, honest)
    assert len(found.judged) == CLAIMS
    assert found.count(True, "✗") == WRONG
    assert not found.misjudged
    check_corpus.show(found)
    out = capsys.readouterr().out
    assert f"precision    {WRONG}/{WRONG} (100.0 %)" in out
    assert f"recall       {WRONG}/{WRONG} (100.0 %)" in out
    assert f"explained    {WRONG}/{WRONG} (100.0 %)" in out
    assert "misjudged" not in out


def test_checkers_that_are_not_perfect(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    believing = tally(monkeypatch, lambda claim: Verdict.EXACT)
    assert len(believing.misjudged) == WRONG
    doubting = tally(monkeypatch, lambda claim: Verdict.REFUTED)
    assert len(doubting.misjudged) == CLAIMS - WRONG
    blind = tally(monkeypatch, lambda claim: None if claim.verdict is Expected.WRONG else Verdict.EXACT)
    assert blind.count(True, "?") == WRONG and not blind.misjudged
    check_corpus.show(blind)
    assert f"judged       {CLAIMS - WRONG}/{CLAIMS}" in capsys.readouterr().out
    guessing = tally(monkeypatch, honest, key="missing-mean")
    assert not any(one.explained for one in guessing.judged if one.is_wrong)


def test_a_checker_that_breaks(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(derivation: Derivation, told: str) -> Checked:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(check_corpus, "check", broken)
    monkeypatch.setattr(sys, "argv", [Path(check_corpus.__file__).name, "wrong/chain_sign.tex"])
    assert check_corpus.main() == 1
    assert "broken  wrong/chain_sign.tex  RuntimeError: on purpose" in capsys.readouterr().out
