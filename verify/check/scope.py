"""What a name stands for: a quantity of the network, with its step, or a letter, or something that the file defines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from verify.check.indices import index_value
from verify.check.naming import TIMES, Split, adjoint_of, opened, split, with_bar
from verify.check.quantities import Quantity
from verify.check.reading.tree import Indexed, Name, Tree
from verify.check.reading.walking import walk
from verify.check.surroundings import Definition, OutOfRangeError, Scope
from verify.check.values import MeaningError

KRONECKER = "δ"


class NoSuchSymbolError(MeaningError):
    """A symbol that cannot be, such as a weight with a step: ``symbol`` as written, ``instead`` what there is."""

    def __init__(self, symbol: str, instead: str) -> None:
        super().__init__(f"there is no {symbol}{f': {instead}' if instead else ''}")
        self.symbol, self.instead = symbol, instead


@dataclass(frozen=True)
class Taken:
    """A name as it was taken; ``entries`` are further subscripts, which pick entries, from one.

    ``adjoint``: the derivative of the loss by the quantity is meant.  ``copy``: the weights of one step alone.
    ``same``: one where the two entries are the same, else nought.
    """

    key: str
    quantity: Quantity | None
    time: int | None
    entries: tuple[int, ...] = ()
    adjoint: bool = False
    copy: bool = False
    same: bool = False


@lru_cache(maxsize=4096)
def _known(names: frozenset[str]) -> frozenset[str]:
    return names | {with_bar(name) for name in names}


def known_names(scope: Scope) -> frozenset[str]:
    """All that a name may be."""
    return frozenset({*scope.table, *scope.definitions, *scope.letters, *scope.constants})


def parts(name: Name, scope: Scope) -> tuple[Split, list[int]]:
    """A name taken apart, its indices as numbers."""
    names = known_names(scope)
    found = split(name, _known(names) if name.accent == "bar" else names, scope.at)
    steps = []
    for script in found.indices:
        value = index_value(script, scope.at)
        if value is None:
            raise MeaningError(f"the subscript of {name.base} is neither a word nor an index")
        steps.append(value)
    return found, steps


def taken(name: Name, scope: Scope) -> Taken:
    """What a name stands for.  Raises NoSuchSymbolError where it cannot be, MeaningError where nobody says."""
    found, steps = parts(name, scope)
    key = found.key
    plain = adjoint_of(key, known_names(scope))
    if plain and plain in scope.table and scope.table[plain].timed and steps:
        return Taken(key, scope.table[plain], steps[0], tuple(steps[1:]), adjoint=True)
    if key == KRONECKER and found.joined and len(steps) == 2:
        return Taken(key, None, None, tuple(steps), same=True)
    quantity = scope.table.get(key)
    if quantity is not None:
        own = _timed(key, quantity, steps, scope) if quantity.timed else _fixed(key, quantity, found, steps, scope)
        if own is not None:
            return own
    if key in scope.definitions or key in scope.letters or key in scope.constants:
        return Taken(key, None, steps[0] if steps else None, tuple(steps[1:]))
    raise _unknown(name, found, scope)


def taken_entry(tree: Name | Indexed, scope: Scope) -> Taken:
    """What a name or an entry of one stands for: brackets keep a name together, so that (b)_i is an entry of b, where
    b_i may be something of step i."""
    if isinstance(tree, Name):
        return taken(tree, scope)
    whole = with_entries(tree)
    assert isinstance(tree.body, Name)
    picks = [index_value(script, scope.at) for script in opened(tree.subscripts)]
    try:
        own = taken(tree.body, scope)
    except MeaningError:
        return taken(whole, scope)
    if own.quantity is None or own.entries or own.same:
        return taken(whole, scope)
    entries = tuple(pick for pick in picks if pick is not None)
    if len(entries) < len(picks):
        raise MeaningError(f"the subscript of ({tree.body.base}) is neither a word nor an index")
    return replace(own, entries=entries)


def with_entries(tree: Indexed) -> Name:
    """(W_h)_{ij} as W_h with two more indices.  Raises MeaningError for the entry of what is no name."""
    if not isinstance(tree.body, Name) or tree.superscript is not None:
        raise MeaningError("the entry of something that is no name")
    return replace(tree.body, subscripts=(*tree.body.subscripts, *opened(tree.subscripts)))


def _timed(key: str, quantity: Quantity, steps: list[int], scope: Scope) -> Taken | None:
    if steps:
        return Taken(key, quantity, steps[0], tuple(steps[1:]))
    if key in scope.definitions:
        return None
    raise MeaningError(f"{key} has no step in its subscript")


def _fixed(key: str, quantity: Quantity, found: Split, steps: list[int], scope: Scope) -> Taken | None:
    """Of weights: all, an entry, the copy of one step; of the loss with a step, the loss of that step."""
    if not steps:
        return Taken(key, quantity, None)
    if key in scope.definitions or (key in scope.letters and len(steps) == 1):
        return None
    if quantity.about == "the loss":
        return Taken(key, loss_of_step(scope), steps[0])
    if found.above and len(steps) in (1, 3):
        return Taken(key, quantity, steps[0], tuple(steps[1:]), copy=True)
    if len(steps) == 2 or (len(steps) == 1 and 1 in _shape(quantity, scope) and not _is_time(found.indices[0])):
        return Taken(key, quantity, None, tuple(steps))
    if _is_time(found.indices[0]):
        symbol = f"{key}_{_written(found.indices)}"
        raise NoSuchSymbolError(symbol, f"the weights {key} are the same at every step")
    raise MeaningError(f"{key} has an index, and nobody says which")


def loss_of_step(scope: Scope) -> Quantity:
    """ℓ_t."""
    target = scope.world.model.readout.loss.target
    return Quantity((target.letter,), True, "the loss of one step")


def _unknown(name: Name, found: Split, scope: Scope) -> MeaningError:
    """A weight with a step cannot be; nor can another one, where all of them have their names."""
    stem = sorted(own for own in scope.used if own.partition("_")[0] == name.base and not scope.table[own].timed)
    if stem and found.indices and all(_is_time(script) for script in found.indices):
        return NoSuchSymbolError(f"{found.key}_{_written(found.indices)}", f"there is {', '.join(stem[:3])}")
    matrices = [own for own in stem if 1 not in _shape(scope.table[own], scope)]
    if matrices and not found.indices and _all_named(scope.used, scope):
        return NoSuchSymbolError(found.key, f"the weights are {', '.join(matrices[:3])}")
    return MeaningError(f"nobody says what {found.key} is")


def _shape(quantity: Quantity, scope: Scope) -> tuple[int, ...]:
    shape: tuple[int, ...] = scope.world.value(quantity.places(None)[0]).shape
    return shape


def _all_named(used: frozenset[str], scope: Scope) -> bool:
    """Whether every matrix of the network has a name in this file."""
    named = {letter for own in used for letter in scope.table[own].letters}
    return all(w.letter in named for w in scope.world.model.parameters if w.shape[1] != 1)


def _is_time(script: Tree) -> bool:
    letters = {own.base for own in _names(script)}
    return bool(letters & TIMES)


def _names(tree: Tree) -> list[Name]:
    return [own for own in walk(tree) if isinstance(own, Name)]


def _written(indices: tuple[Tree, ...]) -> str:
    return ",".join("".join(own.base for own in _names(script)) or "…" for script in indices)


__all__ = ["Definition", "NoSuchSymbolError", "OutOfRangeError", "Scope", "Taken", "taken", "taken_entry"]
