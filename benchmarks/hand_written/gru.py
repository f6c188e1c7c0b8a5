"""The gated recurrent unit by hand: three gates in one product, and what needs no recurrence for many steps at once.

With h_t = n + z ⊙ (h_{t−1} − n), everything that ∂L/∂h_t is multiplied by on its way to the gates is known before the
sweep back, so a step of it is one product of arrays (batch, 4, n), and one matrix product.
"""

from __future__ import annotations

import numpy as np

from benchmarks.hand_written.readout import Array, Named, Readout

_CACHED = 2**14
"""Numbers in an array of the steps that are prepared at once: what stays in a processor's cache."""


def stacked(w: Named) -> dict[str, Array]:
    """The parameters as this code keeps them: W_i by the gates n, r, z; W_h by r, z, n."""
    join = np.concatenate
    return {
        "W_i": join([w[f"W_i{gate}"] for gate in "nrz"]),
        "b_i": join([w[f"b_i{gate}"][:, 0] for gate in "nrz"]),
        "W_h": join([w[f"W_h{gate}"] for gate in "rzn"]),
        "b_h": join([w[f"b_h{gate}"][:, 0] for gate in "rzn"]),
        "W_o": w["W_o"],
        "b_o": w["b_o"],
    }


def named(found: Named) -> dict[str, Array]:
    """A gradient under the names of the cell."""
    split = {name: found[name] for name in ("W_o", "b_o", "h_0")}
    for letter in "Wb":
        for side, order in (("i", "nrz"), ("h", "rzn")):
            parts = np.split(found[f"{letter}_{side}"], 3)
            split |= {f"{letter}_{side}{gate}": part for gate, part in zip(order, parts, strict=True)}
    return split


