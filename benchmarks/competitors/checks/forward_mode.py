"""bptt: forward mode over the forward equations, every entry at once."""

from __future__ import annotations

from benchmarks.competitors.checks._case import Check, CheckCase
from verify.oracles import forward_mode

TITLE, PLACE = "bptt, forward mode, every entry", 0


def prepare(case: CheckCase) -> Check:
    program = case.program
    return Check(
        lambda: forward_mode.jacobian(program, program.point),
        lambda found: {name: rows.value[0] for name, rows in found.items()},
    )
