"""The stages of a program: the forward pass, the loss, the sweep back, and the pieces of the backward pass."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from derive.compiled.meanings import Meanings
from derive.compiled.roots import all_gradients, mean_loss, sent_carries, state_carries
from derive.compiled.stages import Loop, Stage, straight
from derive.compiled.three_address import Instruction, Rank, needed

Known = Collection[Instruction]


def planned(of: Meanings) -> dict[str, Stage]:
    """All stages, by name, in an order in which they may be run; those after the coefficients in any order."""
    model, parameters = of.theory.model, of.theory.phase.parameters
    forward = forward_stage(of)
    made = forward.made
    loss = straight("loss", {"loss": mean_loss(of)}, made)
    made |= loss.made
    seeds = {state.name: of.seed(state) for state in of.states}
    back = {state.name: of.carried(state) for state in of.states}
    terms = of.gradients(parameters, of.seeded)
    gradient, loop = _gradient(of)
    coefficients = straight("coefficients", early([*back.values(), *terms.values(), *gradient.values()], loop), made)
    coefficients.results = {}
    made |= coefficients.made
    stages = (
        forward,
        loss,
        coefficients,
        _swept(gradient, loop, made),
        straight("seed", {name: seed for name, seed in seeds.items() if not seed.is_number}, made),
        straight("back", back, made, columns=True),
        straight("gradients", terms, made, columns=True),
        straight("readout", of.gradients(model.parameters_after, of.at_loss), made),
    )
    for place, stage in enumerate(stages):
        stage.leave(read for other in stages[place + 1 :] for read in other.inputs)
    return {stage.name: stage for stage in stages}


def forward_stage(of: Meanings) -> Stage:
    """The loop over the steps, after all that does not depend on it."""
    carries = state_carries(of)
    loop = Loop(Rank.RECURRENT, carries)
    before, inputs = needed(loop.body({})[1])
    leaves = {carry.leaf for carry in carries}
    starts = [carry.start for carry in carries if carry.start is not None]
    results = {state.name: carry.result for state, carry in zip(of.states, carries, strict=True)}
    return Stage("forward", [*(i for i in inputs if i not in leaves), *starts], before, loop, results=results)


def _gradient(of: Meanings) -> tuple[dict[str, Instruction], Loop]:
    """Every gradient, and the loop of the sweep that they need."""
    letters, found = of.set_letters, all_gradients(of)
    loop = Loop(Rank.SWEPT, sent_carries(of), letters)
    return found, storing(loop, found.values())


def storing(loop: Loop, roots: Iterable[Instruction]) -> Loop:
    """A loop that keeps for all steps what ``roots`` need of it."""
    made = made_by(loop)
    return replace(loop, stored=tuple(i for i in needed(roots, made)[1] if i in made))


def made_by(loop: Loop) -> set[Instruction]:
    """What the steps of a loop can keep."""
    return {*loop.body(loop.regular)[0], *(pair.leaf for pair in loop.letters)}


def _swept(gradient: dict[str, Instruction], loop: Loop, known: Known) -> Stage:
    """The sweep keeps what the gradients need of it; the rest of their work is done for all steps at once."""
    of_loop = {*made_by(loop), *(carry.leaf for carry in loop.carries)}
    after, found = needed(gradient.values(), {*known, *of_loop})
    inputs = dict.fromkeys([*outside(loop), *(i for i in found if i not in of_loop)])
    return Stage("gradient", list(inputs), loop=loop, after=after, results=gradient)


def outside(loop: Loop) -> list[Instruction]:
    """What the steps of a loop need that no step makes."""
    leaves = {carry.leaf for carry in loop.carries}
    both = [*loop.body(loop.regular)[1], *loop.body(loop.last)[1]]
    return [instruction for instruction in both if instruction not in leaves]


def early(pieces: Iterable[Instruction], loop: Loop) -> dict[str, Instruction]:
    """What the sweep and its pieces read of what is there before it: computed once, for all steps together."""
    swept = [i for i in needed(pieces, made_by(loop))[0] if i.rank == Rank.SWEPT]
    edge = [*outside(loop), *(argument for instruction in swept for argument in instruction.arguments)]
    return {i.target: i for i in edge if i.rank < Rank.SWEPT and not i.is_number and not i.is_read}
