"""A random network whose chain is to be studied: with a stated start of its recurrent weights, at a stated scale."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from derive.arithmetic import Array
from derive.errors import InputError
from derive.expr import Var
from derive.growth.recurrent import as_matrix, recurrent
from derive.indices import N_INPUT, N_OUTPUT, N_STATE, T
from derive.model import Model
from derive.unroll import place
from verify.drawing import drawn
from verify.problem import Problem


def _orthogonal(w: Array, rng: np.random.Generator) -> Array:
    """Uniform among the orthogonal matrices: the signs of the diagonal of R make QR unique (Mezzadri 2007)."""
    if w.shape[1] == 1:
        return np.where(rng.normal(size=w.shape) < 0, -1.0, 1.0)
    q, r = np.linalg.qr(rng.normal(size=w.shape))
    return q * np.where(np.diagonal(r) < 0, -1.0, 1.0)


def _identity(w: Array, rng: np.random.Generator) -> Array:
    return np.ones_like(w) if w.shape[1] == 1 else np.eye(*w.shape)


STARTS: dict[str, Callable[[Array, np.random.Generator], Array]] = {
    "gaussian": lambda w, rng: w,
    "orthogonal": _orthogonal,
    "identity": _identity,
}
"""How recurrent weights begin: N(0, 1/n) entries; Saxe, McClelland & Ganguli 2014; Le, Jaitly & Hinton 2015."""


def network(
    model: Model,
    *,
    steps: int = 100,
    source_steps: int = 0,
    hidden: int = 16,
    inputs: int = 2,
    outputs: int = 3,
    batch: int = 1,
    seed: int = 0,
    drive: float = 0.1,
    start: str = "gaussian",
    gain: float | None = None,
    radius: float | None = None,
) -> Problem:
    """A network drawn once: nothing is drawn again, since one that explodes or saturates is part of what is studied.

    ``drive`` scales inputs, biases and h_0: a weakly driven network is one whose units do not saturate at once.
    ``gain`` multiplies every recurrent parameter, ``radius`` scales each to that spectral radius.  The random numbers
    depend on the seed and on the shapes alone, so that networks of different gain have the same directions.
    Raises InputError where the cell has no recurrent weights to be started or scaled, or one of spectral radius zero.
    """
    sizes = {N_STATE: hidden, N_INPUT: inputs, N_OUTPUT: outputs}
    sizes |= {phase.length: source_steps or max(steps - 1, 1) for phase in model.phases} | {T: steps}
    given = drawn(model, sizes, batch, np.random.default_rng(seed), drive, 1.0)
    weights = recurrent(model)
    if not weights and (start != "gaussian" or gain is not None or radius is not None):
        raise InputError(
            f"cell '{model.cell.label}' has no square parameter matrix that multiplies the state of the step before",
            mend="leave the start, gain and radius of its weights out",
        )
    rng = np.random.default_rng([seed, 1])
    for w in weights:
        value = STARTS[start](given[place(w)], rng)
        given[place(w)] = _scaled(w, value, gain, radius)
    return Problem(model, sizes, given, seed)


def with_radius(w: Var, value: Array, radius: float) -> Array:
    """A recurrent parameter scaled to a spectral radius.  Raises InputError for one whose spectral radius is zero."""
    largest = float(np.max(np.abs(np.linalg.eigvals(as_matrix(value)))))
    if largest == 0.0:
        raise InputError(f"the spectral radius of {w.name} is 0, at every scale", mend="take another seed or start")
    return value * (radius / largest)


def _scaled(w: Var, value: Array, gain: float | None, radius: float | None) -> Array:
    if radius is not None:
        return with_radius(w, value, radius)
    return value if gain is None else gain * value
