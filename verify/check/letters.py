"""The letters of the recurrence a_t = b_t + c_t a_{t−1}, and of what comes back, in the usual ways."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from derive.unroll import place
from verify.check.scope import OutOfRangeError, Scope
from verify.check.slopes import between
from verify.check.values import Value

Letter = Callable[[int, Scope], Value]


def _weights(scope: Scope) -> tuple[str, str]:
    found = next((own for own in scope.table.values() if own.about == "the recurrent weights"), None)
    return found.letters[0] if found else scope.world.model.main.parameters[0].letter


def _state(time: int, scope: Scope) -> tuple[str, str, int]:
    where = place(scope.world.model.main.state.at(time))
    if not scope.world.knows(where):
        raise OutOfRangeError
    assert where[2] is not None
    return where[0], where[1], where[2]


def a(time: int, scope: Scope) -> Value:
    """∂h_t/∂w, through everything."""
    return between(scope.world, _state(time, scope), (*_weights(scope), None))


def b(time: int, scope: Scope) -> Value:
    """What step t adds of its own."""
    if time < 1:
        raise OutOfRangeError
    return between(scope.world, _state(time, scope), (*_weights(scope), time))


def c(time: int, scope: Scope) -> Value:
    """∂h_t/∂h_{t−1}."""
    return between(scope.world, _state(time, scope), _state(time - 1, scope))


def whole(time: int, scope: Scope) -> Value:
    """∂L/∂h_t, through everything."""
    return between(scope.world, place(scope.world.model.total), _state(time, scope))


def summed(time: int, scope: Scope) -> Value:
    """The same without the weight 1/T in front: T ∂L/∂h_t."""
    return whole(time, scope).scaled(scope.at["T"] * scope.world.one)


def seed(time: int, scope: Scope) -> Value:
    """∂ℓ_t/∂h_t, by the step's own loss."""
    loss = (*scope.world.model.readout.loss.target.letter, time)
    if not scope.world.knows(loss):
        raise OutOfRangeError
    return between(scope.world, loss, _state(time, scope))


def _inside(of: Letter) -> Letter:
    """The same by what the activation is applied to, z_t instead of h_t."""

    def found(time: int, scope: Scope) -> Value:
        equations = scope.world.model.main.equations
        where = place(equations[0].target.at(time))
        if len(equations) != 2 or not scope.world.knows(where):
            raise OutOfRangeError
        whole_ = between(scope.world, place(scope.world.model.total), where)
        return whole_.scaled(scope.at["T"] * scope.world.one) if of is summed else whole_

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
