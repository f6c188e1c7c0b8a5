"""The letters of the recurrence a_t = b_t + c_t a_{t−1}, and of what comes back, in the usual ways.

A meaning is the name of a letter here; behind a colon, that of the phase that it is of, where that is not the one with
the losses: ``a:encoder``; behind another one, the state whose part of a stacked state is meant: ``summed::h``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from derive.phase import Phase
from derive.unroll import Place, place
from verify.check.blocks import rows_of_state
from verify.check.quantities import any_weights
from verify.check.scope import OutOfRangeError, Scope
from verify.check.slopes import between
from verify.check.values import Value

Letter = Callable[[int, Scope, Phase], Value]


def letter(meant: str, time: int, scope: Scope) -> Value:
    """What a letter of the theory is worth at a step.  Raises OutOfRangeError for a step that there is not."""
    name, of, part = (*meant.split(":"), "", "")[:3]
    phase = next(own for own in scope.world.model.phases if own.name == of)
    value = LETTERS[name](time, scope, phase)
    if not part:
        return value
    state = next(own for own in phase.states if own.name == part)
    return rows_of_state(value, state, phase, scope)


def _weights(scope: Scope, phase: Phase) -> tuple[str, str]:
    recurrent = (own for own in scope.table.values() if own.about == "the recurrent weights")
    found = next(recurrent, None) if phase is scope.world.model.main else None
    return found.letters[0] if found else any_weights(phase).letter


def _state(time: int, scope: Scope, phase: Phase) -> Place:
    where = place(phase.state.at(time))
    if not scope.world.knows(where):
        raise OutOfRangeError
    return where


def a(time: int, scope: Scope, phase: Phase) -> Value:
    """∂h_t/∂w, through everything."""
    return between(scope.world, _state(time, scope, phase), (*_weights(scope, phase), None))


def b(time: int, scope: Scope, phase: Phase) -> Value:
    """What step t adds of its own."""
    if time < 1:
        raise OutOfRangeError
    return between(scope.world, _state(time, scope, phase), (*_weights(scope, phase), time))


def c(time: int, scope: Scope, phase: Phase) -> Value:
    """∂h_t/∂h_{t−1}."""
    return between(scope.world, _state(time, scope, phase), _state(time - 1, scope, phase))


def whole(time: int, scope: Scope, phase: Phase) -> Value:
    """∂L/∂h_t, through everything."""
    return of_loss(_state(time, scope, phase), scope)


def summed(time: int, scope: Scope, phase: Phase) -> Value:
    """The same without the weight 1/T in front, if there is one: ∂(Σ ℓ)/∂h_t."""
    return of_sum(_state(time, scope, phase), scope)


def of_loss(where: Place, scope: Scope) -> Value:
    """∂L by what is at that place."""
    return between(scope.world, place(scope.world.model.total), where)


def of_sum(where: Place, scope: Scope) -> Value:
    """The same of the sum of the losses, without what stands in front of it."""
    return of_loss(where, scope).scaled(scope.world.one / scope.world.front)


BARS: Mapping[str, Callable[[Place, Scope], Value]] = {"whole": of_loss, "summed": of_sum}
"""What a bar means."""


def seed(time: int, scope: Scope, phase: Phase) -> Value:
    """∂ℓ_t/∂h_t, by the step's own loss; of an encoder, what its last step gets from the decoder."""
    if phase is not scope.world.model.main:
        if scope.world.knows(place(phase.state.at(time + 1))):
            raise OutOfRangeError
        return summed(time, scope, phase)
    loss = (*scope.world.model.readout.loss.target.letter, time)
    if not scope.world.knows(loss):
        raise OutOfRangeError
    return between(scope.world, loss, _state(time, scope, phase))


def _inside(of: Letter) -> Letter:
    """The same by what the activation is applied to, z_t instead of h_t."""

    def found(time: int, scope: Scope, phase: Phase) -> Value:
        where = place(phase.equations[0].target.at(time))
        if len(phase.equations) != 2 or not scope.world.knows(where):
            raise OutOfRangeError
        return of_sum(where, scope) if of is summed else of_loss(where, scope)

    return found


LETTERS: Mapping[str, Letter] = {
    "a": a,
    "b": b,
    "c": c,
    "whole": whole,
    "summed": summed,
    "seed": seed,
    "summed_inside": _inside(summed),
    "whole_inside": _inside(whole),
}
