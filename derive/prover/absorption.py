"""Lone terms are taken into the sums that they continue: f(t) + Σ_{i=1}^{t−1} f(i) = Σ_{i=1}^{t} f(i).

The side condition is that of ``derive.prover.notes``.
"""

from __future__ import annotations

from dataclasses import replace

from derive.expr import ONE
from derive.prover.canonical import canonical, settled
from derive.prover.notes import Context
from derive.prover.terms import Term


def absorbed(terms: list[Term], context: Context) -> list[Term]:
    """The same sum of settled terms, with every sum as long as the lone terms make it."""
    while (fewer := _one_less(terms, context)) is not None:
        terms = fewer
    return terms


def _one_less(terms: list[Term], context: Context) -> list[Term] | None:
    for summed in terms:
        others = [term for term in terms if term is not summed]
        found = _grown(summed, others, context)
        if found is not None:
            longer, taken = found
            return [longer, *(term for term in others if term is not taken)]
    return None


def _grown(summed: Term, others: list[Term], context: Context) -> tuple[Term, Term] | None:
    """The sum with one more point at an end of its innermost range, and the term that this point was."""
    if not summed.ranges:
        return None
    *outer, (index, lower, upper) = summed.ranges
    body = Term(summed.coefficient, tuple(outer), summed.word)
    for point, longer in ((upper + 1, (index, lower, upper + 1)), (lower - 1, (index, lower - 1, upper))):
        sought = [canonical(term, context) for term in settled(body.at({index: point}), context)]
        for other in others:
            if sought == [canonical(other, context)] and _may_grow(other, summed, context):
                return Term(summed.coefficient, (*outer, longer), summed.word), other
    return None


def _may_grow(taken: Term, summed: Term, context: Context) -> bool:
    """The side condition, at every point of the sums around the innermost one; the coefficients are equal."""
    *outer, (_, lower, upper) = summed.ranges
    part, whole = (replace(term, coefficient=ONE) for term in (taken, summed))
    return context.within(outer).grows(part, whole, lower, upper)
