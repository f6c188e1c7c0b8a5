"""Calls with arrays of shapes that have been looked at before: nothing is looked at twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from derive.arithmetic import Array
from derive.compiled.bound.calls import BoundProgram
from derive.compiled.given import Arrays, Inputs

Named = Mapping[str, Array]
_KNOWN = 64
"""So many sets of shapes are remembered."""


@dataclass(frozen=True)
class Recipe:
    """The function that is made for them, and the shapes in which it reads arrays."""

    key: tuple[object, ...]
    rows: tuple[tuple[int, ...], ...]


@dataclass
class Recognised:
    """Loss and gradient by one program; ``look`` looks at arrays of new shapes, and says what does not fit."""

    program: BoundProgram
    look: Callable[[Named, Named, Inputs, Array, int | None], Arrays]
    known: dict[tuple[object, ...], Recipe] = field(default_factory=dict)

    def __call__(
        self, parameters: Named, starts: Named, inputs: Inputs, targets: Array, steps: int | None, kind: np.dtype
    ) -> tuple[float, dict[str, Array]]:
        try:
            arrays = self._arrays(parameters, starts, inputs, targets)
            signature = kind, steps, *[array.shape for array in arrays], *[array.dtype for array in arrays]
        except (KeyError, AttributeError):  # something is missing, or is a list
            return self.program(self.look(parameters, starts, inputs, targets, steps), kind)
        recipe = self.known.get(signature)
        if recipe is not None:
            rows = [array.reshape(shape) for array, shape in zip(arrays, recipe.rows, strict=True)]
            found = self.program.again(recipe.key, rows)
            if found is not None:
                return found
        given = self.look(parameters, starts, inputs, targets, steps)
        if all(array.dtype == kind for array in arrays):  # nothing has to be converted
            self._learn(signature, given, kind)
        return self.program(given, kind)

    def _arrays(self, parameters: Named, starts: Named, inputs: Inputs, targets: Array) -> list[Array]:
        """What the program reads, in its order."""
        sources: dict[str, object] = {"start": starts, "input": inputs, "target": targets}
        found = [(sources.get(kind, parameters), name) for kind, name in self._wanted]
        return [source[name] if isinstance(source, Mapping) else source for source, name in found]

    @cached_property
    def _wanted(self) -> tuple[tuple[str, str], ...]:
        return tuple(read.key for read in self.program.reads)

    def _learn(self, signature: tuple[object, ...], given: Arrays, kind: np.dtype) -> None:
        if len(self.known) >= _KNOWN:
            self.known.clear()
        rows = tuple(given.seen(read, kind).shape for read in self.program.reads)
        self.known[signature] = Recipe((kind, given.shapes), rows)
