"""The theorems that steps are instances of, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from reports.document.blocks import Block, Column, Table
from reports.document.inline import Code, Inline, InlineLike, Part
from reports.material import Material
from reports.present.sentence import sentence
from verify.theorem import cited, record


def theorems_table(material: Material) -> Iterator[Block]:
    """A row for each theorem: what it says, and the steps that it covers."""
    steps: dict[str, list[str]] = {}
    for key, names in cited(material.evidence.findings).items():
        for name in names:
            steps.setdefault(name, []).append(key)
    if not steps:
        return
    rows: list[tuple[InlineLike, ...]] = [
        ((Code(name),), _says(name), _named(keys)) for name, keys in sorted(steps.items())
    ]
    columns = (Column("Theorem", weight=2.9), Column("It says", weight=4.0), Column("Steps", weight=2.1))
    caption: Inline = (
        "Theorems that Coq has checked, and the steps that are instances of them, symbol for symbol. Proofs: in ",
        Code("proofs/"), ". A theorem says nothing about the code that evaluates the step.",
    )  # fmt: skip
    yield Table(columns, tuple(rows), caption=caption, label="tab:theorems")


def _says(name: str) -> Inline:
    """Up to the formula, which is that of the step."""
    words = record()[name].about.partition(":")[0].rstrip(".")
    return sentence(f"{words}.")


def _named(keys: list[str]) -> Inline:
    parts: list[Part] = []
    for key in keys:
        parts += [", " if parts else "", Code(key)]
    return tuple(parts)
