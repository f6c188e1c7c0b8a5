"""What the oracles say: of each kind of claim, of every gradient, and of one gradient by lag."""

from __future__ import annotations

from collections.abc import Iterator

from derive.run import name_of
from reports.chapters.worst import worst
from reports.document.blocks import Block, Column, Table
from reports.document.inline import InlineLike
from reports.formula.tree import Formula, row
from reports.material import Material
from reports.numbers import scientific
from reports.present import show
from verify.rungs import PROOF, VALUES
from verify.verdicts import Finding, Verdict

_BESIDE = 5
"""The most oracles beside each other."""

_MOST_LAGS = 12
_KINDS = {"gradient": "gradients", "lag": "gradients by lag", "forward": "forward values", "torch": "PyTorch's names"}


def _spoken(oracle: str) -> str:
    return oracle.replace("_", " ")


def _by_oracles(material: Material) -> list[Finding]:
    return [f for f in material.evidence.findings if f.evidence not in (PROOF, VALUES)]


def claims_table(material: Material) -> Table:
    """A row for each oracle, each kind of claim and each verdict: how many, how near, at which sizes."""
    groups: dict[tuple[str, str, Verdict], list[Finding]] = {}
    for finding in _by_oracles(material):
        kind = _KINDS.get(finding.claim.partition(".")[0], "steps")
        groups.setdefault((finding.evidence, kind, finding.verdict), []).append(finding)
    rows: list[tuple[InlineLike, ...]] = []
    for (oracle, kind, verdict), found in groups.items():
        shown = worst(found)
        numbers = (scientific(shown.error), scientific(shown.tolerance))
        rows.append((_spoken(oracle), f"{len(found)} {kind}", _sizes(found), *numbers, verdict.value))
    columns = (
        Column("Evidence", weight=1.7), Column("Findings", weight=1.7), Column("At", weight=2.4),
        Column("Error", "right", weight=1.42), Column("Tolerance", "right", weight=1.42),
        Column("Verdict", weight=1.29),
    )  # fmt: skip
    caption = (
        "What each oracle found, from the forward equations alone; a gradient counts once for every form. The error "
        "shown is the one that came nearest to its own tolerance.", *_left_out(material),
    )  # fmt: skip
    return Table(columns, tuple(rows), caption=caption, label="tab:claims")


def _left_out(material: Material) -> tuple[str, ...]:
    reasons = dict.fromkeys(f"{_spoken(f.evidence)} ({f.reason})" for f in material.evidence.left_out)
    return (f" Not asked: {'; '.join(reasons)}.",) if reasons else ()


def _sizes(found: list[Finding]) -> str:
    """The sizes that the findings were made at: n = 2, m = 1; of several the numbers alone differ."""
    sizes = {tuple(finding.sizes.items()) for finding in found if finding.sizes}
    by_name: dict[str, set[int]] = {}
    for name, number in (item for one in sizes for item in one):
        if name != "batch" or number > 1:
            by_name.setdefault(name, set()).add(number)
    return ", ".join(f"{name}\u00a0=\u00a0{'/'.join(map(str, sorted(numbers)))}" for name, numbers in by_name.items())


def gradients_tables(material: Material) -> Iterator[Table]:
    """Each gradient by each oracle; the worst of the three forms is shown."""
    found: dict[str, dict[str, list[Finding]]] = {}
    for finding in _by_oracles(material):
        kind, _, name = finding.claim.partition(".")
        if kind == "gradient" and name:
            found.setdefault(name, {}).setdefault(finding.evidence, []).append(finding)
    oracles = list(dict.fromkeys(oracle for own in found.values() for oracle in own))
    for start in range(0, len(oracles), _BESIDE):
        chosen = oracles[start : start + _BESIDE]
        rows = tuple(
            (row("partial", "L", "/", "partial", show(w)), *(_grade(found.get(name_of(w), {}).get(o)) for o in chosen))
            for w in material.problem.sources
        )
        columns = (Column("Gradient"), *(Column(_spoken(oracle), "right") for oracle in chosen))
        more = ", continued" if start else ""
        caption = (
            f"Every gradient against every oracle{more}: the verdict, or of floating point that agrees the error, "
            "relative to the largest entry; of the forms that were judged the worst is shown."
        )
        yield Table(columns, rows, caption=caption, label=f"tab:gradients{start or ''}")


def _grade(findings: list[Finding] | None) -> InlineLike:
    if not findings:
        return "–"
    finding = worst(findings)
    agreed = finding.verdict is Verdict.AGREED and finding.error is not None
    return scientific(finding.error) if agreed else finding.verdict.value


def lags_table(material: Material) -> list[Block]:
    """The first parameter by lag: what it did that many steps before an error, at its own scale."""
    w = material.model.main.parameters[0]
    rows: list[tuple[InlineLike, ...]] = []
    for lag in _chosen(material, w.name):
        found = material.evidence.about(f"lag.{w.name}.{lag}")
        if found:
            finding = worst(found)
            numbers = (scientific(finding.scale), scientific(finding.error), scientific(finding.tolerance))
            rows.append((row(lag), *numbers, finding.verdict.value))
    if not rows:
        return []
    columns = (
        Column(("Lag ", _lag()), "right"), Column("Largest entry", "right"), Column("Error", "right"),
        Column("Tolerance", "right"), Column("Verdict"),
    )  # fmt: skip
    caption = (
        "The gradient of ", show(w), " split by lag, each at its own scale: a contribution that has almost "
        "vanished is still compared digit by digit. The worst of all oracles is shown.",
    )  # fmt: skip
    return [Table(columns, tuple(rows), caption=caption, label="tab:lags")]


def _lag() -> Formula:
    return row("t", "-", "i")


def _chosen(material: Material, name: str) -> list[int]:
    """All lags that were judged when they are few; of many, the powers of two and the last."""
    claims = {f.claim for f in material.evidence.findings if f.claim.startswith(f"lag.{name}.")}
    judged = sorted(int(claim.rpartition(".")[2]) for claim in claims)
    return judged if len(judged) <= _MOST_LAGS else [k for k in judged if k in (0, judged[-1]) or k & (k - 1) == 0]
