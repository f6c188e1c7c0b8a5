"""Sums grow by what continues them: f(t) + Σ_{i=1}^{t−1} = Σ_{i=1}^{t}, and Σ_{i=1}^{s} + Σ_{i=s+1}^{t} = Σ_{i=1}^{t}.

A lone term is a sum over one point, so both are one law.  Any of several nested sums may grow, not the innermost
alone.  The side condition is that of ``derive.prover.notes``, for both parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import sympy as sp

from derive.expr import ONE
from derive.prover.canonical import Key, canonical, naming, settled
from derive.prover.notes import Context
from derive.prover.terms import Term

Form = tuple[Term, tuple[Key, sp.Expr]]
"""A term and its canonical form."""


def absorbed(terms: list[Term], context: Context) -> list[Term]:
    """The same sum of settled terms, with every sum as long as the others make it."""
    while (fewer := _one_less(terms, context)) is not None:
        terms = fewer
    return terms


def _one_less(terms: list[Term], context: Context) -> list[Term] | None:
    forms = [(term, canonical(term, context)) for term in terms]
    for whole in forms:
        others = [other for other in forms if other is not whole]
        for place in range(len(whole[0].ranges)):
            found = _grown(whole, place, others, context)
            if found is not None:
                longer, taken = found
                return [*settled(longer, context), *(term for term, _ in others if term is not taken)]
    return None


def _grown(whole: Form, place: int, others: list[Form], context: Context) -> tuple[Term, Term] | None:
    """The sum with more points at an end of one of its ranges, and the term that these points were."""
    term, _ = whole
    _, lower, upper = term.ranges[place]
    pieces = [(upper + 1, last, lower, last) for last in (upper + 1, *_ends(whole, others))]
    for first, last, low, high in (*pieces, (lower - 1, lower - 1, lower - 1, upper)):
        piece = term.over(place, first, last)
        sought = [canonical(one, context) for one in settled(piece, context)]
        parts = (term,) if first == last else (term, piece)  # one point is never more than empty
        for other, form in others:
            if sought == [form] and all(_may_grow(other, part, place, context) for part in parts):
                return term.over(place, low, high), other
    return None


def _ends(whole: Form, others: list[Form]) -> Iterator[sp.Expr]:
    """Where the sums of the same kind end, in the indices of ``whole``."""
    term, ((_, word), _) = whole
    back = {name: index for index, name in naming(term).items()}
    for other, ((_, same), _) in others:
        if same == word and len(other.ranges) == len(term.ranges):
            names = naming(other)
            yield from (upper.xreplace(names).xreplace(back) for _, _, upper in other.ranges)


def _may_grow(taken: Term, part: Term, place: int, context: Context) -> bool:
    """The side condition, at every point of the sums outside of the one that grows; the coefficients are equal."""
    _, lower, upper = part.ranges[place]
    other, whole = (replace(term, coefficient=ONE) for term in (taken, part))
    return context.within(part.ranges[:place]).grows(other, whole, lower, upper)
