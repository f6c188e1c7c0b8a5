"""A symbol that there is not, or one where another belongs."""

from __future__ import annotations

from verify.check.misconceptions.text import Text

TEXTS = (
    Text(
        "unknown-symbol",
        "symbol that there is not",
        (
            "Is there a ${symbol}$ in this network? Look at the names once more.",
            "Is every symbol of this line one of the network's? Look at the names once more.",
        ),
        (
            "There is no ${symbol}$; ${right}$ is meant.",
            "There is no ${symbol}$ in this network.",
            "There is a symbol in this line that the network does not have.",
        ),
    ),
    Text(
        "wrong-argument",
        "wrong argument",
        (
            "What does ${function}$ depend on? Compare its arguments with the forward pass.",
            "Compare the arguments of the function with the forward pass.",
        ),
        (
            "${function}$ is applied to ${right}$, not to ${symbol}$.",
            "One of the arguments is not the one of the forward pass.",
        ),
    ),
)
