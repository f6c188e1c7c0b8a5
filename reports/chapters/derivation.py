"""The derivation, section by section, with the reason beside every line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from derive.derivation import Section, Step
from derive.derivatives import Gradient
from derive.run import name_of
from reports.document.blocks import Block, Derivation, Heading, Line, para
from reports.present import prose, show

if TYPE_CHECKING:
    from reports.material import Material


def blocks(material: Material) -> list[Block]:
    """One heading and one display for each section."""
    found: list[Block] = [Heading(1, "The derivation", label="sec:derivation")]
    for section in material.derivation.sections:
        found += section_blocks(section, shown(material, section))
    return found


def shown(material: Material, section: Section) -> list[Step]:
    """The steps to print.  The forms repeat themselves for every parameter: the cell's first stands for all."""
    steps = material.derivation.of(section.key)
    if not section.key.endswith("form"):
        return list(steps)
    name = section.key.rpartition(":")[0]
    first = next(phase for phase in material.model.phases if phase.name == name).parameters[0]
    return [step for step in steps if step.key.partition("_")[2] == name_of(first)]


def section_blocks(section: Section, steps: Sequence[Step], level: int = 2) -> list[Block]:
    return [
        Heading(level, section.title, label=f"sec:derivation-{section.key}"),
        para(*prose(section.about)),
        Derivation(lines(steps), label=f"eq:{section.key}", key=section.key),
    ]


def lines(steps: Sequence[Step]) -> tuple[Line, ...]:
    """What repeats is printed once: a left side that the lines below continue, a reason that holds for them too.

    Of a list of gradients those for the same reason may stand side by side.
    """
    found = []
    for before, step in zip((None, *steps), steps, strict=False):
        lhs = None if before and step.lhs == before.lhs else show(step.lhs)
        same = before is not None and step.because == before.because
        why = () if same else prose(step.because)
        found.append(Line(lhs, "=", show(step.rhs), why, beside=same and is_gradient(step)))
    return tuple(found)


def is_gradient(step: Step) -> bool:
    """Whether it gives the gradient of a parameter, or an entry of it."""
    return any(isinstance(part, Gradient) for part in (step.lhs, *step.lhs.parts))
