"""How the findings of ball arithmetic are called, and how to find them again."""

from __future__ import annotations

from collections.abc import Iterable

from derive.indices import T
from verify.verdicts import Finding

NAME = "balls"
FLOAT64 = "float64."
"""What the claims about the float64 gradient start with; the name of the parameter follows."""


def float64_errors(findings: Iterable[Finding]) -> dict[str, Finding]:
    """By parameter, how far its float64 gradient may be from the true one: ``error``, a certified bound.

    Of the longest sequence, where a window of it was judged as well.
    """
    about = [finding for finding in findings if finding.claim.startswith(FLOAT64)]
    ordered = sorted(about, key=lambda finding: finding.sizes[T.name])
    return {finding.claim.removeprefix(FLOAT64): finding for finding in ordered}
