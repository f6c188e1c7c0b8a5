"""Which steps have an output and a loss.  L = weight · Σ_{t=first}^{last} ℓ_t."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp


@dataclass(frozen=True)
class Wiring:
    """A pattern of outputs, by the steps that have a loss and the weight of their sum."""

    name: str
    title: str
    first: sp.Expr
    last: sp.Expr
    weight: sp.Expr
