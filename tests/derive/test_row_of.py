"""A row of blocks is proved from the whole, and only the right row, of the right whole, in the right range."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp

from derive.derivation import Derivation, Step
from derive.expr import Add, Scale, Var
from derive.prover import RowOf, over
from derive.sums import reindex, substitute, walk
from derive.theory import Theory
from tests.derive.models import Names, derived

MODELS = (
    Names("lstm"),
    Names("peephole"),
    Names("rnn", layers=2),
    Names("rnn", feedback=True),
    Names("lstm", wiring="last"),
)
ROWS = [(names, step.key) for names in MODELS for step in derived(names) if isinstance(step.proof, RowOf)]
EVERY_ROW = pytest.mark.parametrize(("names", "key"), ROWS, ids=str)


def holds(step: Step, derivation: Derivation, proof: RowOf | None = None) -> bool:
    used = proof or step.proof
    assert isinstance(used, RowOf)
    return used.holds(step, derivation)


@EVERY_ROW
def test_a_row_is_proved_and_no_other_claim_about_it(names: Names, key: str) -> None:
    d = derived(names)
    step, proof = d[key], d[key].proof
    assert isinstance(proof, RowOf) and holds(step, d)
    others = {s.rhs for s in d if isinstance(s.proof, RowOf)} - {step.rhs}
    wrong = [*others, Scale(2, step.rhs), Scale(-1, step.rhs), reindex(step.rhs, {T_: T_ + 1 for T_ in _times(step)})]
    wrong += [Add(*step.rhs.args[1:]) for _ in [0] if isinstance(step.rhs, Add) and len(step.rhs.args) > 2]
    wrong = [rhs for rhs in wrong if rhs != step.rhs and rhs.shape == step.rhs.shape and not _both_zero(rhs, step)]
    assert [rhs for rhs in wrong if holds(replace(step, rhs=rhs), d)] == []


def _times(step: Step) -> set[sp.Symbol]:
    return {own.index for own in step.where}


def _both_zero(rhs: object, step: Step) -> bool:
    """Twice nothing is nothing."""
    return str(step.rhs).startswith("fill(0")


@EVERY_ROW
def test_another_row_another_variable_and_another_range_are_not_proved(names: Names, key: str) -> None:
    d = derived(names)
    step, proof = d[key], d[key].proof
    assert isinstance(proof, RowOf) and isinstance(step.lhs, Var)
    count = len(Theory(d.model).phase.states)
    for row in set(range(count)) - {proof.row}:
        assert not holds(step, d, replace(proof, row=row))
    other = Theory(d.model).delta_of(Theory(d.model).phase.states[(proof.row + 1) % count]).at(step.lhs.args[3])
    assert not holds(replace(step, lhs=other), d)
    if step.where:
        (own,) = step.where
        assert not holds(replace(step, where=(over(own.index, own.lower, own.upper + 1),)), d)
        assert holds(replace(step, where=(over(own.index, own.lower + 1, own.upper),)), d)


def test_a_row_needs_its_premises() -> None:
    d = derived(Names("lstm"))
    step = d["gradient.delta-h"]
    proof = step.proof
    assert isinstance(proof, RowOf)
    for missing in ("gradient.split", "local.c", "seed.g"):
        assert not holds(step, d, replace(proof, using=tuple(key for key in proof.using if key != missing)))
    for key in ("local.c", "adjoint.recursion", "seed.g"):
        wrong = d.with_step(key, rhs=Scale(2, d[key].rhs))
        assert not holds(step, wrong), key
    split = d["gradient.split"]
    swapped = d.with_step("gradient.split", rhs=type(split.rhs)(2, *reversed(split.rhs.args[1:])))
    assert not holds(step, swapped)
    assert not holds(step, d, replace(proof, whole="adjoint.last"))


def test_a_bar_of_another_gate_is_not_proved() -> None:
    d = derived(Names("lstm"))
    step = d["gradient.delta-h"]
    bars = {p.name: p for p in walk(step.rhs) if isinstance(p, Var) and p.kind == "adjoint"}
    swapped = substitute(step.rhs, {bars["u_i"]: bars["u_f"], bars["u_f"]: bars["u_i"]})
    assert swapped != step.rhs and not holds(replace(step, rhs=swapped), d)
