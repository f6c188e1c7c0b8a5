"""The catalogue of mutations: our derivation with a mistake in one step, or the same one in all steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np

from derive.derivation import Derivation, Step
from derive.run import gradients
from verify.gradcheck.case import ADJOINT, Case
from verify.gradcheck.result import Mistake
from verify.gradcheck.suspicion import Gradients, Seen, Suspicion
from verify.mutations.catalogue import kinds, nearest
from verify.mutations.kind import Kind, Mutant, section

ORDER = 5
_SWEEP = ("gradient", "seed", "crossing")
_TOLERANCE = 1e-6
_ROUNDINGS = 1e3
"""A tolerance for results of low precision, in units of theirs."""


def mistakes(seen: Seen) -> Iterator[Mistake]:
    yield from matched(seen, kinds())


def matched(seen: Seen, of: Iterable[Kind]) -> Iterator[Mistake]:
    """Those that the problem with most errors suggests, and all others bear out."""
    place = max(range(len(seen.cases)), key=seen.count)
    case, theirs = seen.cases[place], seen.theirs[place]
    tolerance = max(_TOLERANCE, _ROUNDINGS * seen.eps)
    with np.errstate(all="ignore"):
        matches = nearest(case.derivation, case.problem, theirs, tolerance, _mutants(case.derivation, of))
    for match in matches:
        found = seen.judged(_suspicion(match.mutant))
        if found:
            yield found


def _mutants(derivation: Derivation, of: Iterable[Kind]) -> Iterator[Mutant]:
    """Only of the steps that people program: the adjoint sweep."""
    for kind in of:
        yield from replace(kind, steps=_in_the_sweep(kind)).mutants(derivation)


def _in_the_sweep(kind: Kind) -> Callable[[Step], bool]:
    return lambda step: section(step) in _SWEEP and kind.steps(step)


def _suspicion(mutant: Mutant) -> Suspicion:
    kind = mutant.kind
    return Suspicion(kind.name, mutant.phrase, _of(mutant), kind.why)


def _of(mutant: Mutant) -> Callable[[Case], Gradients]:
    def predict(case: Case) -> Gradients:
        """Nothing on a problem where the mistake makes nothing that can be computed: a step that is not there."""
        with np.errstate(all="ignore"):
            try:
                return gradients(mutant.derivation, case.problem.forward, ADJOINT)
            except Exception:  # a mistake may make nonsense of any kind
                return {}

    return predict
