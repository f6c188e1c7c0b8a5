"""A quantity of another step: the most frequent misprint in derivations of recurrent networks."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from derive.derivatives import Call, Derivative
from derive.expr import Node, Var
from derive.sums import Bound, reindex
from verify.mutations.kind import Kind
from verify.mutations.places import Change, Place
from verify.mutations.wording import called, index_text

STATES = ("state", "stack")


def is_time(symbol: sp.Symbol) -> bool:
    """An index of steps: neither a size nor an index of entries, which carry a sign."""
    return symbol.is_nonnegative is None


def _times(node: Node) -> list[sp.Symbol]:
    return sorted((symbol for symbol in node.free_symbols if is_time(symbol)), key=str)


def _moved(atom: Node, by: int) -> Node | None:
    """A quantity, or a symbol of the general theory, of another step; of the last step, of the one before it."""
    if isinstance(atom, Var) and atom.time is not None:
        return atom.at(atom.time + by)
    if isinstance(atom, Derivative | Call) and _times(atom):
        return reindex(atom, {symbol: symbol + by for symbol in _times(atom)})
    return None


def _late(place: Place) -> Iterator[Change]:
    part = place.part
    if isinstance(part, Var) and part.kind in STATES and part.time is not None and part.time.as_coeff_Add()[0] < 0:
        now = part.at(part.time + 1)
        yield Change(called(part.head), f"with {called(now)} in place of {called(part)}", now)


def _shifted(place: Place) -> Iterator[Change]:
    """Where a state of the step before belongs there is ``_late``; a step zero has nothing but states."""
    part = place.part
    time = part.time if isinstance(part, Var) else None
    constant = sp.Integer(0) if time is None else time.as_coeff_Add()[0]
    if constant < 0 and isinstance(part, Var) and part.kind in STATES:
        return
    by = 1 if constant < 0 or (time is not None and time.is_Integer) else -1
    moved = _moved(part, by)
    if moved is not None:
        label = called(part.head) if isinstance(part, Var) else called(part)
        yield Change(f"{label} {by}", f"with {called(moved)} in place of {called(part)}", moved)


def _stale(place: Place) -> Iterator[Change]:
    """The index of a sum or a product forgotten: the outer one instead."""
    part = place.part
    if not isinstance(part, Var | Derivative | Call):
        return
    bound = [node for node in place.above if isinstance(node, Bound)]
    own = next((node.index for node in reversed(bound) if node.index in part.free_symbols), None)
    if own is None or not is_time(own):
        return
    outer = [node.index for node in bound if node.index != own] + [r.index for r in place.step.where]
    for index in outer:
        if is_time(index) and index != own:
            phrase = f"with {index_text(index)} in place of {index_text(own)} in the subscript of {called(part)}"
            yield Change(f"{index} for {own}", phrase, reindex(part, {own: index}))


def _stale_body(place: Place) -> Iterator[Change]:
    """The same in all factors at once."""
    part = place.part
    if isinstance(part, Bound) and is_time(part.index):
        bound = [node.index for node in place.above if isinstance(node, Bound)]
        outer = [index for index in [*reversed(bound), *(r.index for r in place.step.where)] if is_time(index)]
        if outer and outer[0] != part.index:
            phrase = f"with {index_text(outer[0])} in place of {index_text(part.index)} in all subscripts"
            body = reindex(part.body, {part.index: outer[0]})
            yield Change(f"{outer[0]} for {part.index} in all", phrase, type(part)(body, *part.args[1:]))


def _stale_any(place: Place) -> Iterator[Change]:
    yield from _stale(place)
    yield from _stale_body(place)


KINDS = (
    Kind("h_t for h_{t−1}", "A step uses the state that the step before has left, not its own.", _late),
    Kind("shifted subscript", "A quantity is taken from a neighbouring step.", _shifted, general=True),
    Kind(
        "stale subscript",
        "Inside a sum or a product the subscripts run with its own index, not with the outer one.",
        _stale_any,
    ),
)
