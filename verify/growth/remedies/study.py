"""All remedies of a problem."""

from __future__ import annotations

from collections.abc import Sequence

from derive import registry
from derive.derivation import Derivation
from verify.growth.remedies import kinds
from verify.growth.remedies.case import LAGS, Case, Progress, case_of
from verify.growth.remedies.remedy import Remedy
from verify.growth.remedies.window import LONGEST
from verify.problem import Problem

PACKAGE = kinds.__name__
ORDER = ("clipping", "omega", "orthogonal", "identity", "gating")
"""How they are told; one that is not named here comes last."""


def names() -> tuple[str, ...]:
    """Every file of ``kinds``."""
    found = registry.names(PACKAGE)
    return tuple(sorted(found, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name)))


def remedy(name: str, case: Case) -> Remedy:
    """One of them.  Raises InputError, with the choices, for a name that is not there."""
    found: Remedy = registry.load(PACKAGE, name, "remedy").measure(case)
    return found


def remedies(
    problem: Problem,
    derivation: Derivation,
    lags: Sequence[int] = LAGS,
    *,
    seed: int = 0,
    longest: int = LONGEST,
    progress: Progress = lambda what: None,
) -> tuple[Remedy, ...]:
    """All of them, each with numbers or with the reason why it does not apply; of a long sequence, in its window."""
    case = case_of(problem, derivation, lags, seed=seed, longest=longest, progress=progress)
    found = []
    for name in names():
        progress(registry.load(PACKAGE, name, "remedy").TITLE)
        found.append(remedy(name, case))
    return tuple(found)
