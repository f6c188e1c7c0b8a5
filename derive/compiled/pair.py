"""The stages of a recurrence by itself: forwards to its states, and back from whatever the loss makes of them.

What a piece of a sequence sends back is Σ_t b_tᵀ δ_t, with δ_t = g_t + c_{t+1}ᵀ δ_{t+1}: g_t, the seeds, is the
gradient of the losses by the states of each step, and c_{t+1}ᵀ δ_{t+1} behind the last step, the carry, is what the
next piece sends back.  The sums are not averaged and have no weight, so that those of all pieces can be added.
"""

from __future__ import annotations

from derive.compiled.meanings import Meanings
from derive.compiled.plan import early, forward_stage, made_by, storing
from derive.compiled.roots import mean_loss
from derive.compiled.stages import Carry, Letter, Loop, Stage, straight
from derive.compiled.three_address import Extent, Instruction, Rank, needed
from derive.expr import Var


def planned_pair(of: Meanings) -> dict[str, Stage]:
    """``forward``, ``loss`` and ``seeds`` where there is a loss, ``sweep`` back, and ``start`` at the initial states.

    The loss, and the gradients of the parameters behind the recurrence, are shares of the mean over all T steps.
    """
    model = of.theory.model
    forward = forward_stage(of)
    made = forward.made
    loss = straight("loss", {"loss": mean_loss(of)}, made)
    after = of.gradients(model.parameters_after, of.at_loss)
    seeds = {state.name: seed for state in of.states if not (seed := of.seed(state)).is_number}
    behind = straight("seeds", seeds | after, made | loss.made)
    sums = of.sums(of.theory.phase.parameters)
    loop = storing(_loop(of), sums.values())
    coefficients = straight("coefficients", early(sums.values(), loop), made)
    coefficients.results = {}
    stages = (forward, loss, behind, coefficients, _sweep(sums, loop, made | coefficients.made), _start(of, loop))
    for place, stage in enumerate(stages):
        stage.leave(read for other in stages[place + 1 :] for read in other.inputs)
    return {stage.name: stage for stage in stages}


def _loop(of: Meanings) -> Loop:
    """δ_t of every state from its seed and what the step behind sends back; then what this one sends back."""
    carries, letters = [], []
    for place, state in enumerate(of.states):
        shape, listing = state.shape, of.listing
        later = listing.read("carry", f"later_{place}", shape, Extent.STEPS, Rank.SWEPT)
        seed = seed_of(of, state)
        delta = of.seeded.value(of.theory.delta_of(state))
        both = listing.add("add", (seed, later), shape)
        letters.append(Letter(delta, both, both))
        carries.append(Carry(later, listing.in_rows(of.carried(state))))
    return Loop(Rank.SWEPT, tuple(carries), tuple(letters), open=True)


def seed_of(of: Meanings, state: Var) -> Instruction:
    """The read that stands for the given seeds of a state."""
    return of.listing.read("seed", state.name, state.shape, Extent.STEPS, Rank.GIVEN)


def _sweep(sums: dict[str, Instruction], loop: Loop, known: set[Instruction]) -> Stage:
    of_loop = {*made_by(loop), *(carry.leaf for carry in loop.carries)}
    after, found = needed(sums.values(), {*known, *of_loop})
    outside = loop.body(loop.regular)[1]
    inputs = dict.fromkeys([*outside, *(i for i in found if i not in of_loop), *(c.leaf for c in loop.carries)])
    handed_on = tuple(carry.leaf for carry in loop.carries)
    return Stage("sweep", list(inputs), loop=loop, after=after, results=dict(sums), handed_on=handed_on)


def _start(of: Meanings, loop: Loop) -> Stage:
    """The gradients of the initial states, from what step 1 sends back."""
    totals = {
        f"{state.name}_0": of.mean(of.theory.weight, of.listing.reduced("over_rows", (carry.leaf,), state.shape))
        for state, carry in zip(of.states, loop.carries, strict=True)
    }
    return straight("start", totals, set())
