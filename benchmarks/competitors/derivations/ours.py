"""bptt: every step of the derivation, for any T and n."""

from __future__ import annotations

import numpy as np

from benchmarks.competitors.derivations._network import Arrays
from derive.assemble import derivation
from derive.compile import compile_gradient
from derive.derivation import Derivation
from derive.model import build
from derive.sums import walk

TITLE, PLACE = "bptt, any T", 0


def too_long(n: int, steps: int) -> bool:
    return False


def derive(n: int, steps: int) -> Derivation:
    """Neither number is needed."""
    return derivation(build("rnn", loss="squared_error"))


def size(found: Derivation) -> int:
    """The nodes of both sides of all steps, each counted once."""
    return len({node for step in found for side in (step.lhs, step.rhs) for node in walk(side)})


def gradient(found: Derivation, given: Arrays) -> np.ndarray:
    own = dict(given.shared)
    b, h_0 = own.pop("b"), own.pop("h_0")
    parameters = {**own, "b_ih": b, "b_hh": np.zeros_like(b)}
    of = compile_gradient(found).loss_and_gradient
    return of(parameters, {"h_0": h_0}, given.x[:, None], given.y[:, None])[1]["W_h"]
