"""Derivatives as people write them: of a quantity by another through everything, or of one step's function by one of
its arguments, the others held."""

from __future__ import annotations

from dataclasses import dataclass

from verify.check.indices import letters_of
from verify.check.naming import split
from verify.check.reading.tree import Applied, Indexed, Name, Tree
from verify.check.scope import OutOfRangeError, Scope, Taken, known_names, taken_entry, with_entries
from verify.check.slopes import between, by_place, picked, place_of, stacked
from verify.check.stepwise import WrongArgumentError, of_function
from verify.check.values import MeaningError, Value

STATES = ("the state", "the state of the encoder")


@dataclass(frozen=True)
class Kind:
    """``total`` for d, ``immediate`` for ∂⁺."""

    total: bool = False
    immediate: bool = False


def derivative(of: Tree, by: Tree, scope: Scope, kind: Kind = Kind()) -> Value:
    """∂of/∂by.  Raises MeaningError for what is no quantity, OutOfRangeError for a step that there is not."""
    if isinstance(by, Applied) and by.function.base == "vec" and len(by.arguments) == 1:
        return stacked(derivative(of, by.arguments[0], scope, kind))
    if not isinstance(by, Name | Indexed):
        raise MeaningError("a derivative by something that is no name")
    if isinstance(of, Applied):
        return of_function(of, _as_name(by), scope)
    if not isinstance(of, Name | Indexed):
        raise MeaningError("a derivative of something that is no name")
    above, below = taken_entry(of, scope), taken_entry(by, scope)
    if above.quantity is None or below.quantity is None or above.adjoint or below.adjoint:
        raise MeaningError(f"the derivative of {above.key} by {below.key} is not known")
    if _backwards(_as_name(of), _as_name(by), above, below, scope):
        raise OutOfRangeError
    time = above.time if _is_immediate(above, below, kind, scope) else below.time
    found = between(scope.world, place_of(above, scope), by_place(below, time, scope))
    return picked(found, above, below)


def _is_immediate(above: Taken, below: Taken, kind: Kind, scope: Scope) -> bool:
    """Whether the states before are held."""
    assert above.quantity is not None and below.quantity is not None
    if above.quantity.about not in STATES or below.quantity.timed or below.copy:
        return False
    return kind.immediate or ((scope.immediate or scope.apart) and not kind.total)


def _backwards(of: Name, by: Name, above: Taken, below: Taken, scope: Scope) -> bool:
    """Of an earlier step by a later one, where both are free: the claim is meant for the others."""
    if above.time is None or below.time is None or above.time >= below.time:
        return False
    first, second = (
        {letter for script in split(own, known_names(scope), scope.at).indices for letter in letters_of(script)}
        for own in (of, by)
    )
    return bool(first and second) and not first & second and not (first | second) & (scope.summed | {"T", "S"})


def _as_name(tree: Name | Indexed) -> Name:
    return with_entries(tree) if isinstance(tree, Indexed) else tree


__all__ = ["Kind", "WrongArgumentError", "derivative"]
