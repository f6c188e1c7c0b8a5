"""The generated code, run on numbers of another kind: not a line of it is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.unroll import Place
from verify.generated.code import Code
from verify.generated.entry import Entry, Numbers, element


class Size(int):
    """A size that divides exactly: 1/(T B) is the weight of a loss."""

    def __mul__(self, other: Any) -> Any:
        found = int(self) * other
        return Size(found) if isinstance(other, int) else found

    __rmul__ = __mul__

    def __rtruediv__(self, other: Any) -> Any:
        return Fraction(other, int(self)) if isinstance(other, int) else NotImplemented


def _with_batch(where: Place, array: Array) -> Array:
    """What a step is given, with an axis for the sequences where there is but one."""
    _, _, step = where
    return array[None] if step and array.ndim == 2 else array


def gradient_on(
    code: Code, given: Mapping[Place, Array], sizes: Mapping[sp.Symbol, int], numbers: Numbers
) -> dict[str, Array]:
    """Every gradient of the code, from elements for all that is given, as elements (rows, columns).

    Raises InexactError where a number in the code is not the one that the derivation has.
    """
    wrap = np.frompyfunc(lambda value: Entry(numbers, value), 1, 1)
    arrays = code.given({where: _with_batch(where, wrap(array)) for where, array in given.items()}, sizes)
    arrays = replace(arrays, sizes={symbol: Size(size) for symbol, size in arrays.sizes.items()})
    _, found = code.run(arrays, object)
    unwrap = np.frompyfunc(lambda entry: element(numbers, entry), 1, 1)
    return {name: unwrap(array) for name, array in found.items()}
