"""The gradient of a derivation written out for some sizes: the generated code, run on symbols instead of numbers.

The code of ``derive.compiled`` is what the derivation says, so the expressions are, too: an error in a step is one in
them.  As many operations are written as are run, so they grow in proportion to T.
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from types import CodeType

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.compiled.bound.calls import BoundProgram
from derive.compiled.exact import Size
from derive.compiled.given import Arrays, Key, Read, Wanted
from derive.compiled.passes import fused
from derive.compiled.program import names_of_sizes
from derive.compiled.reduction import BATCH
from derive.compiled.roots import roots_of
from derive.compiled.support import loaded, ready
from derive.compiled.whole import Whole
from derive.compiled.workspace import Workspace
from derive.derivation import Derivation
from derive.errors import InputError
from derive.indices import value
from derive.unrolled.functions import functions
from derive.unrolled.nodes import Graph, Operand, needed

OBJECTS = np.dtype(object)


@dataclass(frozen=True)
class Unrolled:
    """``loss``, and ``gradients`` by name: entries are nodes or numbers.  ``given`` are the symbols that they are made
    of, by kind and name: (rows, columns), with (steps, 1) in front for inputs and targets."""

    graph: Graph
    given: Mapping[Key, Array]
    loss: Operand
    gradients: Mapping[str, Array]

    @property
    def roots(self) -> list[Operand]:
        return [self.loss, *(entry for array in self.gradients.values() for entry in array.flat)]

    @cached_property
    def operations(self) -> int:
        """How many there are, in the loss and all gradients: each is counted once."""
        return sum(node.operation != "symbol" for node in needed(self.roots))


@dataclass(frozen=True)
class Unroller:
    """Unrolls one derivation, for any sizes; ``by`` names the gradients that are asked for, all where it is empty."""

    derivation: Derivation
    by: Collection[str] = ()

    @cached_property
    def _program(self) -> BoundProgram:
        roots = roots_of(self.derivation)
        if missing := sorted(set(self.by) - set(roots.gradients)):
            mend = f"choose some of: {', '.join(roots.gradients)}"
            raise InputError(f"there is no gradient by {missing[0]}", mend=mend)
        wanted = {name: own for name, own in roots.gradients.items() if not self.by or name in self.by}
        return BoundProgram(Whole(fused(replace(roots, gradients=wanted))), names_of_sizes(self.derivation.model))

    @cached_property
    def _code(self) -> CodeType:
        return ready(self._program.source)

    @cached_property
    def _reads(self) -> tuple[Read, ...]:
        return self._program.reads

    def __call__(self, sizes: Mapping[sp.Symbol, int]) -> Unrolled:
        """For one sequence.  ``sizes`` are those of the model: T, n, m, q.  Raises KeyError for one that is missing."""
        graph, program = Graph(), self._program
        of = {**sizes, BATCH: 1}
        given = {
            key: symbols(graph, key, tuple(value(axis, of) for axis in axes))
            for key, axes in Wanted(self.derivation.model).axes.items()
        }
        numbers = [Size(of[symbol]) for symbol in program.sizes]
        bind = loaded(self._code, functions(graph))["bind"]
        arrays = Arrays(given, of, ())
        with uncollected():
            function = bind(*numbers, OBJECTS, Workspace(OBJECTS))
            found = function(*(arrays.seen(read, OBJECTS) for read in self._reads))  # type: ignore[operator]
        results = program.whole.results
        shaped = {
            name: found[results.index(own)].reshape(tuple(value(size, of) for size in own.shape))
            for name, own in program.whole.roots.gradients.items()
        }
        return Unrolled(graph, given, found[0].item(), shaped)


@contextmanager
def uncollected() -> Iterator[None]:
    """Without looking for garbage: of many new objects, all of which stay, that takes longer than to make them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def symbols(graph: Graph, key: Key, shape: tuple[int, ...]) -> Array:
    """One for every entry, counted from one: ``W_h[1, 2]``; ``x_3[1]`` of a step; ``b[2]`` of a column."""
    kind, name = key
    found = np.empty(shape, object)
    for place in np.ndindex(shape):
        *front, row, column = (index + 1 for index in place)
        own = f"{name}_{front[0]}" if kind in ("input", "target") else name
        found[place] = graph.symbol(f"{own}[{row}]" if shape[-1] == 1 else f"{own}[{row}, {column}]")
    return found
