"""A factor too many, or two that stand side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from verify.check.explaining.building import without
from verify.check.explaining.candidate import DROPPED, Candidate
from verify.check.explaining.case import Case
from verify.check.reading import tree as tr

KEY = "extra-factor"
_MOST = 2


def candidates(case: Case) -> Iterator[Candidate]:
    for spot in case.values:
        node = spot.node
        if isinstance(node, tr.Power):
            yield Candidate(spot.put(node.base), KEY, DROPPED, {"factor": node.base})
        if isinstance(node, tr.Name) and isinstance(node.superscript, tr.Number):
            yield Candidate(spot.put(replace(node, superscript=None)), KEY, DROPPED, {"factor": node})
        if not isinstance(node, tr.Times):
            continue
        for length in range(1, min(_MOST, len(node.factors) - 1) + 1):
            for start in range(len(node.factors) - length + 1):
                gone = node.factors[start : start + length]
                if not any(isinstance(own, tr.Run) for own in gone):
                    right = without(node, start, start + length)
                    yield Candidate(spot.put(right), KEY, DROPPED + 2 * (length - 1), {"factor": gone[0]})
