"""One form for sums of ordered products with symbolic limits: two equal claims become one dictionary.

An expression is multiplied out into terms  coefficient · Σ_{ranges} word,  where

* multiplication distributes over addition and moves inside sums, never across another factor;
* words have the one form of ``derive.prover.words``;
* the ranges of a term are one *set of points* (``derive.prover.domain``), so the order of two sums does not matter;
* a lone term that is the next one of a sum is taken into it: f(t) + Σ_{i=1}^{t−1} f(i) = Σ_{i=1}^{t} f(i), when the
  sum's range is proven to be at worst empty.

Equality of the forms proves equality of the expressions for every value of the free indices that satisfies the
assumptions, every dimension and every value of the matrices.  The converse is not claimed: "not proved" is not
"false".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch
from itertools import count

import sympy as sp

from derive.build import diag, matmul, split_factor
from derive.entrywise import in_order, multiplied_out
from derive.expr import Add, Diag, Fill, Hadamard, Identity, MatMul, Node, Scale, is_scalar
from derive.prover.domain import Constraint, Domain
from derive.prover.words import Word, simplify
from derive.sums import Sum, reindex

Range = tuple[sp.Symbol, sp.Expr, sp.Expr]
Key = tuple[frozenset[Constraint], Word]
NormalForm = dict[Key, sp.Expr]


@dataclass(frozen=True)
class Term:
    coefficient: sp.Expr
    ranges: tuple[Range, ...]
    word: Word


def normal_form(node: Node, assumptions: Domain) -> NormalForm:
    """The normal form of ``node`` under ``assumptions`` on its free indices."""
    terms = [_settled(term, assumptions) for term in _terms(node, count())]
    form: NormalForm = {}
    for term in _absorbed([term for term in terms if term is not None], assumptions):
        key = _key(term, assumptions)
        form[key] = form.get(key, sp.Integer(0)) + term.coefficient
    return {key: coefficient for key, coefficient in form.items() if sp.expand(coefficient) != 0}


def equal(left: Node, right: Node, assumptions: Domain) -> bool:
    """Whether the difference of two expressions is zero in normal form."""
    return not normal_form(Add(left, Scale(-1, right)), assumptions)


@singledispatch
def _terms(node: Node, names: Iterator[int]) -> list[Term]:
    return [Term(sp.Integer(1), (), (node,))]


@_terms.register
def _(node: Fill, names: Iterator[int]) -> list[Term]:
    if node.value == 0:
        return []
    word: Word = () if is_scalar(node) else (Fill(1, *node.shape),)
    return [Term(node.value, (), word)]


@_terms.register
def _(node: Identity, names: Iterator[int]) -> list[Term]:
    return [Term(sp.Integer(1), (), ())]


@_terms.register
def _(node: Add, names: Iterator[int]) -> list[Term]:
    return [term for part in node.args for term in _terms(part, names)]


@_terms.register
def _(node: Scale, names: Iterator[int]) -> list[Term]:
    return [Term(node.args[0] * term.coefficient, term.ranges, term.word) for term in _terms(node.args[1], names)]


@_terms.register
def _(node: MatMul, names: Iterator[int]) -> list[Term]:
    product = [Term(sp.Integer(1), (), ())]
    for factor in node.args:
        product = [
            Term(a.coefficient * b.coefficient, a.ranges + b.ranges, a.word + b.word)
            for a in product
            for b in _terms(factor, names)
        ]
    return product


@_terms.register
def _(node: Diag, names: Iterator[int]) -> list[Term]:
    """Entrywise products are multiplied out too; they commute, so their factors are put in one order."""
    body = node.args[0]
    products = ((coefficient, in_order(factors, body)) for coefficient, factors in multiplied_out(body))
    return [Term(coefficient, (), (diag(product),)) for coefficient, product in products]


@_terms.register
def _(node: Hadamard, names: Iterator[int]) -> list[Term]:
    """Likewise; and u ⊙ (A v) = diag(u) A v, so that a sum in v is multiplied out as well."""
    terms = []
    for coefficient, factors in multiplied_out(node):
        products = sorted((f for f in factors if isinstance(f, MatMul) and f.shape[1] == 1), key=str)
        if not products:
            terms.append(Term(coefficient, (), (in_order(factors, node),)))
            continue
        rest = list(factors)
        rest.remove(products[-1])
        before = (Diag(in_order(rest, node)),) if rest else ()
        inner = _terms(MatMul(*before, *products[-1].args), names)
        terms += [Term(coefficient * term.coefficient, term.ranges, term.word) for term in inner]
    return terms


@_terms.register
def _(node: Sum, names: Iterator[int]) -> list[Term]:
    index = sp.Symbol(f"#{next(names)}", integer=True)
    body = reindex(node.body, {node.index: index})
    own = (index, node.lower, node.upper)
    return [Term(term.coefficient, (own, *term.ranges), term.word) for term in _terms(body, names)]


def _domain(ranges: tuple[Range, ...], assumptions: Domain) -> Domain:
    for own in ranges:
        assumptions = assumptions.with_range(*own)
    return assumptions


def _collapsed(term: Term) -> Term:
    """Σ_{i=k}^{k} f(i) = f(k)."""
    for place, (index, lower, upper) in enumerate(term.ranges):
        if lower == upper:
            at = {index: lower}
            rest = (*term.ranges[:place], *term.ranges[place + 1 :])
            ranges = tuple((other, low.xreplace(at), high.xreplace(at)) for other, low, high in rest)
            return _collapsed(Term(term.coefficient, ranges, tuple(reindex(f, dict(at)) for f in term.word)))
    return term


def _merged(term: Term) -> Term:
    """Neighbours merged by the laws of ``build.matmul``: diag(u) v = u ⊙ v."""
    if len(term.word) < 2:
        return term
    scalar, body = split_factor(matmul(*term.word))
    word = tuple(
        in_order(factor.args, factor) if isinstance(factor, Hadamard) else factor
        for factor in (body.args if isinstance(body, MatMul) else (body,))
    )
    return Term(term.coefficient * scalar, term.ranges, word)


def _settled(term: Term, assumptions: Domain) -> Term | None:
    """The term with its word simplified; None when its ranges allow no point."""
    term = _merged(_collapsed(term))
    domain = _domain(term.ranges, assumptions)
    return None if domain.empty else Term(term.coefficient, term.ranges, simplify(term.word, domain))


def _key(term: Term, assumptions: Domain) -> Key:
    """Ranges and word, with bound indices called by the order in which the word mentions them."""
    bound = [index for index, _, _ in term.ranges]
    order = sorted(bound, key=lambda index: _first_mention(index, term.word))
    names = {index: sp.Symbol(f"@{place}", integer=True) for place, index in enumerate(order)}
    word = tuple(reindex(factor, dict(names)) for factor in term.word)
    return _domain(term.ranges, assumptions).key(names), word


def _first_mention(index: sp.Symbol, word: Word) -> tuple[int, int]:
    for place, factor in enumerate(word):
        if index in factor.free_symbols:
            within = [place for place, part in enumerate(sp.preorder_traversal(factor)) if part == index]
            return place, within[0]
    return len(word), 0


def _absorbed(terms: list[Term], assumptions: Domain) -> list[Term]:
    """Take lone terms into the sums that they continue, until none does."""
    grown = True
    while grown:
        grown = False
        for summed in [term for term in terms if term.ranges]:
            longer, taken = _grown(summed, [term for term in terms if term is not summed], assumptions)
            if longer is not None:
                terms = [longer, *(term for term in terms if term is not summed and term is not taken)]
                grown = True
                break
    return terms


def _grown(summed: Term, others: list[Term], assumptions: Domain) -> tuple[Term | None, Term | None]:
    """The sum with one more point at an end of its last range, and the term that this point was."""
    *outer, (index, lower, upper) = summed.ranges
    domain = _domain(tuple(outer), assumptions)
    if not domain.proves(upper, lower - 1):
        return None, None
    for point, longer in ((upper + 1, (index, lower, upper + 1)), (lower - 1, (index, lower - 1, upper))):
        word = tuple(reindex(factor, {index: point}) for factor in summed.word)
        alone = _settled(Term(summed.coefficient, tuple(outer), word), assumptions)
        if alone is None:
            continue
        key = _key(alone, assumptions)
        for other in others:
            if other.coefficient == summed.coefficient and _key(other, assumptions) == key:
                return Term(summed.coefficient, (*outer, longer), summed.word), other
    return None, None
