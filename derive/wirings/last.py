"""One output and one loss, at the last step: a sequence is classified.  L = ℓ_T."""

from __future__ import annotations

import sympy as sp

from derive.indices import T
from derive.wiring import Wiring

WIRING = Wiring("last", "one output and loss, at the last step", first=T, last=T, weight=sp.Integer(1))
TITLE = WIRING.title
