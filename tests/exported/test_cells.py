"""Cells that a module could stumble over: a state that nothing reads, and quantities called as its functions are."""

from __future__ import annotations

import pytest

from derive.assemble import derivation
from derive.cell import Cell, Equation, given, inner, lag, parameter, state
from derive.functions import tanh
from derive.indices import N_INPUT, N_STATE
from derive.model import build
from derive.nonlinear import Map
from tests.exported.modules import STEPS, TARGETS, importorskip, module, target

UNREAD = ("h", "c", "x", "z", "W", "V")
TAKEN = ("loss", "back", "given", "kept", "steps", "run")


def cell(h: str, c: str, x: str, z: str, w: str, v: str) -> Cell:
    """The state c is computed, and is nowhere read."""
    n, m = N_STATE, N_INPUT
    H, C, X, Z = state(h, n), state(c, n), given(x, m), inner(z, n)
    W, V = parameter(w, n, n), parameter(v, n, m)
    equations = (Equation(Z, W @ lag(H) + V @ X), Equation(C, Map(tanh, Z)), Equation(H, Map(tanh, Z)))
    return Cell("own", "a cell", states=(H, C), inputs=(X,), parameters=(W, V), equations=equations)


@pytest.mark.parametrize("of", TARGETS)
@pytest.mark.parametrize("names", [UNREAD, TAKEN], ids=["unread", "taken"])
@pytest.mark.usefixtures("double")
def test_the_module_of_such_a_cell(of: str, names: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    importorskip(of)
    own = module(target(of).written(derivation(build(cell(*names))), "bptt"))
    own["check"]()
    blind = [line.split()[0] for line in capsys.readouterr().out.splitlines() if "NOT JUDGED" in line]
    assert blind == [f"{names[1]}_0"]
    arrays = own["example"](T=STEPS, B=2)
    _, found = own["loss_and_gradient"](arrays, STEPS)
    assert found[blind[0]].shape == arrays[blind[0]].shape and not found[blind[0]].any()
    assert found[f"{names[0]}_0"].any()
