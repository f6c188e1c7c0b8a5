"""What was checked, by which evidence, with which error."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from derive.run import name_of
from reports.document.blocks import Block, Bullets, Column, Heading, Table, para
from reports.document.inline import Code, Inline, InlineLike, Ref, Strong
from reports.formula.tree import Formula, row
from reports.material import Material
from reports.numbers import scientific
from reports.present import show
from verify.judge import LONGEST
from verify.steps import PROOF, VALUES, instances_of
from verify.verdicts import Finding, Verdict

_ORDER = (Verdict.REFUTED, Verdict.NOT_RUN, Verdict.AGREED, Verdict.ENCLOSED, Verdict.EXACT, Verdict.PROVED)


def blocks(material: Material) -> list[Block]:
    return [
        Heading(1, "The evidence", label="sec:evidence"),
        para(*_counts(material), " No kind of evidence stands in for another:"),
        Bullets(tuple((Strong(v.value), f": {v.meaning}.") for v in Verdict if v.value in material.evidence.counts())),
        para(
            "Errors and tolerances are relative to the largest entry of the block that is compared. A tolerance is "
            "derived from the rounding (and, for differences, truncation) that the computation at hand amplifies; no "
            "absolute tolerance decides anything.",
        ),
        para(
            "A step is named by its section and a word; the sections are ",
            *(part for s in material.derivation.sections for part in (Code(s.key), " (", Ref(f"eq:{s.key}"), "), ")),
            "in the order of the derivation. Where a section repeats itself for every parameter, one is printed there.",
        ),
        steps_table(material),
        gradients_table(material),
        *lags_table(material),
    ]


def _counts(material: Material) -> Inline:
    counts = material.evidence.counts()
    parts = [f"{number} {grade}" for grade, number in counts.items()]
    return (f"{len(material.evidence.findings)} findings: {', '.join(parts)}.",)


def worst(findings: Iterable[Finding]) -> Finding:
    """The finding that a summary has to show: the weakest verdict, then the error nearest to its tolerance."""

    def badness(finding: Finding) -> tuple[int, float]:
        share = (finding.error or 0.0) / finding.tolerance if finding.tolerance else 0.0
        return (-_ORDER.index(finding.verdict), share)

    return max(findings, key=badness)


def _cells(finding: Finding) -> tuple[InlineLike, ...]:
    return (scientific(finding.error), scientific(finding.tolerance), finding.verdict.value)


def steps_table(material: Material) -> Table:
    """Every step: its proof, and both sides evaluated."""
    columns = (
        Column("Step", weight=2.6), Column("Rule", weight=2.4), Column("Proof", weight=1.3),
        Column("Error", "right", weight=1.5), Column("Tolerance", "right", weight=1.5), Column("Values", weight=1.3),
    )  # fmt: skip
    rows: list[tuple[InlineLike, ...]] = []
    for step in material.derivation:
        found = {f.evidence: f for f in material.evidence.about(step.key) if f.evidence in (PROOF, VALUES)}
        proof = found.get(PROOF)
        said = "" if proof is None else proof.verdict.value
        rows.append((Code(step.key), step.rule, said, *_cells(found[VALUES])))
    return Table(
        columns, tuple(rows),
        caption="Every step of the derivation: the structural proof where it has one, and both sides evaluated with "
        "values measured by complex steps of the forward pass, for every index and every parameter, at "
        f"{_step_sizes(material)}. A step that is a definition, an abbreviation or a model equation gives a name; its "
        "check shows only that the name means what it says.",
        label="tab:steps",
    )  # fmt: skip


def _step_sizes(material: Material) -> str:
    """The instances on which the steps were evaluated."""
    problems = instances_of(material.derivation, material.problem)
    shown = (", ".join(f"{name} = {p.label[name]}" for name in ("n", "m", "q", "T")) for p in problems)
    return " (random numbers) and ".join(shown) + (" (the end of the given sequence)" if len(problems) > 1 else "")


def gradients_table(material: Material) -> Table:
    """Each gradient by each oracle; the worst of the three forms is shown."""
    oracles = [name for name in _evidences(material) if name not in (PROOF, VALUES)]
    rows: list[tuple[InlineLike, ...]] = []
    for w in material.problem.sources:
        for oracle in oracles:
            found = [f for f in material.evidence.about(f"gradient.{name_of(w)}") if f.evidence == oracle]
            if found:
                rows.append(
                    (row("partial", "L", "/", "partial", show(w)), oracle.replace("_", " "), *_cells(worst(found)))
                )
    columns = (
        Column("Gradient"), Column("Evidence"),
        Column("Error", "right"), Column("Tolerance", "right"), Column("Verdict"),
    )  # fmt: skip
    return Table(
        columns, tuple(rows),
        caption=("Every gradient against every oracle; of the forms that were judged the worst is shown. ",
                 *_sizes(material), *_window(material)),
        label="tab:gradients",
    )  # fmt: skip


def _window(material: Material) -> Inline:
    """Of a long sequence not everything is judged."""
    if material.problem.steps <= LONGEST:
        return ()
    return (
        f" The double sum, forward accumulation and the lags are judged on the last {LONGEST} steps, from the state "
        "that the sequence reaches there; the adjoint sweep on the whole of it as well.",
    )


def _sizes(material: Material) -> Inline:
    """The sizes that each kind of evidence was found at, as its findings say."""
    found: dict[str, list[str]] = {}
    for finding in material.evidence.findings:
        sizes = ", ".join(f"{name} = {number}" for name, number in finding.sizes.items())
        if finding.evidence in (PROOF, VALUES) or not finding.claim.startswith("gradient."):
            continue
        if sizes and sizes not in found.setdefault(finding.evidence, []):
            found[finding.evidence].append(sizes)
    alike: dict[str, list[str]] = {}
    for name, at in found.items():
        alike.setdefault(" and at ".join(at), []).append(name.replace("_", " "))
    return (" ".join(f"At {at}: {', '.join(names)}." for at, names in alike.items()),)


def _evidences(material: Material) -> Sequence[str]:
    return list(dict.fromkeys(f.evidence for f in material.evidence.findings))


_MOST_LAGS = 12


def lags_table(material: Material) -> list[Block]:
    """The first parameter by lag: what it did that many steps before an error, at its own scale."""
    w = material.model.recurrent_parameters[0]
    rows: list[tuple[InlineLike, ...]] = []
    for lag in _chosen(material, w.name):
        found = material.evidence.about(f"lag.{w.name}.{lag}")
        if found:
            finding = worst(found)
            rows.append((row(lag), scientific(finding.scale), *_cells(finding)))
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
