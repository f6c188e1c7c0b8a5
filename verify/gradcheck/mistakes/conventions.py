"""Another convention for the loss: a sum for a mean, a sign, a factor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from derive.indices import N_OUTPUT
from verify.gradcheck.case import Case
from verify.gradcheck.result import Mistake
from verify.gradcheck.suspicion import Gradients, Seen, Suspicion

ORDER = 0


@dataclass(frozen=True)
class Factor:
    """Their gradient is ``of(sizes)`` times ours."""

    kind: str
    phrase: str
    hint: str
    of: Callable[[Mapping[str, int]], float]


_T, _B, _Q = "T", "batch", N_OUTPUT.name
FACTORS = (
    Factor("wrong sign", "with the sign reversed", "a gradient points uphill: it is o − y, not y − o", lambda s: -1.0),
    Factor("missing 1/T", "without the 1/T", "the loss is the mean over the steps", lambda s: s[_T]),
    Factor("1/T twice", "with 1/T twice", "the mean over the steps is taken once", lambda s: 1 / s[_T]),
    Factor(
        "missing 1/batch", "summed over the batch", "the loss is the mean over the sequences of the batch",
        lambda s: s[_B],
    ),
    Factor(
        "1/batch twice", "divided by the batch once more", "the mean over the batch is taken once",
        lambda s: 1 / s[_B],
    ),
    Factor(
        "missing 1/(T batch)", "summed over the steps and the batch",
        "the loss is the mean over the steps and over the sequences", lambda s: s[_T] * s[_B],
    ),
    Factor(
        "1/(T batch) twice", "with 1/T and 1/batch twice", "each mean is taken once", lambda s: 1 / (s[_T] * s[_B]),
    ),
    Factor("a factor 2", "times 2", "is a factor ½ missing, or something added twice?", lambda s: 2.0),
    Factor("a factor ½", "times ½", "is there a factor ½ too many?", lambda s: 0.5),
    Factor(
        "mean over the outputs", "divided by the number of outputs", "the loss of a step is a sum over its outputs",
        lambda s: 1 / s[_Q],
    ),
    Factor(
        "wrong sign, missing 1/T", "with the sign reversed, and without the 1/T",
        "two things: o − y, not y − o; and the loss is a mean over the steps", lambda s: -s[_T],
    ),
)  # fmt: skip
"""The factors that people are off by.  For a loss at the last step alone, 1/T is no part of it."""


def mistakes(seen: Seen) -> Iterator[Mistake]:
    for factor in FACTORS:
        found = seen.judged(Suspicion(factor.kind, factor.phrase, _scaled(factor), factor.hint, each=True))
        if found:
            yield found


def _scaled(factor: Factor) -> Callable[[Case], Gradients]:
    def predict(case: Case) -> Gradients:
        number = factor.of(case.problem.label)
        return {name: number * array for name, array in case.ours.items()}

    return predict
