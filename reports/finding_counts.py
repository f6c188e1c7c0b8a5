"""How many findings of each grade there are about each group of claims: one small table."""

from __future__ import annotations

from collections.abc import Sequence

from reports.document.blocks import Column, Table
from reports.document.inline import InlineLike
from verify.verdicts import Finding, Verdict

Group = tuple[str, str]
"""How the claims of a group begin, and what it is called."""


def counted(findings: Sequence[Finding], groups: Sequence[Group], caption: InlineLike, label: str) -> Table:
    """A row for every group that there is a finding about, a column for every grade that occurs."""
    grades = [grade for grade in Verdict if any(finding.verdict is grade for finding in findings)]
    rows: list[tuple[InlineLike, ...]] = []
    for prefix, title in groups:
        own = [finding for finding in findings if finding.claim.startswith(prefix)]
        if own:
            counts = (str(sum(finding.verdict is grade for finding in own) or "") for grade in grades)
            rows.append((title, *counts))
    columns = (Column("About"), *(Column(grade.value, "right") for grade in grades))
    return Table(columns, tuple(rows), caption=caption, label=label)
