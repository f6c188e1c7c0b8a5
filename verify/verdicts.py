"""Graded evidence.  The grades are never merged into one "verified"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What a piece of evidence says, and how strongly."""

    PROVED = "PROVED"
    EXACT = "EXACT"
    ENCLOSED = "ENCLOSED"
    AGREED = "AGREED"
    REFUTED = "REFUTED"
    NOT_RUN = "NOT RUN"

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    Verdict.PROVED: "the rewriting holds for every t, T and n; it cannot say that the code implements it",
    Verdict.EXACT: "an identity in exact arithmetic at the stated sizes; it cannot speak of other sizes",
    Verdict.ENCLOSED: "two rigorous enclosures overlap within the stated radius; it cannot speak of other points",
    Verdict.AGREED: "floating point agrees within a derived tolerance; blind to kinks, saturation and shared bugs",
    Verdict.REFUTED: "false, with a witness",
    Verdict.NOT_RUN: "not decided, for the stated reason; never counted as a pass",
}


@dataclass(frozen=True)
class Witness:
    """Where two sides differ: the indices, and what each side gives there."""

    where: str
    claimed: float | str
    found: float | str


@dataclass(frozen=True)
class Finding:
    """One claim, judged by one kind of evidence.

    ``claim`` is a step's key ("adjoint.recursion") or a gradient ("gradient.W_h", "lag.W_h.3"); ``form`` is the order
    of evaluation that was judged, where there is one.  ``error`` and ``tolerance`` are relative to ``scale``, the
    largest entry of the block that was compared.  ``failure`` is the probability that the same would be said of a false
    claim; ``radius``, relative to ``scale``, that of a rigorous enclosure; ``theorem`` names the theorem that the claim
    is an instance of.
    """

    claim: str
    evidence: str
    verdict: Verdict
    form: str = ""
    error: float | None = None
    tolerance: float | None = None
    scale: float | None = None
    failure: float | None = None
    radius: float | None = None
    reason: str = ""
    witness: Witness | None = None
    sizes: dict[str, int] = field(default_factory=dict)
    theorem: str = ""

    def as_json(self) -> dict[str, Any]:
        """The finding as plain data, without empty fields."""
        data = {**asdict(self), "verdict": self.verdict.value}
        return {name: value for name, value in data.items() if value not in ("", None, {})}


@dataclass(frozen=True)
class Evidence:
    """All findings about one derivation.

    ``left_out`` says, as findings that were NOT RUN, which optional oracles had nothing to say and were not asked for
    by name: they count neither for nor against.
    """

    findings: tuple[Finding, ...]
    left_out: tuple[Finding, ...] = ()

    def with_verdict(self, verdict: Verdict) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.verdict is verdict)

    def about(self, claim: str) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.claim == claim)

    def counts(self) -> dict[str, int]:
        """How many findings of each grade, in the order of the grades."""
        return {v.value: n for v in Verdict if (n := len(self.with_verdict(v)))}

    @property
    def exit_code(self) -> int:
        """0 all claims hold, 1 something is refuted, 3 nothing refuted but something was not run, or nothing at all."""
        if self.with_verdict(Verdict.REFUTED):
            return 1
        return 3 if self.with_verdict(Verdict.NOT_RUN) or not self.findings else 0


def merged(parts: Iterable[Iterable[Finding]]) -> Evidence:
    return Evidence(tuple(finding for part in parts for finding in part))
