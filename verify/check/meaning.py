"""What a formula is worth in a scope: one small rule a node."""

from __future__ import annotations

from functools import singledispatch

import numpy as np

from verify.check import runs
from verify.check.derivatives import derivative, value_of
from verify.check.elementwise import applied, function
from verify.check.indices import grounded, index_value
from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree
from verify.check.scope import OutOfRangeError, Scope, Taken, taken
from verify.check.values import MeaningError, Value, added, entrywise, laid_out, multiplied, turned

_ENTRYWISE = ("⊙", "∘")
_DIVIDED = ("⊘",)


@singledispatch
def meaning(node: Tree, scope: Scope) -> Value:
    """Raises MeaningError where there is none, OutOfRangeError where it speaks of a step that there is not."""
    raise MeaningError(f"{type(node).__name__.lower()} is not judged")


@meaning.register
def _(node: tr.Number, scope: Scope) -> Value:
    value = node.value
    one = scope.world.one
    return Value(np.array([[value.numerator * one / (value.denominator * one)]], dtype=object))


@meaning.register
def _(node: tr.Name, scope: Scope) -> Value:
    if isinstance(node.superscript, tr.Number) and not node.primes:
        plain = tr.Name(node.base, node.subscripts, None, 0, node.accent, node.font)
        return _power(meaning(plain, scope), int(node.superscript.value), scope)
    number = index_value(node, scope.at)
    if number is not None and not node.subscripts:
        return scope.number(number)
    own = taken(node, scope)
    if own.quantity is not None:
        return _entry(value_of(own.quantity, own.time, scope), own)
    return _entry(_defined(own, scope), own)


def _entry(value: Value, own: Taken) -> Value:
    """A single entry where further subscripts pick one."""
    if not own.entries:
        return value
    matrix = value.matrix
    chosen = (
        own.entries if len(own.entries) == 2 else (own.entries[0], 1) if matrix.shape[1] == 1 else (1, *own.entries)
    )
    if not all(1 <= k <= size for k, size in zip(chosen, matrix.shape, strict=True)):
        raise OutOfRangeError
    return Value(matrix[chosen[0] - 1 : chosen[0], chosen[1] - 1 : chosen[1]])


def _defined(own: Taken, scope: Scope) -> Value:
    """By the file itself, or a letter of the general theory."""
    definition = scope.definitions.get(own.key)
    if definition is not None:
        steps = [] if own.time is None else [own.time, *own.entries]
        if len(steps) < len(definition.indices):
            raise MeaningError(f"{own.key} is used without the indices that it was defined with")
        return meaning(definition.body, scope.at_only(dict(zip(definition.indices, steps, strict=False))))
    return letter(scope.letters[own.key], own.time, scope)


def letter(meant: str, time: int | None, scope: Scope) -> Value:
    """a_t, b_t, c_t, g_t or δ_t as this project means them, or as one of the other usual ways."""
    from verify.check.letters import LETTERS

    if time is None:
        raise MeaningError("a letter of the recurrence without a step")
    return LETTERS[meant](time, scope)


@meaning.register
def _(node: tr.Add, scope: Scope) -> Value:
    terms = list(node.terms)
    if any(isinstance(term, tr.Run) for term in terms):
        terms = runs.terms_filled([grounded(term, scope.at) for term in terms])
    total = meaning(terms[0], scope)
    for term in terms[1:]:
        total = _plus(total, meaning(term, scope), scope)
    return total


def _plus(left: Value, right: Value, scope: Scope) -> Value:
    """A number beside a vector is added to every entry: 1 − h²."""
    for number, other in ((left, right), (right, left)):
        matrix = other.matrix
        if number.is_scalar and not other.is_derivative and 1 in matrix.shape and matrix.shape != (1, 1):
            return Value(number.matrix[0, 0] + matrix)
    return added(left, right, scope.convention)


@meaning.register
def _(node: tr.Negative, scope: Scope) -> Value:
    return meaning(node.body, scope).scaled(-scope.world.one)


@meaning.register
def _(node: tr.Times, scope: Scope) -> Value:
    factors, kinds = list(node.factors), list(node.kinds)
    if any(isinstance(factor, tr.Run) for factor in factors):
        factors = runs.filled([grounded(factor, scope.at) for factor in factors])
        kinds = [""] * max(0, len(factors) - 1)
    if not factors:
        return scope.number(1)
    return _multiplied(factors, kinds, scope)


def _multiplied(factors: list[Tree], kinds: list[str], scope: Scope) -> Value:
    """Matrix products bind more closely than entrywise ones."""
    groups: list[Value] = [meaning(factors[0], scope)]
    for kind, factor in zip(kinds, factors[1:], strict=True):
        value = meaning(factor, scope)
        if kind in _ENTRYWISE:
            groups.append(value)
        elif kind in _DIVIDED:
            groups.append(_inverse(value, scope))
        elif kind == "⊗":
            raise MeaningError("⊗ is not judged")
        else:
            groups[-1] = multiplied(groups[-1], value, scope.convention)
    total = groups[0]
    for value in groups[1:]:
        total = entrywise(total, value, scope.convention)
    return total


