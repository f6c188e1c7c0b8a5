"""The corpus of derivations, right and wrong, as data: what ``expected.json`` says of each file, validated."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
EXPECTED = FOLDER / "expected.json"
LAYOUTS = {
    "numerator": "vectors are columns, a Jacobian has its outputs as rows, a gradient the shape of its parameter",
    "denominator": "vectors are columns, a Jacobian has its outputs as columns",
    "rows": "vectors are rows, weights as PyTorch stores them",
    "rows-transposed": "vectors are rows, weights are transposed",
}
MISCONCEPTIONS = (
    "stale-subscript", "missing-factor", "extra-factor", "product-end", "sum-end", "reversed-product",
    "missing-direct-term", "missing-mean", "transposed", "total-for-partial", "slope-at-wrong-time",
    "factor-inside-product", "unknown-symbol", "wrong-sign", "missing-slope", "wrong-order", "wrong-argument",
)  # fmt: skip
RELATIONS = ("=", r"\equiv", r"\coloneqq", r"\triangleq")


class CorpusError(Exception):
    """``expected.json`` does not fit the files; the text names the file and the place."""


class Expected(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"


@dataclass(frozen=True)
class Claim:
    """One relation sign.  ``line`` is where it stands; claims of one line are in their order on it.

    A ``definition`` introduces a name or repeats the model: it is right, but there is nothing to prove.  ``also`` are
    misconceptions that describe a wrong claim as well.  ``scalar_true`` says that a wrong claim is right for one unit.
    """

    line: int
    verdict: Expected
    definition: bool = False
    misconception: str = ""
    also: tuple[str, ...] = ()
    scalar_true: bool = False
    remark: str = ""


@dataclass(frozen=True)
class Network:
    """What the file speaks of, in the project's names.  ``total`` is "mean" for L = (1/T) Σ ℓ_t, "sum" without 1/T;
    ``zero`` are parameters that are left out; ``scalar`` is a network of one unit."""

    cell: str
    activation: str = ""
    wiring: str = "every"
    total: str = "mean"
    loss: str = "softmax_cross_entropy"
    feedback: bool = False
    scalar: bool = False
    zero: tuple[str, ...] = ()


@dataclass(frozen=True)
class Derivation:
    """One file.  ``names`` say which of the project's names its letters are, as ``bptt check --names`` takes them;
    ``meanings`` say in words what others are, which the file or its habits explain.  ``unjudged`` are places that no
    checker of formulas can judge, and why."""

    file: str
    title: str
    network: Network
    layout: str
    names: Mapping[str, str]
    meanings: Mapping[str, str]
    claims: tuple[Claim, ...]
    unjudged: tuple[tuple[int, str], ...] = field(default=())

    @property
    def path(self) -> Path:
        return FOLDER / self.file

    @property
    def wrong(self) -> tuple[Claim, ...]:
        return tuple(claim for claim in self.claims if claim.verdict is Expected.WRONG)

    @property
    def stated(self) -> tuple[Claim, ...]:
        """The claims that are no definitions."""
        return tuple(claim for claim in self.claims if not claim.definition)


def load() -> list[Derivation]:
    """Every file of the corpus.  Raises CorpusError for an expectation that does not fit its file."""
    found = [_derivation(entry) for entry in json.loads(EXPECTED.read_text(encoding="utf-8"))]
    for derivation in found:
        _validate(derivation)
    files = [derivation.file for derivation in found]
    twice = sorted({file for file in files if files.count(file) > 1})
    if twice:
        raise CorpusError(f"listed twice: {', '.join(twice)}")
    return found


def _derivation(entry: Mapping[str, Any]) -> Derivation:
    network = {**entry["network"], "zero": tuple(entry["network"].get("zero", ()))}
    claims = ({**claim, "verdict": Expected(claim["verdict"])} for claim in entry["claims"])
    return Derivation(
        file=entry["file"],
        title=entry["title"],
        network=Network(**network),
        layout=entry["layout"],
        names=entry["names"],
        meanings=entry["meanings"],
        claims=tuple(Claim(**{**claim, "also": tuple(claim.get("also", ()))}) for claim in claims),
        unjudged=tuple((place["line"], place["why"]) for place in entry.get("unjudged", ())),
    )


def _validate(derivation: Derivation) -> None:
    if not derivation.path.is_file():
        raise CorpusError(f"{derivation.file}: there is no such file")
    if derivation.layout not in LAYOUTS:
        raise CorpusError(f"{derivation.file}: there is no layout '{derivation.layout}'")
    lines = derivation.path.read_text(encoding="utf-8").splitlines()
    places = [claim.line for claim in derivation.claims]
    if places != sorted(places):
        raise CorpusError(f"{derivation.file}: the claims are not in the order of the file")
    for number in sorted(set(places)):
        if not 1 <= number <= len(lines) or relations(lines[number - 1]) < places.count(number):
            raise CorpusError(f"{derivation.file}, line {number}: fewer relations than claims")
    for number, _ in derivation.unjudged:
        if not 1 <= number <= len(lines) or not lines[number - 1].strip():
            raise CorpusError(f"{derivation.file}, line {number}: nothing is there")
    for claim in derivation.claims:
        _validate_claim(claim, f"{derivation.file}, line {claim.line}")


def _validate_claim(claim: Claim, where: str) -> None:
    wrong = claim.verdict is Expected.WRONG
    if wrong != bool(claim.misconception):
        raise CorpusError(f"{where}: a wrong claim, and no other, has a misconception")
    unknown = [key for key in (claim.misconception, *claim.also) if key and key not in MISCONCEPTIONS]
    if unknown:
        raise CorpusError(f"{where}: there is no misconception '{unknown[0]}'")
    if not wrong and (claim.also or claim.scalar_true):
        raise CorpusError(f"{where}: a right claim is not right for one unit only")
    if wrong and claim.definition:
        raise CorpusError(f"{where}: a definition is not wrong")


def relations(line: str) -> int:
    """How many relation signs there are outside braces and brackets, where a sum's first index is."""
    depth = count = 0
    for place, character in enumerate(line):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(character, 0)
        if depth <= 0 and any(line.startswith(sign, place) for sign in RELATIONS):
            count += 1
    return count
