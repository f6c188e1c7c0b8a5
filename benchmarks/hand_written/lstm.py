"""Long short-term memory by hand: four gates in one product, and what needs no recurrence for many steps at once."""

from __future__ import annotations

import numpy as np

from benchmarks.hand_written.readout import Array, Named, Readout

_ORDER = "oifg"
"""Of the gates: the three that are sigmoids stand together, and so do the three that reach h_t through c_t."""
_CACHED = 2**14
"""Numbers in an array of the steps that are prepared at once: what stays in a processor's cache."""


def stacked(w: Named) -> dict[str, Array]:
    """The parameters as this code keeps them: all gates in one array."""
    found = {"W_o": w["W_o"], "b_o": w["b_o"]}
    for side in "ih":
        found[f"U_{side}"] = np.concatenate([w[f"W_{side}{gate}"] for gate in _ORDER])
        found[f"c_{side}"] = np.concatenate([w[f"b_{side}{gate}"][:, 0] for gate in _ORDER])
    return found


def named(found: Named) -> dict[str, Array]:
    """A gradient under the names of the cell."""
    split = {name: found[name] for name in ("W_o", "b_o", "h_0", "c_0")}
    for side in "ih":
        for ours, theirs in (("U", "W"), ("c", "b")):
            parts = np.split(found[f"{ours}_{side}"], 4)
            split |= {f"{theirs}_{side}{gate}": part for gate, part in zip(_ORDER, parts, strict=True)}
    return split


