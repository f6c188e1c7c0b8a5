"""An output and a loss at every step: L = (1/T) Σ_{t=1}^{T} ℓ_t."""

from __future__ import annotations

import sympy as sp

from derive.indices import T
from derive.wiring import Wiring

WIRING = Wiring("every", "an output and a loss at every step", first=sp.Integer(1), last=T, weight=1 / T)
TITLE = WIRING.title
