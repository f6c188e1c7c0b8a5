"""What was checked about the formulas of growth, and how: one small table."""

from __future__ import annotations

from collections.abc import Sequence

from reports.document.blocks import Table
from reports.finding_counts import counted
from reports.formula.tree import Atom, Script, row
from verify.verdicts import Finding

_GROUPS = (
    ("growth.", "the chain of this cell"), ("linear.", "the linear network"), ("tight.", "when a bound is met"),
    ("powers.", "powers in the eigenvalues"), ("scalar.", "one unit"), ("memory.", "the curse of memory"),
)  # fmt: skip


def table(findings: Sequence[Finding]) -> Table:
    """A row for every group of claims, a column for every grade that occurs."""
    caption = (
        "Findings about the formulas above. PROVED: the prover, or a theorem of Coq; EXACT: rational matrices, for "
        "which ‖A‖ ≤ s is decided by factorising ",
        row(Script(Atom("s"), None, Atom("2")), "I", "-", Script(Atom("A"), None, Atom("top")), "A"),
        ". ENCLOSED: balls; AGREED: a forward pass, or chance.",
    )
    return counted(findings, _GROUPS, caption, "tab:growth-formulas")
