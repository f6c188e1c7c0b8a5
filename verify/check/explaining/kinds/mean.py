"""The weight 1/T of the mean, left out or put where it does not belong."""

from __future__ import annotations

from collections.abc import Iterator

from verify.check.explaining.building import inserted
from verify.check.explaining.candidate import INSERTED, MEAN, Candidate
from verify.check.explaining.case import Case
from verify.check.reading import tree as tr

KEY = "missing-mean"
_STEPS = tr.Name("T")
MEAN_OF = tr.Quotient(tr.Number("1"), _STEPS)


def candidates(case: Case) -> Iterator[Candidate]:
    yield Candidate(inserted(case.right, 0, MEAN_OF), KEY, MEAN, {"factor": MEAN_OF})
    yield Candidate(inserted(case.right, 0, _STEPS), KEY, INSERTED, {"factor": _STEPS})
    for spot in case.values:
        if isinstance(spot.parent, tr.Add) and not isinstance(spot.node, tr.Run):
            yield Candidate(spot.put(inserted(spot.node, 0, MEAN_OF)), KEY, MEAN + 3, {"factor": MEAN_OF})
