"""bptt: forward mode in dual numbers, all directions in one pass; no truncation."""

from __future__ import annotations

from benchmarks.competitors.checks._setting import EVERY, Check, Named, Setting
from verify.oracles import forward_mode

TITLE, PLACE, LOOKS_AT = "bptt, forward mode", 0, EVERY


def prepare(setting: Setting) -> Check:
    def found() -> Named:
        return {name: own.value[0] for name, own in forward_mode.jacobian(setting.program, setting.point).items()}

    return Check(found, lambda: setting.error(found()))
