"""A subscript that names another step than the one that is meant."""

from __future__ import annotations

from verify.check.misconceptions.text import Text

TEXTS = (
    Text(
        "stale-subscript",
        "stale subscript",
        (
            "Look at the subscripts inside: ${index}$ runs, but does ${symbol}$ run with it?",
            "Look at the subscripts inside the sum or the product: does everything run that should run?",
        ),
        (
            "${symbol}$ belongs to step ${outer}$, whatever ${index}$ is. Inside, the step is ${index}$: it should be "
            "${right}$.",
            "It should be ${right}$ in place of ${symbol}$: inside the sum or the product, the step is its own index.",
            "Inside a sum or a product the subscripts run with its own index, not with the outer one.",
        ),
    ),
    Text(
        "slope-at-wrong-time",
        "slope at the wrong step",
        (
            "At which step is ${symbol}$ taken? Ask at which step that function was applied.",
            "At which step is each slope taken? A slope belongs to the step whose function it comes from.",
        ),
        (
            "The slope belongs to the step whose function it comes from: ${right}$, not ${symbol}$.",
            "A slope belongs to the step whose function it comes from; here it is taken from a neighbouring one.",
        ),
    ),
)
