"""One gate, or one of several like weights, taken for another."""

from __future__ import annotations

from collections.abc import Iterator

from derive.derivation import Derivation
from derive.expr import Var
from verify.mutations.kind import Kind
from verify.mutations.places import Change, Place
from verify.mutations.wording import called

Groups = tuple[tuple[Var, ...], ...]


def _alike(derivation: Derivation) -> Groups:
    """Quantities of one phase that are easily taken for each other: inner ones of a size, parameters of a shape."""
    groups: list[tuple[Var, ...]] = []
    for phase in derivation.model.phases:
        inner = [e.target.head for e in phase.equations if e.target.kind == "inner"]
        for candidates in (inner, list(phase.parameters)):
            shapes = dict.fromkeys(candidate.shape for candidate in candidates)
            groups += [tuple(c for c in candidates if c.shape == shape) for shape in shapes]
    return tuple(group for group in groups if len(group) > 1)


def _another(variable: Var, groups: Groups) -> Var | None:
    """The next one like it; of an adjoint, the adjoint of the next one like it."""
    for group in groups:
        for own, new in zip(group, (*group[1:], group[0]), strict=True):
            if own.name == variable.name and _same_kind(own, variable):
                return Var(new.name, *new.shape, variable.args[3], variable.kind)
    return None


def _same_kind(own: Var, variable: Var) -> bool:
    return own.kind == variable.kind or (own.kind == "inner" and variable.kind == "adjoint")


def _wrong(place: Place, kinds: tuple[str, ...]) -> Iterator[Change]:
    part = place.part
    if isinstance(part, Var) and part.kind in kinds:
        other = _another(part, place.context.once(_alike))
        if other is not None:
            yield Change(called(part.head), f"with {called(other)} in place of {called(part)}", other)


def _gate(place: Place) -> Iterator[Change]:
    yield from _wrong(place, ("inner", "adjoint"))


def _weights(place: Place) -> Iterator[Change]:
    yield from _wrong(place, ("parameter",))


KINDS = (
    Kind("wrong gate", "Gates look alike, but each has its own place in the equations.", _gate),
    Kind("wrong weights", "What a gate sends back goes through that gate's own weights.", _weights),
)
