"""The values of f(x_t, h_{t−1}, w), g(h_t, w_o) and ℓ(y_t, o_t): what the network computes of such arguments."""

from __future__ import annotations

from derive.unroll import place
from verify.check.derivatives import WrongArgumentError
from verify.check.reading.tree import Applied, Name
from verify.check.scope import OutOfRangeError, Scope, Taken, taken
from verify.check.values import MeaningError, Value

_INPUT, _STATE, _OUT, _SCORE, _TARGET = (
    "the input", "the state", "the output", "the score, before the output function", "the target",
)  # fmt: skip
_WEIGHTS = ("the recurrent weights", "the input weights", "the bias of the state", "of the readout", "as in the model")


def value_of_function(node: Applied, scope: Scope) -> Value:
    """Raises WrongArgumentError where a function is given what it cannot be a function of."""
    inner = [own for own in node.arguments if isinstance(own, Applied)]
    names = [taken(own, scope) for own in node.arguments if isinstance(own, Name)]
    if len(inner) + len(names) != len(node.arguments) or len(inner) > 1:
        raise MeaningError(f"the arguments of {node.function.base} are not names")
    kinds = {own.quantity.about: own for own in names if own.quantity is not None}
    if inner:  # f(x_t, f(x_{t−1}, …), w): the state before the step is itself a step
        return _step(node, kinds, value_of_function(inner[0], scope), scope)
    if _INPUT in kinds and _STATE in kinds:
        return _step(node, kinds, None, scope)
    if _TARGET in kinds and (_OUT in kinds or _SCORE in kinds):
        return _of(scope.world.model.readout.loss.target.letter, (kinds.get(_OUT) or kinds[_SCORE]).time, scope)
    if _STATE in kinds:
        return _readout(node, kinds, scope)
    raise MeaningError(f"it is not said of what {node.function.base} is a function")


def _readout(node: Applied, kinds: dict[str, Taken], scope: Scope) -> Value:
    """g(h_t, w_o): of nothing else."""
    others = [own for about, own in kinds.items() if about != _STATE and about not in _WEIGHTS]
    if others:
        raise WrongArgumentError(
            f"{node.function.base} is a function of the state and of its own weights, not of {others[0].key}"
        )
    return _of(scope.world.model.readout.output.target.letter, kinds[_STATE].time, scope)


def _step(node: Applied, kinds: dict[str, Taken], inner: Value | None, scope: Scope) -> Value:
    source, state = kinds.get(_INPUT), kinds.get(_STATE)
    if source is None or source.time is None:
        raise MeaningError(f"{node.function.base} is given no input")
    time = source.time
    if inner is None:
        assert state is not None
        if state.time is None or not scope.world.knows(place(scope.world.model.main.state.at(state.time))):
            raise OutOfRangeError
        _there(scope, (*source.quantity.letters[0], time) if source.quantity else None)
        return _result(scope, time, state.time)
    _there(scope, (*source.quantity.letters[0], time) if source.quantity else None)
    column = inner.matrix if inner.matrix.shape[1] == 1 else inner.matrix.T
    step = scope.world.stepped_from(time, column)
    return Value(scope.turned(step.value(place(scope.world.model.main.states[0].at(1))), is_weight=False))


def _there(scope: Scope, where: tuple[str, str, int | None] | None) -> None:
    if where is None or not scope.world.knows(where):
        raise OutOfRangeError


def _result(scope: Scope, inputs: int, states: int) -> Value:
    step = scope.world.stepped(inputs, states)
    return Value(scope.turned(step.value(place(scope.world.model.main.states[0].at(1))), is_weight=False))


def _of(letter: tuple[str, str], time: int | None, scope: Scope) -> Value:
    where = (*letter, time)
    _there(scope, where)
    return Value(scope.turned(scope.world.value(where), is_weight=False))
