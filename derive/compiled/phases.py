"""The meanings of all phases of a derivation, in the order in which they run."""

from __future__ import annotations

from itertools import pairwise
from typing import TypeVar

from derive.compiled.meanings import Meanings
from derive.derivation import Derivation

Kind = TypeVar("Kind", bound=Meanings)


def phases_of(derivation: Derivation) -> tuple[Meanings, ...]:
    """The meanings of every phase, in the order in which they run, in one listing.

    What an earlier phase makes of its last state starts the next one, whose first step tells what to send back.
    """
    found = chained(Meanings, derivation)
    for own, later in pairwise(found):
        later.started = own.starting()
    return found


def chained(kind: type[Kind], derivation: Derivation) -> tuple[Kind, ...]:
    """One for every phase; each knows the next one, and the next one's initial states are given."""
    found = [kind(derivation)]
    for place in range(-2, -1 - len(derivation.model.phases), -1):
        found.insert(0, kind(derivation, found[0].listing, place, found[0]))
    return tuple(found)
