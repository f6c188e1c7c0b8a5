"""Derivatives as people write them: of a quantity by another through everything, or of one step's function by one of
its arguments, the others held."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from derive.unroll import Place, place
from verify.check.indices import letters_of
from verify.check.naming import opened, split
from verify.check.quantities import Quantity
from verify.check.reading.tree import Applied, Indexed, Name, Tree
from verify.check.scope import NoSuchSymbolError, OutOfRangeError, Scope, Taken, known_names, taken
from verify.check.values import MeaningError, Value
from verify.check.world import World

STATES = ("the state", "the state of the encoder")


class WrongArgumentError(MeaningError):
    """A function of something that it is no function of."""


@dataclass(frozen=True)
class Kind:
    """``total`` for d, ``immediate`` for ∂⁺."""

    total: bool = False
    immediate: bool = False


def derivative(of: Tree, by: Tree, scope: Scope, kind: Kind = Kind()) -> Value:
    """∂of/∂by.  Raises MeaningError for what is no quantity, OutOfRangeError for a step that there is not."""
    if isinstance(by, Indexed):
        by = with_entries(by)
    if isinstance(by, Applied) and by.function.base == "vec" and len(by.arguments) == 1:
        return stacked(derivative(of, by.arguments[0], scope, kind))
    if not isinstance(by, Name):
        raise MeaningError("a derivative by something that is no name")
    if isinstance(of, Applied):
        return _of_function(of, by, scope)
    if isinstance(of, Indexed):
        of = with_entries(of)
    if not isinstance(of, Name):
        raise MeaningError("a derivative of something that is no name")
    above, below = taken(of, scope), taken(by, scope)
    if above.quantity is None or below.quantity is None or above.adjoint or below.adjoint:
        raise MeaningError(f"the derivative of {above.key} by {below.key} is not known")
    if _backwards(of, by, above, below, scope):
        raise OutOfRangeError
    time = above.time if _is_immediate(above, below, kind, scope) else below.time
    found = between(scope.world, _place(above, scope), _by(below, time, scope))
    return _entries(found, above, below)


def _is_immediate(above: Taken, below: Taken, kind: Kind, scope: Scope) -> bool:
    """Whether the states before are held."""
    assert above.quantity is not None and below.quantity is not None
    if above.quantity.about not in STATES or below.quantity.timed or below.copy:
        return False
    return kind.immediate or ((scope.immediate or scope.apart) and not kind.total)


def _backwards(of: Name, by: Name, above: Taken, below: Taken, scope: Scope) -> bool:
    """Of an earlier step by a later one, where both are free: the claim is meant for the others."""
    if above.time is None or below.time is None or above.time >= below.time:
        return False
    first, second = (
        {letter for script in split(own, known_names(scope), scope.at).indices for letter in letters_of(script)}
        for own in (of, by)
    )
    return bool(first and second) and not first & second and not (first | second) & (scope.summed | {"T", "S"})


def with_entries(tree: Indexed) -> Name:
    """(W_h)_{ij} as W_h with two more indices.  Raises MeaningError for the entry of what is no name."""
    if not isinstance(tree.body, Name) or tree.superscript is not None:
        raise MeaningError("the entry of something that is no name")
    return replace(tree.body, subscripts=(*tree.body.subscripts, *opened(tree.subscripts)))


def stacked(value: Value) -> Value:
    """By vec(W) instead of W: its columns one below the other.  Raises MeaningError where there is no matrix below."""
    if value.by is None:
        raise MeaningError("vec of something else than a matrix")
    rows, cols = value.by
    order = np.arange(rows * cols).reshape(rows, cols).T.reshape(-1)
    return Value(value.matrix[:, order], value.of, (rows * cols, 1))


def _place(own: Taken, scope: Scope) -> Place:
    assert own.quantity is not None
    found = own.quantity.places(own.time)[0]
    if not scope.world.knows(found):
        raise OutOfRangeError
    return found


def _by(own: Taken, time: int | None, scope: Scope) -> Place:
    """The place that is moved; of a sum of two biases the first."""
    assert own.quantity is not None
    name, kind = own.quantity.letters[0]
    if own.quantity.timed and not scope.world.knows((name, kind, time)):
        raise OutOfRangeError
    return name, kind, time


def between(world: World, of: Place, by: Place) -> Value:
    """The derivative of what is at one place by what is at another, through everything."""
    found = world.jacobian(of, by)
    above, below = found.shape[:2], found.shape[2:]
    return Value(found.reshape(above[0] * above[1], below[0] * below[1]), above, below)


def _entries(value: Value, above: Taken, below: Taken) -> Value:
    """Of single entries where subscripts pick them."""
    if not above.entries and not below.entries:
        return value
    assert value.of is not None and value.by is not None
    cube = value.matrix.reshape(*value.of, *value.by)
    return _flat(_picked(_picked(cube, above.entries, 0), below.entries, 2))


def _picked(cube: np.ndarray, entries: tuple[int, ...], axis: int) -> np.ndarray:
    """One entry of two axes: a vector has one number, a matrix two."""
    if not entries:
        return cube
    rows, cols = cube.shape[axis : axis + 2]
    chosen = entries if len(entries) == 2 else (entries[0], 1) if cols == 1 else (1, entries[0])
    if not (1 <= chosen[0] <= rows and 1 <= chosen[1] <= cols):
        raise OutOfRangeError
    cube = np.take(cube, [chosen[0] - 1], axis=axis)
    return np.take(cube, [chosen[1] - 1], axis=axis + 1)


def _flat(cube: np.ndarray) -> Value:
    of, by = cube.shape[:2], cube.shape[2:]
    return Value(cube.reshape(of[0] * of[1], by[0] * by[1]), of, by)


# ---- functions of one step: f(x_t, h_{t−1}, w), g(h_t, w_o), ℓ(y_t, o_t) ----


def _of_function(of: Applied, by: Name, scope: Scope) -> Value:
    """By an argument, the others held; nothing where it is none of them."""
    arguments = [taken(own, scope) for own in of.arguments if isinstance(own, Name)]
    kinds = {own.quantity.about: own for own in arguments if own.quantity is not None}
    below = _argument_named(of, by, arguments, scope)
    assert below.quantity is not None
    step, result = _step(of, kinds, scope)
    if below not in arguments:  # then what is meant is the derivative of its value, through everything
        where = _value_place(of, kinds, scope)
        return between(scope.world, where, _by(below, below.time, scope))
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
        _known(scope.world, _place(source, scope))
        _known(scope.world, _place(state, scope))
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


def value_of(own: Quantity, time: int | None, scope: Scope) -> Value:
    """The sum of the variables that a quantity is."""
    where = own.places(time)
    for one in where:
        if not scope.world.knows(one):
            raise OutOfRangeError
    matrices = [scope.world.value(one) for one in where]
    whole = matrices[0]
    for matrix in matrices[1:]:
        whole = whole + matrix
    return Value(scope.turned(whole, is_weight=not own.timed))
