"""bptt: the compiled derivation."""

from __future__ import annotations

from benchmarks.competitors.gradients._prepared import Prepared
from benchmarks.measuring.case import Case, compiled

TITLE, PLACE = "bptt", 0


def prepare(case: Case) -> Prepared:
    of = compiled(case.cell).loss_and_gradient
    return Prepared(lambda: of(case.parameters, case.starts, case.x, case.y), lambda found: found)
