"""The generated code, run on numbers of another kind: not a line of it is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.compiled.exact import Size
from derive.errors import BpttError
from derive.unroll import Place
from verify.generated.code import Code
from verify.generated.entry import Entry, Numbers, UnwrittenError, element


def _with_batch(where: Place, array: Array) -> Array:
    """What a step is given, with an axis for the sequences where there is but one."""
    _, _, step = where
    return array[None] if step and array.ndim == 2 else array


def gradient_on(
    code: Code, given: Mapping[Place, Array], sizes: Mapping[sp.Symbol, int], numbers: Numbers
) -> dict[str, Array]:
    """Every gradient of the code, from elements for all that is given, as elements (rows, columns).

    Raises InexactError where a number in the code is not the one that the derivation has, UnwrittenError where the code
    reads what it has not written.
    """
    wrap = np.frompyfunc(lambda value: Entry(numbers, value), 1, 1)
    arrays = code.given({where: _with_batch(where, wrap(array)) for where, array in given.items()}, sizes)
    arrays = replace(arrays, sizes={symbol: Size(size) for symbol, size in arrays.sizes.items()})
    try:
        _, found = code.run(arrays, object)
    except (TypeError, SystemError) as error:  # the second where NumPy has not looked whether there was a first
        if type(None).__name__ in f"{error} {error.__cause__}":  # the entries of memory as NumPy hands it out
            raise UnwrittenError from None
        raise (error.__cause__ if isinstance(error.__cause__, BpttError) else error) from None
    unwrap = np.frompyfunc(lambda entry: element(numbers, entry), 1, 1)
    return {name: unwrap(array) for name, array in found.items()}
