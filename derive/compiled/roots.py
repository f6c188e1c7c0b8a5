"""What a program of loss and gradient comes down to, before anything is said about where it is computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from derive.cell import lag
from derive.compiled.meanings import Meanings
from derive.compiled.phases import phases_of
from derive.compiled.reduction import over_rows
from derive.compiled.stages import Carry, Letter
from derive.compiled.three_address import Instruction, Listing, plain
from derive.derivation import Derivation
from derive.run import name_of

Rewrite = Callable[[Instruction], Instruction]


@dataclass(frozen=True)
class PhaseRoots:
    """What the steps of the two loops of one phase hand on and are told.

    ``states`` are handed on in the order of time, ``sent`` from the last step back; ``letters`` are the adjoints that
    a step of the sweep is told.
    """

    states: tuple[Carry, ...]
    sent: tuple[Carry, ...]
    letters: tuple[Letter, ...]

    def __iter__(self) -> Iterator[Instruction]:
        for carry in self.states:
            yield carry.result
            if carry.start is not None:
                yield carry.start
        yield from (carry.result for carry in self.sent)
        for letter in self.letters:
            yield from (letter.regular, letter.last)

    def rewritten(self, by: Rewrite) -> PhaseRoots:
        return PhaseRoots(
            tuple(Carry(own.leaf, plain(by(own.result)), own.start and by(own.start)) for own in self.states),
            tuple(Carry(own.leaf, by(own.result)) for own in self.sent),
            tuple(Letter(own.leaf, by(own.regular), by(own.last)) for own in self.letters),
        )


@dataclass(frozen=True)
class Roots:
    """The loss, every gradient, and the phases in the order in which they run."""

    listing: Listing
    phases: tuple[PhaseRoots, ...]
    loss: Instruction
    gradients: dict[str, Instruction]

    def __iter__(self) -> Iterator[Instruction]:
        for phase in self.phases:
            yield from phase
        yield self.loss
        yield from self.gradients.values()

    def rewritten(self, by: Rewrite) -> Roots:
        """The same with other instructions; what is read from another step stays what it is."""
        return Roots(
            self.listing,
            tuple(phase.rewritten(by) for phase in self.phases),
            by(self.loss),
            {name: by(own) for name, own in self.gradients.items()},
        )


def state_carries(of: Meanings) -> tuple[Carry, ...]:
    """What the forward pass hands on: every state, from the given initial one."""
    return tuple(
        Carry(of.sweep.value(lag(state)), plain(of.listing.array(of.sweep.value(state))), of.start(state))
        for state in of.states
    )


def all_gradients(of: Meanings) -> dict[str, Instruction]:
    """That of every parameter and of every given initial state of a phase, by name."""
    theory = of.theory
    found = of.gradients(theory.phase.parameters, of.sweep)
    if theory.is_main:
        found |= of.gradients(theory.model.parameters_after, of.at_loss)
    return found | {name: of.initial(of.stated[name]) for name in map(name_of, theory.phase.given_initially)}


def sent_carries(of: Meanings) -> tuple[Carry, ...]:
    """What the sweep hands on; the value of one may make another."""
    carries: list[Carry] = []
    while len(carries) < len(of.sweep.carried):
        node, leaf = list(of.sweep.carried.items())[len(carries)]
        carries.append(Carry(leaf, of.listing.in_rows(of.sweep.value(node))))
    return tuple(carries)


def mean_loss(of: Meanings) -> Instruction:
    return of.mean(of.theory.weight, over_rows(of.theory.model.readout.loss.target, of.at_loss, of.count))


def roots_of(derivation: Derivation) -> Roots:
    """Raises NotImplementedError for a node that no instruction is known for."""
    meanings = phases_of(derivation)
    main = meanings[-1]
    loss = mean_loss(main)
    gradients: dict[str, Instruction] = {}
    for of in reversed(meanings):
        gradients |= all_gradients(of)
    phases = []
    for of in meanings:  # the earlier ones ask the later ones what is sent back
        states, letters = state_carries(of), of.set_letters
        phases.append((of, states, letters))
    swept = tuple(PhaseRoots(states, sent_carries(of), letters) for of, states, letters in phases)
    order = [name_of(w) for w in (*derivation.model.parameters, *derivation.model.initial_states)]
    return Roots(main.listing, swept, loss, {name: gradients[name] for name in order})
