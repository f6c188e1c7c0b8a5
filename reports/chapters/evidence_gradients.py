"""What the oracles say: of each kind of claim, of every gradient, and of one gradient by lag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from derive.expr import Var
from derive.run import name_of
from reports.chapters.worst import worst
from reports.document.blocks import Block, Column, Table
from reports.document.inline import InlineLike
from reports.formula.tree import Formula, row
from reports.material import Material
from reports.numbers import scientific
from reports.present import show
from reports.strength import by_rung, strength
from verify.rungs import PROOF, THEOREM, VALUES, Rung
from verify.verdicts import Finding, Verdict

_MOST_LAGS = 12
_KINDS = {
    "gradient": "gradients", "lag": "gradients by lag", "forward": "forward values",
    "float64": "errors of float64", "torch": "PyTorch's names",
}  # fmt: skip


def _spoken(oracle: str) -> str:
    return oracle.replace("_", " ")


def _by_oracles(material: Material) -> list[Finding]:
    return [f for f in material.evidence.findings if f.evidence not in (PROOF, VALUES, THEOREM)]


def claims_table(material: Material) -> Table:
    """A row for each oracle, each kind of claim and each verdict, rung by rung: how many, how good, at which sizes."""
    own = _sizes([Finding("", "", Verdict.AGREED, sizes=material.problem.label)])
    groups: dict[tuple[str, str, Verdict], list[Finding]] = {}
    for finding in (f for found in by_rung(_by_oracles(material)).values() for f in found):
        kind = _KINDS.get(finding.claim.partition(".")[0], "steps")
        groups.setdefault((finding.evidence, kind, finding.verdict), []).append(finding)
    rows: list[tuple[InlineLike, ...]] = []
    for (oracle, kind, verdict), found in groups.items():
        measured, tolerance, at = strength(found), worst(found).tolerance, _sizes(found)
        counted = f"{len(found)} {kind}" + (f", at {at}" if at not in ("", own) else "")
        numbers = ((f"{measured.what} ", scientific(measured.value)) if measured else "–", scientific(tolerance))
        rows.append((_spoken(oracle), counted, *numbers, verdict.value))
    columns = (
        Column("Evidence", weight=2.0), Column("Findings", weight=3.0), Column("At worst", "right", weight=2.1),
        Column("Tolerance", "right", weight=1.5), Column("Verdict", weight=1.6),
    )  # fmt: skip
    caption = (
        "What each oracle found, from the forward equations alone, rung by rung; a gradient counts once for every "
        f"form. The sizes are {own} where no others are named. An error is the one that came nearest to its own "
        "tolerance, a failure the probability that any false claim of the row would have passed, a radius the largest "
        "of the rigorous enclosures.", *_left_out(material),
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


def gradients_table(material: Material) -> Table:
    """Each gradient on each rung: of oracles, forms and lags the worst is shown, by the number that says how good."""
    found: dict[str, list[Finding]] = {}
    certified: dict[str, list[Finding]] = {}
    for finding in _by_oracles(material):
        kind, _, name = finding.claim.partition(".")
        if kind in ("gradient", "float64"):
            (found if kind == "gradient" else certified).setdefault(name, []).append(finding)
    rungs = list(by_rung(finding for own in found.values() for finding in own))
    rows = tuple(_gradient(w, found, certified, rungs) for w in material.problem.sources)
    columns = (
        Column("Gradient"), *(Column(_HEADERS[rung], "right") for rung in rungs),
        *([Column("Error of float64", "right")] if certified else []),
    )  # fmt: skip
    return Table(columns, rows, caption=_CAPTION + (_CERTIFIED if certified else ""), label="tab:gradients")


_HEADERS = {
    Rung.FLOATING: "Floating: error",
    Rung.EXACT: "Exact: failure",
    Rung.ENCLOSED: "Enclosed: radius",
}
_CAPTION = (
    "Every gradient on every rung, of all forms the worst: the error that the sharpest floating-point oracle found, "
    "relative to the largest entry; the probability that a false claim would have passed the exact test; the relative "
    "radius of the rigorous enclosure."
)
_CERTIFIED = (
    " The last column bounds, rigorously, the error of the gradient as double precision computes it, relative to its "
    "largest entry."
)


def _gradient(
    w: Var, found: Mapping[str, Sequence[Finding]], certified: Mapping[str, Sequence[Finding]], rungs: Sequence[Rung]
) -> tuple[InlineLike, ...]:
    name = name_of(w)
    own = by_rung(found.get(name, ()))
    cells = [row("partial", "L", "/", "partial", show(w)), *(_grade(own.get(rung, ())) for rung in rungs)]
    return (*cells, *([_bound(certified.get(name, ()))] if certified else []))


def _grade(findings: Sequence[Finding]) -> InlineLike:
    """The number that says how good the worst is, or its verdict where it is not good."""
    if not findings:
        return "–"
    verdict, measured = worst(findings).verdict, strength(findings)
    sound = verdict not in (Verdict.REFUTED, Verdict.NOT_RUN)
    return scientific(measured.value) if sound and measured else verdict.value


def _bound(findings: Sequence[Finding]) -> InlineLike:
    return scientific(worst(findings).error) if findings else "–"


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
