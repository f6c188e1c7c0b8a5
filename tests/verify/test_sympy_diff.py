"""What the exact oracle says where SymPy writes one thing in two ways."""

from __future__ import annotations

import sympy as sp

from derive.assemble import derivation
from derive.build import apply, hadamard
from derive.cellfile.reader import read_cell
from derive.functions import Elementwise, Z
from derive.model import build
from tests.command_line.running import ROOT
from verify.comparison import Subject
from verify.oracles import sympy_diff
from verify.problem import random_problem
from verify.verdicts import Verdict

ONE = Elementwise("one", sp.sin(Z) ** 2 + sp.cos(Z) ** 2)
NEARLY = Elementwise("nearly", sp.sin(Z) ** 2 + sp.cos(Z) ** 2 + sp.Rational(1, 10**20))


def verdicts(factor: Elementwise) -> set[Verdict]:
    """Of the gradient of b_ih, with every term multiplied by ``factor`` of the state."""
    model = build("rnn", loss="squared_error")
    right = derivation(model)
    old = right["gradient.z-bar"].rhs
    claimed = right.with_step("gradient.z-bar", rhs=hadamard(old, apply(factor, model.cell.states[0])))
    found = sympy_diff.judge(Subject(random_problem(model), claimed))
    return {f.verdict for f in found if f.claim == "gradient.b_ih" and f.form == "adjoint"}


def test_what_is_equal_but_written_differently_is_not_refuted() -> None:
    assert Verdict.NOT_RUN in verdicts(ONE) and Verdict.REFUTED not in verdicts(ONE)


def test_a_difference_beyond_double_precision_is_refuted() -> None:
    assert verdicts(NEARLY) == {Verdict.REFUTED}


def test_the_slope_of_a_users_function_may_hold_other_functions() -> None:
    model = build(read_cell(ROOT / "examples" / "cells" / "rate.toml"))
    found = list(sympy_diff.judge(Subject(random_problem(model), derivation(model))))
    assert found and {f.verdict for f in found} == {Verdict.EXACT}
