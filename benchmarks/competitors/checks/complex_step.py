"""bptt: a complex step, entry by entry; no truncation."""

from __future__ import annotations

from benchmarks.competitors.checks._setting import EVERY, Check, Named, Setting
from verify.oracles import complex_step

TITLE, PLACE, LOOKS_AT = "bptt, complex step", 3, EVERY


def prepare(setting: Setting) -> Check:
    def found() -> Named:
        return {name: own.value[0] for name, own in complex_step.jacobian(setting.program, setting.point).items()}

    return Check(found, lambda: setting.error(found()))
