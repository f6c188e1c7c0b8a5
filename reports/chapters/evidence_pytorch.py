"""Every gradient under PyTorch's name, where PyTorch was a witness."""

from __future__ import annotations

from reports.chapters.worst import worst
from reports.document.blocks import Block, Column, Table
from reports.document.inline import Code, Inline, InlineLike
from reports.material import Material
from reports.numbers import scientific
from reports.present import show
from verify.state_dict import Slot, slots


def names_table(material: Material) -> list[Block]:
    """A row for each of PyTorch's parameters: which of ours are its row blocks, and how they compare."""
    rows: list[tuple[InlineLike, ...]] = []
    for slot in slots(material.model):
        found = material.evidence.about(f"torch.{slot.label}")
        if found:
            shown = worst(found)
            numbers = (scientific(shown.error), scientific(shown.tolerance))
            rows.append((Code(slot.label), _ours(slot), *numbers, shown.verdict.value))
    if not rows:
        return []
    columns = (
        Column("PyTorch", weight=2.2), Column("Here", weight=2.6), Column("Error", "right", weight=1.5),
        Column("Tolerance", "right", weight=1.5), Column("Verdict", weight=1.3),
    )  # fmt: skip
    caption = (
        "Every gradient under PyTorch's name for the parameter, which stacks the matrices and biases of all gates on "
        "top of each other, in this order. The worst of the three forms is shown."
    )
    return [Table(columns, tuple(rows), caption=caption, label="tab:pytorch")]


def _ours(slot: Slot) -> Inline:
    first, *others = (show(w) for w in slot.parameters)
    return (first, *(part for other in others for part in (", ", other)))
