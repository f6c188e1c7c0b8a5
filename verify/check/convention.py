"""How a derivation lays out vectors and derivatives: what has to be known before two sides can be compared.

The textbooks differ.  States are columns, h_t = tanh(W h_{t−1} + …), or rows, h_t = tanh(h_{t−1} Wᵀ + …), where W may
be stored either way; a Jacobian has its outputs as rows (numerator layout) or as columns (denominator layout); the
gradient of a number by a matrix has the matrix's shape, or that of its transpose.  A whole file follows one convention.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import product


class Vectors(StrEnum):
    """What a state is."""

    COLUMNS = "states are columns"
    ROWS = "states are rows, weights as PyTorch stores them"
    ROWS_TURNED = "states are rows, weights transposed"


@dataclass(frozen=True)
class Convention:
    """One of twelve; the first is that of this project."""

    vectors: Vectors = Vectors.COLUMNS
    denominator: bool = False
    turned: bool = False

    def __str__(self) -> str:
        layout = "denominator layout" if self.denominator else "numerator layout"
        gradients = "gradients transposed" if self.turned else "gradients in the shape of the parameter"
        return f"{self.vectors}, {layout}, {gradients}"


CONVENTIONS = tuple(
    Convention(vectors, denominator, turned)
    for vectors, denominator, turned in product(Vectors, (False, True), (False, True))
)


_SAID: tuple[tuple[str, Callable[[Convention], bool]], ...] = (
    (r"denominator[- ]layout", lambda own: own.denominator),
    (r"numerator[- ]layout", lambda own: not own.denominator),
    (r"(vectors|states)[^.\n]{0,20} (are|as) rows|row vectors", lambda own: own.vectors is not Vectors.COLUMNS),
    (r"(vectors|states)[^.\n]{0,20} (are|as) columns|column vectors", lambda own: own.vectors is Vectors.COLUMNS),
)
"""How a text says in words which convention is its own."""


def admitted(text: str) -> tuple[Convention, ...]:
    """The conventions that agree with what a text says of them; all where it says nothing, or contradicts itself."""
    rules = [rule for pattern, rule in _SAID if re.search(pattern, text, re.IGNORECASE)]
    return tuple(own for own in CONVENTIONS if all(rule(own) for rule in rules)) or CONVENTIONS
