"""The norm of the gradient clipped (Pascanu, Mikolov & Bengio 2013, algorithm 1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from derive.arithmetic import Array
from derive.cell import Reference
from derive.unroll import Place, place
from verify.growth.remedies.case import Case
from verify.growth.remedies.measure import loss, table
from verify.growth.remedies.norms import known, size
from verify.growth.remedies.remarks import text
from verify.growth.remedies.remedy import Number, Remedy, Row
from verify.growth.remedies.replaced import with_weights

NAME = "clipping"
TITLE = "clipping the norm of the gradient"
REFERENCE = Reference(
    "pascanu2013", "R. Pascanu, T. Mikolov, Y. Bengio", 2013,
    "On the difficulty of training recurrent neural networks", "ICML 2013", "https://arxiv.org/abs/1211.5063",
)  # fmt: skip
_CHANGED = (
    "One step of gradient descent, θ ← θ − η g, with the gradient g over all parameters together as it is, and with g"
    " shortened to the threshold where it is longer; the threshold is ‖θ‖, so that an unclipped gradient is one that"
    " replaces more than all weights at η = 1."
)
_HALVINGS = 40
COLUMNS = ("before", "unclipped step", "clipped step")


def measure(case: Case) -> Remedy:
    """The loss before, after an unclipped and after a clipped step at the same learning rate."""
    gradients = case.gradients
    length = size(gradients.values())
    if not np.isfinite(length):
        return Remedy(NAME, TITLE, "", REFERENCE, reason="The gradient is not finite: there is no direction to keep.")
    if length == 0.0:
        return Remedy(NAME, TITLE, "", REFERENCE, reason="The gradient is exactly zero: there is no step to take.")
    threshold = size(case.problem.given[place(w)] for w in case.model.parameters)
    used = clipped(gradients, threshold)
    eta = learning_rate(case, used)
    plain, short = (stepped(case, step, eta) for step in (gradients, used))
    measures = {"before": case.baseline, COLUMNS[1]: case.changed(plain), COLUMNS[2]: case.changed(short)}
    return Remedy(
        NAME, TITLE, _CHANGED, REFERENCE,
        columns=COLUMNS,
        rows=(*table(measures), *_steps(gradients, used, threshold, eta)),
        remarks=tuple(_remarks(length, threshold, eta, [found.loss for found in measures.values()])),
        window=case.sentence,
    )  # fmt: skip


def clipped(gradients: Mapping[str, Array], threshold: float) -> dict[str, Array]:
    """Algorithm 1: g ← (threshold / ‖g‖) g if ‖g‖ > threshold, with ‖·‖ over all parameters together."""
    length = size(gradients.values())
    factor = threshold / length if length > threshold else 1.0
    return {name: factor * array for name, array in gradients.items()}


def learning_rate(case: Case, direction: Mapping[str, Array]) -> float:
    """The largest of 1, ½, ¼, … at which the clipped step lowers the loss; 1 where none that is tried does."""
    before = loss(case.problem)
    for halvings in range(_HALVINGS):
        eta = 0.5**halvings
        if loss(case.problem.with_given(stepped(case, direction, eta))) < before:
            return eta
    return 1.0


def stepped(case: Case, direction: Mapping[str, Array], eta: float) -> dict[Place, Array]:
    """The values of the problem after θ ← θ − η g."""
    given = case.problem.given
    return with_weights(given, {w: given[place(w)] - eta * direction[w.name] for w in case.model.parameters})


def cosine(one: Mapping[str, Array], other: Mapping[str, Array]) -> float:
    """Of the angle between two gradients, over all parameters together."""
    first, second = size(one.values()), size(other.values())
    return float(sum(np.sum((one[name] / first) * (other[name] / second)) for name in one))


def _steps(gradients: Mapping[str, Array], used: Mapping[str, Array], threshold: float, eta: float) -> Iterator[Row]:
    full, short = size(gradients.values()), size(used.values())
    yield Row("step.threshold", "threshold ‖θ‖", (None, None, threshold))
    yield Row("step.rate", "learning rate η", (None, eta, eta))
    yield Row("step.gradient", "‖g‖ that the step takes", (full, full, short))
    yield Row("step.length", "length of the step, η ‖g‖", (None, known(eta * full), eta * short))
    yield Row("step.cosine", "cosine to the gradient", (None, 1.0, cosine(gradients, used)))


def _remarks(length: float, threshold: float, eta: float, losses: list[Number]) -> Iterator[str]:
    before, plain, short = losses
    if length <= threshold:
        yield f"‖g‖ = {text(length)} does not exceed the threshold {text(threshold)}: nothing is clipped."
    else:
        times = text(length / threshold)
        yield f"‖g‖ = {text(length)} exceeds the threshold {text(threshold)}: it is shortened {times} times."
        yield (
            f"At η = {text(eta)} L goes from {text(before)} to {text(plain)} by the unclipped step and to {text(short)}"
            " by the clipped one."
        )
    if before is not None and short is not None and short >= before:
        yield "No learning rate that was tried lowers the loss."
    yield "Clipping changes neither the direction of a gradient nor the chain that it came from: nothing vanishes less."
