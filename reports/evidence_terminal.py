"""Evidence in a terminal: counts first, then a line for each section and each gradient, then what needs attention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from derive import registry
from derive.run import name_of
from reports.evidence_tables import STYLES, counted, tables
from reports.wording import short_name
from verify.rungs import ORACLES
from verify.verdicts import Evidence, Finding, Verdict

if TYPE_CHECKING:
    from rich.console import Console

    from reports.material import Material
    from verify.problem import Problem

_LEGEND = (
    "Floating: the error that the sharpest oracle found, relative to the largest entry of the block. Exact: the "
    "probability that a false claim would have passed. Enclosed: the relative radius of the enclosure. –: not judged. "
    "--json has every finding, each with its tolerance."
)
_MOST_LINES = 12
_MOST_NAMES = 3


def print_evidence(evidence: Evidence, problem: Problem, console: Console) -> None:
    """Everything, at the width of the terminal."""
    sizes = ", ".join(f"{name}={number}" for name, number in problem.label.items())
    console.print(f"{short_name(problem.model)}; {problem.model.title}; {sizes}", highlight=False)
    for reason, count in Counter(problem.redrawn).items():
        console.print(f"drawn again {count} time{'s' * (count > 1)}: {reason}", style="dim", highlight=False)
    console.print()
    for table in tables(evidence, console.width):
        console.print(table)
        console.print()
    console.print(_LEGEND + "\n", style="dim", highlight=False)
    _print_attention(evidence, console)
    console.print(counted(evidence), highlight=False)
    for group in _alike(evidence.left_out):
        asked = " (--oracle asks for it)" if group[0].evidence in registry.names(ORACLES) else ""
        said = f"{_undecided(group)}; not counted{asked}"
        console.print(said, style="dim", highlight=False, markup=False)


def _alike(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Those of one evidence with one reason, together."""
    alike: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        alike.setdefault((finding.evidence, finding.reason), []).append(finding)
    return list(alike.values())


def _print_attention(evidence: Evidence, console: Console, indent: str = "") -> None:
    """A line for each refuted finding, and one for all that are undecided for the same reason."""
    lines = [(attention(f), f.verdict) for f in evidence.with_verdict(Verdict.REFUTED)]
    undecided = _alike(evidence.with_verdict(Verdict.NOT_RUN))
    lines += [(_undecided(group), Verdict.NOT_RUN) for group in undecided]
    for line, verdict in lines[:_MOST_LINES]:
        console.print(f"{indent}{line}", style=STYLES[verdict], highlight=False, markup=False)
    if len(lines) > _MOST_LINES:
        more = f"{indent}… and {len(lines) - _MOST_LINES} more (`bptt verify --json` has them all)"
        console.print(more, highlight=False)


def _undecided(group: list[Finding]) -> str:
    """``NOT RUN  24 claims by central_differences: reason (gradient.W_h, …)``."""
    if len(group) == 1:
        return attention(group[0])
    named = list(dict.fromkeys(finding.claim for finding in group))
    some = ", ".join(named[:_MOST_NAMES]) + (", …" if len(named) > _MOST_NAMES else "")
    first = group[0]
    return f"{first.verdict.value}  {len(group)} findings by {first.evidence}: {first.reason} ({some})"


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


def print_summary(material: Material, written: str, console: Console) -> None:
    """After ``bptt report``: what was derived, what was checked, by which evidence, and where the file is."""
    from rich.markup import escape
    from rich.table import Table

    model = material.model
    parameters = ", ".join(map(name_of, material.problem.sources))
    oracles = dict.fromkeys(f.evidence for f in material.evidence.findings)
    steps = len(material.derivation.steps)
    summary = Table.grid(padding=(0, 2, 0, 0))
    summary.add_row("derived", f"the gradient of {short_name(model)} in {steps} steps: {escape(parameters)}")
    summary.add_row("checked", counted(material.evidence))
    summary.add_row("", f"by {', '.join(name.replace('_', ' ') for name in oracles)}")
    for note in material.notes:
        summary.add_row("note", escape(note))
    console.print(summary, highlight=False)
    _print_attention(material.evidence, console, indent=" " * 9)
    console.print(f"written  {written}", highlight=False, markup=False, soft_wrap=True)
