"""The network at a point of a sweep: a random one of the model's kind, its recurrent matrices scaled.

The random numbers depend on the seed and on the shapes alone, so that networks which differ in radius, gain or drive
have the same directions, and a longer sequence begins like a shorter one.  Nothing is drawn again: a network that
explodes, or comes near a corner of its activation, is part of what a sweep shows.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import sympy as sp

from bptt.options import MODEL, model
from bptt.sweeps.task import ModelWords
from derive.arithmetic import Array
from derive.assemble import derivation
from derive.cell import lag
from derive.derivation import Derivation
from derive.errors import InputError
from derive.expr import Hadamard, MatMul, Node, Transpose, Var
from derive.growth.by_radius import with_radius
from derive.indices import N_INPUT, N_OUTPUT, N_STATE, T
from derive.model import Model
from derive.sums import walk
from derive.unroll import Place, place
from verify.drawing import drawn

OUTPUTS = 3


@dataclass(frozen=True)
class Network:
    """A model with numbers: ``given`` as for ``unroll``, of one sequence."""

    derivation: Derivation
    scaled: tuple[Var, ...]
    sizes: Mapping[sp.Symbol, int]
    given: Mapping[Place, Array]

    @property
    def recurrent(self) -> tuple[Array, ...]:
        """The values of the recurrent matrices, (n, n) or (n, 1) for a diagonal one."""
        return tuple(self.given[place(w)] for w in self.scaled)


def network(
    words: ModelWords,
    *,
    hidden: int,
    inputs: int,
    drive: float,
    radius: float | None,
    gain: float | None,
    steps: int,
    seed: int,
) -> Network:
    """The network that the settings describe; an encoder reads one step less.

    ``radius`` scales every recurrent matrix to that spectral radius, ``gain`` multiplies it.  Raises InputError as
    ``check`` does, ZeroDivisionError for a matrix whose spectral radius is zero.
    """
    derived, scaled = _derived(tuple(sorted(words.items())))
    of = derived.model
    sizes = {N_STATE: hidden, N_INPUT: inputs, N_OUTPUT: OUTPUTS}
    sizes |= {phase.length: max(steps - 1, 1) for phase in of.phases} | {T: steps}
    given = drawn(of, sizes, 1, np.random.default_rng(seed), drive, 1.0)
    for w in scaled if radius is not None or gain is not None else ():
        matrix = given[place(w)]
        given[place(w)] = matrix * gain if gain is not None else _with_radius(matrix, float(radius or 0))
    return Network(derived, scaled, sizes, given)


def check(words: ModelWords, *, scaled: bool) -> None:
    """Raises InputError for words that name no model, and where ``scaled`` asks for what the cell does not have."""
    derived, found = _derived(tuple(sorted(words.items())))
    if scaled and not found:
        name = derived.model.cell.label
        raise InputError(
            f"cell '{name}' has no square parameter matrix that multiplies the state of the step before",
            "--sweep", "leave radius and gain out",
        )  # fmt: skip


def _with_radius(matrix: Array, radius: float) -> Array:
    """A matrix of the given spectral radius; a column is the diagonal of one."""
    if matrix.shape[1] == 1 and matrix.shape[0] > 1:
        return matrix * (radius / float(np.max(np.abs(matrix))))
    return with_radius(matrix, radius)


def recurrent(of: Model) -> tuple[Var, ...]:
    """The parameters that multiply a state of the step before, of every phase: square matrices, or where there are none
    the columns that do so entry by entry."""
    found = list(dict.fromkeys(w for phase in of.phases for e in phase.equations for w in _in(e.expression, phase)))
    matrices = tuple(w for w in found if w.shape[1] != 1)
    return matrices or tuple(found)


def _in(expression: Node, phase: Any) -> Iterator[Var]:
    lagged = {lag(state) for state in phase.states}
    for node in walk(expression):
        if not isinstance(node, MatMul | Hadamard) or len(node.args) != 2:
            continue
        pairs = [node.args] if isinstance(node, MatMul) else [node.args, node.args[::-1]]
        for left, right in pairs:
            w = left.args[0] if isinstance(left, Transpose) else left
            square = isinstance(node, Hadamard) or w.shape[0] == w.shape[1]
            if isinstance(w, Var) and w.kind == "parameter" and square and lagged & set(walk(right)):
                yield w


@lru_cache(maxsize=8)
def _derived(words: tuple[tuple[str, str | int | bool], ...]) -> tuple[Derivation, tuple[Var, ...]]:
    """The derivation and the recurrent parameters, found once in a process.

    A file's equations travel as text: a worker may not see the file.
    """
    named: dict[str, Any] = {**MODEL, **dict(words)}
    equations = named.pop("equations", "")
    if not equations:
        return _with_recurrent(model(argparse.Namespace(**named)))
    with TemporaryDirectory() as folder:
        path = Path(folder) / Path(str(named["cell"])).name
        path.write_text(equations, encoding="utf-8")
        return _with_recurrent(model(argparse.Namespace(**{**named, "cell": str(path)})))


def _with_recurrent(of: Model) -> tuple[Derivation, tuple[Var, ...]]:
    return derivation(of), recurrent(of)
