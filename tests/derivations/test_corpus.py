"""The corpus is complete, and its expectations fit its files; and where they do not, that is seen."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.derivations import corpus
from tests.derivations.corpus import FOLDER, MISCONCEPTIONS, CorpusError, Derivation, Expected, load, relations

RIGHT_FILES, WRONG_CLAIMS, OF_EACH_KIND = 45, 65, 2
DERIVATIONS = load()
SUFFIXES = {".tex", ".md"}


def test_every_file_is_listed() -> None:
    there = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.suffix in SUFFIXES}
    assert there == {derivation.file for derivation in DERIVATIONS}


def test_there_is_enough() -> None:
    right = [derivation for derivation in DERIVATIONS if not derivation.wrong]
    assert len(right) >= RIGHT_FILES
    assert all(derivation.file.startswith("right/") for derivation in right)
    assert sum(len(derivation.wrong) for derivation in DERIVATIONS) >= WRONG_CLAIMS
    kinds = Counter(claim.misconception for derivation in DERIVATIONS for claim in derivation.wrong)
    assert set(kinds) == set(MISCONCEPTIONS)
    assert min(kinds.values()) >= OF_EACH_KIND


def test_chains_that_recover() -> None:
    """Chains with a wrong line in the middle and right ones behind it."""
    found = [
        d.file for d in DERIVATIONS if d.file.startswith("wrong/chain_") and d.claims[-1].verdict is Expected.RIGHT
    ]
    assert len(found) >= 4


def test_the_misprints_of_the_source() -> None:
    (article,) = (derivation for derivation in DERIVATIONS if derivation.file == "source_article.tex")
    lines = article.path.read_text(encoding="utf-8").splitlines()
    printed = [lines[claim.line - 1] for claim in article.wrong]
    assert printed[0] == "$$o_t=g(h_t,o_t)$$"
    assert printed[1] == r"$$a_t=\frac{\partial h_t}{\partial w_t}$$"
    assert printed[2] == r"&=b_t+c_t*b_{t-1}+c_t*c_{t-1}*b_{t-2}+c_t*c_{t-1}*a_{t-3}\\"
    assert r"\left(\prod_{j=i+1}^{t}\frac{\partial f(x_t,h_{t-1},w_h)}{\partial h_{j-1}}" in printed[3]
    assert len(printed) == 4
    ((number, _),) = article.unjudged
    assert lines[number - 1].startswith("ReLU is discontinuous at x = 0")


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=lambda derivation: derivation.file)
def test_a_file(derivation: Derivation) -> None:
    text = derivation.path.read_text(encoding="utf-8")
    assert derivation.claims and derivation.stated
    for opening, closing in ("{}", "()", "[]"):
        assert text.count(opening) == text.count(closing)
    assert text.count(r"\begin{") == text.count(r"\end{")
    assert text.count(r"\left") - text.count(r"\leftarrow") == text.count(r"\right")
    assert text.replace(r"\$", "").count("$") % 2 == 0


def _planted(monkeypatch: pytest.MonkeyPatch, folder: Path, change: dict[str, Any], claim: dict[str, Any]) -> None:
    """A corpus of the first file alone, changed."""
    entry = {**json.loads(corpus.EXPECTED.read_text(encoding="utf-8"))[0], **change}
    entry["claims"][0] = {**entry["claims"][0], **claim}
    (folder / "expected.json").write_text(json.dumps([entry]), encoding="utf-8")
    monkeypatch.setattr(corpus, "EXPECTED", folder / "expected.json")


@pytest.mark.parametrize(
    ("change", "claim", "message"),
    [
        ({"file": "right/nothing.tex"}, {}, "no such file"),
        ({"layout": "upside down"}, {}, "no layout"),
        ({"unjudged": [{"line": 4000, "why": ""}]}, {}, "nothing is there"),
        ({}, {"line": 1}, "fewer relations"),
        ({}, {"line": 4000}, "order"),
        ({}, {"misconception": "wrong-sign"}, "and no other"),
        ({}, {"verdict": "wrong"}, "and no other"),
        ({}, {"verdict": "wrong", "misconception": "bad-luck"}, "no misconception"),
        ({}, {"verdict": "wrong", "misconception": "wrong-sign"}, "definition"),
        ({}, {"scalar_true": True}, "one unit"),
    ],
)
def test_a_wrong_expectation_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: dict[str, Any], claim: dict[str, Any], message: str
) -> None:
    _planted(monkeypatch, tmp_path, change, claim)
    with pytest.raises(CorpusError, match=message):
        load()


def test_twice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    entries = json.loads(corpus.EXPECTED.read_text(encoding="utf-8"))[:1]
    (tmp_path / "expected.json").write_text(json.dumps(entries * 2), encoding="utf-8")
    monkeypatch.setattr(corpus, "EXPECTED", tmp_path / "expected.json")
    with pytest.raises(CorpusError, match="twice"):
        load()


def test_relations() -> None:
    assert relations(r"a &= \sum_{i=1}^{t} b_i = c") == 2
    assert relations(r"[k = i] h") == 0
    assert relations(r"a \coloneqq b") == 1
