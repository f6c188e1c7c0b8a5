"""What truncation costs on this very model: the same study as ``bptt truncate``, as a chapter."""

from __future__ import annotations

from reports.document.blocks import Block, Heading, para
from reports.document.inline import Code, Inline
from reports.formula.tree import row
from reports.material import Material
from reports.truncation.blocks import chapter


def blocks(material: Material) -> list[Block]:
    """The laws of weights, their derivation, bias, variance and cost."""
    return [
        Heading(1, "What truncation costs", label="sec:truncation"),
        para(*_said(material)),
        *chapter(material.truncation),
    ]


def _said(material: Material) -> Inline:
    label = material.truncation.problem.label
    kind = "the trained model on its own input" if material.trained else "a weakly driven random network of this kind"
    said: Inline = (
        "Long chains are cut in practice. What that leaves out, and what a cut that is compensated costs, can be said "
        f"exactly. The numbers are those of {kind} (", row("n", "=", label["n"]), ", ", row("T", "=", label["T"]), ").",
    )  # fmt: skip
    if material.truncation.experiments:
        return said
    return (*said, " Experiments in training are made by ", Code("bptt truncate"), " and ",
            Code("bptt report --training"), ".")  # fmt: skip
