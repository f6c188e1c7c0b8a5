"""A sign reversed: of one term, or of a whole sum (y − o for o − y)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from verify.check.explaining.building import negated
from verify.check.explaining.candidate import SIGN, Candidate
from verify.check.explaining.case import Case
from verify.check.reading import tree as tr

KEY = "wrong-sign"


def candidates(case: Case) -> Iterator[Candidate]:
    yield Candidate(negated(case.right), KEY, SIGN + 2, {"term": case.right})
    for spot in case.values:
        if isinstance(spot.node, tr.Negative) and not isinstance(spot.parent, tr.Add):
            yield Candidate(spot.put(spot.node.body), KEY, SIGN, {"term": spot.node.body})
        if not isinstance(spot.node, tr.Add):
            continue
        yield Candidate(spot.put(negated(spot.node)), KEY, SIGN + 1, {"term": spot.node})
        for place, term in enumerate(spot.node.terms):
            if isinstance(term, tr.Run):
                continue
            terms = (*spot.node.terms[:place], negated(term), *spot.node.terms[place + 1 :])
            bare = term.body if isinstance(term, tr.Negative) else term
            yield Candidate(spot.put(replace(spot.node, terms=terms)), KEY, SIGN, {"term": bare})
