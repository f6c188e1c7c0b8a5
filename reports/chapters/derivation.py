"""The derivation, section by section, with the reason beside every line."""

from __future__ import annotations

from collections.abc import Sequence

from derive.derivation import Section, Step
from derive.expr import Node
from reports.document.blocks import Block, Derivation, Heading, Line, para
from reports.material import Material
from reports.present import prose, show


def blocks(material: Material) -> list[Block]:
    """One heading and one display for each section."""
    found: list[Block] = [Heading(1, "The derivation", label="sec:derivation")]
    for section in material.derivation.sections:
        found += section_blocks(section, shown(material, section))
    return found


def shown(material: Material, section: Section) -> list[Step]:
    """The steps to print; where a section repeats itself for every parameter, the first one stands for all."""
    steps = material.derivation.of(section.key)
    if section.key not in ("form", "entry"):
        return list(steps)
    first, *others = material.model.cell.parameters
    repeated = {w.name for w in others} | {f"{material.model.output_state.name}_0"}
    return [
        step for step in steps if step.key.split("_", 1)[-1].split(".")[-1] not in repeated or section.key == "entry"
    ]


def section_blocks(section: Section, steps: Sequence[Step]) -> list[Block]:
    return [
        Heading(2, section.title, label=f"sec:derivation-{section.key}"),
        para(*prose(section.about)),
        Derivation(lines(steps), label=f"eq:{section.key}", key=section.key),
    ]


def lines(steps: Sequence[Step]) -> tuple[Line, ...]:
    """A left side that repeats is printed once: the lines below continue it."""
    found = []
    before: Node | None = None
    for step in steps:
        lhs = None if step.lhs == before else show(step.lhs)
        found.append(Line(lhs, "=", show(step.rhs), prose(step.because)))
        before = step.lhs
    return tuple(found)
