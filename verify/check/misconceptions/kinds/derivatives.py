"""A derivative of the wrong kind, of the wrong shape, or without what the chain rule asks for."""

from __future__ import annotations

from verify.check.misconceptions.text import Text

TEXTS = (
    Text(
        "total-for-partial",
        "total for partial derivative",
        (
            "Two derivatives look alike here. Which of them holds the state before fixed in ${symbol}$?",
            "Two derivatives look alike here: one holds the state before fixed, the other does not. Which is meant?",
        ),
        (
            "${symbol}$ goes through all earlier steps; what is meant holds the state before fixed: ${right}$.",
            "The total derivative goes through all earlier steps, the partial one holds the state before fixed. They "
            "are exchanged here.",
        ),
    ),
    Text(
        "missing-slope",
        "missing slope of the activation",
        (
            "The chain rule passes through ${function}$ here. What does it leave behind?",
            "The chain rule passes through the activation here. What does it leave behind?",
        ),
        (
            "The slope ${factor}$ is missing: the chain rule passes through the activation.",
            "The slope of the activation is missing: the chain rule passes through it.",
        ),
    ),
    Text(
        "transposed",
        "transposed",
        (
            "Compare the shapes of the two sides, rows and columns of ${symbol}$ above all.",
            "Compare the shapes of the two sides: rows and columns.",
        ),
        (
            "It should be ${right}$ in place of ${symbol}$: a gradient has the shape of its parameter.",
            "Something is transposed: a gradient has the shape of its parameter.",
        ),
    ),
)
