"""Where a formula is read: a network, a way to take names, a convention, and numbers for the indices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from derive.arithmetic import Array
from verify.check.convention import Convention, Vectors
from verify.check.indices import index_value
from verify.check.quantities import Quantity
from verify.check.reading.tree import Listed, Name, Tree
from verify.check.values import MeaningError, Value
from verify.check.world import World

_ACCENTS = {"hat": "^", "tilde": "~", "bar": "¯", "dot": "˙"}


class OutOfRangeError(Exception):
    """A step that there is not, such as x_0: the claim does not speak of these indices."""


class NoSuchSymbolError(MeaningError):
    """A symbol that cannot be, such as a weight with a step: ``symbol`` as written, ``instead`` what there is."""

    def __init__(self, symbol: str, instead: str) -> None:
        super().__init__(f"there is no {symbol}{f': {instead}' if instead else ''}")
        self.symbol, self.instead = symbol, instead


@dataclass(frozen=True)
class Definition:
    """left = right, where left is a name that nothing else explains; ``indices`` are the letters of its subscripts."""

    indices: tuple[str, ...]
    body: Tree


@dataclass(frozen=True)
class Scope:
    """``immediate``: ∂h_t/∂W is what step t adds of its own, as some books write it inside a sum over the steps."""

    world: World
    table: Mapping[str, Quantity]
    convention: Convention
    at: Mapping[str, int]
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)
    immediate: bool = False
    depth: int = 0

    def bound(self, **more: int) -> Scope:
        return replace(self, at={**self.at, **more})

    def at_only(self, at: Mapping[str, int]) -> Scope:
        """With other numbers for the indices, and T."""
        if self.depth > 40:
            raise MeaningError("a definition leads back to itself")
        return replace(self, at={"T": self.at["T"], **at}, depth=self.depth + 1)

    def number(self, value: int) -> Value:
        """A whole number of the field."""
        one = self.world.one
        return Value(np.array([[value * one]], dtype=object))

    def turned(self, matrix: Array, is_weight: bool) -> Array:
        """As the convention has it: rows instead of columns, and weights for them."""
        vectors = self.convention.vectors
        if vectors is Vectors.COLUMNS or (is_weight and vectors is Vectors.ROWS and 1 not in matrix.shape):
            return matrix
        return matrix.T


@dataclass(frozen=True)
class Taken:
    """A name as it was taken: a quantity of the network, with its step, or a letter, or something defined; ``entries``
    are further subscripts, which pick entries, from one."""

    key: str
    quantity: Quantity | None
    time: int | None
    entries: tuple[int, ...] = ()


def key_of(name: Name, at: Mapping[str, int]) -> tuple[str, list[int]]:
    """The letter with what in its subscripts is no index, and the indices, as numbers."""
    words, steps = [], []
    above = name.superscript
    scripts = [*name.subscripts, *([above] if isinstance(above, Listed) else [])]
    for script in scripts:
        value = index_value(script, at)
        if value is None:
            if not isinstance(script, Name):
                raise MeaningError(f"the subscript of {name.base} is neither a word nor an index")
            words.append(script.base + "".join(f"_{own.base}" for own in script.subscripts if isinstance(own, Name)))
        else:
            steps.append(value)
    base = name.base + _ACCENTS.get(name.accent, "")
    return "_".join([base, *words]), steps


def taken(name: Name, scope: Scope) -> Taken:
    """What a name stands for.  Raises NoSuchSymbolError where it cannot be, MeaningError where nobody says."""
    key, steps = key_of(name, scope.at)
    quantity = scope.table.get(key)
    if quantity is not None and quantity.timed:
        if steps:
            return Taken(key, quantity, steps[0], tuple(steps[1:]))
        if key in scope.definitions:
            return Taken(key, None, None, ())
        raise MeaningError(f"{key} has no step in its subscript")
    if quantity is not None and (
        not steps or 1 not in scope.world.value(quantity.places(None)[0]).shape or len(steps) > 1
    ):
        if len(steps) == 1 and (key in scope.letters or key in scope.definitions):
            return Taken(key, None, steps[0])
        if len(steps) == 1:
            raise NoSuchSymbolError(f"{key}_{_subscript(name)}", f"the weights {key} are the same at every step")
        return Taken(key, quantity, None, tuple(steps))
    if key in scope.definitions or key in scope.letters:
        return Taken(key, None, steps[0] if steps else None, tuple(steps[1:]))
    stem = [known for known in scope.table if known.partition("_")[0] == name.base]
    if steps and stem:
        raise NoSuchSymbolError(f"{key}_{_subscript(name)}", f"there is {', '.join(sorted(stem)[:3])}")
    raise MeaningError(f"nobody says what {key} is")


def _subscript(name: Name) -> str:
    return ",".join(own.base for own in name.subscripts if isinstance(own, Name)) or "…"
