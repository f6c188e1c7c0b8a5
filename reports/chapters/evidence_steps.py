"""The steps of the derivation as a table of evidence: one row for all of a section that are alike."""

from __future__ import annotations

from dataclasses import dataclass

from derive.derivation import Step
from derive.run import name_of
from reports.chapters.worst import worst
from reports.document.blocks import Column, Table
from reports.document.inline import Code, Inline, InlineLike, Part
from reports.material import Material
from reports.numbers import scientific
from verify.rungs import PROOF, VALUES
from verify.steps import instances_of
from verify.verdicts import Finding, Verdict


@dataclass(frozen=True)
class Kind:
    """What the steps of one row have in common."""

    section: str
    rule: str
    proof: str
    values: Verdict


def steps_table(material: Material) -> Table:
    """Every step: its proof, and both sides evaluated."""
    columns = (
        Column("Steps", weight=3.1), Column("Rule", weight=1.5), Column("Proof", weight=1.27),
        Column("Error", "right", weight=1.42), Column("Tolerance", "right", weight=1.42), Column("Values", weight=1.29),
    )  # fmt: skip
    names = [name_of(source) for source in material.problem.sources]
    rows = tuple(_row(kind, found, names) for kind, found in _grouped(material).items())
    return Table(
        columns, rows,
        caption="Every step of the derivation: the structural proof where it has one, and both sides evaluated with "
        "values measured by complex steps of the forward pass, for every index and every parameter, at "
        f"{_step_sizes(material)}. Steps of a section with one rule and one verdict share a row, which shows the error "
        "that came nearest to its tolerance. A step that is a definition, an abbreviation or a model equation gives a "
        "name; its check shows only that the name means what it says.",
        label="tab:steps",
    )  # fmt: skip


def _grouped(material: Material) -> dict[Kind, list[tuple[Step, Finding]]]:
    found: dict[Kind, list[tuple[Step, Finding]]] = {}
    by_claim = {(f.claim, f.evidence): f for f in material.evidence.findings if f.evidence in (PROOF, VALUES)}
    for step in material.derivation:
        proof, values = by_claim.get((step.key, PROOF)), by_claim[step.key, VALUES]
        kind = Kind(step.section, step.rule, "" if proof is None else proof.verdict.value, values.verdict)
        found.setdefault(kind, []).append((step, values))
    return found


def _row(kind: Kind, found: list[tuple[Step, Finding]], names: list[str]) -> tuple[InlineLike, ...]:
    shown = worst(finding for _, finding in found)
    numbers = (scientific(shown.error), scientific(shown.tolerance))
    return (_named(kind, [step for step, _ in found], names), kind.rule, kind.proof, *numbers, kind.values.value)


def _named(kind: Kind, steps: list[Step], names: list[str]) -> Inline:
    """The section once, then the words; what stands before the parameter in all of them once, too."""
    words = [step.key.removeprefix(f"{kind.section}.") for step in steps]
    stems = {_stem(word, names) for word in words}
    stem = next(iter(stems)) if len(stems) == 1 else ""
    parts: list[Part] = [Code(f"{kind.section}.{words[0]}")]
    for word in words[1:]:
        parts += [", ", Code(word.removeprefix(stem))]
    return tuple(parts)


def _stem(word: str, names: list[str]) -> str:
    """``expanded_`` of ``expanded_W_h``."""
    own = max((name for name in names if word.endswith(name)), key=len, default=word)
    return word.removesuffix(own)


def _step_sizes(material: Material) -> str:
    """The instances on which the steps were evaluated."""
    problems = instances_of(material.derivation, material.problem)
    shown = (", ".join(f"{name} = {size}" for name, size in p.label.items() if name != "batch") for p in problems)
    return " (random numbers) and ".join(shown) + (" (the end of the given sequence)" if len(problems) > 1 else "")