@meaning.register
def _(node: tr.Quotient, scope: Scope) -> Value:
    below = meaning(node.denominator, scope)
    if not below.is_scalar:
        raise MeaningError("something is divided by what is no number")
    if below.matrix[0, 0] == scope.world.zero:
        raise OutOfRangeError
    return meaning(node.numerator, scope).scaled(scope.world.one / below.matrix[0, 0])


def _inverse(value: Value, scope: Scope) -> Value:
    return Value(np.array([[scope.world.one / entry for entry in row] for row in value.matrix], dtype=object))


@meaning.register
def _(node: tr.Power, scope: Scope) -> Value:
    exponent = index_value(node.exponent, scope.at)
    if exponent is None or not 0 <= exponent <= 64:
        raise MeaningError("a power that is no small whole number")
    return _power(meaning(node.base, scope), exponent, scope)


def _power(value: Value, exponent: int, scope: Scope) -> Value:
    """Of a square matrix, the matrix product; of a vector, entry by entry."""
    matrix = next(laid_out(value, scope.convention))
    if 1 not in matrix.shape and matrix.shape[0] == matrix.shape[1]:
        total = Value(matrix)
        for _ in range(exponent - 1):
            total = multiplied(total, Value(matrix), scope.convention)
        return total if exponent else scope.number(1)
    found = matrix * 0 + scope.world.one
    for _ in range(exponent):
        found = found * matrix
    return Value(found)


@meaning.register
def _(node: tr.Transposed, scope: Scope) -> Value:
    return turned(meaning(node.body, scope), scope.convention)


@meaning.register
def _(node: tr.Sum, scope: Scope) -> Value:
    low, high = _limits(node, scope)
    total = scope.number(0)
    for step in range(low, high + 1):
        total = added(total, meaning(node.body, scope.bound(**{node.index.base: step})), scope.convention)
    return total


@meaning.register
def _(node: tr.Product, scope: Scope) -> Value:
    """The later factor on the left; on the right in denominator layout."""
    low, high = _limits(node, scope)
    total = scope.number(1)
    steps = range(low, high + 1)
    for step in steps if scope.convention.denominator else reversed(steps):
        total = multiplied(total, meaning(node.body, scope.bound(**{node.index.base: step})), scope.convention)
    return total


def _limits(node: tr.Sum | tr.Product, scope: Scope) -> tuple[int, int]:
    """From the lower to the higher, in whichever order they are written; all steps where none are."""
    if node.lower is None and node.upper is None:
        return 1, scope.at["T"]
    found = [None if limit is None else index_value(limit, scope.at) for limit in (node.lower, node.upper)]
    if found[0] is None or found[1] is None:
        raise MeaningError("the limits of a sum or product cannot be read as numbers")
    low, high = found[0], found[1]
    if low > high + 1:
        low, high = high, low
    return low, high


@meaning.register
def _(node: tr.Derivative, scope: Scope) -> Value:
    return derivative(node.of, node.by, scope, total=node.total)


@meaning.register
def _(node: tr.Gradient, scope: Scope) -> Value:
    if node.by is None:
        raise MeaningError("a gradient by nothing that is named")
    return derivative(node.of, node.by, scope)


@meaning.register
def _(node: tr.Applied, scope: Scope) -> Value:
    name = node.function.base
    if name == "diag":
        return _diagonal(meaning(_only(node), scope), scope)
    own = function(name, scope.world.model)
    if own is None or len(node.arguments) != 1:
        return _of_step(node, scope)
    value = next(laid_out(meaning(node.arguments[0], scope), scope.convention))
    found = Value(applied(own, value, scope.world, node.primes))
    exponent = node.function.superscript
    return _power(found, int(exponent.value), scope) if isinstance(exponent, tr.Number) else found


def _only(node: tr.Applied) -> Tree:
    if len(node.arguments) != 1:
        raise MeaningError(f"{node.function.base} of several things")
    return node.arguments[0]


def _diagonal(value: Value, scope: Scope) -> Value:
    column = next(laid_out(value, scope.convention))
    if 1 not in column.shape:
        raise MeaningError("diag of a matrix")
    flat = column.reshape(-1)
    found = np.empty((len(flat), len(flat)), dtype=object)
    found[...] = scope.world.zero
    for k, entry in enumerate(flat):
        found[k, k] = entry
    return Value(found)


def _of_step(node: tr.Applied, scope: Scope) -> Value:
    """f(x_t, h_{t−1}, w), g(h_t, w_o), ℓ(y_t, o_t): what the network computes of them."""
    from verify.check.steps import value_of_function

    return value_of_function(node, scope)


@meaning.register
def _(node: tr.Norm, scope: Scope) -> Value:
    raise MeaningError("norms are not judged")
