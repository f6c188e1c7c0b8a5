"""What a whole file is read by: a network, its names, the layout of derivatives, and what its letters mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from derive.model import Model, build
from verify.check.convention import CONVENTIONS, Convention
from verify.check.judge import MOST
from verify.check.naming import INDICES, adjoint_of, split, with_bar
from verify.check.quantities import letters_of_theory, parts_of_adjoint
from verify.check.reading.tree import Name, Tree
from verify.check.schemes import Reading, Table
from verify.check.scope import Definition, NoSuchSymbolError, Scope, known_names, taken
from verify.check.values import MeaningError
from verify.check.vocabulary import outer_names
from verify.check.world import World
from verify.jets.field import Element, Field

STEPS = 4
MEANINGS: tuple[Mapping[str, str], ...] = tuple(
    {"a": "a", "b": "b", "c": "c", "g": "seed", "δ": error, "P": "chain"}
    for error in ("summed", "whole", "summed_inside", "whole_inside")
)
"""What the letters of the theory mean, where a file does not define them: δ_t has four usual meanings."""


@dataclass(frozen=True)
class Network:
    """``alone`` is the same with one unit, one input and one output: there is no order and no transpose in it."""

    model: Model
    whole: World
    alone: World

    @cached_property
    def letters(self) -> Mapping[str, str]:
        """The letters of the theory that this project takes, of every phase, and what they mean."""
        return letters_of_theory(self.model)

    @cached_property
    def parts(self) -> Mapping[str, str]:
        """The parts of δ that belong to each of several states."""
        return parts_of_adjoint(self.model)


@dataclass(frozen=True)
class Setting:
    """``scalar``: the derivation is of one unit.  ``apart``, ``bars``, ``most``: see ``Scope``."""

    network: Network
    names: Reading
    convention: Convention = CONVENTIONS[0]
    meanings: Mapping[str, str] = field(default_factory=lambda: MEANINGS[0])
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    constants: Mapping[str, Element] = field(default_factory=dict)
    bars: str = "whole"
    scalar: bool = False
    apart: bool = False
    most: int = MOST

    def scope(self, *, alone: bool = False, immediate: bool = False, descending: bool = False) -> Scope:
        world = self.network.alone if alone or self.scalar else self.network.whole
        meanings = {**self.network.letters, **self.meanings}
        meanings |= {name: self.meanings["δ"] + of for name, of in self.network.parts.items()}
        letters = {name: meant for name, meant in meanings.items() if not _taken(name, self.names.table)}
        lengths = {"T": STEPS, **({"S": STEPS - 1} if len(self.network.model.phases) > 1 else {})}
        return Scope(
            world, self.names.table, self.convention, lengths, self.definitions, letters, self.constants,
            self.names.used, immediate, self.apart, descending, self.bars, most=self.most,
        )  # fmt: skip

    def fresh(self) -> Setting:
        """Before the first line of the file."""
        return replace(self, definitions={}, constants={})


def _taken(name: str, table: Table) -> bool:
    """A timed quantity of the network has its letter for itself."""
    quantity = table.get(name)
    return quantity is not None and quantity.timed


def network_of(model: Model, absent: frozenset[str], summed: bool, numbers: Field) -> Network:
    """Both worlds of a model over one field; ``absent`` parameters are zero, ``summed``: there is no 1/T."""
    from derive.indices import N_INPUT, N_OUTPUT, N_STATE, S, T

    lengths = {T: STEPS, **({S: STEPS - 1} if len(model.phases) > 1 else {})}
    whole = {N_STATE: 3, N_INPUT: 2, N_OUTPUT: 3, **lengths}
    alone = {N_STATE: 1, N_INPUT: 1, N_OUTPUT: 1, **lengths}
    small = model if model.loss.targets == "real" else _with_squared_error(model)
    return Network(
        model,
        World(model, whole, numbers, absent, summed),
        World(small, alone, numbers, absent, summed),
    )


def _with_squared_error(model: Model) -> Model:
    """One output makes a softmax one, and every gradient zero: the score itself is compared instead."""
    return replace(model, **{name: getattr(_plain(model), name) for name in ("loss", "normalisation")})


def _plain(model: Model) -> Model:
    return build("rnn", loss="squared_error", wiring=model.wiring.name)


def define(setting: Setting, left: Tree, right: Tree) -> Setting | None:
    """The setting in which left = right is taken as the definition of a name that nothing else explains.

    None where left is no such name.
    """
    if not isinstance(left, Name) or left.primes:
        return None
    scope = setting.scope()
    known = known_names(scope)
    found = split(left, {*known, *(with_bar(own) for own in known)} if left.accent == "bar" else known)
    indices = tuple(own.base for own in found.indices if isinstance(own, Name) and not own.subscripts)
    if found.key in known or len(indices) != len(found.indices) or len(set(indices)) != len(indices):
        return None
    if adjoint_of(found.key, known) or is_impossible_name(left, scope) or left.base in scope.at:
        return None
    own_names = {split(name, known).key for name in outer_names(right)}
    if found.key in own_names:
        return None
    return replace(setting, definitions={**setting.definitions, found.key: Definition(indices, right)})


def is_impossible_name(name: Name, scope: Scope) -> bool:
    """Whether it cannot be a name at all, such as a weight with a step."""
    try:
        taken(name, replace(scope, at={**scope.at, **dict.fromkeys(INDICES, 1)}))
    except NoSuchSymbolError:
        return True
    except MeaningError:
        return False
    return False
