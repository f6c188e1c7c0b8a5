"""Names and derivatives in the letters of the theory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import sympy as sp

from derive.indices import T
from verify.check.proving.conditions import UntranslatableError
from verify.check.proving.paths import LOSS, OUT, SCORE, STATE, TOTAL, Spot
from verify.check.proving.reading import Surroundings, part
from verify.check.proving.worth import Part, Worth, times
from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree
from verify.check.scope import Taken
from verify.check.surroundings import Definition

_TIMED = frozenset({STATE, SCORE, OUT, LOSS})
Letter = Callable[[sp.Expr, Surroundings], Part]


def named(node: tr.Name, here: Surroundings) -> Part:
    """A letter of the theory, or one that the file defines."""
    own, indices = here.taken(node)
    if own.quantity is not None or own.same or own.key in here.scope.constants:
        raise UntranslatableError(f"{own.key} is a quantity of the network")
    definition = here.scope.definitions.get(own.key)
    if definition is not None:
        return _by_definition(definition, indices, here)
    letter = LETTERS.get(here.scope.letters[own.key])
    if letter is None or len(indices) != 1:
        raise UntranslatableError(f"{own.key} is no letter of the recurrence")
    return letter(indices[0], here)


def _by_definition(definition: Definition, indices: tuple[sp.Expr, ...], here: Surroundings) -> Part:
    if len(indices) != len(definition.indices) or here.scope.depth > 40:
        raise UntranslatableError("a name is used without the indices that it was defined with")
    scope = replace(here.scope, depth=here.scope.depth + 1, immediate=False, descending=False)
    at = dict(zip(definition.indices, indices, strict=True))
    return part(definition.body, replace(here, scope=scope, at=at, inside=True))


def _weights(here: Surroundings) -> str:
    """Whose a_t and b_t are meant: as the judge takes them, where there is one recurrent matrix."""
    found = next((own for own in here.scope.table.values() if own.about == "the recurrent weights"), None)
    if found is None:
        raise UntranslatableError("nobody says whose letters these are")
    return found.letters[0][0]


def _a(time: sp.Expr, here: Surroundings) -> Part:
    return _between(Spot(STATE, time), Spot("", None, _weights(here)), here)


def _b(time: sp.Expr, here: Surroundings) -> Part:
    return _direct(time, _weights(here), here)


def _c(time: sp.Expr, here: Surroundings) -> Part:
    return _between(Spot(STATE, time), Spot(STATE, time - 1), here)


def _seed(time: sp.Expr, here: Surroundings) -> Part:
    return _between(Spot(LOSS, time), Spot(STATE, time), here)


def _whole(time: sp.Expr, here: Surroundings) -> Part:
    return _between(Spot(TOTAL), Spot(STATE, time), here)


def _summed(time: sp.Expr, here: Surroundings) -> Part:
    if here.paths.weight != 1 / T:
        raise UntranslatableError("a sum of losses that is no multiple of their mean")
    return times(T, _whole(time, here), here.denominator)


LETTERS: Mapping[str, Letter] = {"a": _a, "b": _b, "c": _c, "seed": _seed, "whole": _whole, "summed": _summed}


def _direct(time: sp.Expr, weights: str, here: Surroundings) -> Worth:
    """What a step adds of its own."""
    conditions = here.paths.conditions
    conditions.exists(time, sp.Integer(1), here.ranges)
    conditions.exists(T, time, here.ranges)
    return Worth(here.paths.b(weights, time), True, True)


def _between(of: Spot, by: Spot, here: Surroundings) -> Worth:
    return here.paths.between(of, by, here.ranges, apart=_apart(of, by, here))


def _apart(of: Spot, by: Spot, here: Surroundings) -> bool:
    """Whether both steps are free and have nothing in common: the claim is meant for the earlier one below."""
    if here.inside or of.time is None or by.time is None:
        return False
    first, second = of.time.free_symbols, by.time.free_symbols
    bound = {index for index, _, _ in here.ranges}
    return bool(first and second) and not first & second and not (first | second) & (bound | {T})


def derivative(of: Tree, by: Tree, here: Surroundings, *, total: bool, immediate: bool) -> Worth:
    """∂of/∂by."""
    if not isinstance(by, tr.Name):
        raise UntranslatableError("a derivative by something that is no name")
    if isinstance(of, tr.Applied):
        return _of_function(of, by, here)
    if not isinstance(of, tr.Name):
        raise UntranslatableError("a derivative of something that is no name")
    above, below = _spot(of, here), _spot(by, here)
    alone = immediate or ((here.scope.immediate or here.scope.apart) and not total)
    if above.about == STATE and above.time is not None and below.weights and alone:
        return _direct_of(above.time, below.weights, here)
    return _between(above, below, here)


def _direct_of(time: sp.Expr, weights: str, here: Surroundings) -> Worth:
    if weights not in {w.name for w in here.paths.model.main.parameters}:
        raise UntranslatableError(f"{weights} is no parameter of the recurrence")
    return _direct(time, weights, here)


def _spot(name: tr.Name, here: Surroundings) -> Spot:
    return _as_spot(*here.taken(name))


def _as_spot(own: Taken, indices: tuple[sp.Expr, ...]) -> Spot:
    quantity = own.quantity
    if quantity is None or own.adjoint or own.copy or own.entries:
        raise UntranslatableError(f"the derivative with {own.key} in it")
    if quantity.about in _TIMED and len(indices) == 1:
        return Spot(quantity.about, indices[0])
    if quantity.timed or indices:
        raise UntranslatableError(f"the derivative with {own.key} in it")
    return Spot(TOTAL) if quantity.about == TOTAL else Spot(quantity.about, None, quantity.letters[0][0])


def _of_function(of: tr.Applied, by: tr.Name, here: Surroundings) -> Worth:
    """Of f(x_t, h_{t−1}, w), g(h_t, w_o) or ℓ(y_t, o_t): by an argument the others are held."""
    if not all(isinstance(own, tr.Name) for own in of.arguments):
        raise UntranslatableError("the arguments of a function are not names")
    arguments = [here.taken(own) for own in of.arguments if isinstance(own, tr.Name)]
    kinds = {own.quantity.about: (own, indices) for own, indices in arguments if own.quantity is not None}
    below = here.taken(by)
    value = _value(kinds)
    is_argument = any(own.key == below[0].key and indices == below[1] for own, indices in arguments)
    if value.about != STATE or not is_argument:
        return _between(value, _as_spot(*below), here)
    assert value.time is not None
    spot = _as_spot(*below)
    return _direct_of(value.time, spot.weights, here) if spot.weights else _between(value, spot, here)


def _value(kinds: Mapping[str, tuple[Taken, tuple[sp.Expr, ...]]]) -> Spot:
    """What the network has as the value of a function of such arguments."""
    if "the target" in kinds or OUT in kinds or SCORE in kinds:
        return Spot(LOSS, _only(kinds.get(OUT) or kinds.get(SCORE)))
    if STATE not in kinds:
        raise UntranslatableError("a function of nothing that is known")
    time = _only(kinds[STATE])
    if "the input" not in kinds:
        return Spot(OUT, time)
    if _only(kinds["the input"]) != time + 1:
        raise UntranslatableError("arguments of steps that do not follow each other")
    return Spot(STATE, time + 1)


def _only(found: tuple[Taken, tuple[sp.Expr, ...]] | None) -> sp.Expr:
    if found is None or len(found[1]) != 1:
        raise UntranslatableError("an argument without a step")
    return found[1][0]