class Workspace:
    """Memory for one set of sizes, kept between calls; the gradients that are returned are overwritten by the next."""

    def __init__(self, steps: int, hidden: int, batch: int, inputs: int, outputs: int) -> None:
        rows, n = steps * batch, hidden
        self.steps, self.batch, self.rows, self.hidden = steps, batch, rows, hidden
        self.chunk = max(1, min(steps, _CACHED // (batch * n)))
        self.states, self.seeds = np.empty((steps + 1, batch, n)), np.empty((steps, batch, n))
        self.driven = np.empty((steps, batch, 3 * n))  # becomes the gates n, r, z
        self.inner = np.empty((steps, batch, n))  # W_hn h_{t−1} + b_hn
        self.errors = np.empty((steps, batch, 4 * n))  # by the arguments of n, r, z, and by the inner
        self.ready = np.empty((self.chunk, batch, 4, n))
        self.wide, self.step, self.carried = np.empty((batch, 3 * n)), np.empty((batch, n)), np.empty((batch, n))
        self.recurrent, self.back = np.empty((n, 3 * n)), np.empty((3 * n, n))
        self.W_i, self.W_h = np.empty((3 * n, inputs)), np.empty((3 * n, n))
        self.bias, self.h_0, self.ones = np.empty(4 * n), np.empty(n), np.ones(rows)
        self.readout = Readout(rows, n, outputs)
        gates, wide = self.driven, self.wide
        self.wide_views = wide[:, : 2 * n], wide[:, 2 * n :]
        self.forward_views = list(
            zip(gates[..., n:], gates[..., n : 2 * n], gates[..., 2 * n :], gates[..., :n], self.inner, self.states[1:],
                strict=True)
        )  # fmt: skip
        self.backward_views = list(
            zip(self.seeds, self.errors.reshape(steps, batch, 4, n), self.errors[..., n:], gates[..., 2 * n :],
                strict=True)
        )  # fmt: skip

    def gradient(self, w: Named, starts: Named, x: Array, y: Array) -> tuple[float, dict[str, Array]]:
        """The loss and its gradient; x (T, batch, inputs), y (T, batch, outputs), h_0 (hidden, 1)."""
        inputs, targets, n = x.reshape(self.rows, -1), y.reshape(self.rows, -1), self.hidden
        self._forward(w, starts["h_0"][:, 0], inputs)
        before = self.states[:-1].reshape(self.rows, n)
        after = self.states[1:].reshape(self.rows, n)
        loss = self.readout.loss(w, after, targets)
        found = self.readout.back(w, after, targets, self.seeds.reshape(self.rows, n))
        self._backward(w)
        errors = self.errors.reshape(self.rows, 4 * n)
        np.dot(errors[:, : 3 * n].T, inputs, out=self.W_i)
        np.dot(errors[:, n:].T, before, out=self.W_h)
        np.dot(self.ones, errors, out=self.bias)
        biases = {"b_i": self.bias[: 3 * n], "b_h": self.bias[n:]}
        return loss, {**found, **biases, "W_i": self.W_i, "W_h": self.W_h, "h_0": self.h_0}

    def _forward(self, w: Named, start: Array, inputs: Array) -> None:
        """σ(u) = (1 + tanh(u/2))/2; the halves are put into the weights of r and z."""
        n, driven = self.hidden, self.driven.reshape(self.rows, 3 * self.hidden)
        np.dot(inputs, w["W_i"].T, out=driven)
        bias = w["b_i"].copy()
        bias[n:] += w["b_h"][: 2 * n]
        driven += bias
        driven[:, n:] *= 0.5
        self.recurrent[...] = w["W_h"].T
        self.recurrent[:, : 2 * n] *= 0.5
        self.states[0] = start
        weights, wide, (both, new), offset = self.recurrent, self.wide, self.wide_views, w["b_h"][2 * n :]
        add, multiply, subtract, tanh = np.add, np.multiply, np.subtract, np.tanh
        h, product = self.states[0], self.step
        for rz, r, z, candidate, inner, own in self.forward_views:
            h.dot(weights, wide)
            add(rz, both, rz)
            tanh(rz, rz)
            multiply(rz, 0.5, rz)
            add(rz, 0.5, rz)
            add(new, offset, inner)
            multiply(r, inner, product)
            add(candidate, product, candidate)
            tanh(candidate, candidate)
            subtract(h, candidate, product)
            multiply(z, product, product)
            h = add(candidate, product, own)

    def _backward(self, w: Named) -> None:
        """``errors`` of all steps, some steps at a time, from the last to the first."""
        self.back[...] = w["W_h"]
        weights, carried, product = self.back, self.carried, self.step
        add, multiply = np.add, np.multiply
        carried[...] = 0.0
        for stop in range(self.steps, 0, -self.chunk):
            start = max(0, stop - self.chunk)
            ready = self._prepared(start, stop)
            for step in range(stop - 1, start - 1, -1):
                seed, errors, recurrent, z = self.backward_views[step]
                add(seed, carried, seed)
                multiply(ready[step - start], seed[:, None], errors)
                recurrent.dot(weights, carried)
                multiply(seed, z, product)
                add(carried, product, carried)
        np.sum(carried, axis=0, out=self.h_0)

    def _prepared(self, start: int, stop: int) -> Array:
        """What ∂L/∂h_t is multiplied by, (steps, batch, 4, n): for the arguments of n, r, z, and for the inner."""
        n, gates, found = self.hidden, self.driven[start:stop], self.ready[: stop - start]
        new, r, z = gates[..., :n], gates[..., n : 2 * n], gates[..., 2 * n :]
        by_new, by_r, by_z, by_inner = (found[:, :, place] for place in range(4))
        np.multiply(new, new, out=by_inner)
        np.subtract(1.0, by_inner, out=by_inner)
        np.subtract(1.0, z, out=by_z)
        np.multiply(by_z, by_inner, out=by_new)
        np.multiply(by_z, z, out=by_z)
        np.subtract(self.states[start:stop], new, out=by_inner)
        np.multiply(by_z, by_inner, out=by_z)
        np.multiply(by_new, r, out=by_inner)
        np.subtract(1.0, r, out=by_r)
        np.multiply(by_r, by_inner, out=by_r)
        np.multiply(by_r, self.inner[start:stop], out=by_r)
        return found
