"""The stages of a recurrence by itself: forwards to its states, and back from whatever the loss makes of them.

What a piece of a sequence sends back is Σ_t b_tᵀ δ_t, with δ_t = g_t + c_{t+1}ᵀ δ_{t+1}: g_t, the seeds, is the
gradient of the losses by the states of each step, and c_{t+1}ᵀ δ_{t+1} behind the last step, the carry, is what the
next piece sends back.  The sums are not averaged and have no weight, so that those of all pieces can be added.

An encoder is such a recurrence too: its last states start the decoder (``starting``), and what the decoder's first step
sends back is the seed of its last step (``crossing``).
"""

from __future__ import annotations

from derive.compiled.meanings import Meanings
from derive.compiled.plan import early, forward_stage, made_by, storing
from derive.compiled.roots import mean_loss
from derive.compiled.scope import Scope
from derive.compiled.stages import Carry, Letter, Loop, Stage, straight
from derive.compiled.three_address import Extent, Instruction, Rank, needed
from derive.expr import Var
from derive.run import name_of


class GivenSeeds(Meanings):
    """The letters of a phase whose δ_t come from given seeds."""

    @property
    def sending(self) -> Scope:
        return self.seeded

    def of_start(self, variable: Var, step: int) -> Instruction:
        """What is handed on has the rows of one step, once the loop is over."""
        return self.listing.last(super().of_start(variable, step))


def planned_pair(of: GivenSeeds) -> dict[str, Stage]:
    """``forward``, ``loss`` and ``seeds`` where there is a loss, ``sweep`` back, and ``start`` at the initial states;
    of an encoder ``starting`` and ``crossing``.

    The loss, and the gradients of the parameters behind the recurrence, are shares of the mean over all T steps.
    """
    forward = forward_stage(of)
    made = forward.made
    starts = {name: of.initial(of.stated[name]) for name in map(name_of, of.theory.phase.given_initially)}
    sums = of.sums(of.theory.phase.parameters)
    loop = storing(_loop(of), sums.values())
    coefficients = straight("coefficients", early(sums.values(), loop), made)
    coefficients.results = {}
    behind = _with_loss(of, made) if of.next is None else _with_next(of, made)
    sweep = _sweep(sums, loop, made | coefficients.made)
    stages = (forward, *behind, coefficients, sweep, straight("start", starts, set()))
    for place, stage in enumerate(stages):
        stage.steps = of.theory.length
        stage.leave(read for other in stages[place + 1 :] for read in other.inputs)
    return {stage.name: stage for stage in stages}


def _with_loss(of: GivenSeeds, made: set[Instruction]) -> tuple[Stage, ...]:
    loss = straight("loss", {"loss": mean_loss(of)}, made)
    after = of.gradients(of.theory.model.parameters_after, of.at_loss)
    seeds = {state.name: seed for state in of.states if not (seed := of.seed(state)).is_number}
    return loss, straight("seeds", seeds | after, made | loss.made)


def _with_next(of: GivenSeeds, made: set[Instruction]) -> tuple[Stage, ...]:
    """The initial states of the next phase, and the seeds of the last step that it sends back."""
    starts = {state.name: of.listing.array(own) for state, own in of.starting().items()}
    seeds = {state.name: of.listing.array(of.last_delta(state)) for state in of.states}
    return straight("starting", starts, made), straight("crossing", seeds, made)


def _loop(of: GivenSeeds) -> Loop:
    """δ_t of every state from its seed and what the step behind sends back; then what this one sends back.

    What initial states and an earlier phase ask of the first step is handed on as well.
    """
    carries, letters = [], []
    for place, state in enumerate(of.states):
        shape, listing, length = state.shape, of.listing, of.seeded.length
        later = listing.read("carry", f"later_{of.name}{place}", shape, Extent.STEPS, Rank.SWEPT, length)
        seed = seed_of(of, state)
        delta = of.seeded.value(of.theory.delta_of(state))
        both = listing.add("add", (seed, later), shape)
        letters.append(Letter(delta, both, both))
        carries.append(Carry(later, listing.in_rows(of.carried(state))))
    for node, leaf in of.seeded.carried.items():
        carries.append(Carry(leaf, of.listing.in_rows(of.seeded.value(node))))
    return Loop(Rank.SWEPT, tuple(carries), tuple(letters), open=True)


def seed_of(of: Meanings, state: Var) -> Instruction:
    """The read that stands for the given seeds of a state."""
    return of.listing.read("seed", state.name, state.shape, Extent.STEPS, Rank.GIVEN, of.seeded.length)


def _sweep(sums: dict[str, Instruction], loop: Loop, known: set[Instruction]) -> Stage:
    of_loop = {*made_by(loop), *(carry.leaf for carry in loop.carries)}
    after, found = needed(sums.values(), {*known, *of_loop})
    outside = loop.body(loop.regular)[1]
    inputs = dict.fromkeys([*outside, *(i for i in found if i not in of_loop), *(c.leaf for c in loop.carries)])
    handed_on = tuple(carry.leaf for carry in loop.carries)
    return Stage("sweep", list(inputs), loop=loop, after=after, results=dict(sums), handed_on=handed_on)
