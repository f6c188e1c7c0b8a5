"""The vanilla network with tanh, h_t = tanh(W_h h_{t−1} + W_i x_t + b_ih + b_hh), by hand."""

from __future__ import annotations

import numpy as np

from benchmarks.hand_written.readout import Array, Named, Readout


def stacked(w: Named) -> dict[str, Array]:
    """The parameters as this code keeps them: as they are."""
    return dict(w)


def named(found: Named) -> dict[str, Array]:
    """A gradient under the names of the cell."""
    return {**found, "b_ih": found["b"], "b_hh": found["b"]}


class Workspace:
    """Memory for one set of sizes, kept between calls; the gradients that are returned are overwritten by the next."""

    def __init__(self, steps: int, hidden: int, batch: int, inputs: int, outputs: int) -> None:
        rows = steps * batch
        self.steps, self.batch, self.rows, self.hidden = steps, batch, rows, hidden
        self.states, self.errors = np.empty((steps + 1, batch, hidden)), np.empty((steps, batch, hidden))
        self.slopes = np.empty((rows, hidden))
        self.step = np.empty((batch, hidden))
        self.recurrent, self.back = np.empty((hidden, hidden)), np.empty((hidden, hidden))
        self.W_h, self.W_i, self.b = np.empty((hidden, hidden)), np.empty((hidden, inputs)), np.empty(hidden)
        self.h_0, self.ones = np.empty(hidden), np.ones(rows)
        self.readout = Readout(rows, hidden, outputs)
        self.forward_views = list(self.states[1:])
        slopes = self.slopes.reshape(steps, batch, hidden)
        self.backward_views = list(zip(self.errors[::-1], slopes[::-1], strict=True))

    def gradient(self, w: Named, starts: Named, x: Array, y: Array) -> tuple[float, dict[str, Array]]:
        """The loss and its gradient; x (T, batch, inputs), y (T, batch, outputs), h_0 (hidden, 1)."""
        inputs, targets = x.reshape(self.rows, -1), y.reshape(self.rows, -1)
        self._forward(w, starts["h_0"][:, 0], inputs)
        before = self.states[:-1].reshape(self.rows, self.hidden)
        after = self.states[1:].reshape(self.rows, self.hidden)
        errors = self.errors.reshape(self.rows, self.hidden)
        loss = self.readout.loss(w, after, targets)
        found = self.readout.back(w, after, targets, errors)
        self._backward(w, after)
        np.dot(errors.T, before, out=self.W_h)
        np.dot(errors.T, inputs, out=self.W_i)
        np.dot(self.ones, errors, out=self.b)
        return loss, {**found, "W_h": self.W_h, "W_i": self.W_i, "b": self.b, "h_0": self.h_0}

    def _forward(self, w: Named, start: Array, inputs: Array) -> None:
        driven = self.states[1:].reshape(self.rows, self.hidden)
        np.dot(inputs, w["W_i"].T, out=driven)
        driven += (w["b_ih"] + w["b_hh"])[:, 0]
        self.states[0] = start
        self.recurrent[...] = w["W_h"].T
        weights, z, add, tanh = self.recurrent, self.step, np.add, np.tanh
        h = self.states[0]
        for own in self.forward_views:
            h.dot(weights, z)
            add(own, z, own)
            h = tanh(own, own)

    def _backward(self, w: Named, after: Array) -> None:
        """The seeds in ``errors`` become ∂L/∂z_t, in place."""
        np.multiply(after, after, out=self.slopes)
        np.subtract(1.0, self.slopes, out=self.slopes)
        self.back[...] = w["W_h"]
        weights, carried, add, multiply = self.back, self.step, np.add, np.multiply
        carried[...] = 0.0
        for own, slope in self.backward_views:
            add(own, carried, own)
            multiply(own, slope, own)
            own.dot(weights, carried)
        np.sum(carried, axis=0, out=self.h_0)
