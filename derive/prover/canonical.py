"""One form for one term: sums of known length written out, the word simplified, the bound indices called by place.

The ranges of a term are one *set of points* (``derive.prover.domain``), so the order of two sums does not matter.
"""

from __future__ import annotations

import sympy as sp

from derive.build import matmul, split_factor
from derive.entrywise import in_order
from derive.expr import Hadamard, MatMul
from derive.prover.domain import Constraint, length
from derive.prover.notes import BoundRange, Context
from derive.prover.terms import Term
from derive.prover.words import Word, offset, simplify
from derive.sums import reindex

Key = tuple[frozenset[Constraint], Word]
"""The points that a term is summed over, and its word: equal for terms that differ in their coefficient alone."""


def settled(term: Term, context: Context) -> list[Term]:
    """The term with its sums of known length written out and its word simplified; nothing where no point is left."""
    for place, (index, lower, upper) in enumerate(term.ranges):
        count = length(lower, upper)
        if count is not None:
            rest = Term(term.coefficient, (*term.ranges[:place], *term.ranges[place + 1 :]), term.word)
            return [one for step in range(count) for one in settled(rest.at({index: lower + step}), context)]
    inside = context.within(term.ranges)
    if inside.domain.empty:
        return []
    scalar, word = _merged(term.word)
    return [_shifted(Term(term.coefficient * scalar, term.ranges, simplify(word, inside)))]


def _shifted(term: Term) -> Term:
    """Σ_{i=0}^{t−1} f(i+1) = Σ_{i=1}^{t} f(i): every bound index shifted in one way."""
    for place in range(len(term.ranges)):
        index, lower, upper = term.ranges[place]
        shift = offset(index, term.word, lower)
        moved = term.at({index: index - shift})
        term = moved.over(place, lower + shift, upper + shift)
    return term


def _merged(word: Word) -> tuple[sp.Expr, Word]:
    """Neighbours merged by the laws of ``build.matmul``, such as diag(u) v = u ⊙ v; a scalar factor comes out."""
    if len(word) < 2:
        return sp.Integer(1), word
    scalar, body = split_factor(matmul(*word))
    factors = body.args if isinstance(body, MatMul) else (body,)
    return scalar, tuple(in_order(f.args, f) if isinstance(f, Hadamard) else f for f in factors)


def canonical(term: Term, context: Context) -> tuple[Key, sp.Expr]:
    """Key and coefficient of a settled term, with its bound indices in one naming."""
    names = naming(term)
    word = tuple(reindex(factor, dict(names)) for factor in term.word)
    points = context.within(term.ranges).domain.key(names)
    return (points, word), sp.expand(term.coefficient.xreplace(names))


def naming(term: Term) -> dict[sp.Symbol, sp.Symbol]:
    """Names for the bound indices of a term, given in the order in which its word mentions them, else by range."""
    order = sorted(term.ranges, key=lambda own: _first_mention(own, term.word))
    return {index: sp.Symbol(f"@{place}", integer=True) for place, (index, _, _) in enumerate(order)}


def _first_mention(own: BoundRange, word: Word) -> tuple[int, int, str]:
    index, *limits = own
    for place, factor in enumerate(word):
        if index in factor.free_symbols:
            within = next(place for place, part in enumerate(sp.preorder_traversal(factor)) if part == index)
            return place, within, ""
    return len(word), 0, str(limits)
