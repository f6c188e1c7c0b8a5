"""A wrong gradient of the loss by the score, where the right one is o − y.

Whatever somebody puts in its place, d, is what the right formulas give for the targets y = o − d.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from derive.arithmetic import Array
from derive.indices import t, value
from derive.run import gradients
from derive.unroll import place, table_of
from verify.gradcheck.case import ADJOINT, Case
from verify.gradcheck.result import Mistake
from verify.gradcheck.suspicion import Gradients, Seen, Suspicion

ORDER = 2


@dataclass(frozen=True)
class Wrong:
    """``of(o, y)`` is what they have in place of o − y; ``targets`` are those of the losses that it is about."""

    kind: str
    phrase: str
    hint: str
    targets: tuple[str, ...]
    of: Callable[[Array, Array], Array]


WRONG = (
    Wrong(
        "softmax: diagonal only", "with only the diagonal of the softmax's Jacobian",
        "every output of a softmax depends on every score: with all of the Jacobian, the gradient is o − y",
        ("simplex",), lambda o, y: -y * (1 - o),
    ),
    Wrong(
        "missing softmax Jacobian", "without the Jacobian of the softmax",
        "−y/o is the gradient by the output; by the score it is o − y", ("simplex",), lambda o, y: -y / o,
    ),
    Wrong(
        "softmax and sigmoid", "with the cross-entropy of every output by itself",
        "a softmax is one choice among all outputs: only the target's logarithm counts", ("simplex",),
        lambda o, y: (o - y) / (o * (1 - o)),
    ),
    Wrong(
        "missing φ′", "without the slope of the output", "(o − y)/(o(1 − o)) is the gradient by the output",
        ("unit",), lambda o, y: (o - y) / (o * (1 - o)),
    ),
    Wrong(
        "φ′ of the output twice", "with the slope of the output twice",
        "o − y has the slope in it already", ("unit", "simplex"), lambda o, y: (o - y) * o * (1 - o),
    ),
    Wrong("target forgotten", "without the target", "the gradient is o − y", ("unit", "simplex"), lambda o, y: o),
)  # fmt: skip


def mistakes(seen: Seen) -> Iterator[Mistake]:
    case = seen.cases[0]
    readout = case.problem.model.readout
    if not any(step.rhs == readout.output.target - readout.target for step in case.derivation):
        return
    for wrong in WRONG:
        if case.problem.model.loss.targets in wrong.targets:
            found = seen.judged(Suspicion(wrong.kind, wrong.phrase, _with(wrong), wrong.hint))
            if found:
                yield found


def _with(wrong: Wrong) -> Callable[[Case], Gradients]:
    def predict(case: Case) -> Gradients:
        model, sizes = case.problem.model, case.problem.sizes
        values = dict(case.problem.forward.values)
        first, last = (value(limit, sizes) for limit in (model.wiring.first, model.wiring.last))
        for step in range(first, last + 1):
            y, o = (place(v, {t: step}) for v in (model.readout.target, model.readout.output.target))
            with np.errstate(all="ignore"):
                values[y] = values[o] - wrong.of(values[o], values[y])
        return gradients(case.derivation, table_of(model, values, sizes), ADJOINT)

    return predict
