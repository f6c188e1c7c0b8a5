"""Every known mistake that is no mutation of a derivation: made on purpose, it is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from derive.arithmetic import Array
from tests.derive.models import Names, derived
from tests.gradcheck.box import box
from tests.gradcheck.someones import VANILLA, Gradients, checked, right
from verify.gradcheck.calling import Backward
from verify.gradcheck.mistakes.conventions import FACTORS, Factor
from verify.gradcheck.mistakes.outputs import WRONG, Wrong

Given = tuple[Gradients, Any, Array]
STEPS = 3


def named(function: Backward, kind: str, names: Names = VANILLA) -> None:
    found = checked(function, names, steps=STEPS, batch=2)
    assert found.exit_code == 1
    assert [mistake.kind for mistake in found.mistakes] == [kind]
    assert found.mistakes[0].whole


@pytest.mark.parametrize("factor", FACTORS, ids=lambda factor: factor.kind)
def test_another_convention(factor: Factor) -> None:
    def backward(parameters: Gradients, inputs: Array, targets: Array) -> Gradients:
        sizes = {"T": len(inputs), "batch": inputs.shape[1], "q": targets.shape[-1]}
        return {name: factor.of(sizes) * g for name, g in right(parameters, inputs, targets).items()}

    named(backward, factor.kind)


ARGUMENTS: dict[str, Callable[[Gradients, Array, Array], Given]] = {
    "inputs backwards": lambda p, x, y: (p, x[::-1], y),
    "shifted inputs": lambda p, x, y: (p, np.roll(x, 1, axis=0), y),
    "shifted targets": lambda p, x, y: (p, x, np.roll(y, -1, axis=0)),
    "first sequence only": lambda p, x, y: (p, x[:, :1], y[:, :1]),
    "targets as labels": lambda p, x, y: (p, x, (y == y.max(axis=-1, keepdims=True)).astype(float)),
    "target forgotten": lambda p, x, y: (p, x, 0 * y),
    "forgot b_ih": lambda p, x, y: ({**p, "b_ih": 0 * p["b_ih"]}, x, y),
    "transposed matrix in the forward pass": lambda p, x, y: ({**p, "W_h": p["W_h"].T}, x, y),
}


@pytest.mark.parametrize("kind", ARGUMENTS)
def test_a_forward_pass_of_something_else(kind: str) -> None:
    named(lambda *given: right(*ARGUMENTS[kind](*given)), kind)


@pytest.mark.parametrize(
    "other", [Names("rnn", "sigmoid", VANILLA.loss), Names("rnn", "tanh", VANILLA.loss, wiring="last")]
)
def test_another_model(other: Names) -> None:
    function = box(derived(other))
    last = other.wiring == "last"
    named(lambda p, x, y: function(p, x, y[-1] if last else y), "another model")


def test_a_gradient_that_is_never_added_to() -> None:
    def backward(parameters: Gradients, inputs: Array, targets: Array) -> Gradients:
        return {name: 0 * g if name == "b_hh" else g for name, g in right(parameters, inputs, targets).items()}

    named(backward, "no gradient")


LOSSES = {"simplex": "softmax_cross_entropy", "unit": "binary_cross_entropy"}
OUTPUTS = [(wrong, targets) for wrong in WRONG for targets in wrong.targets]


@pytest.mark.parametrize(("wrong", "targets"), OUTPUTS, ids=lambda x: x if isinstance(x, str) else x.kind)
def test_a_wrong_gradient_by_the_score(wrong: Wrong, targets: str) -> None:
    """Written out, with what stands in place of o − y."""
    names = Names("rnn", "tanh", LOSSES[targets])

    def backward(p: Gradients, x: Array, y: Array) -> Gradients:
        T, batch, _ = x.shape
        h = [np.tile(p["h_0"], (batch, 1))]
        found = {name: np.zeros_like(value) for name, value in p.items()}
        for t in range(T):
            h.append(np.tanh(x[t] @ p["W_i"].T + p["b_ih"] + h[t] @ p["W_h"].T + p["b_hh"]))
        dh = np.zeros_like(h[0])
        for t in reversed(range(T)):
            s = h[t + 1] @ p["W_o"].T + p["b_o"]
            o = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True) if targets == "simplex" else 1 / (1 + np.exp(-s))
            with np.errstate(all="ignore"):  # of a single output, 1 − o is zero
                ds = wrong.of(o, y[t]) / (T * batch)
            dz = (dh + ds @ p["W_o"]) * (1 - h[t + 1] ** 2)
            terms = {"W_o": ds.T @ h[t + 1], "b_o": ds.sum(0), "W_h": dz.T @ h[t], "W_i": dz.T @ x[t]}
            for name, term in {**terms, "b_ih": dz.sum(0), "b_hh": dz.sum(0)}.items():
                found[name] += term
            dh = dz @ p["W_h"]
        return {**found, "h_0": dh.sum(0)}

    named(backward, wrong.kind, names)
