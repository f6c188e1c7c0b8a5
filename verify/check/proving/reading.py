"""A formula as the prover's expression: one small rule a node.  What has none is not translated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import singledispatch

import sympy as sp

from derive.indices import T
from derive.prover.notes import BoundRange
from derive.sums import Sum
from verify.check.naming import INDICES, split
from verify.check.proving.conditions import UntranslatableError
from verify.check.proving.paths import Paths
from verify.check.proving.worth import Part, Worth, plus, product, times, turned
from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree
from verify.check.scope import Scope, Taken, known_names, taken
from verify.check.values import MeaningError

_DEEP = 20
_PLAIN = ("", "·", "×", "*")


@dataclass(frozen=True)
class Surroundings:
    """Where a part of a formula stands.  ``scope`` has a number for every index, so that names can be taken; ``at`` are
    the indices that are bound here, as symbols, with their ``ranges``.  ``inside``: in a definition."""

    scope: Scope
    paths: Paths
    at: Mapping[str, sp.Expr] = field(default_factory=dict)
    ranges: tuple[BoundRange, ...] = ()
    inside: bool = False

    @property
    def denominator(self) -> bool:
        return self.scope.convention.denominator

    def index(self, tree: Tree | None) -> sp.Expr:
        """t − 1 as an expression of symbols.  Raises UntranslatableError for what is no index."""
        match tree:
            case tr.Number() if tree.value.denominator == 1:
                return sp.Integer(int(tree.value))
            case tr.Name(base=base, subscripts=(), superscript=None, primes=0) if base in self.at:
                return self.at[base]
            case tr.Name(base=base, subscripts=(), superscript=None, primes=0) if base in INDICES and not self.inside:
                return self.paths.conditions.letter(base)
            case tr.Name(base="T", subscripts=(), superscript=None, primes=0):
                return T
            case tr.Negative(body=body):
                return -self.index(body)
            case tr.Add(terms=terms):
                return sp.Add(*(self.index(term) for term in terms))
            case tr.Listed(entries=(single,)):
                return self.index(single)
        raise UntranslatableError("an index that cannot be read")

    def taken(self, name: tr.Name) -> tuple[Taken, tuple[sp.Expr, ...]]:
        """What a name stands for, and its indices."""
        if name.primes or isinstance(name.superscript, tr.Number):
            raise UntranslatableError("a power, or a derivative with a prime")
        try:
            own = taken(name, self.scope)
        except MeaningError as error:
            raise UntranslatableError(str(error)) from error
        found = split(name, known_names(self.scope), self.scope.at)
        return own, tuple(self.index(script) for script in found.indices)

    def under(self, index: tr.Name, lower: Tree | None, upper: Tree | None) -> tuple[Surroundings, BoundRange]:
        """Inside of a sum or product."""
        if lower is None and upper is None:
            low, high = sp.Integer(1), T
        else:
            low, high = self.index(lower), self.index(upper)
        own = (self.paths.conditions.new(index.base), low, high)
        self._goes_on(low, high)
        return replace(self, at={**self.at, index.base: own[0]}, ranges=(*self.ranges, own)), own

    def _goes_on(self, low: sp.Expr, high: sp.Expr) -> None:
        """More than empty, the claim does not speak of these indices, unless a sum around it does."""
        letters = low.free_symbols | high.free_symbols
        if letters - {T} and not self.inside and not letters & {index for index, _, _ in self.ranges}:
            self.paths.conditions.exists(high + 1, low, self.ranges)


@singledispatch
def part(node: Tree, here: Surroundings) -> Part:
    """Raises UntranslatableError where there is nothing for it."""
    raise UntranslatableError(f"{type(node).__name__.lower()} has no translation")


@part.register
def _(node: tr.Number, here: Surroundings) -> Part:
    return sp.Rational(node.value.numerator, node.value.denominator)


@part.register
def _(node: tr.Name, here: Surroundings) -> Part:
    from verify.check.proving.names import named

    if node.base == "T" and not node.subscripts and node.superscript is None and not node.primes:
        return T
    return named(node, here)


@part.register
def _(node: tr.Negative, here: Surroundings) -> Part:
    return times(sp.Integer(-1), part(node.body, here), here.denominator)


@part.register
def _(node: tr.Add, here: Surroundings) -> Part:
    from verify.check.proving.dots import summed

    if any(isinstance(term, tr.Run) for term in node.terms):
        return summed(node.terms, here)
    return added([part(term, here) for term in node.terms], here)


def added(parts: list[Part], here: Surroundings) -> Part:
    numbers = [own for own in parts if isinstance(own, sp.Expr)]
    matrices = [own for own in parts if isinstance(own, Worth)]
    if not matrices:
        return sp.Add(*numbers)
    if any(number != 0 for number in numbers):
        raise UntranslatableError("a number is added to a matrix")
    total = matrices[0]
    for own in matrices[1:]:
        total = plus(total, own, here.denominator)
    return total


@part.register
def _(node: tr.Times, here: Surroundings) -> Part:
    from verify.check.proving.dots import multiplied

    if any(kind not in _PLAIN for kind in node.kinds):
        raise UntranslatableError("an entrywise product")
    factors = flat(node.factors)
    if any(isinstance(factor, tr.Run) for factor in factors):
        return multiplied(factors, here)
    total = part(factors[0], here)
    for factor in factors[1:]:
        total = times(total, part(factor, here), here.denominator)
    return total


def flat(factors: tuple[Tree, ...]) -> tuple[Tree, ...]:
    """Products among the factors are factors themselves where there are dots in them."""
    if not any(isinstance(inner, tr.Run) for own in factors if isinstance(own, tr.Times) for inner in own.factors):
        return factors
    return tuple(one for own in factors for one in (own.factors if isinstance(own, tr.Times) else (own,)))


@part.register
def _(node: tr.Quotient, here: Surroundings) -> Part:
    below = part(node.denominator, here)
    if not isinstance(below, sp.Expr) or below == 0:
        raise UntranslatableError("something is divided by what is no number")
    return times(1 / below, part(node.numerator, here), here.denominator)


@part.register
def _(node: tr.Transposed, here: Surroundings) -> Part:
    return turned(part(node.body, here), here.denominator)


@part.register
def _(node: tr.Sum, here: Surroundings) -> Part:
    inner, (index, low, high) = here.under(node.index, node.lower, node.upper)
    body = part(node.body, inner)
    if isinstance(body, sp.Expr):
        raise UntranslatableError("a sum of numbers")
    return Worth(Sum(body.node, index, low, high), body.is_map, body.by_weights)


@part.register
def _(node: tr.Product, here: Surroundings) -> Part:
    lower, upper = (node.upper, node.lower) if here.scope.descending else (node.lower, node.upper)
    inner, (index, low, high) = here.under(node.index, lower, upper)
    body = part(node.body, inner)
    if isinstance(body, sp.Expr):
        raise UntranslatableError("a product of numbers")
    return product(body, index, low, high, here.denominator)


@part.register
def _(node: tr.Derivative, here: Surroundings) -> Part:
    from verify.check.proving.names import derivative

    return derivative(node.of, node.by, here, total=node.total, immediate=node.immediate)


@part.register
def _(node: tr.Gradient, here: Surroundings) -> Part:
    from verify.check.proving.names import derivative

    if node.by is None:
        raise UntranslatableError("a gradient by nothing that is named")
    return derivative(node.of, node.by, here, total=False, immediate=False)


__all__ = ["Surroundings", "added", "flat", "part"]
