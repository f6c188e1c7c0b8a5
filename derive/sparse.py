"""Polynomials with rational coefficients in many variables, of which a term has few.

A monomial is one integer that holds an exponent in every 16 bits: to multiply two is to add them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush

import sympy as sp

Number = int | Fraction
Monomial = int
Polynomial = dict[Monomial, Number]

_BITS = 16
_FIELD = (1 << _BITS) - 1
_HIGHEST = 1 << (_BITS - 2)
"""No exponent may reach this: two such would run into the next field."""

ONE: Monomial = 0


def constant(number: sp.Rational) -> Polynomial:
    if number == 0:
        return {}
    return {ONE: int(number.p) if number.q == 1 else Fraction(int(number.p), int(number.q))}


def variable(place: int) -> Polynomial:
    return {1 << (_BITS * place): 1}


def total(polynomials: Iterable[Polynomial]) -> Polynomial:
    found: Polynomial = {}
    for polynomial in polynomials:
        for monomial, number in polynomial.items():
            found[monomial] = found.get(monomial, 0) + number
    return {monomial: number for monomial, number in found.items() if number}


def difference(left: Polynomial, right: Polynomial) -> Polynomial:
    return total((left, {monomial: -number for monomial, number in right.items()}))


def product(factors: Sequence[Polynomial]) -> Polynomial:
    """The shortest factors first."""
    found: Polynomial = {ONE: 1}
    for factor in sorted(factors, key=len):
        found = _times(found, factor)
    return found


def _times(left: Polynomial, right: Polynomial) -> Polynomial:
    if len(left) == 1:
        ((shift, scale),) = left.items()
        found: Polynomial = {monomial + shift: scale * number for monomial, number in right.items()}
    else:
        found = {}
        for shift, scale in left.items():
            for monomial, number in right.items():
                at = monomial + shift
                found[at] = found.get(at, 0) + scale * number
        found = {monomial: number for monomial, number in found.items() if number}
    _check_exponents(found)
    return found


def _check_exponents(polynomial: Polynomial) -> None:
    """An exponent that runs over would be read as another variable's."""
    seen = 0
    for monomial in polynomial:
        seen |= monomial
    while seen:
        if seen & _FIELD >= _HIGHEST:
            raise OverflowError("an exponent of a polynomial is too large")
        seen >>= _BITS


def power(base: Polynomial, exponent: int) -> Polynomial:
    return product([base] * exponent)


def by_degree(polynomial: Polynomial, place: int) -> dict[int, Polynomial]:
    """The coefficients of the powers of one variable."""
    shift = _BITS * place
    parts: dict[int, Polynomial] = {}
    for monomial, number in polynomial.items():
        degree = (monomial >> shift) & _FIELD
        parts.setdefault(degree, {})[monomial - (degree << shift)] = number
    return parts


def divided(polynomial: Polynomial, place: int, divisor: Polynomial) -> Polynomial:
    """Σ_k p_k r^k with r·P = 1 in lower powers of r: p_k r^k = q r^{k−1} + rest r^k, where p_k = q P + rest."""
    parts = by_degree(polynomial, place)
    kept = []
    for degree in range(max(parts, default=0), 0, -1):
        quotient, rest = _quotient(parts.get(degree, {}), divisor)
        parts[degree - 1] = total((parts.get(degree - 1, {}), quotient))
        kept.append(product([rest, power(variable(place), degree)]))
    return total((*kept, parts.get(0, {})))


def _quotient(polynomial: Polynomial, divisor: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Quotient and remainder by the largest monomial of the divisor, from the largest monomial downwards."""
    lead = max(divisor)
    guard, others = _guard(divisor, polynomial), [item for item in divisor.items() if item[0] != lead]
    quotient: Polynomial = {}
    rest: Polynomial = {}
    waiting = dict(polynomial)
    heap = [-monomial for monomial in waiting]
    heapify(heap)
    while heap:
        monomial = -heappop(heap)
        number = waiting.pop(monomial)
        if not number:
            continue
        shift = monomial - lead
        if ((monomial | guard) - lead) & guard != guard:
            rest[monomial] = number
            continue
        share = quotient[shift] = _ratio(number, divisor[lead])
        for other, factor in others:
            at = other + shift
            if at not in waiting:
                waiting[at] = 0
                heappush(heap, -at)
            waiting[at] -= share * factor
    return quotient, rest


def _guard(*polynomials: Polynomial) -> Monomial:
    """The top bit of every field: where a subtraction borrows it, an exponent was too small to be divided."""
    widest = max((monomial.bit_length() for polynomial in polynomials for monomial in polynomial), default=0)
    return sum(1 << (_BITS * field + _BITS - 1) for field in range(widest // _BITS + 1))


def _ratio(number: Number, by: Number) -> Number:
    found = Fraction(number) / by
    return int(found) if found.denominator == 1 else found
