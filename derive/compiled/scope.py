"""What the variables of a formula about step t stand for.

Forward quantities are what the equations of the model make of them, adjoints what the steps of the derivation make of
them, so that an error in a step is an error in the code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from derive.build import stack
from derive.compiled.lowering import lowered
from derive.compiled.three_address import Extent, Instruction, Listing, Rank
from derive.compiled.times import is_later, later_together, said_now
from derive.derivation import Place, letter
from derive.errors import InputError
from derive.expr import Node, Var
from derive.indices import t
from derive.theory import Theory

Definitions = Mapping[Place, Node]
"""What adjoints are, at step t."""
AtStart = Callable[[Var, int], Instruction]


@dataclass
class Scope:
    """A meaning for every variable about step t, at all steps at once.

    ``letters`` are the adjoints that are set from outside at every step; ``carried`` are the values that one step of
    the sweep hands to the step before it.
    """

    theory: Theory
    listing: Listing
    definitions: Definitions
    letters: Mapping[Place, str]
    carried: dict[Node, Instruction] = field(default_factory=dict)
    known: dict[Node, Instruction] = field(default_factory=dict)

    at_start: AtStart | None = None
    """What a quantity of the next phase is, where there is one, at its step 0 or 1."""

    def __post_init__(self) -> None:
        self.inside = {equation.target: equation.expression for equation in self.theory.equations}
        after = self.theory.model.after if self.theory.is_main else ()
        self.after = {equation.target: equation.expression for equation in after}
        self.length = None if self.theory.is_main else self.theory.length

    def value(self, node: Node) -> Instruction:
        """The instruction for a node; what is all about the step after this one is carried from there."""
        if node not in self.known:
            later = is_later(node)
            self.known[node] = self.carry(said_now(node, t + 1)) if later else lowered(later_together(node), self)
        return self.known[node]

    def carry(self, node: Node) -> Instruction:
        """The value that ``node``, about step t, had at the step after this one."""
        if node not in self.carried:
            name = f"{self.theory.phase.name}{len(self.carried)}"
            self.carried[node] = self.listing.read("carry", name, node.shape, Extent.STEPS, Rank.SWEPT, self.length)
        return self.carried[node]

    def variable(self, variable: Var) -> Instruction:
        """Raises InputError for what no equation and no step gives at this time."""
        if variable.time is None:
            return self.listing.read(variable.kind, variable.name, variable.shape, Extent.SHARED, Rank.FIXED)
        if variable.kind == "stack":
            return self.value(stack(*(state.at(variable.time) for state in self.theory.phase.states)))
        offset = variable.time - t
        step = offset + self.theory.length
        if self.at_start is not None and step in (0, 1):
            return self.at_start(variable, int(step))
        found = self._now(variable) if offset == 0 else self._before(variable) if offset == -1 else None
        if found is None:
            raise InputError(f"nothing says what {variable} is", mend="take all the steps of a derivation")
        return found

    def _now(self, variable: Var) -> Instruction | None:
        place = letter(variable)
        if place in self.letters:
            name = self.letters[place]
            return self.listing.read("letter", name, variable.shape, Extent.STEPS, Rank.SWEPT, self.length)
        if place in self.definitions:
            return self.value(self.definitions[place])
        if variable in self.after:
            return self.value(self.after[variable])
        if variable in self.inside:
            return self.value(self.inside[variable])
        return self._given(variable, Extent.STEPS) if variable.kind in ("input", "target") else None

    def _before(self, variable: Var) -> Instruction | None:
        if variable.at(t) not in self.theory.phase.states:
            return None
        return self.listing.read("lag", variable.name, variable.shape, Extent.STEPS, Rank.RECURRENT, self.length)

    def _given(self, variable: Var, extent: Extent) -> Instruction:
        return self.listing.read(variable.kind, variable.name, variable.shape, extent, Rank.GIVEN, self.length)


class LastScope(Scope):
    """A meaning for every variable at step T alone: the last rows of what is there for all steps."""

    def _now(self, variable: Var) -> Instruction | None:
        if variable.kind == "target":
            return self._given(variable, Extent.LAST)
        of_step = variable in self.inside or variable.kind == "input"
        found = Scope(self.theory, self.listing, {}, {})._now(variable) if of_step else super()._now(variable)
        return self.listing.last(found) if found else None

    def _before(self, variable: Var) -> Instruction | None:
        found = super()._before(variable)
        return self.listing.last(found) if found else None
