"""A sum with a term too few, a wrong sign, a wrong range or a wrong weight."""

from __future__ import annotations

from verify.check.misconceptions.text import Text

TEXTS = (
    Text(
        "sum-end",
        "sum begins or ends one step off",
        (
            "Where does the sum over ${index}$ begin and end? Write it out for T = 2.",
            "Where does the sum begin and end? Write it out for T = 2.",
        ),
        (
            "The sum runs to ${end}$ and should run to ${right}$.",
            "The sum begins or ends one step off: a term is missing or counted twice.",
        ),
    ),
    Text(
        "missing-direct-term",
        "missing direct term",
        (
            "In how many ways does ${symbol}$ enter this step? Count the direct one too.",
            "The weights enter a step directly, and through the state before it. Are both there?",
        ),
        (
            "The direct term ${term}$ is missing: the weights enter the step itself, not only the state before it.",
            "The direct term is missing: the weights enter the step itself, not only the state before it.",
        ),
    ),
    Text(
        "missing-mean",
        "missing 1/T",
        (
            "Is the loss a sum over the steps, or their mean? Follow that through.",
        ),
        (
            "The factor ${factor}$ is missing: the loss is the mean over the steps, and so is its gradient.",
            "The factor $\\frac{{1}}{{T}}$ is missing: the loss is the mean over the steps, and so is its gradient.",
        ),
    ),
    Text(
        "wrong-sign",
        "wrong sign",
        (
            "Look at the signs once more, that of ${term}$ above all.",
            "Look at the signs once more.",
        ),
        (
            "The sign of ${term}$ is reversed.",
            "A sign is reversed.",
        ),
    ),
)  # fmt: skip
