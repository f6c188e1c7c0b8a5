"""An encoder reads S steps, its final state starts a decoder that has an output and a loss at each of its T steps.

(Sutskever, Vinyals & Le 2014; Cho et al. 2014.)  L = (1/T) Σ_{t=1}^{T} ℓ_t.
"""

from __future__ import annotations

import sympy as sp

from derive.cell import Cell
from derive.indices import S, T
from derive.phase import Phase, marked, phase
from derive.renaming import renamed
from derive.wiring import Wiring

MARK = "e"


def encoder(cell: Cell) -> Phase:
    """The same cell with parameters, inputs and a length of its own."""
    return phase(renamed(cell, lambda name: marked(name, MARK)), S, name="encoder", mark=MARK)


WIRING = Wiring(
    "seq2seq",
    "an encoder whose final state starts a decoder",
    first=sp.Integer(1),
    last=T,
    weight=1 / T,
    before=encoder,
)
TITLE = WIRING.title
