"""Random rational values for all that a step speaks of: weights of any size, quantities within what the cell allows.

Nothing is trained or run: c_j is computed from the derivation's own ``local.c`` at the values drawn for the quantities
of step j, so an inequality that holds for every value of them is put to the test where no forward pass may lead.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

from derive.arithmetic import Arithmetic, Array
from derive.derivation import Derivation
from derive.errors import BpttError
from derive.evaluate import Binding, evaluate, integer
from derive.expr import Node, Var
from derive.growth.formulas.below import DIAGONALISABLE, NORMAL, VECTORS
from derive.growth.formulas.quantities import Known
from derive.indices import N_INPUT, N_OUTPUT, N_STATE, S, T, t
from derive.theory import Theory
from verify.growth.formulas.matrices import diagonalisable, normal
from verify.growth.formulas.rationals import Rationals

Span = tuple[Fraction, Fraction]
_ANY: Span = (Fraction(-2), Fraction(2))
_GRID = 8
STEPS = 4


@dataclass
class Instance:
    """An environment with rational values, drawn when they are asked for; ``needs`` is that of the step.

    ``pointed``: a norm is the upper end of its enclosure, a rational number certified to be no less.
    """

    derivation: Derivation
    seed: int
    needs: str = ""
    pointed: bool = False
    chains: dict[Any, tuple[int, Array]] = field(default_factory=dict)
    drawn: dict[tuple[str, str, int | None], Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.arithmetic: Arithmetic = Rationals()
        self.sizes: Mapping[sp.Symbol, int] = {N_STATE: 2 + self.seed % 2, N_INPUT: 2, N_OUTPUT: 2, T: STEPS, S: STEPS}

    @cached_property
    def known(self) -> Known:
        return Known(Theory(self.derivation.model))

    @cached_property
    def spans(self) -> Mapping[tuple[str, str], Span]:
        found = {node.letter: span for node, span in self.known.spans.items() if isinstance(node, Var)}
        return {letter: (self.arithmetic.scalar(a), self.arithmetic.scalar(b)) for letter, (a, b) in found.items()}

    def leaf(self, node: Node, at: Binding) -> Array:
        if not isinstance(node, Var):
            raise BpttError(f"{node} has no value of its own")
        time = None if node.time is None else integer(node.time, self, at)
        key = (*node.letter, time)
        if key not in self.drawn:
            self.drawn[key] = self._value(node, time)
        return self.drawn[key]

    def _value(self, node: Var, time: int | None) -> Array:
        gammas = {gamma: function.steepest for function, gamma in self.known.gammas.items()}
        if node in gammas:
            return self.arithmetic.filled(gammas[node], 1, 1)
        if node.kind == "jacobian" and time is not None:
            return evaluate(self.derivation[self.known.theory.key("local.c")].rhs, self, {t: time})
        rows, cols = (integer(size, self, {}) for size in node.shape)
        if self.needs and (node.kind == "parameter" or node.name == VECTORS):
            return self._special(node, rows)
        if node in {softmax.at(node.args[3]) for softmax in self.known.softmaxes if isinstance(softmax, Var)}:
            return self._probabilities(rows)
        span = self.spans.get(node.letter, _ANY) if time != 0 else _ANY
        return self._matrix(rows, cols, span)

    def _matrix(self, rows: int, cols: int, span: Span) -> Array:
        low, high = span
        drawn = [[low + (high - low) * Fraction(self.rng.randint(1, _GRID - 1), _GRID) for _ in range(cols)]
                 for _ in range(rows)]  # fmt: skip
        return np.array(drawn, dtype=object)

    def _probabilities(self, rows: int) -> Array:
        weights = [self.rng.randint(1, _GRID) for _ in range(rows)]
        return np.array([[Fraction(weight, sum(weights))] for weight in weights], dtype=object)

    def _special(self, node: Var, size: int) -> Array:
        """A normal W; or W = X Λ X⁻¹ together with its X."""
        if self.needs == NORMAL:
            return normal(size, self.rng)
        assert self.needs == DIAGONALISABLE, self.needs
        matrix, vectors = diagonalisable(size, random.Random(self.seed))
        return vectors if node.name == VECTORS else matrix
