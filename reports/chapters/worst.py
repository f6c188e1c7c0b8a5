"""The finding that a summary has to show."""

from __future__ import annotations

from collections.abc import Iterable

from verify.verdicts import Finding, Verdict

_ORDER = (Verdict.REFUTED, Verdict.NOT_RUN, Verdict.AGREED, Verdict.ENCLOSED, Verdict.EXACT, Verdict.PROVED)


def worst(findings: Iterable[Finding]) -> Finding:
    """The weakest verdict, then the error nearest to its tolerance."""

    def badness(finding: Finding) -> tuple[int, float]:
        share = (finding.error or 0.0) / finding.tolerance if finding.tolerance else 0.0
        return (-_ORDER.index(finding.verdict), share)

    return max(findings, key=badness)
