"""The example cells: each reads, and computes what its paper says, written out by hand in NumPy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
import sympy as sp

from derive.arithmetic import Floating
from derive.cell import Cell
from derive.cellfile.reader import read_cell
from derive.evaluate import evaluate
from derive.expr import Node, Var
from derive.indices import N_INPUT, N_STATE, t, value
from tests.cellfile.reading import EXAMPLES

Arrays = Mapping[str, np.ndarray]


class Values:
    """An environment for one step: arrays by name and by lag."""

    def __init__(self, given: dict[Node, np.ndarray]) -> None:
        self.sizes: Mapping[sp.Symbol, int] = {N_STATE: 4, N_INPUT: 3}
        self.arithmetic, self.given = Floating(), given
        self.chains: dict[Any, Any] = {}

    def leaf(self, node: Node, at: Mapping[sp.Symbol, int]) -> np.ndarray:
        return self.given[node]


def step(cell: Cell, rng: np.random.Generator) -> tuple[Arrays, dict[str, np.ndarray]]:
    """Random arrays (a state of the step before is called ``h_old``), and what the equations make of them."""
    env = Values({})
    for variable in (*cell.parameters, *cell.inputs, *(state.at(t - 1) for state in cell.lagged)):
        env.given[variable] = rng.normal(size=[value(size, env.sizes) for size in variable.shape])
    names = {f"{v.name}_old" if v.time == t - 1 else v.name: a for v, a in env.given.items() if isinstance(v, Var)}
    found = {}
    for equation in cell.equations:
        found[equation.target.name] = env.given[equation.target] = evaluate(equation.expression, env, {t: 1})
    return names, found


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def antisymmetric(a: Arrays) -> dict[str, np.ndarray]:
    inside = (a["W"] - a["W"].T - 0.01 * np.eye(4)) @ a["h_old"] + a["V"] @ a["x"] + a["b"]
    return {"h": a["h_old"] + 0.1 * np.tanh(inside)}


def cornn(a: Arrays) -> dict[str, np.ndarray]:
    force = np.tanh(a["W_y"] @ a["y_old"] + a["W_z"] @ a["z_old"] + a["V"] @ a["u"] + a["b"])
    z = a["z_old"] + 0.042 * (force - 2.7 * a["y_old"] - 4.7 * a["z_old"])
    return {"y": a["y_old"] + 0.042 * z, "z": z}


def mgu(a: Arrays) -> dict[str, np.ndarray]:
    f = sigmoid(a["W_f"] @ a["h_old"] + a["V_f"] @ a["x"] + a["b_f"])
    c = np.tanh(a["W_h"] @ (f * a["h_old"]) + a["V_h"] @ a["x"] + a["b_h"])
    return {"h": (1 - f) * a["h_old"] + f * c}


def rate(a: Arrays) -> dict[str, np.ndarray]:
    softplus = np.log1p(np.exp(a["W"] @ a["r_old"] + a["V"] @ a["x"] + a["b"]))
    return {"r": 0.8 * a["r_old"] + 0.2 * softplus}


BY_HAND: dict[str, Callable[[Arrays], dict[str, np.ndarray]]] = {
    "antisymmetric": antisymmetric, "cornn": cornn, "mgu": mgu, "rate": rate,
}  # fmt: skip


def test_every_example_is_computed_by_hand() -> None:
    assert {path.stem for path in EXAMPLES} == set(BY_HAND)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_computes_what_its_paper_says(path: Any) -> None:
    cell = read_cell(path)
    names, found = step(cell, np.random.default_rng(7))
    wanted = BY_HAND[path.stem](names)
    assert set(wanted) == {state.name for state in cell.states}
    for name, array in wanted.items():
        np.testing.assert_allclose(found[name], array, rtol=1e-13)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_names_itself_and_its_source(path: Any) -> None:
    cell = read_cell(path)
    assert cell.name == path.stem and cell.title and cell.references[0].url
