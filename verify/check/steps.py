"""The values of f(x_t, h_{t−1}, w), g(h_t, w_o) and ℓ(y_t, o_t): what the network computes of such arguments."""

from __future__ import annotations

from derive.expr import Var
from derive.unroll import place
from verify.check.derivatives import WrongArgumentError
from verify.check.reading.tree import Applied, Name
from verify.check.scope import OutOfRangeError, Scope, Taken, taken
from verify.check.slopes import place_of
from verify.check.stepwise import around, by_kind, compared
from verify.check.values import MeaningError, Value

_INPUT, _STATE, _TARGET = "the input", "the state", "the target"
_WEIGHTS = ("the recurrent weights", "the input weights", "the bias of the state", "of the readout", "as in the model")


def value_of_function(node: Applied, scope: Scope) -> Value:
    """Raises WrongArgumentError where a function is given what it cannot be a function of."""
    inner = [own for own in node.arguments if isinstance(own, Applied)]
    names = [taken(own, scope) for own in node.arguments if isinstance(own, Name)]
    if len(inner) + len(names) != len(node.arguments) or len(inner) > 1:
        raise MeaningError(f"the arguments of {node.function.base} are not names")
    kinds = by_kind(names)
    if inner:  # f(x_t, f(x_{t−1}, …), w): the state before the step is itself a step
        return _step(node, kinds, value_of_function(inner[0], scope), scope)
    if _INPUT in kinds and _STATE in kinds:
        return _step(node, kinds, None, scope)
    shown = compared(kinds)
    if _TARGET in kinds and shown is not None:
        return _of(scope.world.model.readout.loss.target.letter, shown.time, scope)
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
    if source is None or source.quantity is None or source.time is None:
        raise MeaningError(f"{node.function.base} is given no input")
    _there(scope, (*source.quantity.letters[0], source.time))
    if inner is None:
        assert state is not None
        before, after = around(state, source.time, scope)
        column = scope.world.value(place_of(state, scope))
    else:
        before, after = (place(own) for own in _states(source, scope))
        column = inner.matrix if inner.matrix.shape[1] == 1 else inner.matrix.T
        _there(scope, before)
        if column.shape != scope.world.value(before).shape:
            raise MeaningError(f"{node.function.base} is given what is no state")
    return Value(scope.turned(scope.world.stepped(before, column).value(after), is_weight=False))


def _states(source: Taken, scope: Scope) -> tuple[Var, Var]:
    """Before and after the step of an input."""
    assert source.quantity is not None and source.time is not None
    phases = scope.world.model.phases
    own = next(
        (phase for phase in phases if source.quantity.letters[0] in {x.letter for x in phase.inputs}), phases[-1]
    )
    return own.state.at(source.time - 1), own.state.at(source.time)


def _there(scope: Scope, where: tuple[str, str, int | None] | None) -> None:
    if where is None or not scope.world.knows(where):
        raise OutOfRangeError


def _of(letter: tuple[str, str], time: int | None, scope: Scope) -> Value:
    where = (*letter, time)
    _there(scope, where)
    return Value(scope.turned(scope.world.value(where), is_weight=False))
