"""What the adjoints of a derivation are, at the running step and at the last one; and its gradients as values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import sympy as sp

from derive.build import add, split_factor
from derive.compiled.algebra import scaled
from derive.compiled.reduction import BATCH, STEPS, over_rows
from derive.compiled.scope import Definitions, LastScope, Scope
from derive.compiled.stages import Letter
from derive.compiled.three_address import Extent, Instruction, Listing, Rank, plain
from derive.compiled.times import said_now, speaks_of, time_of, times, what_is_said
from derive.derivation import Derivation, Place, Step, letter
from derive.errors import InputError
from derive.expr import Add, Node, Var, zeros
from derive.indices import t
from derive.run import FORMS, name_of, stated
from derive.sums import Sum, reindex
from derive.theory import Theory

ADJOINT = next(form for form in FORMS if form.descending)


@dataclass
class Meanings:
    """The letters of one phase of a derivation; ``next`` is the phase that it starts."""

    derivation: Derivation
    listing: Listing = field(default_factory=Listing)
    place: int = -1
    next: Meanings | None = None
    started: dict[Var, Instruction] | None = None
    """The initial states that an earlier phase gives."""

    def __post_init__(self) -> None:
        self.theory = Theory(self.derivation.model, self.place)
        self.name, self.states = self.theory.phase.name, self.theory.phase.states
        self.steps = {step.key: step for step in self.derivation}
        self.stated = stated(self.derivation, ADJOINT)
        self.deltas = {
            letter(self.theory.delta_of(state)): f"{self.name}{place}" for place, state in enumerate(self.states)
        }

    @property
    def count(self) -> sp.Expr:
        """The rows of all steps."""
        return (STEPS if self.theory.is_main else self.theory.length) * BATCH

    def _definitions(self, time: sp.Symbol) -> Definitions:
        """What every adjoint is at that time, said of step t: by the first step that speaks of it."""
        found: dict[Place, Node] = {}
        for place, keys in self.derivation.definitions.items():
            own = (self.steps[key] for key in keys if self._is_own(key))
            step = next((step for step in own if speaks_of(step, time, self.theory.length)), None)
            if step is not None:
                found[place] = said_now(step.rhs, time_of(step))
        return found

    def _is_own(self, key: str) -> bool:
        """Whether a step is about this phase."""
        return key.rpartition(":")[0] == self.name

    @cached_property
    def running(self) -> Definitions:
        return self._definitions(t)

    @cached_property
    def at_last(self) -> Definitions:
        return self._definitions(self.theory.length)

    @cached_property
    def letters(self) -> dict[Place, str]:
        """The adjoints that are something else at the last step than at the others, and every δ_t."""
        differing = (place for place in self.running if self.running[place] != self.at_last.get(place))
        return {place: "_".join((*place, self.name)) for place in differing} | self.deltas

    @cached_property
    def sweep(self) -> Scope:
        """At every step but the last."""
        return Scope(self.theory, self.listing, self.running, self.letters)

    @cached_property
    def last(self) -> Scope:
        """At the last step: in its rows alone, where no other step has a loss."""
        kind = LastScope if self.theory.single else Scope
        at_start = None if self.next is None else self.next.of_start
        return kind(self.theory, self.listing, self.at_last, {}, at_start=at_start)

    @property
    def sending(self) -> Scope:
        """The sweep whose first step in time sends something back to an earlier phase."""
        return self.sweep

    def of_start(self, variable: Var, step: int) -> Instruction:
        """A quantity of step 0: an initial state, or what the first step sends back to it; or an adjoint of step 1."""
        if step == 1:
            return self.sending.carry(variable.at(t))
        if variable.at(t) in self.states:
            return self.start(variable.at(t))
        key = Theory(self.theory.model, self.place - 1).key(f"crossing.{variable.name}-bar")
        return self.sending.carry(said_now(self.steps[key].rhs, 1))

    @cached_property
    def seeded(self) -> Scope:
        """At a step whose δ_t is given."""
        bars = [equation.target for equation in self.theory.sweep.named]
        keys = {letter(bar): self.theory.key(f"gradient.{bar.name}-bar") for bar in bars}
        known = {place: self.steps[key].rhs for place, key in keys.items()}
        return Scope(self.theory, self.listing, known, self.deltas)

    @property
    def at_loss(self) -> Scope:
        """At a step with a loss."""
        return self.last if self.theory.single else self.sweep

    @cached_property
    def set_letters(self) -> tuple[Letter, ...]:
        """Every letter with what it is."""
        found = []
        for place in self.letters:
            variable = self._variable(place)
            found.append(
                Letter(
                    self.sweep.value(variable),
                    self.listing.in_rows(self.sweep.value(self.running[place])),
                    self.listing.in_rows(self.last.value(self.at_last[place])),
                )
            )
        return tuple(found)

    def _variable(self, place: Place) -> Var:
        """What a letter stands for."""
        (variable,) = {what_is_said(self.steps[key]) for key in self.derivation.definitions[place] if self._is_own(key)}
        return variable

    @property
    def variables(self) -> dict[str, Var]:
        """What the instructions so far compute that has a name, by their targets; a parameter, or something at t."""
        found: dict[str, Var] = {}
        for scope in (self.sweep, self.last, self.seeded):
            for node, instruction in scope.known.items():
                if isinstance(node, Var) and not instruction.is_number and node.time in (None, t):
                    found.setdefault(plain(instruction).target, node)
        for letter_, pair in zip(self.letters, self.set_letters, strict=True):
            variable = self._variable(letter_)
            found |= dict.fromkeys((pair.leaf.target, pair.regular.target), variable)
        return found

    def carried(self, state: Var) -> Instruction:
        """What a step sends back to a lagged state: the terms of δ_t about step t + 1, said of step t."""
        whole = self.running[letter(self.theory.delta_of(state))]
        terms = whole.args if isinstance(whole, Add) else (whole,)
        later = [said_now(term, t + 1) for term in terms if t + 1 in times(term)]
        return self.listing.copied(self.seeded.value(add(*later) if later else zeros(*state.shape)))

    def seed(self, state: Var) -> Instruction:
        """What the loss of a step sends to a state of that step."""
        seeds = self.at_loss.definitions[letter(self.theory.g())]
        return self.at_loss.value(self.theory.part(seeds, state))

    def last_delta(self, state: Var) -> Instruction:
        """δ of the last step: in an encoder, what the decoder sends back."""
        return self.last.value(self.at_last[letter(self.theory.delta_of(state))])

    def gradients(self, parameters: Iterable[Var], scope: Scope) -> dict[str, Instruction]:
        return {w.name: self._gradient(self.stated[w.name], scope) for w in parameters}

    def sums(self, parameters: Iterable[Var]) -> dict[str, Instruction]:
        """Σ_t b_tᵀ δ_t of every parameter where the δ_t are given: neither weighted nor averaged."""
        return {w.name: self.listing.array(self._sum(self.stated[w.name], self.seeded)[1]) for w in parameters}

    def _gradient(self, step: Step, scope: Scope) -> Instruction:
        return self.mean(*self._sum(step, scope))

    def _sum(self, step: Step, scope: Scope) -> tuple[sp.Expr, Instruction]:
        """The number in front of the sum over the steps, and the sum over them and the sequences."""
        factor, body = split_factor(step.rhs)
        if not isinstance(body, Sum):
            return factor, over_rows(said_now(body, self.theory.length), self.last, BATCH)
        if (body.lower, body.upper) != (1, self.theory.length):
            raise InputError(f"the sum of {step.key} is not over all steps", mend="take the steps of a derivation")
        return factor, over_rows(reindex(body.body, {body.index: t}), scope, self.count)

    def mean(self, factor: sp.Expr, total: Instruction) -> Instruction:
        """A total over the batch, averaged, times a factor."""
        return self.listing.array(scaled(self.listing, self.listing.number(factor / BATCH), total))

    def initial(self, step: Step) -> Instruction:
        """The gradient of an initial state: what the sweep still carries when it has passed step 1."""
        factor, body = split_factor(step.rhs)
        if not times(body):
            return self.listing.array(self.sending.value(step.rhs))
        carried = self.sending.carry(said_now(body, 1))
        return self.mean(factor, self.listing.reduced("over_rows", (carried,), body.shape))

    def starting(self) -> dict[Var, Instruction]:
        """The initial states of the next phase, as this one's last states make them."""
        starts = () if self.next is None else self.next.theory.phase.starts
        return {own.target: self.last.value(said_now(own.expression, self.theory.length)) for own in starts}

    def start(self, state: Var) -> Instruction:
        """The initial state: given, or what an earlier phase makes it."""
        if self.started is not None and state.at(0) in self.started:
            return self.started[state.at(0)]
        return self.listing.read("start", name_of(state.at(0)), state.shape, Extent.SHARED, Rank.FIXED)
