"""bptt: a complex step of the forward equations, entry by entry."""

from __future__ import annotations

from benchmarks.competitors.checks._case import Check, CheckCase
from verify.oracles import complex_step

TITLE, PLACE = "bptt, complex step, every entry", 1


def prepare(case: CheckCase) -> Check:
    program = case.program
    return Check(
        lambda: complex_step.jacobian(program, program.point),
        lambda found: {name: rows.value[0] for name, rows in found.items()},
    )
