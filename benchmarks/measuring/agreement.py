"""Everybody computes the same thing: asked before anything is timed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

Array = np.ndarray
ALLOWED = 1e-10
"""Of the largest entry of an array: what roundings of float64 do to sums in another order; a mistake does far more."""


class DisagreementError(SystemExit):
    """Somebody computes something else: nothing is timed."""


def distance(found: Mapping[str, Array], wanted: Mapping[str, Array]) -> float:
    """The largest error of an entry, relative to the largest entry of its array; of the worst array.

    Not a number where an entry is none.  Raises KeyError for a gradient that is missing.
    """

    def of_array(name: str, right: Array) -> float:
        own = np.asarray(found[name], dtype=float).reshape(right.shape)
        return float(np.max(np.abs(own - right)) / np.max(np.abs(right)))

    return float(np.max([of_array(name, right) for name, right in wanted.items()]))


def agree(
    who: str,
    found: tuple[float | None, Mapping[str, Array]],
    wanted: tuple[float, Mapping[str, Array]],
    allowed: float = ALLOWED,
) -> float:
    """How far apart they are; a loss of None is not computed.  Raises DisagreementError where that is too far."""
    loss, gradient = found
    off = distance({name: gradient[name] for name in wanted[1]}, wanted[1])
    if loss is not None:
        off = float(np.max([off, abs(loss - wanted[0]) / abs(wanted[0])]))
    if not off <= allowed:
        raise DisagreementError(f"{who}: {off:.1e} of the largest entry away from the others; nothing is timed")
    return off
