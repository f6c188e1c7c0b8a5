"""What a name is worth: a quantity of the network, something the file defines, or a letter of the theory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from verify.check.entries import entry
from verify.check.indices import index_value
from verify.check.letters import BARS, letter
from verify.check.reading.tree import Name, Tree
from verify.check.scope import OutOfRangeError, Scope, Taken, known_names, taken
from verify.check.slopes import value_of
from verify.check.values import MeaningError, Value

if TYPE_CHECKING:
    from verify.check.surroundings import Definition


def is_ones(tree: Tree) -> bool:
    """A bold one: a vector of ones."""
    return isinstance(tree, Name) and tree.base == "1"


def named(node: Name, scope: Scope) -> Value:
    """Raises MeaningError where nobody says what it is."""
    plain = not node.subscripts and node.superscript is None
    if plain and is_ones(node):
        return scope.number(1)
    if plain and node.base in ("I", "E", "𝟙") and node.base not in known_names(scope):
        return replace(scope.number(1), identity=True)
    number = index_value(node, scope.at)
    if number is not None and plain:
        return scope.number(number)
    return entry_of(taken(node, scope), scope)


def entry_of(own: Taken, scope: Scope) -> Value:
    """What it was taken for."""
    if own.same:
        return scope.number(int(own.entries[0] == own.entries[1]))
    if own.quantity is None:
        return entry(_defined(own, scope), own.entries, scope)
    if own.adjoint:
        where = (*own.quantity.letters[0], own.time)
        if not scope.world.knows(where):
            raise OutOfRangeError
        return entry(BARS[scope.bars](where, scope), own.entries, scope)
    return entry(value_of(own.quantity, None if own.copy else own.time, scope), own.entries, scope)


def _defined(own: Taken, scope: Scope) -> Value:
    if own.key in scope.constants:
        return scope.number(1).scaled(scope.constants[own.key])
    definition = scope.definitions.get(own.key)
    if definition is not None:
        return _by_definition(own, definition, scope)
    if own.time is None:
        raise MeaningError(f"nobody says what {own.key} is: the letter of the recurrence has a step")
    return letter(scope.letters[own.key], own.time, scope)


def _by_definition(own: Taken, definition: Definition, scope: Scope) -> Value:
    from verify.check.meaning import meaning

    steps = [] if own.time is None else [own.time, *own.entries]
    if len(steps) < len(definition.indices):
        raise MeaningError(f"{own.key} is used without the indices that it was defined with")
    return meaning(definition.body, scope.defining(dict(zip(definition.indices, steps, strict=False))))
