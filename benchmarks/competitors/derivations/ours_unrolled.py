"""bptt: the derivation written out for T steps, in scalars.

The derivation and its code, which know no T, are made once, as CasADi's rules are: what is timed is what depends on T.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from benchmarks.competitors.derivations import ours
from benchmarks.competitors.derivations._network import Arrays
from derive.explicit import small_sizes
from derive.unrolled.reading import Floats, read
from derive.unrolled.unrolled import Unrolled, Unroller

TITLE, PLACE = "bptt, unrolled", 1
NOTE = "without the derivation for any T and its code, which are made once"


@cache
def _unroller() -> Unroller:
    return Unroller(ours.derive(0, 0), ("W_h",))


def too_long(n: int, steps: int) -> bool:
    return False


def derive(n: int, steps: int) -> Unrolled:
    return _unroller()(small_sizes(steps, n, n, n))


def size(found: Unrolled) -> int:
    return found.operations


def gradient(found: Unrolled, given: Arrays) -> np.ndarray:
    of = found.given
    numbers = {own: given.shared[own[1]] for own in of if own[1] in given.shared}
    numbers |= {("parameter", "b_ih"): given.shared["b"], ("parameter", "b_hh"): 0 * given.shared["b"]}
    numbers |= {("input", "x"): given.x, ("target", "y"): given.y}
    symbols = {
        node: float(number)
        for key, array in of.items()
        for node, number in zip(array.flat, numbers[key].flat, strict=True)
    }
    wanted = found.gradients["W_h"]
    return np.array(read(wanted.flat, symbols, Floats())).reshape(wanted.shape)
