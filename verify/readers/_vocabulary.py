"""The vocabulary of a masked output: a vector of zeros and ones under the key ``mask``, or all words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.errors import InputError
from derive.indices import value
from derive.model import Model
from derive.unroll import Place, place
from verify.readers._checks import where

KEY = "mask"
_ALL = f"no '{KEY}' among the weights: the vocabulary has all words"


def without_mask(model: Model, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The arrays that are parameters; a model without a vocabulary knows no mask."""
    return {key: array for key, array in arrays.items() if key != KEY or not model.constants}


def vocabulary(
    model: Model, arrays: Mapping[str, Array], path: Path, sizes: Mapping[sp.Symbol, int], targets: Array
) -> tuple[dict[Place, Array], tuple[str, ...]]:
    """μ, which is 0 for a word of the vocabulary and −∞ for any other.  Raises InputError."""
    if not model.constants:
        return {}, ()
    (mu,) = model.constants
    count = value(mu.shape[0], sizes)
    if KEY not in arrays:
        return {place(mu): np.zeros((count, 1))}, (_ALL,)
    mask = arrays[KEY]
    if mask.shape != (count,) or not np.isin(mask, (0, 1)).all() or not mask.any():
        raise InputError(
            f"has shape {mask.shape}, expected ({count},): a 1 for each word of the vocabulary, at least one, and a 0 "
            "for any other",
            where(path, KEY), "give one number for each output",
        )  # fmt: skip
    if model.loss.targets == "simplex" and targets[..., mask == 0].any():
        raise InputError(
            "a target is a word outside of the vocabulary", where(path, KEY), "put it in, or choose other targets"
        )
    with np.errstate(divide="ignore"):
        return {place(mu): np.log(mask)[:, None]}, (f"vocabulary: {int(mask.sum())} of {count} words",)
