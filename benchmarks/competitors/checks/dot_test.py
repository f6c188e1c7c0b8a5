"""bptt: the dot test, a forward pass in dual numbers along three directions of each parameter."""

from __future__ import annotations

from benchmarks.competitors.checks._setting import Check, Named, Setting
from benchmarks.measuring.agreement import distance
from verify.oracles import dot_test
from verify.perturbation import along, directions

TITLE, PLACE, LOOKS_AT = "bptt, dot test", 2, "3 directions"


def prepare(setting: Setting) -> Check:
    units = directions(setting.point, 3, 1)

    def found() -> Named:
        return dot_test.derivatives(setting.program, setting.point, units)

    def error() -> float:
        return distance(found(), {name: along(setting.truth[name], own) for name, own in units.items()})

    return Check(found, error)
