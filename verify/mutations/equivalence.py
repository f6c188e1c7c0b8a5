"""Mistakes that are none: the same claim in other words, such as two diagonal factors exchanged.

Two arguments are accepted.  The prover finds both sides equal; or both sides are equal at random points modulo a
random wide prime *whatever the letters stand for*: every leaf is drawn on its own, so no law of the model is used,
and two sides that differ as formulas agree with a probability of about their degree over 2^61 at each point (Schwartz
1980, Zippel 1979).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.derivation import Step
from derive.evaluate import Binding, evaluate
from derive.expr import Node
from derive.indices import N_INPUT, N_OUTPUT, N_PARAMETER, N_STATE, S, T, value
from derive.prover import Claim, Rewriting, prove
from verify.mutations.kind import Mutant

_BITS = 61
_POINTS = ({T: 4, S: 3, N_STATE: 3, N_INPUT: 2, N_OUTPUT: 4, N_PARAMETER: 5},
           {T: 5, S: 4, N_STATE: 2, N_INPUT: 3, N_OUTPUT: 3, N_PARAMETER: 4})  # fmt: skip


@dataclass
class Letters:
    """Every quantity at every step is a matrix of its own, drawn when it is first asked for."""

    sizes: Mapping[sp.Symbol, int]
    arithmetic: Any
    chains: dict[Any, tuple[int, Array]] = field(default_factory=dict)
    known: dict[Any, Array] = field(default_factory=dict)

    def leaf(self, node: Node, at: Binding) -> Array:
        own = {symbol: sp.Integer({**self.sizes, **at}[symbol]) for symbol in node.free_symbols}
        key = node.xreplace(own)
        if key not in self.known:
            shape = tuple(value(size, {**self.sizes, **at}) for size in node.shape)
            drawn = np.empty(shape, dtype=object)
            for where in np.ndindex(shape):
                drawn[where] = self.arithmetic.field.draw()
            self.known[key] = drawn
        return self.known[key]


def equivalent(mutant: Mutant) -> bool:
    """Whether every changed step still says the same."""
    pairs = [(step, mutant.right[step.key].rhs) for step in mutant.changed]
    return all(_proved(step, right) or _identical(step, right) for step, right in pairs)


def _proved(step: Step, right: Node) -> bool:
    return bool(prove(Claim(step.rhs, right, Rewriting(), step.where)).proved)


def _identical(step: Step, right: Node) -> bool:
    from verify.jets.arithmetic import Plain
    from verify.jets.field import Modular, random_prime
    from verify.jets.free import Free

    for sizes in _POINTS:
        env = Letters(sizes, Plain(Free(Modular(random_prime(_BITS)))))
        for binding in _bindings(step, sizes):
            try:
                one, other = (evaluate(side, env, binding) for side in (step.rhs, right))
            except ZeroDivisionError:
                return False
            if not np.all(one == other):
                return False
    return True


def _bindings(step: Step, sizes: Mapping[sp.Symbol, int]) -> Iterator[Binding]:
    """All values of the free indices in their ranges."""
    indices = [own.index for own in step.where]
    for numbers in product(range(max(sizes.values()) + 1), repeat=len(indices)):
        binding = dict(zip(indices, numbers, strict=True))
        at = {**sizes, **binding}
        if all(value(own.lower, at) <= binding[own.index] <= value(own.upper, at) for own in step.where):
            yield binding
