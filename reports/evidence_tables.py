"""The tables of evidence in a terminal: by rung, by section of the derivation, and by gradient."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from derive.run import FORMS
from reports.chapters.worst import worst
from reports.strength import by_rung, kinds, strength
from verify.generated.code import FORM
from verify.rungs import PROOF, THEOREM, VALUES, Rung
from verify.verdicts import Evidence, Finding, Verdict

if TYPE_CHECKING:
    from rich.console import JustifyMethod
    from rich.table import Table

STYLES = {
    Verdict.PROVED: "green", Verdict.EXACT: "green", Verdict.ENCLOSED: "green", Verdict.AGREED: "cyan",
    Verdict.REFUTED: "bold red", Verdict.NOT_RUN: "yellow",
}  # fmt: skip
_WORD = 5
_NAME_WIDTH, _STEPS_WIDTH = 20, 64
_OF_STEPS = (PROOF, VALUES, THEOREM)
ORDERS = {**{form.name: form.title for form in FORMS}, FORM: "the compiled code"}
"""What a gradient is computed by, by the form of a finding."""
CLAIMS = {
    "gradient": {"gradient": "{name}", "lag": "{parameter}, each lag"},
    "error of float64": {"float64": "{name}"},
    "forward value": {"forward": "{name}"},
    "PyTorch's name": {"torch": "{name}"},
}
"""The tables of what oracles say, by their first column: the claims in each, and what is said of one."""


def rungs_table(evidence: Evidence) -> Table:
    """A line for each kind of evidence, rung by rung: how many claims, and how strong the weakest is."""
    table = _table("rung", "evidence", "findings", "at worst")
    last = None
    for kind in kinds(evidence):
        counts = ", ".join(
            f"{_styled(verdict, f'{number} {verdict.value}')}" for verdict, number in kind.counts.items()
        )
        found = kind.strength
        shown = f"{found.what} {found.value:.1e}" if found else ""
        table.add_row(kind.rung.value if kind.rung is not last else "", _spoken(kind.evidence), counts, shown)
        last = kind.rung
    return table


def steps_table(evidence: Evidence, width: int) -> Table | None:
    """A line for each section of the derivation; a narrow terminal has no room for the numbers."""
    wide = width >= _STEPS_WIDTH
    sections: dict[str, dict[str, list[Finding]]] = {}
    for finding in evidence.findings:
        if finding.evidence in _OF_STEPS:
            own = sections.setdefault(finding.claim.partition(".")[0], {name: [] for name in _OF_STEPS})
            own[finding.evidence].append(finding)
    if not sections:
        return None
    table = _table("section", "steps", "proved", "theorems", *(("error", "tolerance") if wide else ()), "values")
    for section, found in sections.items():
        values = found[VALUES]
        table.add_row(
            section, str(len(values)) if values else "–", _proved(found[PROOF]), _proved(found[THEOREM]),
            *(_measured(worst(values), wide) if values else ["–"] * (3 if wide else 1)),
        )  # fmt: skip
    return table


def _proved(findings: list[Finding]) -> str:
    """``5/6``, or a dash where there is nothing to prove."""
    return f"{sum(f.verdict is Verdict.PROVED for f in findings)}/{len(findings)}" if findings else "–"


def gradients_table(evidence: Evidence, title: str) -> Table | None:
    """A line for each gradient (or forward value), a column for each rung: the worst of its oracles, forms and lags."""
    groups: dict[str, list[Finding]] = {}
    for finding in evidence.findings:
        kind, _, name = finding.claim.partition(".")
        if finding.evidence not in _OF_STEPS and kind in CLAIMS[title]:
            what = CLAIMS[title][kind].format(name=name, parameter=name.rpartition(".")[0])
            groups.setdefault(what or "all", []).append(finding)
    if not groups:
        return None
    rungs = list(by_rung(finding for own in groups.values() for finding in own))
    table = _table(title, *(rung.value for rung in rungs))
    for what, own in sorted(groups.items(), key=lambda item: ("lag" in item[0], item[0])):
        found = by_rung(own)
        table.add_row(what, *(_grade(found.get(rung, ()), rung) for rung in rungs))
    return table


def forms_table(evidence: Evidence) -> Table | None:
    """A line for each order of evaluation that a gradient was judged in, the generated code among them."""
    groups: dict[str, list[Finding]] = {}
    for finding in evidence.findings:
        if finding.claim.startswith("gradient.") and finding.form in ORDERS:
            groups.setdefault(finding.form, []).append(finding)
    if not groups:
        return None
    rungs = list(by_rung(finding for own in groups.values() for finding in own))
    table = _table("gradient, computed by", *(rung.value for rung in rungs))
    for form in ORDERS:
        if form in groups:
            found = by_rung(groups[form])
            table.add_row(ORDERS[form], *(_grade(found.get(rung, ()), rung) for rung in rungs))
    return table


def _grade(findings: Sequence[Finding], rung: Rung) -> str:
    """The worst grade; where all is well, the number that says how well."""
    if not findings:
        return "–"
    finding = worst(findings)
    found = strength(findings)
    sound = finding.verdict not in (Verdict.REFUTED, Verdict.NOT_RUN)
    return _styled(finding.verdict, f"{found.value:.1e}" if sound and found else finding.verdict.value)


def _measured(finding: Finding, numbers: bool) -> Iterable[str]:
    """Error and tolerance, where there is room, and the verdict."""
    shown = (("" if x is None else f"{x:.1e}") for x in (finding.error, finding.tolerance) if numbers)
    return (*shown, _styled(finding.verdict, finding.verdict.value))


def counted(evidence: Evidence) -> str:
    shown = (_styled(Verdict(grade), f"{number} {grade}") for grade, number in evidence.counts().items())
    return f"{len(evidence.findings)} findings: " + ", ".join(shown)


def _styled(verdict: Verdict, text: str) -> str:
    return f"[{STYLES[verdict]}]{text}[/]"


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def tables(evidence: Evidence, width: int) -> Iterator[Table]:
    """All of them, in order; those without a line are left out."""
    yield rungs_table(evidence)
    others = (gradients_table(evidence, title) for title in CLAIMS)
    for table in (steps_table(evidence, width), forms_table(evidence), *others):
        if table is not None:
            yield table


def _table(*columns: str) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        justify: JustifyMethod = "right" if column in _NUMBERS else "left"
        table.add_column(
            column, justify=justify, overflow="fold", min_width=_WORD, max_width=_WIDTHS.get(column, _NAME_WIDTH)
        )
    return table


_NUMBERS = ("steps", "proved", "theorems", "error", "tolerance")
_WIDTHS = {"findings": 30, "gradient, computed by": 27}
