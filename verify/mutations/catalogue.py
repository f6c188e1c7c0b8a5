"""All kinds of mistakes, all mistakes of a derivation, and those that explain somebody's numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from derive import registry
from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.run import FORMS
from verify.mutations.kind import Kind, Mutant
from verify.mutations.values import CircularError, Values, apart
from verify.problem import Problem

PACKAGE = "verify.mutations.kinds"

_SWEEP = FORMS[-1]
"""What people program: the adjoint sweep."""
_FAR = 1e3
"""How many times nearer a mistake has to be than the right gradient."""
_TINY = 1e-15
"""No two computations of one gradient are nearer to each other."""


def kinds() -> tuple[Kind, ...]:
    """Every kind that is registered, the special ones first."""
    found = [kind for name in registry.names(PACKAGE) for kind in registry.load(PACKAGE, name, "kind of mistake").KINDS]
    return tuple(sorted(found, key=lambda kind: kind.general))


def mutants(derivation: Derivation) -> Iterator[Mutant]:
    """Every mistake of every kind, wherever it can be made; the same wrong claim only once."""
    seen: set[frozenset[tuple[str, object]]] = set()
    for kind in kinds():
        for mutant in kind.mutants(derivation):
            claims = frozenset(mutant.steps.items())
            if claims not in seen:
                seen.add(claims)
                yield mutant


@dataclass(frozen=True)
class Match:
    """A mistake whose gradients are somebody's.

    ``explains`` are the parameters whose given gradient is not the right one, but that of the mistake; ``leaves``
    those that are still unexplained: wrong in another way, or changed by the mistake although the given one is right.
    ``distance`` is the largest relative difference from the mistake's gradients among the explained ones, ``right``
    the smallest from the right gradients.
    """

    mutant: Mutant
    explains: tuple[str, ...]
    leaves: tuple[str, ...]
    distance: float
    right: float

    @property
    def is_whole(self) -> bool:
        """Whether the one mistake explains everything."""
        return not self.leaves


def nearest(
    derivation: Derivation,
    problem: Problem,
    gradients: Mapping[str, Array],
    tolerance: float = 1e-6,
    among: Iterable[Mutant] | None = None,
) -> list[Match]:
    """The mistakes that reproduce somebody's gradients (by parameter, in its shape), the best explanation first.

    ``tolerance`` is relative to the largest entry of a block; the mistake must also be far nearer than the right
    gradient.  ``among`` are the mistakes to think of (all): those of an earlier match, to try them on another problem.
    Nothing is returned for gradients that are right, or wrong in a way that is not in the catalogue.
    """
    values = Values(derivation, problem.forward, (_SWEEP,), lags=False)
    right = {claim.removeprefix("gradient."): array for (_, claim), array in values.claims.items()}
    distances = {name: apart(array, right[name]) for name, array in gradients.items() if name in right}
    wrong = {name for name, distance in distances.items() if not distance <= tolerance}
    matches = []
    for mutant in (mutants(derivation) if among is None else among) if wrong else ():
        if values.touches(mutant):
            match = _match(mutant, values, gradients, distances, tolerance)
            if match is not None:
                matches.append(match)
    return sorted(matches, key=_rank)


def _rank(match: Match) -> tuple[int, int, int, float]:
    """Fewest unexplained, most explained, fewest steps changed, nearest."""
    return len(match.leaves), -len(match.explains), len(match.mutant.steps), match.distance


def _match(
    mutant: Mutant, values: Values, gradients: Mapping[str, Array], distances: Mapping[str, float], tolerance: float
) -> Match | None:
    try:
        changed = {claim.removeprefix("gradient."): array for (_, claim), array in values.changed(mutant).items()}
    except CircularError:
        return None
    near = {name: apart(gradients[name], changed[name]) if name in changed else own for name, own in distances.items()}
    explains = [
        name for name, own in distances.items() if near[name] <= tolerance and own > _FAR * max(near[name], _TINY)
    ]
    if not explains:
        return None
    leaves = tuple(name for name, distance in near.items() if not distance <= tolerance)
    return Match(
        mutant, tuple(explains), leaves, max(near[name] for name in explains), min(distances[n] for n in explains)
    )
