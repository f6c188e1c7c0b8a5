"""bptt: ball arithmetic, our formulas and FLINT's power series; what it says of float64's error is a bound."""

from __future__ import annotations

from benchmarks.competitors.checks._setting import Check, Setting
from derive.run import FORMS, name_of
from verify.verdicts import Finding, Verdict

TITLE, PLACE, LIBRARY = "bptt, certified", 1, "flint"
LOOKS_AT = "enclosed"


def prepare(setting: Setting) -> Check:
    from verify.balls.attempt import Task
    from verify.balls.claims import float64_errors
    from verify.balls.directions import random_direction
    from verify.balls.escalation import decided

    along = {name_of(w): random_direction(setting.point[name_of(w)].shape) for w in setting.problem.sources}

    def judged() -> list[Finding]:
        return list(decided(Task(setting.problem, setting.derivation, FORMS[-1:], along, {})))

    def error() -> float:
        """The largest bound; infinite where anything is not enclosed."""
        found = judged()
        bounds = {name: own.error for name, own in float64_errors(found).items()}
        if any(own.verdict is not Verdict.ENCLOSED for own in found) or set(bounds) != set(setting.point):
            return float("inf")
        return max(float("inf") if bound is None else bound for bound in bounds.values())

    return Check(judged, error)