class Workspace:
    """Memory for one set of sizes, kept between calls; the gradients that are returned are overwritten by the next."""

    def __init__(self, steps: int, hidden: int, batch: int, inputs: int, outputs: int) -> None:
        rows, n = steps * batch, hidden
        self.steps, self.batch, self.rows, self.hidden = steps, batch, rows, hidden
        self.chunk = max(1, min(steps, _CACHED // (batch * n)))
        self.states, self.cells = np.empty((steps + 1, batch, n)), np.empty((steps + 1, batch, n))
        self.bounded, self.seeds = np.empty((steps, batch, n)), np.empty((steps, batch, n))  # tanh c_t; ∂L/∂h_t
        self.gates, self.errors = np.empty((steps, batch, 4 * n)), np.empty((steps, batch, 4 * n))
        self.ready, self.through = np.empty((self.chunk, batch, 4, n)), np.empty((self.chunk, batch, n))
        self.wide, self.step = np.empty((batch, 4 * n)), np.empty((batch, n))
        self.carried, self.carried_cell = np.empty((batch, n)), np.empty((batch, n))
        self.recurrent, self.back = np.empty((n, 4 * n)), np.empty((4 * n, n))
        self.U_i, self.U_h, self.bias = np.empty((4 * n, inputs)), np.empty((4 * n, n)), np.empty(4 * n)
        self.h_0, self.c_0, self.ones = np.empty(n), np.empty(n), np.ones(rows)
        self.readout = Readout(rows, n, outputs)
        o, i, f, g = (self.gates[..., n * place : n * (place + 1)] for place in range(4))
        self.forward_views = list(
            zip(self.gates, self.gates[..., : 3 * n], o, i, f, g, self.cells[1:], self.bounded, self.states[1:],
                strict=True)
        )  # fmt: skip
        apart = self.errors.reshape(steps, batch, 4, n)
        self.backward_views = list(
            zip(self.seeds, self.errors, apart[:, :, 0], apart[:, :, 1:], f, strict=True)
        )  # fmt: skip

    def gradient(self, w: Named, starts: Named, x: Array, y: Array) -> tuple[float, dict[str, Array]]:
        """The loss and its gradient; x (T, batch, inputs), y (T, batch, outputs), h_0 and c_0 (hidden, 1)."""
        inputs, targets, n = x.reshape(self.rows, -1), y.reshape(self.rows, -1), self.hidden
        self.states[0], self.cells[0] = starts["h_0"][:, 0], starts["c_0"][:, 0]
        self._forward(w, inputs)
        before = self.states[:-1].reshape(self.rows, n)
        after = self.states[1:].reshape(self.rows, n)
        loss = self.readout.loss(w, after, targets)
        found = self.readout.back(w, after, targets, self.seeds.reshape(self.rows, n))
        self._backward(w)
        errors = self.errors.reshape(self.rows, 4 * n)
        np.dot(errors.T, inputs, out=self.U_i)
        np.dot(errors.T, before, out=self.U_h)
        np.dot(self.ones, errors, out=self.bias)
        biases = {"c_i": self.bias, "c_h": self.bias}
        return loss, {**found, **biases, "U_i": self.U_i, "U_h": self.U_h, "h_0": self.h_0, "c_0": self.c_0}

    def _forward(self, w: Named, inputs: Array) -> None:
        """σ(u) = (1 + tanh(u/2))/2; the halves are put into the weights of o, i and f."""
        n, driven = self.hidden, self.gates.reshape(self.rows, 4 * self.hidden)
        np.dot(inputs, w["U_i"].T, out=driven)
        driven += w["c_i"] + w["c_h"]
        driven[:, : 3 * n] *= 0.5
        self.recurrent[...] = w["U_h"].T
        self.recurrent[:, : 3 * n] *= 0.5
        weights, wide, product = self.recurrent, self.wide, self.step
        add, multiply, tanh = np.add, np.multiply, np.tanh
        h, c = self.states[0], self.cells[0]
        for gates, sigmoids, o, i, f, g, cell, bounded, own in self.forward_views:
            h.dot(weights, wide)
            add(gates, wide, gates)
            tanh(gates, gates)
            multiply(sigmoids, 0.5, sigmoids)
            add(sigmoids, 0.5, sigmoids)
            multiply(f, c, cell)
            multiply(i, g, product)
            c = add(cell, product, cell)
            tanh(c, bounded)
            h = multiply(o, bounded, own)

    def _backward(self, w: Named) -> None:
        """``errors`` of all steps, some steps at a time, from the last to the first."""
        self.back[...] = w["U_h"]
        weights, carried, cell, product = self.back, self.carried, self.carried_cell, self.step
        add, multiply = np.add, np.multiply
        carried[...] = 0.0
        cell[...] = 0.0
        for stop in range(self.steps, 0, -self.chunk):
            start = max(0, stop - self.chunk)
            ready, through = self._prepared(start, stop)
            for step in range(stop - 1, start - 1, -1):
                seed, errors, by_o, by_others, f = self.backward_views[step]
                own = ready[step - start]
                add(seed, carried, seed)
                multiply(seed, through[step - start], product)
                add(cell, product, cell)
                multiply(own[:, 0], seed, by_o)
                multiply(own[:, 1:], cell[:, None], by_others)
                multiply(cell, f, cell)
                errors.dot(weights, carried)
        np.sum(carried, axis=0, out=self.h_0)
        np.sum(cell, axis=0, out=self.c_0)

    def _prepared(self, start: int, stop: int) -> tuple[Array, Array]:
        """For the arguments of o, i, f, g (steps, batch, 4, n): what ∂L/∂h_t is multiplied by, and ∂L/∂c_t for three.

        And what ∂L/∂h_t is multiplied by on its way to ∂L/∂c_t.
        """
        n, found, through = self.hidden, self.ready[: stop - start], self.through[: stop - start]
        o, i, _, g = (self.gates[start:stop, :, n * place : n * (place + 1)] for place in range(4))
        by_o, by_i, by_f, by_g = (found[:, :, place] for place in range(4))
        bounded = self.bounded[start:stop]
        np.multiply(bounded, bounded, out=through)
        np.subtract(1.0, through, out=through)
        np.multiply(through, o, out=through)
        sigmoids = self.gates[start:stop, :, : 3 * n].reshape(stop - start, self.batch, 3, n)
        np.subtract(1.0, sigmoids, out=found[:, :, :3])
        np.multiply(found[:, :, :3], sigmoids, out=found[:, :, :3])
        np.multiply(by_o, bounded, out=by_o)
        np.multiply(by_i, g, out=by_i)
        np.multiply(by_f, self.cells[start:stop], out=by_f)
        np.multiply(g, g, out=by_g)
        np.subtract(1.0, by_g, out=by_g)
        np.multiply(by_g, i, out=by_g)
        return found, through
