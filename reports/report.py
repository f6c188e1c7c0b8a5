"""The pipeline of a report, on one page: material in, a document out."""

from __future__ import annotations

from reports.chapters import closing, derivation, evidence, example, growth, model, summary
from reports.document.blocks import Block, Document
from reports.document.inline import Inline
from reports.material import Material


def report(material: Material) -> Document:
    """The whole report on one model."""
    blocks: list[Block] = [
        *summary.conventions(material),
        *model.blocks(material),
        *derivation.blocks(material),
        *summary.result(material),
        *example.blocks(material),
        *evidence.blocks(material),
        *growth.blocks(material),
        *closing.blocks(material),
    ]
    return Document(
        title="Backpropagation through time",
        subtitle=f"The gradient of the {material.model.cell.label} network, derived and checked",
        abstract=abstract(material),
        blocks=tuple(blocks),
        colophon=closing.colophon(material),
    )


def abstract(material: Material) -> Inline:
    """What was derived, what was checked, by which evidence."""
    steps = len(material.derivation.steps)
    counts = ", ".join(f"{number} {grade}" for grade, number in material.evidence.counts().items())
    parts = [
        f"From the forward equations of the {material.model.cell.name} cell alone, the gradient of the loss is derived "
        f"in {steps} steps for any number of time steps, any sizes and any weights, in three forms: the double sum, "
        f"forward accumulation and the adjoint sweep. Every step is checked by evidence that knows the forward "
        f"equations and nothing else: {counts}."
    ]
    parts += [f" {note}" for note in material.notes]
    return tuple(parts)
