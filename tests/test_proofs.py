"""The checks of ``proofs/`` are checked: each is given the error that it exists for."""

from __future__ import annotations

import shutil
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from verify.theorem import record as theorems

PROOFS = Path(__file__).resolve().parent.parent / "proofs"
AXIOMS = """\
Axioms:
ClassicalDedekindReals.sig_not_dec : forall P : Prop, {~ ~ P} + {~ P}
FunctionalExtensionality.functional_extensionality_dep
  : forall (A : Type) (B : A -> Type) (f g : forall x : A, B x),
    (forall x : A, f x = g x) -> f = g
"""
RIGHT = """\
Require Import Arith.
Ltac script := intros n; apply Nat.add_comm.
Theorem control : forall n : nat, n + 1 = 1 + n.
Proof. script. Qed.
Theorem wrong : forall n : nat, n + 1 = 2 + n.
Proof. script. Qed.
"""


def load(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(PROOFS))
    monkeypatch.delitem(sys.modules, name, raising=False)
    return import_module(name)


def test_the_record_is_of_the_theorems_that_the_files_have(monkeypatch: pytest.MonkeyPatch) -> None:
    record = load("record", monkeypatch)
    modules = [file.stem for file in PROOFS.glob("*.v")]
    assert len(modules) > 20
    said = {f"{module}.{name}": about for module in modules for name, about in record.theorems(module).items()}
    assert {name: theorem.about for name, theorem in theorems().items()} == said
    assert all(theorem.statement and theorem.about for theorem in theorems().values())


def test_every_axiom_of_the_record_is_one_of_the_real_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    record = load("record", monkeypatch)
    assert {axiom for theorem in theorems().values() for axiom in theorem.assumptions} <= record.ALLOWED


def test_axioms_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    record = load("record", monkeypatch)
    assert record.axioms("Closed under the global context\n") == []
    assert record.axioms(AXIOMS) == [
        "ClassicalDedekindReals.sig_not_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
    ]


@pytest.mark.parametrize("printed", ["Axioms:\nmagic : False\n", AXIOMS + "magic\n  : False\n", ""])
def test_another_axiom_is_refused(printed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    record = load("record", monkeypatch)
    with pytest.raises(RuntimeError, match="not among the axioms"):
        record.axioms(printed)


@pytest.mark.parametrize("above", ["", "(* One star only. *)\n", "(** Not directly above. *)\n\n"])
def test_a_theorem_needs_a_sentence(above: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = load("record", monkeypatch)
    monkeypatch.setattr(record, "PROOFS", tmp_path)
    (tmp_path / "Some.v").write_text(f"(** It is so. *)\nTheorem so : True.\n{above}Theorem bare : True.\n")
    with pytest.raises(ValueError, match="bare"):
        record.theorems("Some")


def test_a_changed_line_is_a_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = load("record", monkeypatch)
    committed = tmp_path / "record.json"
    assert record.differences(committed, "1 = 1\n")
    committed.write_text("1 = 1\n")
    assert record.differences(committed, "1 = 1\n") == []
    assert "-1 = 1" in record.differences(committed, "1 = 2\n")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("coqc") is None, reason="Coq is not installed")
@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({}, ""),
        ({"= 2 + n": "= 1 + n"}, "the wrong statement is proved"),
        ({"= 1 + n": "= 2 + n"}, "not in the wrong statement's proof"),
        ({"Nat.add_comm": "Nat.add_com"}, "not in the wrong statement's proof"),
        ({"= 2 + n": "= 2 + m"}, "not in the wrong statement's proof"),
        ({"Theorem wrong": "Theorem other"}, "not a Theorem control and a Theorem wrong"),
        ({"= 2 + n.\nProof. script. Qed.": "= 2 + n.\nProof. exact 0. Qed."}, "both with"),
    ],
)
def test_a_wrong_statement_must_be_refused_for_what_it_says(
    changes: dict[str, str], complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = load("wrong", monkeypatch)
    text = RIGHT
    for right, planted in changes.items():
        assert right in text
        text = text.replace(right, planted)
    file = tmp_path / "Example.v"
    file.write_text(text)
    said = wrong.complaint(file)
    assert complaint in said if complaint else not said
