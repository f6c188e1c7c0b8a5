"""The range of a sum or a product, or an exponent, one step off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from verify.check.explaining.candidate import DROPPED, RANGE, Candidate
from verify.check.explaining.case import Case
from verify.check.explaining.scripts import shifted
from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree

_STEPS = (-1, 1)


def candidates(case: Case) -> Iterator[Candidate]:
    for spot in case.values:
        node = spot.node
        if isinstance(node, tr.Sum | tr.Product):
            key = "sum-end" if isinstance(node, tr.Sum) else "product-end"
            for right, end, instead in _ranges(node):
                details: dict[str, Tree | str] = {"index": node.index, "end": end, "right": instead}
                yield Candidate(spot.put(right), key, RANGE, details)
        if isinstance(node, tr.Power):
            for step in _STEPS:
                exponent = shifted(node.exponent, step)
                if exponent is not None:
                    key = "missing-factor" if step > 0 else "extra-factor"
                    right = node.base if exponent == tr.Number("1") else replace(node, exponent=exponent)
                    yield Candidate(spot.put(right), key, DROPPED, {"factor": node.base})


def _ranges(node: tr.Sum | tr.Product) -> Iterator[tuple[Tree, Tree, Tree]]:
    """With one end, or both, one step off; the end as it was, and as it is now."""
    for step in _STEPS:
        lower = None if node.lower is None else shifted(node.lower, step)
        upper = None if node.upper is None else shifted(node.upper, step)
        if lower is not None and node.lower is not None:
            yield replace(node, lower=lower), node.lower, lower
        if upper is not None and node.upper is not None:
            yield replace(node, upper=upper), node.upper, upper
            if lower is not None:
                yield replace(node, lower=lower, upper=upper), node.upper, upper
