"""The printed chapter: every cell has one, in every format, with what was proved and what was refused."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest

from derive.growth.formulas.powers import defective, x
from reports.chapters.growth_formulas import REFERENCES, blocks
from reports.document.blocks import Block, Document, Heading, Line, Reference, References, Table
from reports.document.blocks import Derivation as Display
from reports.engines.typst_engine import compile_strict
from reports.formula.to_latex import latex
from reports.formula.tree import Atom
from reports.growth.references import SOURCES
from reports.present.scalars import expression
from reports.writers import latex_writer, markdown_writer, terminal_writer
from tests.growth.formulas.planted import derived
from verify.growth.formulas.judge import evidence
from verify.verdicts import Finding, Verdict

REST = (("rnn", "relu"), ("leaky", ""), ("gru", ""), ("lstm", ""), ("diagonal", ""), ("indrnn", ""), ("jordan", ""))
CELLS = (("rnn", "tanh"), *(pytest.param(*own, marks=pytest.mark.slow) for own in REST))


@cache
def chapter(cell: str, variant: str) -> tuple[tuple[Finding, ...], tuple[Block, ...]]:
    found = evidence(derived(cell, variant))
    return found, tuple(blocks(derived(cell, variant), found))


def document(parts: Sequence[Block]) -> Document:
    sources = {own.key: own for own in (*SOURCES, *REFERENCES)}.values()
    cited = tuple(Reference(own.key, own.authors, own.year, own.title, own.where, own.url) for own in sources)
    head, tail = Heading(1, "How the product chain grows"), (Heading(1, "References"), References(cited))
    return Document("Growth", "formulas", "Formulas.", (head, *parts, *tail))


def lines(parts: Sequence[Block]) -> list[Line]:
    return [line for part in parts if isinstance(part, Display) for line in part.lines]


@pytest.mark.parametrize(("cell", "variant"), CELLS)
def test_the_chapter_is_printed_in_every_format(cell: str, variant: str) -> None:
    whole = document(chapter(cell, variant)[1])
    assert compile_strict(whole).startswith(b"%PDF")
    for writer in (latex_writer, markdown_writer, terminal_writer):
        assert writer.render(whole)


def test_the_bound_stands_there_with_its_theorem() -> None:
    shown = lines(chapter("rnn", "tanh")[1])
    bound = next(line for line in shown if "bounded_by_power" in str(line.why) and line.relation == "le")
    assert "t - i" in latex(bound.rhs, colour=False) and "sigma" in latex(bound.rhs, colour=False)
    assert {line.relation for line in shown} == {"=", "le", "to", "<"}


def test_nothing_is_called_proved_that_was_not() -> None:
    found, _ = chapter("rnn", "tanh")
    doubted = [f for f in found if f.evidence != "theorem"]
    shown = lines(blocks(derived("rnn", "tanh"), doubted))
    assert not any("Theorem" in str(line.why) for line in shown)


def test_the_table_counts_the_findings() -> None:
    found, parts = chapter("rnn", "tanh")
    (table,) = (part for part in parts if isinstance(part, Table))
    numbers = [int(str(cell)) for own in table.rows for cell in own[1:] if cell]
    assert sum(numbers) == len(found) and not any(f.verdict in (Verdict.REFUTED, Verdict.NOT_RUN) for f in found)


def test_numbers_beside_a_matrix_are_multiples_of_the_identity() -> None:
    shown = latex(expression(defective().formula, {x: Atom("W")}), colour=False)
    assert shown == r"\lambda^k I + k \lambda^{k - 1} (W - \lambda I)"
