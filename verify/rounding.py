"""How far rounding may carry a computed value: measured, not guessed.

Every given number, and every value of the forward pass, is multiplied by 1 + uξ, ξ uniform in ±1, and the computation
is repeated: the spread shows how the problem at hand amplifies relative errors (Monte Carlo arithmetic; Parker, Pierce
& Eggert 2000).  u is ε√N for N roundings in a row, the growth of a random walk (Higham & Mary 2019).  The tolerance is
a fixed multiple of the largest spread: an estimate with a wide margin, not a bound, and printed with every verdict.

That is how far *our* value may be carried.  An oracle may take another way, on which rounding is amplified more:
through log(1 − o) of an output near one, where ours has o − y.  So before anything is refuted, the oracle is run a few
times more with functions that round worse (``Rounding``), and the spread of its own numbers is allowed for too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np

from derive.arithmetic import Array, Floating
from derive.functions import Elementwise

EPS = float(np.finfo(float).eps)
MARGIN = 16.0
SAMPLES = 4
WORSE = EPS * 4.0
"""How far a function's value is off where functions round worse: four times what a good library's is."""

UNDECIDED = 1e-3
"""A tolerance above this share of the block's scale decides nothing."""

Key = TypeVar("Key")
Values = Mapping[Key, Array]


def amplitude(roundings: int) -> float:
    """ε√N, and never less than ε."""
    return EPS * float(np.sqrt(max(roundings, 1)))


def shaken(given: Values[Key], size: float, rng: np.random.Generator) -> dict[Key, Array]:
    """The same values with relative errors of at most ``size``."""
    return {key: array * (1 + size * rng.uniform(-1, 1, size=np.shape(array))) for key, array in given.items()}


class Rounding(Floating):
    """Floating point in which every value of a function is off by a relative error of at most ``size``, at random.

    What a function rounds, a later difference may amplify: 1 − o of an output near one.  ``inner`` does the work, on
    whatever kind of array.
    """

    def __init__(self, size: float, seed: int, inner: Floating | None = None) -> None:
        self.inner = inner or Floating()
        super().__init__(self.inner.xp)
        self.size, self.rng = size, np.random.default_rng(seed)

    def _off(self, x: Array) -> Array:
        return x * (1 + self.size * self.rng.uniform(-1, 1, size=x.shape))

    def map(self, function: Elementwise, x: Array) -> Array:
        return self._off(self.inner.map(function, x))

    def softmax(self, x: Array) -> Array:
        """Of a complex step, o ⊙ (ẋ − 1 oᵀẋ) cancels where o is saturated, so the rounding of oᵀẋ counts too."""
        y = self._off(self.inner.softmax(x))
        if not (isinstance(y, np.ndarray) and np.iscomplexobj(y)):
            return y
        mean = np.imag(self.inner.log_sum_exp(x))
        return y * (1 + 1j * self.size * self.rng.uniform(-1, 1, size=y.shape) * mean)

    def log_sum_exp(self, x: Array) -> Array:
        return self._off(self.inner.log_sum_exp(x))


def spreads(
    compute: Callable[[Values[Key]], dict[str, Array]],
    given: Values[Key],
    size: float,
    run: Callable[[Values[Key]], Values[Key]] = lambda values: values,
) -> dict[str, float]:
    """The largest change of each block of ``compute(run(given))`` over a few shaken inputs (seeded).

    What ``run`` gives is shaken again before ``compute`` sees it: a forward pass rounds its own results too, and a
    difference such as 1 − h² of a saturated unit amplifies that rounding, not the given numbers'.
    """
    rng = np.random.default_rng(20000)
    exact = compute(run(given))
    worst = dict.fromkeys(exact, 0.0)
    for _ in range(SAMPLES):
        again = shaken(run(shaken(given, size, rng)), size, rng)
        for name, array in compute(again).items():
            worst[name] = max(worst[name], change(array, exact[name]))
    return worst


def change(array: Array, exact: Array) -> float:
    """The largest difference; of what a trace of rounding turns into no number, it is infinite."""
    largest = float(np.max(np.abs(array - exact), initial=0.0))
    return np.inf if np.isnan(largest) else largest


def side_by_side(
    compute: Callable[[Values[Key]], dict[str, Array]],
    given: Values[Key],
    size: float,
    run: Callable[[Values[Key]], Values[Key]],
) -> tuple[dict[str, Array], dict[str, float]]:
    """``compute(run(given))`` and its ``spreads``, in one pass: the shaken inputs stand on an axis in front.

    Only for a ``run`` and a ``compute`` that leave such an axis alone.
    """
    rng = np.random.default_rng(20000)
    found = compute(_shaken_beside(run(_shaken_beside(given, size, rng)), size, rng))
    rows = {name: array if array.ndim > 2 else array[None] for name, array in found.items()}
    return {name: row[0] for name, row in rows.items()}, {name: change(row, row[0]) for name, row in rows.items()}


def _shaken_beside(values: Values[Key], size: float, rng: np.random.Generator) -> dict[Key, Array]:
    """(1 + SAMPLES, batch, rows, cols): the values themselves in front, and shaken ones."""
    found = {}
    for key, array in values.items():
        array = np.reshape(array, (*(1,) * (4 - np.ndim(array)), *np.shape(array)))
        factors = 1 + size * rng.uniform(-1, 1, size=(1 + SAMPLES, *array.shape[1:]))
        factors[0] = 1.0
        found[key] = array * factors
    return found


def tolerance(spread: float, scale: float, size: float) -> float:
    """The absolute difference that rounding explains, for a block of the given scale."""
    return MARGIN * (spread + size * scale)
