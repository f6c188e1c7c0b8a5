"""The floor: the matrix products that no gradient does without, and nothing between them."""

from __future__ import annotations

import numpy as np

from benchmarks.competitors.gradients._prepared import Prepared
from benchmarks.measuring.case import Case

TITLE, PLACE = "GEMM", 5
GATES = {"rnn": 1, "gru": 3, "lstm": 4}


def prepare(case: Case) -> Prepared:
    """Forwards: inputs, states, outputs; back: seeds, adjoints; and the gradients of three matrices."""
    n, rows, wide = case.hidden, case.rows, GATES[case.cell] * case.hidden
    rng = np.random.default_rng(0)
    x, h, o = (rng.normal(size=(rows, n)) for _ in range(3))
    gates, weights, output = rng.normal(size=(rows, wide)), rng.normal(size=(wide, n)), rng.normal(size=(n, n))
    turned = np.ascontiguousarray(weights.T)
    step, step_gates = h[: case.batch], gates[: case.batch]
    room, back, whole = np.empty((case.batch, wide)), np.empty((case.batch, n)), np.empty((rows, wide))
    seen, sums, outer = np.empty((rows, n)), np.empty((wide, n)), np.empty((n, n))

    def work() -> None:
        x.dot(turned, whole)
        for _ in range(case.steps):
            step.dot(turned, room)
        h.dot(output, seen)
        o.dot(output, seen)
        for _ in range(case.steps):
            step_gates.dot(weights, back)
        gates.T.dot(h, sums)
        gates.T.dot(x, sums)
        o.T.dot(h, outer)

    return Prepared(work, None)
