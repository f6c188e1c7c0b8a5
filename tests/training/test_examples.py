"""The loops in ``examples/artbp`` have the derived estimator's gradient, for given cuts; mistakes in them are seen."""

from __future__ import annotations

import importlib.util
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from derive.arithmetic import Array
from derive.assemble import derivation
from derive.indices import N_INPUT, N_OUTPUT, N_STATE, T, t
from derive.model import build
from derive.run import FORMS, gradients
from derive.strategies.artbp import Artbp
from derive.track import estimate
from derive.truncation.derived_track import DerivedTrack
from derive.unroll import Place, place, unroll
from verify.oracles.torch_modules import missing

FOLDER = Path(__file__).parents[2] / "examples" / "artbp"
CUTS = (3, 4, 9)
STEPS, UNITS, INPUTS, OUTPUTS, BATCH, KAPPA = 12, 5, 2, 2, 3, 0.2
with_torch = pytest.mark.skipif(bool(missing()), reason=missing() or "PyTorch is here")


def loop(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"artbp_{name}", FOLDER / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def drawn(batch: int) -> tuple[dict[str, Array], Array, Array, Array]:
    """Weights by our names, h_0 (n,), inputs (T, B, m) and targets (T, B, q)."""
    rng = np.random.default_rng(4)
    shapes = {"W_h": (UNITS, UNITS), "W_i": (UNITS, INPUTS), "b_ih": (UNITS,), "b_hh": (UNITS,),
              "W_o": (OUTPUTS, UNITS), "b_o": (OUTPUTS,)}  # fmt: skip
    weights = {name: rng.normal(size=shape) / 2 for name, shape in shapes.items()}
    weights["W_h"] = 1.2 * np.linalg.qr(rng.normal(size=(UNITS, UNITS)))[0]
    return weights, rng.normal(size=UNITS) / 2, rng.normal(size=(STEPS, batch, INPUTS)), rng.normal(
        size=(STEPS, batch, OUTPUTS)
    )  # fmt: skip


def estimator(batch: int, kappa: float = KAPPA) -> dict[str, Array]:
    """Of L = (1/T) Σ_t ½‖o_t − y_t‖², averaged over the batch, with the links after the steps of CUTS cut."""
    model = build("rnn", loss="squared_error")
    whole = derivation(model)
    weights, start, inputs, targets = drawn(batch)
    sizes = {N_STATE: UNITS, N_INPUT: INPUTS, N_OUTPUT: OUTPUTS, T: STEPS}
    given: dict[Place, Array] = {
        place(w): weights[w.name].reshape(weights[w.name].shape[0], -1) for w in model.parameters
    }
    given[place(model.initial_states[0])] = start[:, None]
    for step in range(1, STEPS + 1):
        given[place(model.cell.inputs[0], {t: step})] = inputs[step - 1][..., None]
        given[place(model.readout.target, {t: step})] = targets[step - 1][..., None]
    table = unroll(model, given, sizes)
    factors = [1.0] * (STEPS + 1)
    for link in range(2, STEPS + 1):
        factors[link] = 0.0 if link - 1 in CUTS else 1 / (1 - kappa)
    found = estimate(DerivedTrack(whole, table), Artbp().machine(STEPS), factors)
    readout = gradients(whole, table, FORMS[-1])
    return {**{w: found[w] for w in ("W_h", "W_i", "b_ih", "b_hh")}, **{w: readout[w] for w in ("W_o", "b_o")}}


def numpy_gradient(kappa: float) -> dict[str, Array]:
    """Chunk after chunk of one sequence, the weights left as they are."""
    weights, h, inputs, targets = drawn(1)
    own = {name: weights[name] for name in ("W_h", "W_i", "W_o", "b_o")} | {"b": weights["b_ih"] + weights["b_hh"]}
    total = {name: np.zeros_like(array) for name, array in own.items()}
    borders = [0, *CUTS, STEPS]
    for first, last in pairwise(borders):
        _, found, h = loop("numpy_loop").chunk_gradient(own, h, inputs[first:last, 0], targets[first:last, 0], kappa)
        for name, array in found.items():
            total[name] += array / STEPS
    return {**total, "b_ih": total["b"], "b_hh": total["b"]}


def far(found: dict[str, Array], expected: dict[str, Array]) -> float:
    return max(
        float(np.abs(found[w].reshape(expected[w].shape) - expected[w]).max() / np.abs(expected[w]).max())
        for w in expected
    )


def test_the_numpy_loop_has_the_estimator_s_gradient() -> None:
    assert far(numpy_gradient(KAPPA), estimator(1)) < 1e-13


def test_the_numpy_loop_without_the_compensation_is_caught() -> None:
    assert far(numpy_gradient(0.0), estimator(1)) > 1e-2


def test_the_numpy_loop_learns() -> None:
    losses = loop("numpy_loop").train(chunks=800)
    assert np.mean(losses[-100:]) < 0.1 * np.mean(losses[:20])


def torch_gradient(kappa: float, wrong: Any = None) -> dict[str, Array]:
    import torch

    module = loop("torch_loop")
    if wrong is not None:
        module.handed_on = wrong
    weights, start, inputs, targets = drawn(BATCH)
    cell, readout = torch.nn.RNNCell(INPUTS, UNITS), torch.nn.Linear(UNITS, OUTPUTS)
    slots = {"W_i": (cell, "weight_ih"), "W_h": (cell, "weight_hh"), "b_ih": (cell, "bias_ih"),
             "b_hh": (cell, "bias_hh"), "W_o": (readout, "weight"), "b_o": (readout, "bias")}  # fmt: skip
    for name, (owner, slot) in slots.items():
        setattr(owner, slot, torch.nn.Parameter(torch.tensor(weights[name])))
    h = torch.tensor(start).expand(BATCH, UNITS)
    cuts = [step in CUTS for step in range(1, STEPS)]
    found, _ = module.outputs(cell, readout, h, torch.tensor(inputs), cuts, kappa)
    loss = ((found - torch.tensor(targets)) ** 2).sum() / (2 * STEPS * BATCH)
    loss.backward()
    return {name: getattr(owner, slot).grad.numpy() for name, (owner, slot) in slots.items()}


@with_torch
def test_the_torch_loop_has_the_estimator_s_gradient() -> None:
    assert far(torch_gradient(KAPPA), estimator(BATCH)) < 1e-12


@with_torch
def test_the_torch_loop_without_the_compensation_is_caught() -> None:
    assert far(torch_gradient(0.0), estimator(BATCH)) > 1e-2


@with_torch
def test_a_hook_on_the_state_itself_is_caught() -> None:
    """It divides what the step's own loss sends as well."""

    def wrong(h: Any, cut: bool, kappa: float) -> Any:
        if cut:
            return h.detach()
        if h.requires_grad:
            h.register_hook(lambda grad: grad / (1 - kappa))
        return h

    assert far(torch_gradient(KAPPA, wrong), estimator(BATCH)) > 1e-2


@with_torch
def test_the_torch_loop_learns() -> None:
    losses = loop("torch_loop").train(iterations=120)
    assert np.mean(losses[-10:]) < 0.1 * np.mean(losses[:3])
