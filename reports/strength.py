"""How much a kind of evidence says, as a number: an error, a probability of failure, a radius."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reports.chapters.worst import worst
from verify.rungs import Rung, rung_of
from verify.verdicts import Evidence, Finding, Verdict


@dataclass(frozen=True)
class Strength:
    """``what`` is measured, and the weakest value among the findings."""

    what: str
    value: float


def strength(findings: Sequence[Finding]) -> Strength | None:
    """Of findings on one rung: the sum of the failure probabilities, the widest radius, or the error that was found.

    Where all of them bound the error of double precision, the largest bound.

    Of several floating-point oracles the sharpest counts, the one whose worst finding has the smallest tolerance.
    """
    if findings and all(finding.claim.startswith("float64.") for finding in findings):
        return Strength("error", max(finding.error or 0.0 for finding in findings))
    failures = [f.failure for f in findings if f.failure is not None]
    radii = [f.radius for f in findings if f.radius is not None]
    if radii:
        return Strength("radius", max(radii))
    if failures:
        return Strength("failure", sum(failures))
    by_oracle: dict[str, list[Finding]] = {}
    for finding in findings:
        by_oracle.setdefault(finding.evidence, []).append(finding)
    measured = [found for found in map(worst, by_oracle.values()) if found.error is not None]
    sharpest = min(measured, key=lambda found: found.tolerance or 0.0, default=None)
    return None if sharpest is None or sharpest.error is None else Strength("error", sharpest.error)


@dataclass(frozen=True)
class Kind:
    """All that one kind of evidence found."""

    rung: Rung
    evidence: str
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> dict[Verdict, int]:
        return {v: n for v in Verdict if (n := sum(f.verdict is v for f in self.findings))}

    @property
    def strength(self) -> Strength | None:
        return strength(self.findings)


def kinds(evidence: Evidence) -> Iterator[Kind]:
    """Rung by rung, from the weakest; of each, in the order in which the kinds of evidence were asked."""
    found: dict[str, list[Finding]] = {}
    for finding in evidence.findings:
        found.setdefault(finding.evidence, []).append(finding)
    for rung in Rung:
        for name, own in found.items():
            if rung_of(name) is rung:
                yield Kind(rung, name, tuple(own))


def by_rung(findings: Iterable[Finding]) -> dict[Rung, list[Finding]]:
    """Apart, from the weakest rung."""
    found: dict[Rung, list[Finding]] = {}
    for finding in findings:
        found.setdefault(rung_of(finding.evidence), []).append(finding)
    return {rung: found[rung] for rung in Rung if rung in found}
