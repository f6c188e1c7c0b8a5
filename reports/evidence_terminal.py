"""Evidence in a terminal: counts first, then a line for each section and each gradient, then what needs attention."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from derive.run import name_of
from reports.chapters.evidence import worst
from verify.steps import PROOF, VALUES
from verify.verdicts import Evidence, Finding, Verdict

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from reports.material import Material
    from verify.problem import Problem

_STYLES = {
    Verdict.PROVED: "green", Verdict.EXACT: "green", Verdict.ENCLOSED: "green", Verdict.AGREED: "cyan",
    Verdict.REFUTED: "bold red", Verdict.NOT_RUN: "yellow",
}  # fmt: skip


def print_evidence(evidence: Evidence, problem: Problem, console: Console) -> None:
    """Everything, at the width of the terminal."""
    sizes = ", ".join(f"{name}={number}" for name, number in problem.label.items())
    console.print(f"{problem.model.cell.label}, {problem.model.loss.title}; {sizes}\n", highlight=False)
    console.print(_steps(evidence))
    console.print(_gradients(evidence))
    for finding in needing_attention(evidence):
        console.print(attention(finding), style=_STYLES[finding.verdict], highlight=False, markup=False)
    console.print(_counts(evidence), highlight=False)


def needing_attention(evidence: Evidence) -> tuple[Finding, ...]:
    """What is refuted, then what is undecided."""
    return (*evidence.with_verdict(Verdict.REFUTED), *evidence.with_verdict(Verdict.NOT_RUN))


def attention(finding: Finding) -> str:
    """One refuted or undecided claim, with its witness or reason."""
    head = f"{finding.verdict.value}  {finding.claim}" + (f" [{finding.form}]" if finding.form else "")
    said = f"{head} by {finding.evidence}"
    if finding.witness:
        w = finding.witness
        said += f": at {w.where} it claims {_number(w.claimed)}, but {_number(w.found)} is found"
    return said + (f": {finding.reason}" if finding.reason else "")


def _number(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.6g}"


def _counts(evidence: Evidence) -> str:
    shown = (f"[{_STYLES[Verdict(grade)]}]{number} {grade}[/]" for grade, number in evidence.counts().items())
    return f"{len(evidence.findings)} findings: " + ", ".join(shown)


def _table(*columns: str) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column in ("steps", "proved", "error", "tolerance") else "left")
    return table


def _steps(evidence: Evidence) -> Table:
    """A line for each section of the derivation."""
    table = _table("section", "steps", "proved", "error", "tolerance", "values")
    values = [f for f in evidence.findings if f.evidence == VALUES]
    for section in dict.fromkeys(f.claim.partition(".")[0] for f in values):
        own = [f for f in values if f.claim.partition(".")[0] == section]
        proofs = [f for f in evidence.findings if f.evidence == PROOF and f.claim.partition(".")[0] == section]
        proved = sum(f.verdict is Verdict.PROVED for f in proofs)
        table.add_row(section, str(len(own)), f"{proved}/{len(proofs)}" if proofs else "–", *_measured(worst(own)))
    return table


def _gradients(evidence: Evidence) -> Table:
    """A line for each gradient and oracle: the worst of its forms and lags."""
    table = _table("gradient", "evidence", "error", "tolerance", "verdict")
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in evidence.findings:
        kind, _, name = finding.claim.partition(".")
        if finding.evidence not in (PROOF, VALUES) and kind in ("gradient", "lag"):
            what = name if kind == "gradient" else f"{name.rpartition('.')[0]}, each lag"
            groups.setdefault((what or "all", finding.evidence), []).append(finding)
    for (what, oracle), found in sorted(groups.items(), key=lambda item: ("lag" in item[0][0], item[0])):
        table.add_row(what, oracle, *_measured(worst(found)))
    return table


def _measured(finding: Finding) -> Iterable[str]:
    style = _STYLES[finding.verdict]
    numbers = (("" if x is None else f"{x:.1e}") for x in (finding.error, finding.tolerance))
    return (*numbers, f"[{style}]{finding.verdict.value}[/]")


def print_summary(material: Material, written: str, console: Console) -> None:
    """After ``bptt report``: what was derived, what was checked, by which evidence, and where the file is."""
    model = material.model
    parameters = ", ".join(map(name_of, material.problem.sources))
    oracles = dict.fromkeys(f.evidence for f in material.evidence.findings)
    steps = len(material.derivation.steps)
    console.print(f"derived   the gradient of {model.cell.label} in {steps} steps: {parameters}", highlight=False)
    console.print(f"checked   {_counts(material.evidence)}", highlight=False)
    console.print(f"          by {', '.join(name.replace('_', ' ') for name in oracles)}", highlight=False)
    for note in material.notes:
        console.print(f"note      {note}", highlight=False, markup=False)
    for finding in needing_attention(material.evidence):
        console.print(f"          {attention(finding)}", style=_STYLES[finding.verdict], highlight=False, markup=False)
    console.print(f"written   {written}", highlight=False, markup=False, soft_wrap=True)
