"""Numbers belong to the model, and every writer prints the same ones."""

from __future__ import annotations

import pytest
import sample

from reports.document.blocks import Derivation, Document, Heading, KeepTogether, Line, Ref, Table, para
from reports.document.numbering import LabelError, number, walk
from reports.formula.tree import Atom
from reports.writers import writers

X = Line(Atom("x"), "=", Atom("y"))


def _document(*blocks: object) -> Document:
    return Document("t", "", "", blocks)  # type: ignore[arg-type]


def test_sections_nest() -> None:
    headings = [
        Heading(1, "a", "a"),
        Heading(2, "b", "b"),
        Heading(3, "c", "c"),
        Heading(2, "d", "d"),
        Heading(1, "e", "e"),
    ]
    numbering = number(_document(*headings))
    assert [numbering.target(key).number for key in "abcde"] == ["1", "1.1", "1.1.1", "1.2", "2"]


def test_only_labelled_equations_count() -> None:
    numbering = number(
        _document(Derivation((X,)), Derivation((X,), "first"), KeepTogether((Derivation((X,), "second"),)))
    )
    assert str(numbering.target("first")) == "Equation 1"
    assert str(numbering.target("second")) == "Equation 2"


def test_unknown_and_duplicate_labels_are_refused() -> None:
    with pytest.raises(LabelError, match="'nowhere'"):
        number(_document()).target("nowhere")
    with pytest.raises(LabelError, match="two blocks"):
        number(_document(Derivation((X,), "same"), Heading(1, "h", "same")))


@pytest.mark.parametrize("name", writers())
def test_a_dangling_reference_stops_every_writer(name: str) -> None:
    with pytest.raises(LabelError, match="missing"):
        writers()[name].render(_document(para("see ", Ref("missing"))))


@pytest.mark.parametrize("name", writers())
def test_every_writer_prints_the_numbers_of_the_model(name: str) -> None:
    document = sample.document()
    numbering = number(document)
    shown = writers()[name].render(document, width=80).main.replace("~", " ")
    for label in ("eq:bptt", "eq:expansion", "fig:net", "fig:chain", "tab:verdicts"):
        assert str(numbering.target(label)) in shown or label in ("fig:net",)
    assert len([b for b in walk(document.blocks) if isinstance(b, Table)]) == 2


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="row 1 has 1 cells"):
        Table((), (("x",),), "caption")
