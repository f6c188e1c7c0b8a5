"""The derivation alone as a document, for ``bptt derive``: no evidence, no numbers, hence nothing heavy."""

from __future__ import annotations

from derive.derivation import Derivation
from reports.chapters.derivation import section_blocks
from reports.document.blocks import Block, Document
from reports.wording import spoken_name


def only_derivation(steps: Derivation) -> Document:
    """The derivation alone, for ``bptt derive``."""
    blocks: list[Block] = []
    for section in steps.sections:
        blocks += section_blocks(steps, section, steps.of(section.key), level=1)
    return Document(
        title="Backpropagation through time",
        subtitle=f"The gradient of the {spoken_name(steps.model)}",
        abstract=(),
        blocks=tuple(blocks),
    )
