"""Softmax outputs and cross-entropy at every step, for all steps at once: the mean over steps and sequences."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

Array = np.ndarray
Named = Mapping[str, Array]


class Readout:
    """Memory for (rows, outputs), rows = T · batch, kept between calls; what is returned is overwritten by the next."""

    def __init__(self, rows: int, hidden: int, outputs: int) -> None:
        self.rows = rows
        self.scores, self.terms = np.empty((rows, outputs)), np.empty((rows, outputs))
        self.column, self.sums = np.empty((rows, 1)), np.empty((rows, 1))
        self.ones = np.ones(rows)
        self.weights, self.bias = np.empty((outputs, hidden)), np.empty(outputs)

    def loss(self, w: Named, states: Array, targets: Array) -> float:
        """Of ``states`` (rows, hidden) and ``targets`` (rows, outputs).  ``scores`` is then exp(s − max), ``sums`` its
        sums."""
        scores = np.dot(states, w["W_o"].T, out=self.scores)
        scores += w["b_o"][:, 0]
        np.max(scores, axis=1, keepdims=True, out=self.column)
        scores -= self.column
        np.multiply(scores, targets, out=self.terms)  # log o = scores − log(sums): no logarithm of an output
        np.exp(scores, out=scores)
        np.sum(scores, axis=1, keepdims=True, out=self.sums)
        np.log(self.sums, out=self.column)
        masses = np.sum(targets, axis=1)
        return (float(np.dot(masses, self.column[:, 0])) - float(np.sum(self.terms))) / self.rows

    def back(self, w: Named, states: Array, targets: Array, seeds: Array) -> dict[str, Array]:
        """∂L/∂states into ``seeds`` (rows, hidden), and the gradients of W_o and b_o.  After ``loss``."""
        errors = self.scores
        self.sums *= self.rows
        errors /= self.sums
        np.multiply(targets, 1 / self.rows, out=self.terms)
        errors -= self.terms
        np.dot(errors, w["W_o"], out=seeds)
        np.dot(errors.T, states, out=self.weights)
        np.dot(self.ones, errors, out=self.bias)
        return {"W_o": self.weights, "b_o": self.bias}
