"""A wrong link as the kinds of edits see it: its sides, its indices, and the names that there are to choose from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from verify.check.explaining.scripts import rescripted, scripts, throughout
from verify.check.explaining.spots import Spot, values
from verify.check.indices import indices
from verify.check.quantities import Quantity
from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree
from verify.check.reading.walking import walk
from verify.check.scope import OutOfRangeError, Scope, known_names, taken
from verify.check.setting import STEPS, Setting
from verify.check.values import MeaningError


@dataclass(frozen=True)
class Case:
    """``left`` = ``right`` is wrong, and ``right`` is what is edited.  ``near`` are formulas that the author has
    elsewhere, the members of the same chain first; ``at`` is where the link fails."""

    left: Tree
    right: Tree
    setting: Setting
    near: Sequence[Tree] = ()
    at: tuple[tuple[str, int], ...] = ()

    @cached_property
    def letters(self) -> frozenset[str]:
        """The letters that are indices."""
        bound = {own.index.base for own in self.nodes if isinstance(own, tr.Sum | tr.Product)}
        known = known_names(self.setting.scope())
        return frozenset({"T", *bound, *indices(self.left, known), *indices(self.right, known)})

    @cached_property
    def nodes(self) -> tuple[Tree, ...]:
        return tuple(walk(self.left)) + tuple(walk(self.right))

    @cached_property
    def values(self) -> list[Spot]:
        """The places of numbers and matrices in the right-hand side."""
        return values(self.right)

    @cached_property
    def scope(self) -> Scope:
        """With a number for every index: to ask what a name stands for."""
        return replace(self.setting.scope(), at={**dict.fromkeys(self.letters, 2), "T": STEPS})

    @cached_property
    def steps(self) -> tuple[Tree, ...]:
        """The indices as they are written in both sides: t, t − 1, j."""
        found = (script for own in self.nodes if isinstance(own, tr.Name) for script in scripts(own, self.letters))
        return tuple(dict.fromkeys(own for own in found if not isinstance(own, tr.Number)))

    @cached_property
    def first(self) -> tuple[Tree, ...]:
        """The first index of each name that has a step: the step, where others pick entries."""
        names = (own for own in self.nodes if isinstance(own, tr.Name))
        timed = (own for own in names if (quantity := self.quantity(own)) is not None and quantity.timed)
        return tuple(script for own in timed if (script := next(scripts(own, self.letters), None)) is not None)

    def quantity(self, name: tr.Name) -> Quantity | None:
        """What a name stands for in the network, if anything."""
        try:
            return taken(name, self.scope).quantity
        except (MeaningError, OutOfRangeError):
            return None

    @cached_property
    def spelled(self) -> dict[Quantity, tr.Name]:
        """A name for every quantity: as the author writes it, if he does, else as his scheme has it."""
        written = (own for tree in (self.left, self.right, *self.near) for own in walk(tree))
        found: dict[Quantity, tr.Name] = {}
        for own in written:
            quantity = self.quantity(own) if isinstance(own, tr.Name) else None
            if quantity is not None and isinstance(own, tr.Name):
                found.setdefault(quantity, replace(own, primes=0))
        step = next(iter(self.steps), tr.Name("t"))
        names = self.setting.names
        for key, quantity in sorted(names.table.items(), key=lambda own: own[0] not in names.used):
            found.setdefault(quantity, named(key, step if quantity.timed else None))
        return found

    def at_step(self, name: tr.Name, step: Tree) -> tr.Name:
        """The same quantity at another step: its first index is the step."""
        first = next(scripts(name, self.letters), None)
        return rescripted(name, lambda own: step if own is first else own, self.letters)

    def weights(self) -> list[tr.Name]:
        """What has no step and is a matrix or a bias."""
        return [name for quantity, name in self.spelled.items() if not quantity.timed and quantity.about != "the loss"]

    def constants(self) -> list[tr.Name]:
        """Numbers that the author has a letter for, as the α of a leaky network."""
        return [named(key) for key in self.setting.constants]

    def timed(self, steps: Collection[Tree] | None = None) -> Iterator[tr.Name]:
        """Everything that has a step, at the steps that occur in the link."""
        for quantity, name in self.spelled.items():
            if quantity.timed:
                for step in self.steps if steps is None else steps:
                    yield self.at_step(name, step)

    def spelling(self, about: str) -> tr.Name | None:
        """The name of the quantity in that role."""
        return next((name for quantity, name in self.spelled.items() if quantity.about == about), None)

    def alike(self, one: Tree, other: Tree) -> bool:
        """The same but for the indices."""
        return self.blank(one) == self.blank(other)

    def blank(self, tree: Tree) -> Tree:
        return throughout(tree, lambda _: tr.Number("0"), self.letters)


def named(key: str, step: Tree | None = None) -> tr.Name:
    """The tree of a key of the table: W_hh, y^."""
    base, *words = key.split("_")
    accent = "hat" if base.endswith("^") else ""
    below: tuple[Tree, ...] = tuple(tr.Name(word) for word in words)
    return tr.Name(base.rstrip("^"), (*below, step) if step is not None else below, accent=accent)
