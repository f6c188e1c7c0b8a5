"""A quantity taken for any other of its shape: one gate for another, one gate's weights for another's.

The catalogue plants one such exchange in a place; somebody's may be any.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.derivation import Derivation
from derive.expr import Var
from verify.gradcheck.mistakes.catalogued import matched
from verify.gradcheck.result import Mistake
from verify.gradcheck.suspicion import Seen
from verify.mutations.kind import Kind
from verify.mutations.places import Change, Place
from verify.mutations.wording import called

ORDER = 6
_OF_A_STEP = ("inner", "state")


def mistakes(seen: Seen) -> Iterator[Mistake]:
    yield from matched(seen, KINDS)


def _alike(derivation: Derivation) -> tuple[tuple[Var, ...], ...]:
    """What a phase has at a step, and its parameters."""
    phases = derivation.model.phases
    quantities = (tuple(e.target.head for e in phase.equations if e.target.kind in _OF_A_STEP) for phase in phases)
    return (*quantities, *(phase.parameters for phase in phases))


def _changes(place: Place, kinds: tuple[str, ...]) -> Iterator[Change]:
    part = place.part
    if not isinstance(part, Var) or part.kind not in kinds:
        return
    for group in place.context.once(_alike):
        if any(own.name == part.name and own.shape == part.shape for own in group):
            for new in group:
                if new.name != part.name and new.shape == part.shape:
                    kind = "adjoint" if part.kind == "adjoint" else new.kind
                    other = Var(new.name, *new.shape, part.args[3], kind)
                    label = f"{called(part.head)} to {called(other.head)}"
                    yield Change(label, f"with {called(other)} in place of {called(part)}", other)


def _gates(place: Place) -> Iterator[Change]:
    yield from _changes(place, (*_OF_A_STEP, "adjoint"))


def _weights(place: Place) -> Iterator[Change]:
    yield from _changes(place, ("parameter",))


KINDS = (
    Kind("wrong gate", "Gates look alike, but each has its own place in the equations.", _gates),
    Kind("wrong weights", "What a gate sends back goes through that gate's own weights.", _weights),
)
