"""Whether the two sides of a link are equal, in one scope: at every value of the free indices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from verify.check.derivatives import WrongArgumentError
from verify.check.indices import indices
from verify.check.meaning import meaning
from verify.check.reading.tree import Tree
from verify.check.scope import NoSuchSymbolError, OutOfRangeError, Scope, known_names
from verify.check.values import MeaningError, ShapeError, Value, same

MOST = 256
FEW = 24
"""At how many values of the indices a link is tried while the setting is looked for."""
_LETTERS = 6
"""As many indices as a claim may have."""


@dataclass(frozen=True)
class Outcome:
    """``holds`` is None where the link could not be judged, for ``reason``.  ``at`` is where it fails, ``left`` and
    ``right`` are its sides there; ``impossible`` says that it speaks of what cannot be, ``misfit`` that sizes do
    not fit."""

    holds: bool | None
    reason: str = ""
    at: Mapping[str, int] | None = None
    left: Value | None = None
    right: Value | None = None
    impossible: MeaningError | None = None
    cases: int = 0
    misfit: bool = False


def equal(left: Tree, right: Tree, scope: Scope, other: Scope | None = None) -> Outcome:
    """Judge left = right for every value of the free indices from 1 to T at which both sides have a value.

    ``other`` is the scope of the right-hand side, where it is read otherwise.
    """
    known = known_names(scope)
    free = sorted((indices(left, known) | indices(right, known)) - set(scope.at))
    if len(free) > _LETTERS:
        return Outcome(None, f"it has {len(free)} free indices")
    cases = 0
    for at in assignments(free, scope.at["T"], scope.most):
        here, there = (replace(own, at={**own.at, **at}) for own in (scope, other or scope))
        try:
            one, two = meaning(left, here), meaning(right, there)
        except OutOfRangeError:
            continue
        except MeaningError as error:
            impossible = error if is_impossible(error) else None
            return Outcome(None, str(error), at, impossible=impossible, misfit=isinstance(error, ShapeError))
        except (ArithmeticError, LookupError, ValueError, TypeError, RecursionError) as error:
            return Outcome(None, f"it could not be computed ({type(error).__name__})", at)
        found = same(one, two, scope.convention)
        if not found:
            reason = "the two sides have different shapes" if found is None else ""
            return Outcome(False, reason, at, one, two, cases=cases + 1, misfit=found is None)
        cases += 1
    if not cases:
        return Outcome(None, "it speaks of steps that there are not")
    return Outcome(True, cases=cases)


def is_impossible(error: MeaningError) -> bool:
    """Whether a formula is wrong because of it, whatever its values."""
    return isinstance(error, NoSuchSymbolError | WrongArgumentError)


def assignments(free: list[str], steps: int, most: int = MOST) -> Iterator[dict[str, int]]:
    """All of them, those in the middle of the sequence first, where most has a value; of very many a spread."""
    order = sorted(range(1, steps + 1), key=lambda step: abs(2 * step - steps - 2))
    every = list(product(order, repeat=min(len(free), _LETTERS)))
    stride = max(1, -(-len(every) // most))
    for chosen in every[:: stride + (stride > 1 and stride % 2 == 0)]:
        yield dict(zip(free, chosen, strict=False))
