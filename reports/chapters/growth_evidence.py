"""What was checked about the formulas of growth, and how: one small table."""

from __future__ import annotations

from collections.abc import Sequence

from reports.document.blocks import Column, Table
from reports.document.inline import InlineLike
from reports.formula.tree import Atom, Script, row
from verify.verdicts import Finding, Verdict

_GROUPS = (
    ("growth.", "the chain of this cell"), ("linear.", "the linear network"), ("tight.", "when a bound is met"),
    ("powers.", "powers in the eigenvalues"), ("scalar.", "one unit"), ("memory.", "the curse of memory"),
)  # fmt: skip
_SHOWN = (Verdict.PROVED, Verdict.EXACT, Verdict.ENCLOSED, Verdict.AGREED, Verdict.REFUTED, Verdict.NOT_RUN)


def table(findings: Sequence[Finding]) -> Table:
    """A row for every group of claims, a column for every grade that occurs."""
    grades = [grade for grade in _SHOWN if any(finding.verdict is grade for finding in findings)]
    rows: list[tuple[InlineLike, ...]] = []
    for prefix, title in _GROUPS:
        own = [finding for finding in findings if finding.claim.startswith(prefix)]
        if own:
            counts = (str(sum(finding.verdict is grade for finding in own) or "") for grade in grades)
            rows.append((title, *counts))
    columns = (Column("About"), *(Column(grade.value, "right") for grade in grades))
    caption = (
        "Findings about the formulas above. PROVED: the prover, or a theorem of Coq; EXACT: rational matrices, for "
        "which ‖A‖ ≤ s is decided by factorising ",
        row(Script(Atom("s"), None, Atom("2")), "I", "-", Script(Atom("A"), None, Atom("top")), "A"),
        ". ENCLOSED: balls; AGREED: a forward pass, or chance.",
    )
    return Table(columns, tuple(rows), caption=caption, label="tab:growth-formulas")
