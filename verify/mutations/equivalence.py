"""Mistakes that are none: the same claim in other words, such as two diagonal factors exchanged.

Both sides are evaluated modulo a random prime of 61 bits, for all values of the free indices, at two sets of sizes.
Where they agree *whatever the letters stand for* (every quantity at every step is drawn on its own, so no law of the
model is used), or *for what they mean in this model* (so c_t may be diagonal, or constant), they
are taken to say the same.  Two rational functions that differ agree at a random point with a probability of about
their degree over 2^61 (Schwartz 1980, Zippel 1979); of other sizes the second argument says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
import sympy as sp

from derive.derivation import Derivation, Step
from derive.evaluate import Binding, Environment, evaluate
from derive.expr import Node
from derive.indices import N_INPUT, N_OUTPUT, N_PARAMETER, N_STATE, S, T, value
from derive.theory import theories
from verify.mutations.exact import Anything, Meant
from verify.mutations.kind import Mutant

_BITS = 61
_SIZES: tuple[dict[sp.Symbol, int], ...] = (
    {T: 4, S: 3, N_STATE: 3, N_INPUT: 2, N_OUTPUT: 4, N_PARAMETER: 5},
    {T: 5, S: 4, N_STATE: 2, N_INPUT: 3, N_OUTPUT: 3, N_PARAMETER: 4},
)


@dataclass(frozen=True, eq=False)
class Equivalence:
    """Tells the mistakes in a right derivation that are none."""

    derivation: Derivation

    def holds(self, mutant: Mutant) -> bool:
        """Whether every changed step still says the same."""
        return all(self._same(step, mutant.right[step.key].rhs) for step in mutant.changed)

    def _same(self, step: Step, right: Node) -> bool:
        return any(
            all(_agree(step, right, env, sizes) for env, sizes in environments)
            for environments in (self._anything(), self._meant[step.phase])
        )

    def _anything(self) -> Iterator[tuple[Environment, Mapping[sp.Symbol, int]]]:
        from verify.jets.arithmetic import Plain
        from verify.jets.field import Modular, random_prime
        from verify.jets.free import Free

        for sizes in _SIZES:
            yield Anything(sizes, Plain(Free(Modular(random_prime(_BITS))))), sizes

    @cached_property
    def _meant(self) -> dict[str, list[tuple[Environment, Mapping[sp.Symbol, int]]]]:
        """By phase: for every size and every parameter that w may stand for."""
        from verify.jets.claims import Point
        from verify.jets.field import Modular, random_prime
        from verify.jets.free import Free

        found: dict[str, list[tuple[Environment, Mapping[sp.Symbol, int]]]] = {}
        for sizes in _SIZES:
            point = Point(self.derivation.model, sizes, Free(Modular(random_prime(_BITS))))
            for theory in theories(self.derivation.model):
                for w in theory.phase.parameters:
                    env = Meant(self.derivation, point, theory, w)
                    found.setdefault(theory.phase.name, []).append((env, sizes))
        return found


def _agree(step: Step, right: Node, env: Environment, sizes: Mapping[sp.Symbol, int]) -> bool:
    """False also where a side has no value."""
    try:
        return all(
            bool(np.all(evaluate(step.rhs, env, binding) == evaluate(right, env, binding)))
            for binding in _bindings(step, sizes)
        )
    except (KeyError, ZeroDivisionError, RecursionError):
        return False


def _bindings(step: Step, sizes: Mapping[sp.Symbol, int]) -> Iterator[Binding]:
    """All values of the free indices in their ranges."""
    indices = [own.index for own in step.where]
    for numbers in product(range(max(sizes.values()) + 1), repeat=len(indices)):
        binding = dict(zip(indices, numbers, strict=True))
        at = {**sizes, **binding}
        if all(value(own.lower, at) <= binding[own.index] <= value(own.upper, at) for own in step.where):
            yield binding
