"""Evidence in a terminal: counts first, then a line for each section and each gradient, then what needs attention."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from derive.run import name_of
from reports.chapters.worst import worst
from reports.wording import short_name
from verify.rungs import PROOF, VALUES
from verify.verdicts import Evidence, Finding, Verdict

if TYPE_CHECKING:
    from rich.console import Console, JustifyMethod
    from rich.table import Table

    from reports.material import Material
    from verify.problem import Problem

_STYLES = {
    Verdict.PROVED: "green", Verdict.EXACT: "green", Verdict.ENCLOSED: "green", Verdict.AGREED: "cyan",
    Verdict.REFUTED: "bold red", Verdict.NOT_RUN: "yellow",
}  # fmt: skip
_LEGEND = (
    "A number: floating point AGREED, with this error relative to the largest entry of the block. Each block has "
    "its own tolerance (--json lists them); the form that came nearest to it is shown. –: not judged."
)
_MOST_LINES = 12
_MOST_NAMES = 3
_WORD = 5
_NAME_WIDTH, _ORACLE_WIDTH, _STEPS_WIDTH = 16, 14, 56
_BY_ORACLE = {
    "gradient": {"gradient": "{name}", "lag": "{parameter}, each lag"},
    "forward value": {"forward": "{name}"},
    "PyTorch's name": {"torch": "{name}"},
}
"""The tables of what oracles say, by their first column: the claims in each, and what is said of one."""
_WIDTHS = {"PyTorch's name": 20}  # decoder.weight_hh_l0


def print_evidence(evidence: Evidence, problem: Problem, console: Console) -> None:
    """Everything, at the width of the terminal."""
    sizes = ", ".join(f"{name}={number}" for name, number in problem.label.items())
    console.print(f"{short_name(problem.model)}; {problem.model.title}; {sizes}\n", highlight=False)
    console.print(_steps(evidence, console.width))
    console.print()
    for title in _BY_ORACLE:
        for table in _gradients(evidence, title, console.width):
            console.print(table)
            console.print()
    console.print(_LEGEND + "\n", style="dim", highlight=False)
    _print_attention(evidence, console)
    console.print(_counts(evidence), highlight=False)
    for group in _alike(evidence.left_out):
        said = f"{_undecided(group)}; not counted (--oracle asks for it)"
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
        console.print(f"{indent}{line}", style=_STYLES[verdict], highlight=False, markup=False)
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


def _counts(evidence: Evidence) -> str:
    shown = (f"[{_STYLES[Verdict(grade)]}]{number} {grade}[/]" for grade, number in evidence.counts().items())
    return f"{len(evidence.findings)} findings: " + ", ".join(shown)


def _table(*columns: str) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        justify: JustifyMethod = "right" if column in ("steps", "proved", "error", "tolerance") else "left"
        table.add_column(
            column, justify=justify, overflow="fold", min_width=_WORD, max_width=_WIDTHS.get(column, _NAME_WIDTH)
        )
    return table


def _steps(evidence: Evidence, width: int) -> Table:
    """A line for each section of the derivation; a narrow terminal has no room for the numbers."""
    wide = width >= _STEPS_WIDTH
    table = _table("section", "steps", "proved", *(("error", "tolerance") if wide else ()), "values")
    values = [f for f in evidence.findings if f.evidence == VALUES]
    for section in dict.fromkeys(f.claim.partition(".")[0] for f in values):
        own = [f for f in values if f.claim.partition(".")[0] == section]
        proofs = [f for f in evidence.findings if f.evidence == PROOF and f.claim.partition(".")[0] == section]
        proved = sum(f.verdict is Verdict.PROVED for f in proofs)
        table.add_row(
            section, str(len(own)), f"{proved}/{len(proofs)}" if proofs else "–", *_measured(worst(own), wide)
        )
    return table


def _gradients(evidence: Evidence, title: str, width: int) -> Iterator[Table]:
    """A line for each gradient (or forward value), a column for each oracle: the worst of its forms and lags.

    As many oracles beside each other as the terminal is wide for, the others in a table below.
    """
    groups: dict[str, dict[str, list[Finding]]] = {}
    for finding in evidence.findings:
        kind, _, name = finding.claim.partition(".")
        if finding.evidence not in (PROOF, VALUES) and kind in _BY_ORACLE[title]:
            what = _BY_ORACLE[title][kind].format(name=name, parameter=name.rpartition(".")[0])
            groups.setdefault(what or "all", {}).setdefault(finding.evidence, []).append(finding)
    oracles = list(dict.fromkeys(oracle for found in groups.values() for oracle in found))
    beside = max(1, (width - _NAME_WIDTH) // _ORACLE_WIDTH)
    for start in range(0, len(oracles), beside):
        chosen = oracles[start : start + beside]
        table = _table(title, *(name.replace("_", " ") for name in chosen))
        for what, found in sorted(groups.items(), key=lambda item: ("lag" in item[0], item[0])):
            table.add_row(what, *(_grade(found.get(name)) for name in chosen))
        yield table


def _grade(findings: list[Finding] | None) -> str:
    """The worst grade; for floating point that agrees, its error."""
    if not findings:
        return "–"
    finding = worst(findings)
    agreed = finding.verdict is Verdict.AGREED and finding.error is not None
    return f"[{_STYLES[finding.verdict]}]{f'{finding.error:.1e}' if agreed else finding.verdict.value}[/]"


def _measured(finding: Finding, numbers: bool) -> Iterable[str]:
    """Error and tolerance, where there is room, and the verdict."""
    shown = (("" if x is None else f"{x:.1e}") for x in (finding.error, finding.tolerance) if numbers)
    return (*shown, f"[{_STYLES[finding.verdict]}]{finding.verdict.value}[/]")


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
    summary.add_row("checked", _counts(material.evidence))
    summary.add_row("", f"by {', '.join(name.replace('_', ' ') for name in oracles)}")
    for note in material.notes:
        summary.add_row("note", escape(note))
    console.print(summary, highlight=False)
    _print_attention(material.evidence, console, indent=" " * 9)
    console.print(f"written  {written}", highlight=False, markup=False, soft_wrap=True)
