"""Plain central differences, two passes an entry, as everybody has written them once."""

from __future__ import annotations

import numpy as np

from benchmarks.competitors.checks._case import DIFFERENCE, Array, Check, CheckCase, Gradient

TITLE, PLACE = "central differences, every entry", 3


def prepare(case: CheckCase) -> Check:
    point = {name: array.copy() for name, array in case.program.point.items()}
    x, y = case.rows
    inputs, targets = x[:, None], y[:, None]

    def work() -> Gradient:
        return {name: by(array) for name, array in point.items()}

    def by(array: Array) -> Array:
        found = np.empty_like(array)
        for place in np.ndindex(array.shape):
            before = array[place]
            array[place] = before + DIFFERENCE
            up = loss(point, inputs, targets)
            array[place] = before - DIFFERENCE
            found[place] = (up - loss(point, inputs, targets)) / (2 * DIFFERENCE)
            array[place] = before
        return found

    return Check(work, lambda found: found)


def loss(w: Gradient, x: Array, y: Array) -> float:
    """The forward pass in NumPy; x and y (T, 1, n)."""
    h, states = w["h_0"].T, []
    driven = x @ w["W_i"].T + (w["b_ih"] + w["b_hh"]).T
    weights = w["W_h"].T
    for own in driven:
        h = np.tanh(own + h @ weights)
        states.append(h)
    scores = np.concatenate(states) @ w["W_o"].T + w["b_o"].T
    shift = scores.max(axis=1, keepdims=True)
    totals = np.log(np.exp(scores - shift).sum(axis=1)) + shift[:, 0]
    return float(totals.mean() - (scores * y[:, 0]).sum() / len(scores))
