"""A transpose too many or too few: of a factor, of a whole product, or as two indices exchanged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from verify.check.explaining.candidate import TRANSPOSE, Candidate
from verify.check.explaining.case import Case
from verify.check.explaining.scripts import exchange, linear, throughout
from verify.check.explaining.spots import spots
from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree

KEY = "transposed"
_ASIDE = "\0"
_NUMBERS = tr.Run | tr.Number | tr.Quotient
_WHOLE = tr.Times | tr.Add | tr.Sum | tr.Product | tr.Run | tr.Number


def candidates(case: Case) -> Iterator[Candidate]:
    for spot in case.values:
        node = spot.node
        if isinstance(node, tr.Transposed):
            yield Candidate(spot.put(node.body), KEY, TRANSPOSE, {"symbol": node, "right": node.body})
        elif not isinstance(spot.parent, tr.Transposed) and not isinstance(node, _NUMBERS):
            cost = TRANSPOSE + (3 if isinstance(node, _WHOLE) else 0)
            right = tr.Transposed(node)
            yield Candidate(spot.put(right), KEY, cost, {"symbol": node, "right": right})
    yield from _entries(case)
    yield from _free(case)


def _entries(case: Case) -> Iterator[Candidate]:
    """W_{kl} for W_{lk}."""
    for spot in spots(case.right):
        node = spot.node
        if isinstance(node, tr.Name | tr.Indexed):
            turned = tuple(_turned(own) for own in node.subscripts)
            if len(turned) == 2 and turned == node.subscripts:
                turned = (turned[1], turned[0])
            if turned != node.subscripts:
                right: Tree = replace(node, subscripts=turned)
                yield Candidate(spot.put(right), KEY, TRANSPOSE, {"symbol": node, "right": right})


def _turned(script: Tree) -> Tree:
    """A pair of letters the other way round; anything else as it is."""
    pair = isinstance(script, tr.Name) and len(script.base) == 2 and not script.subscripts
    return replace(script, base=script.base[::-1]) if pair and isinstance(script, tr.Name) else script


def _free(case: Case) -> Iterator[Candidate]:
    """Two free indices of entries exchanged everywhere."""
    bound = {own.index.base for own in case.nodes if isinstance(own, tr.Sum | tr.Product)}
    steps = {letter for own in case.first for letter in linear(own) or ()}
    for one, other in combinations(sorted(case.letters - bound - steps - {"T"}), 2):
        right, letters = case.right, {*case.letters, _ASIDE}
        for old, new in ((one, _ASIDE), (other, one), (_ASIDE, other)):
            right = throughout(right, exchange(old, new), letters)
        yield Candidate(right, KEY, TRANSPOSE + 2)
