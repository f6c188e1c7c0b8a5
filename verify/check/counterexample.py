"""The smallest instance in which a link fails, in numbers that can be checked by hand.

One unit first, then two; the shortest sequences first; small whole numbers where the network leaves a choice.  The
value of an activation is such a number too: what is equal for every activation is equal for that one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.indices import N_INPUT, N_OUTPUT, N_STATE, S, T
from verify.check.explaining.links import is_refuted
from verify.check.explaining.telling import NO_VALUE, told
from verify.check.indices import indices
from verify.check.judge import assignments
from verify.check.links import Judged
from verify.check.meaning import meaning
from verify.check.naming import split
from verify.check.reading.readings import readings
from verify.check.reading.tree import Name, Tree
from verify.check.reading.walking import walk
from verify.check.result import Counterexample
from verify.check.scope import Scope, known_names
from verify.check.setting import Setting
from verify.check.values import Value, laid_out
from verify.check.world import World
from verify.jets.field import Element, Rationals

LONGEST, SEEDS = 5, 6
"""Steps of a sequence; points that are tried."""
_OUTPUTS = frozenset({"the score, before the output function", "the output", "the target"})
UNITS = (1, 2)
_PARTS_OF = range(1, 21)


@dataclass(frozen=True)
class Instance:
    """Where the link fails: the scope, with all indices, and its two sides as matrices of one shape."""

    scope: Scope
    units: int
    left: Array
    right: Array


def counterexample(judged: Judged, setting: Setting) -> Counterexample | None:
    """None for a link that is not refuted, that makes no sense, or that fails for larger instances only."""
    if not is_refuted(judged) or judged.outcome.impossible is not None:
        return None
    left, right = readings(judged.left.tree)[0], readings(judged.right.tree)[0]
    found = next(_instances(left, right, setting), None)
    if found is None:
        return None
    place = next(where for where in np.ndindex(found.left.shape) if found.left[where] != found.right[where])
    entry = "" if found.left.shape == (1, 1) else f"({place[0] + 1}, {place[1] + 1})"
    at = sorted(found.scope.at.items(), key=lambda own: (own[0] != "T", own[0]))
    return Counterexample(
        (*at, ("n", found.units)),
        tuple(told(left, right, found.scope)),
        str(found.left[place]),
        str(found.right[place]),
        entry,
    )


def _instances(left: Tree, right: Tree, setting: Setting) -> Iterator[Instance]:
    """Those that fail, the smallest first; of those that are equally small, the one with the shortest numbers."""
    for units in _units(left, right, setting):
        for steps in range(1, LONGEST + 1):
            first = _failing(left, right, setting, units, steps, 0)
            if first is not None:
                others = (_failing(left, right, setting, units, steps, seed) for seed in range(1, SEEDS))
                yield min((first, *(own for own in others if own is not None)), key=_length)


def _units(left: Tree, right: Tree, setting: Setting) -> tuple[int, ...]:
    """One output makes a softmax one: what speaks of outputs needs two."""
    network, scope = setting.network, setting.scope()
    names = {
        split(own, known_names(scope)).key for tree in (left, right) for own in walk(tree) if isinstance(own, Name)
    }
    about = {scope.table[name].about for name in names if name in scope.table}
    if setting.scalar or network.alone.model.loss == network.model.loss or not about & _OUTPUTS:
        return UNITS[:1] if setting.scalar else UNITS
    return UNITS[1:]


def _length(own: Instance) -> int:
    return sum(len(str(entry)) for side in (own.left, own.right) for entry in side.flat)


def _failing(left: Tree, right: Tree, setting: Setting, units: int, steps: int, seed: int) -> Instance | None:
    """At the first values of the indices at which it fails, if there are such."""
    scope = _scope(setting, units, steps, seed)
    known = known_names(scope)
    free = sorted((indices(left, known) | indices(right, known)) - set(scope.at))
    for at in sorted(assignments(free, steps), key=lambda own: sum(own.values())):
        here = replace(scope, at={**scope.at, **at})
        try:
            sides = _differing(meaning(left, here), meaning(right, here), here)
        except NO_VALUE:
            continue
        if sides is not None:
            return Instance(here, units, *sides)
    return None


def _differing(one: Value, two: Value, scope: Scope) -> tuple[Array, Array] | None:
    """Both sides, laid out alike, where no way to lay them out makes them equal."""
    ways = ([*laid_out(own, scope.convention)] for own in (one, two))
    pairs = [(a, b) for a, b in product(*ways) if a.shape == b.shape]
    if not pairs and one.matrix.shape == two.matrix.shape:
        pairs = [(one.matrix, two.matrix)]
    if not pairs or any((a == b).all() for a, b in pairs):
        return None
    return pairs[0]


def _scope(setting: Setting, units: int, steps: int, seed: int) -> Scope:
    """The setting's network with so many units, of everything, over small numbers."""
    network, numbers = setting.network, _Small(seed)
    world = network.alone if units == 1 else network.whole
    sizes = {**world.sizes, **dict.fromkeys((N_STATE, N_INPUT, N_OUTPUT), units), T: steps}
    lengths = {"T": steps}
    if S in world.sizes:
        sizes, lengths = {**sizes, S: steps}, {**lengths, "S": steps}
    small = World(world.model, sizes, numbers, world.absent, world.summed)
    own = replace(setting, constants=_constants(setting, numbers)).scope(alone=units == 1)
    return replace(own, world=small, at={**own.at, **lengths})


def _constants(setting: Setting, numbers: Rationals) -> dict[str, Element]:
    """The numbers that the file has letters for, such as the α of a leaky network: the fractions that they are."""
    field = setting.network.whole.numbers
    fractions = [sp.Rational(p, q) for q in _PARTS_OF for p in range(1, q + 1)]
    found = {}
    for name, value in setting.constants.items():
        known = next((own for own in fractions if field.number(own) == value), None)
        if known is not None:
            found[name] = numbers.number(known)
    return found


class _Small(Rationals):
    """Even smaller numbers; not 1, for which tanh has no slope.  The first point has more of them than the others."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.choice = (2, 3, 4, 5) if seed == 0 else (2, 3)

    def draw(self) -> Element:
        return self.number(sp.Integer(self.rng.choice(self.choice)))
