"""Derivatives of functions of one step, f(x_t, h_{t−1}, w), g(h_t, w_o), ℓ(y_t, o_t), by one argument alone."""

from __future__ import annotations

from derive.unroll import Place, place
from verify.check.naming import split
from verify.check.reading.tree import Applied, Name
from verify.check.scope import NoSuchSymbolError, OutOfRangeError, Scope, Taken, known_names, taken
from verify.check.slopes import between, by_place, place_of
from verify.check.values import MeaningError, Value
from verify.check.world import World


class WrongArgumentError(MeaningError):
    """A function of something that it is no function of."""


def of_function(of: Applied, by: Name, scope: Scope) -> Value:
    """By an argument, the others held; nothing where it is none of them."""
    arguments = [taken(own, scope) for own in of.arguments if isinstance(own, Name)]
    kinds = {own.quantity.about: own for own in arguments if own.quantity is not None}
    below = _argument_named(of, by, arguments, scope)
    assert below.quantity is not None
    step, result = _step(of, kinds, scope)
    if below not in arguments:  # then what is meant is the derivative of its value, through everything
        where = _value_place(of, kinds, scope)
        return between(scope.world, where, by_place(below, below.time, scope))
    return between(step, result, _argument(below, kinds, scope))


def _argument_named(of: Applied, by: Name, arguments: list[Taken], scope: Scope) -> Taken:
    """What is below: ∂f/∂h alone is by the argument of that kind.  Raises WrongArgumentError for a strange name."""
    try:
        below = taken(by, scope)
    except NoSuchSymbolError:
        raise
    except MeaningError as error:
        key = split(by, known_names(scope), scope.at).key
        alike = [own for own in arguments if own.key == key]
        if not by.subscripts and len(alike) == 1:
            return alike[0]
        if key in known_names(scope):
            raise
        raise WrongArgumentError(f"{of.function.base} is no function of anything that is called {key}") from error
    if below.quantity is None:
        raise MeaningError(f"the derivative by {below.key} is not known")
    return below


def _step(of: Applied, kinds: dict[str, Taken], scope: Scope) -> tuple[World, Place]:
    """The world of that step alone, and where its result is."""
    main = scope.world.model.main
    readout = scope.world.model.readout
    source, state = kinds.get("the input"), kinds.get("the state")
    if "the target" in kinds or "the output" in kinds or "the score, before the output function" in kinds:
        last = kinds.get("the output") or kinds["the score, before the output function"]
        return _known(scope.world, (*readout.loss.target.letter, last.time))
    if source is not None and state is not None and source.time is not None and state.time is not None:
        _known(scope.world, place_of(source, scope))
        _known(scope.world, place_of(state, scope))
        return scope.world.stepped(source.time, state.time), place(main.states[0].at(1))
    if state is not None and state.time is not None:
        return _known(scope.world, (*readout.output.target.letter, state.time))
    raise WrongArgumentError(f"it is not said of what {of.function.base} is a function")


def _known(world: World, where: Place) -> tuple[World, Place]:
    if not world.knows(where):
        raise OutOfRangeError
    return world, where


def _argument(below: Taken, kinds: dict[str, Taken], scope: Scope) -> Place:
    """Where the argument is in the world of the step."""
    assert below.quantity is not None
    alone = "the input" in kinds and "the state" in kinds
    if alone and below.quantity.timed:
        return (*below.quantity.letters[0], 0 if below.quantity.about == "the state" else 1)
    return (*below.quantity.letters[0], None if alone or not below.quantity.timed else below.time)


def _value_place(of: Applied, kinds: dict[str, Taken], scope: Scope) -> Place:
    """Where the network has the value of a function of such arguments.  Raises MeaningError where it has none."""
    step, result = _step(of, kinds, scope)
    if step is scope.world:
        return result
    source, state = kinds["the input"], kinds["the state"]
    assert source.time is not None and state.time is not None
    if state.time != source.time - 1:
        raise MeaningError(f"{of.function.base} is given arguments of steps that do not follow each other")
    return place(scope.world.model.main.states[0].at(source.time))
