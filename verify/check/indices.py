"""Indices of formulas: t, T − 1, i + 1 as numbers, and trees in which they have been put in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeGuard

from verify.check.naming import INDICES, opened, split, with_bar
from verify.check.reading.tree import Add, Indexed, Listed, Name, Negative, Number, Power, Product, Sum, Times, Tree
from verify.check.reading.walking import children, rebuilt, walk

Binding = Mapping[str, int]


def index_value(tree: Tree, at: Binding) -> int | None:
    """The whole number that an index is; None where it is no index, or speaks of one that is not bound."""
    match tree:
        case Number():
            return int(tree.value) if tree.value.denominator == 1 else None
        case Name(base=base, subscripts=(), superscript=None, primes=0):
            return at.get(base)
        case Name(subscripts=(Number(),), superscript=None, primes=0):
            return at.get(index_key(tree))
        case Negative(body=body):
            inner = index_value(body, at)
            return None if inner is None else -inner
        case Add(terms=terms):
            return _all(terms, at, sum)
        case Times(factors=factors):
            return _all(factors, at, _product)
        case Listed(entries=(single,)):
            return index_value(single, at)
    return None


def index_key(name: Name) -> str:
    """Under which an index is bound: l_1 is another one than l."""
    return "_".join([name.base, *(own.digits for own in name.subscripts if isinstance(own, Number))])


def _all(parts: tuple[Tree, ...], at: Binding, of: Any) -> int | None:
    values = [index_value(part, at) for part in parts]
    return None if any(value is None for value in values) else of(values)


def _product(values: list[int]) -> int:
    whole = 1
    for value in values:
        whole *= value
    return whole


def indices(tree: Tree, known: Collection[str] = (), bound: frozenset[str] = frozenset()) -> set[str]:
    """The letters in subscripts and limits that nothing binds: what a claim holds for all of.

    ``known`` are the names that there are: the h of W_h is no index where W_h is one.  How many units there are, in the
    upper limit of a sum over them, is no index either.
    """
    if isinstance(tree, Sum | Product):
        inner = bound | {index_key(tree.index)}
        low = set() if tree.lower is None else letters_of(tree.lower)
        high = set() if tree.upper is None or is_count(tree.upper) else letters_of(tree.upper)
        return ((low | high) - bound) | indices(tree.body, known, inner)
    if isinstance(tree, Name):
        return _of_name(tree, known, bound) - bound
    if isinstance(tree, Power):
        return indices(tree.base, known, bound) | (letters_of(tree.exponent) - bound)
    own = _scripts_of(tree, known) - bound if isinstance(tree, Indexed) else set()
    return own | {name for part in children(tree) for name in indices(part, known, bound)}


def _of_name(name: Name, known: Collection[str], bound: frozenset[str]) -> set[str]:
    names = _with_bars(name, known)
    found = split(name, names, bound)
    return {letter for script in found.indices for letter in letters_of(script) if len(letter) == 1}


def _with_bars(name: Name, known: Collection[str]) -> Collection[str]:
    return {*known, *(with_bar(own) for own in known)} if name.accent == "bar" else known


def _scripts_of(tree: Indexed, known: Collection[str]) -> set[str]:
    """Those of (W)_{ij}; the h of [H_t]_h is a name, which picks the rows of a state."""
    letters = {letter for script in opened(tree.subscripts) for letter in letters_of(script) if len(letter) == 1}
    return {letter for letter in letters if letter in INDICES or letter not in known}


COUNTS = frozenset("nmdqpNMDHKVI")
"""Letters for how many units there are, where they are the upper limit of a sum."""


def is_count(limit: Tree) -> bool:
    return isinstance(limit, Name) and not limit.subscripts and limit.base in COUNTS


def letters_of(tree: Tree) -> set[str]:
    """The letters of an index."""
    return {own.base for own in walk(tree) if isinstance(own, Name) and not own.subscripts}


def grounded(tree: Tree, at: Binding) -> Tree:
    """The tree with numbers for the indices in its subscripts, but those that a sum inside binds."""
    if isinstance(tree, Sum | Product):
        inner = {name: value for name, value in at.items() if name != index_key(tree.index)}
        return replace(
            tree, lower=_number(tree.lower, at), upper=_number(tree.upper, at), body=grounded(tree.body, inner)
        )
    if isinstance(tree, Name):
        scripts = tuple(_number(script, at) or script for script in tree.subscripts)
        above = tree.superscript
        if above is not None and not isinstance(above, Number):
            value = index_value(above, at)
            above = above if value is None else Listed((Number(str(value)),))
        return replace(tree, subscripts=scripts, superscript=above)
    if isinstance(tree, Power):
        return replace(tree, base=grounded(tree.base, at), exponent=_number(tree.exponent, at) or tree.exponent)
    return rebuilt(tree, lambda part: grounded(part, at))


def _number(tree: Tree | None, at: Binding) -> Tree | None:
    if tree is None:
        return None
    value = index_value(tree, at)
    return tree if value is None else Number(str(value))


def numbers(tree: Tree) -> list[int]:
    """The numbers in the subscripts of a grounded tree, in the order in which they stand."""
    if isinstance(tree, Name):
        above = tree.superscript
        over = [index_value(above, {}) or 0] if _is_step(above) else []
        return [*over, *(int(script.value) for script in tree.subscripts if isinstance(script, Number))]
    return [value for part in children(tree) for value in numbers(part)]


def with_numbers(tree: Tree, values: Iterator[int]) -> Tree:
    """The same with other numbers in its subscripts."""
    if isinstance(tree, Name):
        over = Listed((Number(str(next(values))),)) if _is_step(tree.superscript) else tree.superscript
        scripts = tuple(
            Number(str(next(values))) if isinstance(script, Number) else script for script in tree.subscripts
        )  # fmt: skip
        return replace(tree, subscripts=scripts, superscript=over)
    return rebuilt(tree, lambda part: with_numbers(part, values))


def _is_step(above: Tree | None) -> TypeGuard[Listed]:
    """A number in brackets above, as grounding leaves it there: h^{(2)}."""
    return isinstance(above, Listed) and len(above.entries) == 1 and isinstance(above.entries[0], Number)
