"""The stages of a program: the forward pass, the loss, the sweep back, and the pieces of the backward pass."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from derive.compiled.meanings import Meanings
from derive.compiled.roots import all_gradients, mean_loss, sent_carries, state_carries
from derive.compiled.stages import Loop, Stage, straight
from derive.compiled.three_address import Instruction, Rank, needed

Known = Collection[Instruction]


@dataclass(frozen=True)
class Plan:
    """All stages by name; ``there`` are run for the loss, and then ``back`` for the gradients."""

    stages: dict[str, Stage]
    there: tuple[str, ...]
    back: tuple[str, ...]


def planned(phases: Sequence[Meanings]) -> Plan:
    """The stages of a chain of phases.

    Of a single one also the pieces of the backward pass, which are run in any order after the coefficients.
    """
    there = list(_there(phases))
    made = {own for stage in there for own in stage.made}
    swept = [(of, *_gradient(of)) for of in phases]  # the earlier ones ask the later ones
    pieces = _pieces(phases[0]) if len(phases) == 1 else {}
    more = [own for results in pieces.values() for own in results.values()]
    back: list[Stage] = []
    for of, gradient, loop in reversed(swept):
        ahead = straight(_named(of, "coefficients"), early([*more, *gradient.values()], loop), made)
        ahead.results = {}
        known = made | ahead.made
        sweep = _swept(of, gradient, loop, known)
        made = known | sweep.made
        back += _of_phase(of, [ahead, sweep])
    others = [straight(name, own, known, name in _COLUMNS) for name, own in pieces.items()]
    stages = [*there, *back, *others]
    for place, stage in enumerate(stages):
        stage.leave(read for other in stages[place + 1 :] for read in other.inputs)
    names = [tuple(stage.name for stage in own) for own in (there, back)]
    return Plan({stage.name: stage for stage in stages}, names[0], names[1])


_COLUMNS = frozenset({"back", "gradients"})
"""The pieces whose adjoints may have more axes in front."""


def _there(phases: Sequence[Meanings]) -> Iterator[Stage]:
    made: set[Instruction] = set()
    for of in phases:
        forward = forward_stage(of, _named(of, "forward"))
        made |= forward.made
        yield from _of_phase(of, [forward])
        if of.next is not None:
            starts = {f"{state.name}_0": of.listing.array(own) for state, own in of.starting().items()}
            own = straight(_named(of, "end"), starts, made)
            made |= own.made
            yield from _of_phase(of, [own])
    yield straight("loss", {"loss": mean_loss(phases[-1])}, made)


def _of_phase(of: Meanings, stages: Iterable[Stage]) -> Iterator[Stage]:
    for stage in stages:
        stage.steps = of.theory.length
        yield stage


def _named(of: Meanings, name: str) -> str:
    return f"{of.name}_{name}" if of.name else name


def _pieces(of: Meanings) -> dict[str, dict[str, Instruction]]:
    """What strategies put together in their own way: seeds, one step back, and the sums of given δ_t."""
    seeds = {state.name: of.seed(state) for state in of.states}
    return {
        "seed": {name: seed for name, seed in seeds.items() if not seed.is_number},
        "back": {state.name: of.carried(state) for state in of.states},
        "gradients": of.gradients(of.theory.phase.parameters, of.seeded),
        "readout": of.gradients(of.theory.model.parameters_after, of.at_loss),
    }


def forward_stage(of: Meanings, name: str = "forward") -> Stage:
    """The loop over the steps, after all that does not depend on it."""
    carries = state_carries(of)
    loop = Loop(Rank.RECURRENT, carries)
    before, inputs = needed(loop.body({})[1])
    leaves = {carry.leaf for carry in carries}
    starts = [carry.start for carry in carries if carry.start is not None]
    results = {state.name: carry.result for state, carry in zip(of.states, carries, strict=True)}
    given = [*(i for i in inputs if i not in leaves), *starts]
    return Stage(name, given, before, loop, results=results)


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


def _swept(of: Meanings, gradient: dict[str, Instruction], loop: Loop, known: Known) -> Stage:
    """The sweep keeps what the gradients need of it; the rest of their work is done for all steps at once."""
    of_loop = {*made_by(loop), *(carry.leaf for carry in loop.carries)}
    after, found = needed(gradient.values(), {*known, *of_loop})
    inputs = dict.fromkeys([*outside(loop), *(i for i in found if i not in of_loop)])
    return Stage(_named(of, "gradient"), list(inputs), loop=loop, after=after, results=gradient)


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
