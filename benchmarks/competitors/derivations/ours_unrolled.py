"""bptt: the derived adjoint recursion, run over a number of steps in scalars that are symbols."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sympy as sp

from benchmarks.competitors.derivations._network import Arrays
from benchmarks.competitors.derivations._symbols import distinct, values
from benchmarks.competitors.derivations.ours import derive as for_any_length
from derive.explicit import Explicit
from derive.indices import N_INPUT, N_OUTPUT, N_STATE, T
from derive.named import Name, Named
from derive.run import FORMS, gradients

TITLE, PLACE = "bptt, unrolled", 1


@dataclass(frozen=True)
class Found:
    """``rows`` are the entries of ∂L/∂W_h; in them a value of tanh has a ``Name``, which says what it is of."""

    explicit: Explicit
    names: tuple[Name, ...]
    rows: np.ndarray


def too_long(n: int, steps: int) -> bool:
    return False


def derive(n: int, steps: int) -> Found:
    """The derivation for any T is part of the work."""
    named, derived = Named(), for_any_length(n, steps)
    explicit = Explicit(derived.model, {N_STATE: n, N_INPUT: n, N_OUTPUT: n, T: steps}, named)
    rows = gradients(derived, explicit.table, FORMS[-1])["W_h"]
    return Found(explicit, tuple(named.names.values()), rows)


def size(found: Found) -> int:
    """The entries, and what the names stand for."""
    return distinct([*found.rows.ravel(), *(own.argument for own in found.names)])


def gradient(found: Found, given: Arrays) -> np.ndarray:
    known: dict[sp.Basic, float] = {}
    for (name, _, step), symbols in found.explicit.given.items():
        known |= zip(symbols.ravel(), _array(name, step, given).ravel(), strict=True)
    for own in found.names:
        known[own] = float(np.tanh(values([own.argument], known)[0]))
    return np.array(values(list(found.rows.ravel()), known)).reshape(found.rows.shape)


def _array(name: str, step: int | None, given: Arrays) -> np.ndarray:
    """Of the two biases of the cell, the second is zero."""
    if name in ("x", "y"):
        assert step is not None
        return {"x": given.x, "y": given.y}[name][step - 1]
    aliases = {"h": "h_0", "b_ih": "b"}
    return np.zeros_like(given.shared["b"]) if name == "b_hh" else given.shared[aliases.get(name, name)]
