"""Plain central differences in NumPy, entry by entry, with the step that is best for them: the cube root of ε."""

from __future__ import annotations

import numpy as np

from benchmarks.competitors.checks._setting import EVERY, Check, Setting

TITLE, PLACE, LOOKS_AT = "central differences", 4, EVERY
STEP = float(np.finfo(float).eps) ** (1 / 3)


def prepare(setting: Setting) -> Check:
    return Check(lambda: setting.differences(STEP), lambda: setting.error(setting.differences(STEP)))
