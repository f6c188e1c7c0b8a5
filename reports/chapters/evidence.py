"""What was checked, by which evidence, with which error."""

from __future__ import annotations

from reports.chapters.evidence_gradients import claims_table, gradients_table, lags_table
from reports.chapters.evidence_pytorch import names_table
from reports.chapters.evidence_steps import steps_table
from reports.chapters.evidence_theorems import theorems_table
from reports.document.blocks import Block, Bullets, Heading, para
from reports.document.inline import Code, Inline, Part, Ref, Strong
from reports.material import Material
from verify.judge import LONGEST
from verify.verdicts import Verdict


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
            "A step is named by its section and a word; the sections are ", *_sections(material),
            ", in the order of the derivation. Every step is judged, whether it is printed there or not.",
        ),
        steps_table(material),
        *theorems_table(material),
        *_window(material),
        claims_table(material),
        gradients_table(material),
        *names_table(material),
        *lags_table(material),
    ]  # fmt: skip


def _counts(material: Material) -> Inline:
    counts = material.evidence.counts()
    parts = [f"{number} {grade}" for grade, number in counts.items()]
    return (f"{len(material.evidence.findings)} findings: {', '.join(parts)}.",)


def _sections(material: Material) -> Inline:
    """Each with the display that it is printed in."""
    found: list[Part] = []
    for section in material.derivation.sections:
        found += [", " if found else "", Code(section.key), " (", Ref(f"eq:{section.key}"), ")"]
    return tuple(found)


def _window(material: Material) -> list[Block]:
    """Of a long sequence not everything is judged."""
    if material.problem.steps <= LONGEST:
        return []
    return [
        para(
            f"The double sum, forward accumulation and the lags are judged on the last {LONGEST} steps, from the "
            "state that the sequence reaches there; the adjoint sweep on the whole of it as well."
        )
    ]
