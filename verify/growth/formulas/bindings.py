"""All values of the free indices of a step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sympy as sp

from derive.evaluate import Binding
from derive.indices import value
from derive.prover.facts import Range


def bindings(where: tuple[Range, ...], sizes: Mapping[sp.Symbol, int]) -> Iterator[Binding]:
    """Every value of every index; a later range may depend on an earlier index."""
    found: list[dict[sp.Symbol, int]] = [{}]
    for own in where:
        found = [
            {**known, own.index: number}
            for known in found
            for number in range(value(own.lower, {**sizes, **known}), value(own.upper, {**sizes, **known}) + 1)
        ]
    yield from found
