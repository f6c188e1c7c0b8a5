"""The catalogue of mutations: our derivation with a mistake in one step, or the same one in all steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from derive.derivation import Derivation
from derive.run import gradients
from verify.gradcheck.case import ADJOINT, Case
from verify.gradcheck.result import Mistake
from verify.gradcheck.suspicion import Gradients, Seen, Suspicion
from verify.mutations.catalogue import mutants
from verify.mutations.kind import Mutant

ORDER = 2


def mistakes(seen: Seen) -> Iterator[Mistake]:
    derivation = seen.cases[0].derivation
    computing = _computing(derivation)
    for mutant in mutants(derivation):
        if not computing.isdisjoint(mutant.steps):
            found = seen.judged(_suspicion(mutant))
            if found:
                yield found


def _computing(derivation: Derivation) -> set[str]:
    """The steps that the adjoint sweep computes gradients by."""
    named = {key for keys in derivation.definitions.values() for key in keys}
    return named | {step.key for step in derivation if step.role.startswith(ADJOINT.prefix)}


def _suspicion(mutant: Mutant) -> Suspicion:
    kind = mutant.kind
    return Suspicion(kind.name, mutant.phrase, _of(mutant), kind.why)


def _of(mutant: Mutant) -> Callable[[Case], Gradients]:
    def predict(case: Case) -> Gradients:
        """Nothing, where the mistake makes nothing that can be computed."""
        with np.errstate(all="ignore"):
            try:
                return gradients(mutant.derivation, case.problem.forward, ADJOINT)
            except (
                Exception
            ):  # whatever: the mistake may be of any kind, and a circle, or a step that is not there, is one
                return {}

    return predict
