"""Random values for what a model is given: parameters, initial states, inputs and targets."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.indices import N_OUTPUT, t, value
from derive.model import Model
from derive.unroll import Place, place


def drawn(
    model: Model, sizes: Mapping[sp.Symbol, int], batch: int, rng: np.random.Generator, drive: float, calm: float
) -> dict[Place, Array]:
    """A value for everything that is given; ``drive`` scales inputs, biases and h_0, ``calm`` the parameters."""
    given: dict[Place, Array] = {}
    for w in model.parameters:
        rows, cols = (value(size, sizes) for size in w.shape)
        spread = drive if cols == 1 else 1 / np.sqrt(cols)
        given[place(w)] = calm * spread * rng.normal(size=(rows, cols))
    for state in model.initial_states:
        given[place(state)] = drive * rng.normal(size=(value(state.shape[0], sizes), 1)) / 2
    given |= {place(constant): _mask(value(constant.shape[0], sizes)) for constant in model.constants}
    for phase in model.phases:
        for step in range(1, value(phase.length, sizes) + 1):
            for source in model.inputs_of(phase):
                given[place(source, {t: step})] = drive * rng.normal(size=(batch, value(source.shape[0], sizes), 1))
    for step in range(value(model.wiring.first, sizes), value(model.wiring.last, sizes) + 1):
        numbers = rng.normal(size=(batch, sizes[N_OUTPUT], 1))
        given[place(model.readout.target, {t: step})] = _target(model, given, numbers)
    return given


def _mask(count: int) -> Array:
    """A vocabulary without its first word, where that leaves one."""
    mask = np.zeros((count, 1))
    if count > 1:
        mask[0] = -np.inf
    return mask


def _target(model: Model, given: Mapping[Place, Array], drawn: Array) -> Array:
    """A target that the loss makes sense of, drawn from any numbers."""
    if model.loss.targets == "real":
        return drawn
    if model.loss.targets == "unit":
        return 1 / (1 + np.exp(-drawn))
    allowed = np.exp(sum((given[place(constant)] for constant in model.constants), np.zeros_like(drawn)))
    weights = np.exp(drawn) * allowed
    return weights / weights.sum(axis=-2, keepdims=True)
