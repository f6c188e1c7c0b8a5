"""Derivatives of functions of one step, f(x_t, h_{t−1}, w), g(h_t, w_o), ℓ(y_t, o_t), by one argument alone."""

from __future__ import annotations

from derive.unroll import Place
from verify.check.naming import split
from verify.check.quantities import OF_ENCODER
from verify.check.reading.tree import Applied, Name
from verify.check.scope import NoSuchSymbolError, OutOfRangeError, Scope, Taken, known_names, taken
from verify.check.slopes import between, by_place, place_of
from verify.check.values import MeaningError, Value
from verify.check.world import World

SHOWN = ("the output", "the score, before the output function")


class WrongArgumentError(MeaningError):
    """A function of something that it is no function of."""


def of_function(of: Applied, by: Name, scope: Scope) -> Value:
    """By an argument, the others held; nothing where it is none of them."""
    arguments = [taken(own, scope) for own in of.arguments if isinstance(own, Name)]
    kinds = by_kind(arguments)
    below = _argument_named(of, by, arguments, scope)
    assert below.quantity is not None
    step, result = _step(of, kinds, scope)
    if below not in arguments:  # then what is meant is the derivative of its value, through everything
        if step is not scope.world:
            raise MeaningError(f"{of.function.base} is given arguments of steps that do not follow each other")
        return between(scope.world, result, by_place(below, below.time, scope))
    return between(step, result, _argument(below, kinds, scope))


def by_kind(names: list[Taken]) -> dict[str, Taken]:
    """The arguments of a function by what they are, of whichever phase."""
    return {own.quantity.about.removesuffix(OF_ENCODER): own for own in names if own.quantity is not None}


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
    readout = scope.world.model.readout
    source, state = kinds.get("the input"), kinds.get("the state")
    last = compared(kinds)
    if last is not None:
        return _known(scope.world, (*readout.loss.target.letter, last.time))
    if source is not None and state is not None and source.time is not None and state.time is not None:
        _known(scope.world, place_of(source, scope))
        before, after = around(state, source.time, scope)
        return scope.world.stepped(before, scope.world.value(place_of(state, scope))), after
    if state is not None and state.time is not None:
        return _known(scope.world, (*readout.output.target.letter, state.time))
    raise WrongArgumentError(f"it is not said of what {of.function.base} is a function")


def compared(kinds: dict[str, Taken]) -> Taken | None:
    """What a loss compares with the target: the output, its score, or a state that is the output itself."""
    shown = next((kinds[about] for about in SHOWN if about in kinds), None)
    return kinds.get("the state") if shown is None and "the target" in kinds else shown


def _known(world: World, where: Place) -> tuple[World, Place]:
    if not world.knows(where):
        raise OutOfRangeError
    return world, where


def around(state: Taken, time: int, scope: Scope) -> tuple[Place, Place]:
    """Where the state before a step is, and the one that it makes.  Raises OutOfRangeError where there is none."""
    assert state.quantity is not None
    letter = state.quantity.letters[0]
    before, after = (*letter, time - 1), (*letter, time)
    _known(scope.world, before)
    return before, _known(scope.world, after)[1]


def _argument(below: Taken, kinds: dict[str, Taken], scope: Scope) -> Place:
    """Where the argument is in the world of the step."""
    assert below.quantity is not None
    letter, source = below.quantity.letters[0], kinds.get("the input")
    if source is None or source.time is None or "the state" not in kinds:
        return (*letter, below.time if below.quantity.timed else None)
    return (*letter, source.time - 1 if below == kinds["the state"] else source.time)
