"""What a formula is worth in a scope: one small rule a node."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch

import numpy as np

from verify.check import runs
from verify.check.blocks import blocks, names_states, part_of_states
from verify.check.calls import CALLS, held, inverse, outer, power
from verify.check.derivatives import Kind, derivative
from verify.check.elementwise import applied, function
from verify.check.entries import entry
from verify.check.indices import grounded, index_value
from verify.check.limits import product, summed
from verify.check.names import entry_of, is_ones, named
from verify.check.naming import opened
from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree
from verify.check.scope import OutOfRangeError, Scope, taken_entry
from verify.check.steps import value_of_function
from verify.check.values import MeaningError, Value, added, entrywise, laid_out, multiplied, turned

_ENTRYWISE = ("⊙", "∘")
_DIVIDED = ("⊘",)


def meaning(node: Tree, scope: Scope) -> Value:
    """Raises MeaningError where there is none, OutOfRangeError where it speaks of a step that there is not."""
    scope.effort.spent += 1
    return _meaning(node, scope)


@singledispatch
def _meaning(node: Tree, scope: Scope) -> Value:
    raise MeaningError(f"{type(node).__name__.lower()} is not judged")


@_meaning.register
def _(node: tr.Number, scope: Scope) -> Value:
    value = node.value
    one = scope.world.one
    return Value(np.array([[value.numerator * one / (value.denominator * one)]], dtype=object))


@_meaning.register
def _(node: tr.Name, scope: Scope) -> Value:
    if isinstance(node.superscript, tr.Number) and not node.primes:
        plain = tr.Name(node.base, node.subscripts, None, 0, node.accent, node.font)
        return power(meaning(plain, scope), int(node.superscript.value), scope)
    return named(node, scope)


@_meaning.register
def _(node: tr.Indexed, scope: Scope) -> Value:
    states = names_states(node.subscripts, scope) if node.superscript is None else []
    if states:
        return part_of_states(meaning(node.body, scope), states, scope)
    if isinstance(node.body, tr.Name):
        return entry_of(taken_entry(node, scope), scope)
    picks = [index_value(script, scope.at) for script in opened(node.subscripts)]
    if node.superscript is not None or None in picks or not picks:
        raise MeaningError("a part of something that is no name")
    return entry(meaning(node.body, scope), tuple(pick for pick in picks if pick is not None), scope)


@_meaning.register
def _(node: tr.Matrix, scope: Scope) -> Value:
    return blocks([[meaning(cell, scope) for cell in row] for row in node.rows], scope)


@_meaning.register
def _(node: tr.Evaluated, scope: Scope) -> Value:
    return meaning(held(node, scope), scope)


@_meaning.register
def _(node: tr.Add, scope: Scope) -> Value:
    terms = list(node.terms)
    if any(isinstance(term, tr.Run) for term in terms):
        terms = runs.terms_filled([grounded(term, scope.at) for term in terms])
    total = _term(terms[0], scope)
    for term in terms[1:]:
        total = _plus(total, _term(term, scope), scope)
    return total


def _term(term: Tree, scope: Scope) -> Value:
    """A row of ones beside another row is one for every entry: 1ᵀ − yᵀ."""
    ones = isinstance(term, tr.Transposed) and is_ones(term.body)
    return scope.number(1) if ones else meaning(term, scope)


def _plus(left: Value, right: Value, scope: Scope) -> Value:
    """A number beside a vector is added to every entry: 1 − h²."""
    for number, other in ((left, right), (right, left)):
        matrix = other.matrix
        if number.is_scalar and not other.is_derivative and 1 in matrix.shape and matrix.shape != (1, 1):
            return Value(number.matrix[0, 0] + matrix)
    return added(left, right, scope.convention)


@_meaning.register
def _(node: tr.Negative, scope: Scope) -> Value:
    return meaning(node.body, scope).scaled(-scope.world.one)


@_meaning.register
def _(node: tr.Times, scope: Scope) -> Value:
    factors, kinds = list(node.factors), list(node.kinds)
    if any(isinstance(factor, tr.Run) for factor in factors):
        factors = runs.filled([grounded(factor, scope.at) for factor in factors])
        kinds = [""] * max(0, len(factors) - 1)
    if not factors:
        return replace(scope.number(1), identity=True)
    return _multiplied(factors, kinds, scope)


def _multiplied(factors: list[Tree], kinds: list[str], scope: Scope) -> Value:
    """Matrix products bind more closely than entrywise ones."""
    if len(factors) > 1 and isinstance(factors[0], tr.Transposed) and is_ones(factors[0].body):
        rest = next(laid_out(_multiplied(factors[1:], kinds[1:], scope), scope.convention))
        return Value(rest.sum(axis=0, keepdims=True))
    groups: list[Value] = [meaning(factors[0], scope)]
    for place, (kind, factor) in enumerate(zip(kinds, factors[1:], strict=True), start=1):
        if isinstance(factor, tr.Transposed) and is_ones(factor.body):  # o 1ᵀ y: all that follows is summed first
            groups[-1] = multiplied(groups[-1], _multiplied(factors[place:], kinds[place:], scope), scope.convention)
            break
        value = meaning(factor, scope)
        if kind in _ENTRYWISE:
            groups.append(value)
        elif kind in _DIVIDED:
            groups.append(inverse(value, scope))
        elif kind == "⊗":
            groups[-1] = outer(groups[-1], value, scope)
        else:
            groups[-1] = multiplied(groups[-1], value, scope.convention)
    total = groups[0]
    for value in groups[1:]:
        total = entrywise(total, value, scope.convention)
    return total


@_meaning.register
def _(node: tr.Quotient, scope: Scope) -> Value:
    below = meaning(node.denominator, scope)
    if not below.is_scalar:
        raise MeaningError("something is divided by what is no number")
    if below.matrix[0, 0] == scope.world.zero:
        raise OutOfRangeError
    return meaning(node.numerator, scope).scaled(scope.world.one / below.matrix[0, 0])


@_meaning.register
def _(node: tr.Power, scope: Scope) -> Value:
    exponent = index_value(node.exponent, scope.at)
    if exponent is None or not 0 <= exponent <= 64:
        raise MeaningError("a power that is no small whole number")
    return power(meaning(node.base, scope), exponent, scope)


@_meaning.register
def _(node: tr.Transposed, scope: Scope) -> Value:
    if is_ones(node.body):
        raise MeaningError("a row of ones is multiplied by nothing")
    return turned(meaning(node.body, scope), scope.convention)


@_meaning.register
def _(node: tr.Sum, scope: Scope) -> Value:
    return summed(node, scope, meaning)


@_meaning.register
def _(node: tr.Product, scope: Scope) -> Value:
    return product(node, scope, meaning)


@_meaning.register
def _(node: tr.Derivative, scope: Scope) -> Value:
    return derivative(node.of, node.by, scope, Kind(node.total, node.immediate))


@_meaning.register
def _(node: tr.Gradient, scope: Scope) -> Value:
    if node.by is None:
        raise MeaningError("a gradient by nothing that is named")
    return derivative(node.of, node.by, scope)


@_meaning.register
def _(node: tr.Applied, scope: Scope) -> Value:
    known = CALLS.get(node.function.base)
    if known is not None and len(node.arguments) == 1:
        return known(meaning(node.arguments[0], scope), scope)
    own = function(node.function.base, scope.world.model)
    if own is None or len(node.arguments) != 1:
        return value_of_function(node, scope)
    value = next(laid_out(meaning(node.arguments[0], scope), scope.convention), None)
    if value is None:
        raise MeaningError(f"{node.function.base} of the derivative of a vector by a matrix")
    found = Value(applied(own, value, scope.world, node.primes))
    exponent = node.function.superscript
    return power(found, int(exponent.value), scope) if isinstance(exponent, tr.Number) else found


@_meaning.register
def _(node: tr.Norm, scope: Scope) -> Value:
    raise MeaningError("norms are not judged")
