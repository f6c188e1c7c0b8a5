"""The pipeline of a report, on one page: material in, a document out."""

from __future__ import annotations

from reports.chapters import closing, derivation, evidence, example, growth, model, summary, trained, truncation
from reports.document.blocks import Block, Document
from reports.document.inline import Inline
from reports.material import Material
from reports.wording import spoken_name


def report(material: Material) -> Document:
    """The whole report on one model."""
    blocks: list[Block] = [
        *summary.conventions(material),
        *model.blocks(material),
        *derivation.blocks(material),
        *summary.result(material),
        *example.blocks(material),
        *trained.blocks(material),
        *evidence.blocks(material),
        *growth.blocks(material),
        *truncation.blocks(material),
        *closing.blocks(material),
    ]
    return Document(
        title="Backpropagation through time",
        subtitle=f"The gradient of the {spoken_name(material.model)}, derived and checked",
        abstract=abstract(material),
        blocks=tuple(blocks),
        colophon=closing.colophon(material.command, material.seed),
    )


def abstract(material: Material) -> Inline:
    """What was derived, what was checked, by which evidence."""
    steps = material.derivation.steps
    proofs = sum(step.proof is not None for step in steps)
    counts = ", ".join(f"{number} {grade}" for grade, number in material.evidence.counts().items())
    name = spoken_name(material.model)
    parts = [
        f"The gradient of the loss of the {name} is derived from its forward equations, and from nothing else, in "
        f"{len(steps)} steps for any number of time steps, any sizes and any weights, in three forms: the double sum, "
        "forward accumulation and the adjoint sweep. Every step is checked by evaluating both of its sides with values "
        f"that are measured from the forward equations; {proofs} steps carry a structural proof; every gradient is "
        f"compared with independent oracles. The findings: {counts}."
    ]
    parts += [f" {note[:1].upper()}{note[1:].rstrip('.')}." for note in material.notes]
    return tuple(parts)
