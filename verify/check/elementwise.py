"""Functions of the entries of a value, and the few of whole columns, by the names that people give them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from derive.arithmetic import Array
from derive.cell import Equation
from derive.functions import ACTIVATIONS, Elementwise, exp, log
from derive.model import Model
from derive.nonlinear import Map
from verify.check.values import MeaningError
from verify.check.world import World

_KNOWN = {"tanh": "tanh", "σ": "sigmoid", "sigmoid": "sigmoid", "relu": "relu", "ReLU": "relu"}
_OWN = ("ϕ", "φ", "f", "g", "act")
"""Letters for whatever the network's activation is; σ too, where nothing in it is a sigmoid."""


def function(name: str, model: Model) -> Elementwise | None:
    """The function of that name in this network; None where it is no function of entries."""
    inside = activations(model)
    if name in ("exp", "log", "ln"):
        return exp if name == "exp" else log
    meant = ACTIVATIONS.get(_KNOWN.get(name, ""))
    everywhere = (*inside, *_of(model.after))
    if name == "σ" and meant not in everywhere and len(inside) == 1:
        return inside[0]
    if meant is not None:
        return meant
    return inside[0] if name in _OWN and len(inside) == 1 else None


def activations(model: Model) -> tuple[Elementwise, ...]:
    """The functions in the equations of the recurrence."""
    return _of(model.main.equations)


def _of(equations: Iterable[Equation]) -> tuple[Elementwise, ...]:
    found = (e.expression.function for e in equations if isinstance(e.expression, Map))
    return tuple(dict.fromkeys(found))


def applied(of: Elementwise, matrix: Array, world: World, primes: int) -> Array:
    """f or f′ of every entry.  Raises MeaningError for a higher derivative."""
    if primes > 1:
        raise MeaningError("a second derivative is not judged")
    free = world.point.free
    value = free.slope if primes else free.value
    found = np.empty(matrix.shape, dtype=object)
    for entry in np.ndindex(matrix.shape):
        found[entry] = value(of, matrix[entry])
    return found
