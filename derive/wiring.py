"""Which steps have an output and a loss, and what runs before them.  L = weight · Σ_{t=first}^{last} ℓ_t."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sympy as sp

from derive.cell import Cell
from derive.phase import Phase


@dataclass(frozen=True)
class Wiring:
    """A pattern of outputs, by the steps that have a loss and the weight of their sum.

    ``before`` makes the phase that runs first, out of the same cell with parameters of its own (None: there is none);
    its last state, normalised by the bridge, starts the phase that has the losses.
    """

    name: str
    title: str
    first: sp.Expr
    last: sp.Expr
    weight: sp.Expr
    before: Callable[[Cell], Phase] | None = None

    @property
    def single(self) -> bool:
        """Whether only one step has a loss."""
        return bool(self.first == self.last)
