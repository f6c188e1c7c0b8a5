"""What a program of loss and gradient comes down to, before anything is said about where it is computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from derive.cell import lag
from derive.compiled.meanings import Meanings
from derive.compiled.reduction import BATCH, STEPS, over_rows
from derive.compiled.stages import Carry, Letter
from derive.compiled.three_address import Instruction, Listing, plain
from derive.run import name_of

Rewrite = Callable[[Instruction], Instruction]


@dataclass(frozen=True)
class Roots:
    """The loss, every gradient, and what the steps of the two loops hand on and are told.

    ``states`` are handed on in the order of time, ``sent`` from the last step back; ``letters`` are the adjoints that
    a step of the sweep is told.
    """

    listing: Listing
    states: tuple[Carry, ...]
    loss: Instruction
    gradients: dict[str, Instruction]
    sent: tuple[Carry, ...]
    letters: tuple[Letter, ...]

    def __iter__(self) -> Iterator[Instruction]:
        yield from (carry.result for carry in self.states)
        yield self.loss
        yield from (carry.result for carry in self.sent)
        for letter in self.letters:
            yield from (letter.regular, letter.last)
        yield from self.gradients.values()

    def rewritten(self, by: Rewrite) -> Roots:
        """The same with other instructions; what is read from another step stays what it is."""
        return Roots(
            self.listing,
            tuple(Carry(own.leaf, plain(by(own.result)), own.start) for own in self.states),
            by(self.loss),
            {name: by(own) for name, own in self.gradients.items()},
            tuple(Carry(own.leaf, by(own.result)) for own in self.sent),
            tuple(Letter(own.leaf, by(own.regular), by(own.last)) for own in self.letters),
        )


def state_carries(of: Meanings) -> tuple[Carry, ...]:
    """What the forward pass hands on: every state, from the given initial one."""
    return tuple(
        Carry(of.sweep.value(lag(state)), plain(of.listing.array(of.sweep.value(state))), of.start(state))
        for state in of.states
    )


def all_gradients(of: Meanings) -> dict[str, Instruction]:
    """That of every parameter and of every given initial state, by name."""
    model = of.theory.model
    found = of.gradients(of.theory.phase.parameters, of.sweep) | of.gradients(model.parameters_after, of.at_loss)
    return found | {name: of.initial(of.stated[name]) for name in map(name_of, model.initial_states)}


def sent_carries(of: Meanings) -> tuple[Carry, ...]:
    """What the sweep hands on; the value of one may make another."""
    carries: list[Carry] = []
    while len(carries) < len(of.sweep.carried):
        node, leaf = list(of.sweep.carried.items())[len(carries)]
        carries.append(Carry(leaf, of.listing.in_rows(of.sweep.value(node))))
    return tuple(carries)


def mean_loss(of: Meanings) -> Instruction:
    ell = over_rows(of.theory.model.readout.loss.target, of.at_loss, STEPS * BATCH)
    return of.mean(of.theory.weight, ell)


def roots_of(of: Meanings) -> Roots:
    states, loss = state_carries(of), mean_loss(of)
    letters, gradients = of.set_letters, all_gradients(of)
    return Roots(of.listing, states, loss, gradients, sent_carries(of), letters)
