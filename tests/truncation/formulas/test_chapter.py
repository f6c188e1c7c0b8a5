"""The formulas of truncation as they are printed, in every format."""

from __future__ import annotations

from functools import cache

import pytest

from derive.expr import Node
from derive.truncation.study import families
from reports.document.blocks import Block, Derivation, Document, Heading, Line, Reference, References, Table
from reports.formula.to_latex import latex
from reports.present import show
from reports.truncation.formulas import blocks
from reports.truncation.references import SOURCES
from reports.writers import writer
from tests.truncation.formulas.planted import derived, told
from verify.truncation.formulas.judge import evidence
from verify.verdicts import Finding, Verdict

CASES = (("rnn", "every"), ("gru", "last"), ("lstm", "seq2seq"))


@cache
def chapter(cell: str, wiring: str) -> tuple[tuple[Finding, ...], tuple[Block, ...]]:
    found = derived(cell, wiring)
    findings = evidence(found)
    return findings, tuple(blocks(found, findings))


def document(parts: tuple[Block, ...]) -> Document:
    cited = {own.key: own for own in (*SOURCES, *(own for family in families() for own in family.references))}.values()
    entries = tuple(Reference(r.key, r.authors, r.year, r.title, r.where, r.url) for r in cited)
    whole = (Heading(1, "Truncation"), *parts, Heading(1, "References"), References(entries))
    return Document(title="Truncation", subtitle="", abstract=(), blocks=whole)


def lines(parts: tuple[Block, ...]) -> list[Line]:
    return [line for part in parts if isinstance(part, Derivation) for line in part.lines]


@pytest.mark.parametrize(("cell", "wiring"), CASES)
@pytest.mark.parametrize("format_", ["text", "latex", "markdown", "typst"])
def test_every_format_renders_it_and_no_formula_is_left_as_code(cell: str, wiring: str, format_: str) -> None:
    shown = writer(format_).render(document(chapter(cell, wiring)[1])).main
    for code in ("xi(", "kappa(", "Product(", "floor(", "Max(", "T**", "c**", "delta~", "V_infinity", "^one"):
        assert code not in shown, code


@pytest.mark.parametrize(("cell", "wiring"), CASES)
def test_every_line_says_why_and_theorems_are_named(cell: str, wiring: str) -> None:
    told_lines = lines(chapter(cell, wiring)[1])
    assert len(told_lines) > 35 and all(line.why for line in told_lines)
    named = {str(line.why[-1]) for line in told_lines if "[Theorem" in str(line.why[-1])}
    assert any("Links.estimate_error" in name for name in named)


def test_no_theorem_is_named_that_does_not_cover() -> None:
    findings, _ = chapter("rnn", "every")
    without = tuple(f for f in findings if f.evidence != "theorem")
    assert not any("[Theorem" in str(line.why) for line in lines(tuple(blocks(derived(), without))))


def test_an_equation_goes_on_only_where_it_holds_for_the_same_indices() -> None:
    """z_t = a_t for early steps does not continue what z_t is for late ones."""
    window = next(p for p in chapter("rnn", "every")[1] if isinstance(p, Derivation) and p.key == "truncation.window")
    assert all(line.lhs is not None for line in window.lines)


def test_the_table_counts_the_findings() -> None:
    findings, parts = chapter("rnn", "every")
    (table,) = (part for part in parts if isinstance(part, Table))
    counted = sum(int(str(cell)) for own in table.rows for cell in own[1:] if cell)
    assert counted == len(findings) and not any(f.verdict in (Verdict.REFUTED, Verdict.NOT_RUN) for f in findings)


@pytest.mark.parametrize(
    ("key", "side", "shown"),
    [
        ("error.recurrence", "rhs", r"(\xi_t - 1) c_t Z_{t - 1} + c_t e_{t - 1}"),
        ("links.back", "lhs", r"\tilde{\delta}_t"),
        ("links.factor", "lhs", r"\tilde{c}_t"),
        ("mean.define", "rhs", r"\mathbb{E}"),
        ("chunks.bias", "rhs", r"\lfloor"),
        ("variance.martingale", "rhs", r"\frac{1}{T^2}"),
        ("onestep.define", "lhs", r"Z_t^{\mathrm{exact}}"),
        ("tail.mean", "rhs", r"j = t - k + 1"),
    ],
)
def test_how_a_formula_looks(key: str, side: str, shown: str) -> None:
    node: Node = getattr(next(step for step in told() if step.key == key), side)
    assert bare(shown) in bare(latex(show(node), colour=False))


def bare(formula: str) -> str:
    """Without spaces, thin ones as well."""
    return formula.replace(r"\,", "").replace(" ", "")
