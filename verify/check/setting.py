"""What a whole file is read by: a network, its names, the layout of derivatives, and what its letters mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from derive.model import Model, build
from verify.check.convention import CONVENTIONS, Convention
from verify.check.reading.tree import Name, Tree
from verify.check.schemes import Reading, Table
from verify.check.scope import Definition, Scope
from verify.check.world import World
from verify.jets.field import Field

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


@dataclass(frozen=True)
class Setting:
    """``immediate``: see ``Scope``."""

    network: Network
    names: Reading
    convention: Convention = CONVENTIONS[0]
    meanings: Mapping[str, str] = field(default_factory=lambda: MEANINGS[0])
    definitions: Mapping[str, Definition] = field(default_factory=dict)

    def scope(self, *, alone: bool = False, immediate: bool = False) -> Scope:
        world = self.network.alone if alone else self.network.whole
        letters = {name: meant for name, meant in self.meanings.items() if not _taken(name, self.names.table)}
        return Scope(
            world, self.names.table, self.convention, {"T": STEPS}, self.definitions, letters, immediate
        )  # fmt: skip


def _taken(name: str, table: Table) -> bool:
    """A timed quantity of the network has its letter for itself."""
    quantity = table.get(name)
    return quantity is not None and quantity.timed


def network_of(model: Model, bias: bool, numbers: Field) -> Network:
    """Both worlds of a model over one field; without ``bias`` all columns of parameters are zero."""
    from derive.indices import N_INPUT, N_OUTPUT, N_STATE, S, T

    lengths = {T: STEPS, **({S: STEPS - 1} if len(model.phases) > 1 else {})}
    whole = {N_STATE: 3, N_INPUT: 2, N_OUTPUT: 3, **lengths}
    alone = {N_STATE: 1, N_INPUT: 1, N_OUTPUT: 1, **lengths}
    small = model if model.loss.targets == "real" else _with_squared_error(model)
    return Network(
        model,
        World(model, whole, numbers, bias=bias),
        World(small, alone, numbers, bias=bias),
    )


def _with_squared_error(model: Model) -> Model:
    """One output makes a softmax one, and every gradient zero: the score itself is compared instead."""
    plain = build(model.cell, loss="squared_error", wiring=model.wiring.name, bridge=model.bridge)
    return plain


def define(setting: Setting, left: Tree, right: Tree) -> Setting | None:
    """The setting in which left = right is taken as the definition of a name that nothing else explains.

    None where left is no such name.
    """
    if not isinstance(left, Name) or left.primes:
        return None
    words = tuple(script.base for script in left.subscripts if isinstance(script, Name) and not script.subscripts)
    known = {*setting.names.table, *setting.definitions}
    if len(words) != len(left.subscripts) or left.base in known or f"{left.base}_{'_'.join(words)}" in known:
        return None
    if left.base in setting.scope().letters:
        return None
    indices = tuple(word for word in words if len(word) == 1)
    key = "_".join([left.base, *(word for word in words if len(word) > 1)])
    return replace(setting, definitions={**setting.definitions, key: Definition(indices, right)})
