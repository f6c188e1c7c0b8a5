"""How many factors a term of the expansion has, and how many all of them have: O(T) and O(T²)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp

from derive.errors import ProofError
from derive.expr import Fill, Node
from derive.growth.formulas.nodes import Count
from derive.growth.formulas.step import GrowthStep, Relation
from derive.indices import t
from derive.prover import Method, over
from derive.prover.facts import Fact, Known, Range, assumptions
from derive.sums import OrderedProduct, Sum, walk
from derive.theory import Theory


@dataclass(frozen=True)
class Counted(Method):
    """From l to u there are u − l + 1 whole numbers, where u ≥ l − 1."""

    method = "counting the range"
    premises = ()

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        product = _counted(claim.lhs)
        if not assumptions(claim.where).proves(product.upper, product.lower - 1):
            raise ProofError(f"the range of {product} may be more than empty")
        yield f"from {product.lower} to {product.upper}: {_equal(_length(product), claim.rhs)}"


@dataclass(frozen=True)
class Longest(Method):
    """An affine function of the indices is largest at the ends of their ranges."""

    method = "the ends of the ranges"
    orders = True
    premises = ()

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        count = _length(_counted(claim.lhs))
        for own in reversed(claim.where):  # a later range may depend on an earlier index
            count = sp.expand(count.xreplace({own.index: _end(count, own)}))
            yield f"at the end of the range of {own.index} it is {count}"
        if not sp.expand(_number(claim.rhs) - count).is_nonnegative:
            raise ProofError(f"it may be {count}, which is not known to be at most {claim.rhs}")


@dataclass(frozen=True)
class Telescoping(Method):
    """Σ_{i=l}^{u} f(i) = G(u + 1) − G(l) where G(i + 1) − G(i) = f(i)."""

    method = "telescoping"
    premises = ()

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        if not isinstance(claim.lhs, Sum):
            raise ProofError(f"{claim.lhs} is no sum")
        own = claim.lhs
        term = _number(own.body)
        found = _antidifference(term, own.index)
        if sp.expand(found.subs(own.index, own.index + 1) - found - term) != 0:
            raise ProofError(f"no polynomial has the differences {term}")
        yield f"{term} = G({own.index} + 1) − G({own.index}) with G = {found}"
        if not assumptions(claim.where).proves(own.upper, own.lower - 1):
            raise ProofError(f"the range of {own.index} may be more than empty")
        yield _equal(found.subs(own.index, own.upper + 1) - found.subs(own.index, own.lower), claim.rhs)


def _antidifference(term: sp.Expr, index: sp.Symbol) -> sp.Expr:
    """A polynomial G with G(i + 1) − G(i) = f(i), proposed by SymPy's sum from 0; ``argue`` checks it."""
    inner = sp.Dummy("m", integer=True, nonnegative=True)
    return sp.expand(sp.summation(term.subs(index, inner), (inner, 0, index - 1)))


def _end(count: sp.Expr, own: Range) -> sp.Expr:
    slope = count.coeff(own.index)
    if not slope.is_number or sp.expand(count - slope * own.index).has(own.index):
        raise ProofError(f"{count} is not affine in {own.index}")
    return own.upper if slope > 0 else own.lower


def _counted(node: Node) -> OrderedProduct:
    if not isinstance(node, Count):
        raise ProofError(f"{node} counts nothing")
    return node.product


def _length(product: OrderedProduct) -> sp.Expr:
    return sp.expand(product.upper - product.lower + 1)


def _number(node: Node) -> sp.Expr:
    """A SymPy scalar that stands as a node.  Raises ProofError for another one."""
    if not isinstance(node, Fill):
        raise ProofError(f"{node} is no number")
    return node.value


def _equal(found: sp.Expr, claimed: Node) -> str:
    if sp.expand(found - _number(claimed)) != 0:
        raise ProofError(f"it is {sp.expand(found)}, not {_number(claimed)}")
    return f"{sp.expand(found)}, as claimed"


def chain_of(term: Node) -> OrderedProduct:
    """The product chain in a step of the expansion.  Raises ValueError where there is none."""
    for part in walk(term):
        if isinstance(part, OrderedProduct):
            return part
    raise ValueError(f"there is no product chain in {term}")


def steps(theory: Theory, collected: Node) -> tuple[GrowthStep, ...]:
    """``collected`` is the right-hand side of ``expansion.collect``: its own chain is counted."""
    i, T = theory.early, theory.length
    chain = chain_of(collected)
    pairs = (over(i, 1, T), over(t, i, T))
    lag, count = t - i, Count(chain)
    return (
        GrowthStep("growth.count", count, Relation.EQUAL, Fill(lag, 1, 1), "counting",
                   ("The term of step ", i, " in ", theory.a(), " carries one factor for every step after ", i, "."),
                   pairs, Counted()),
        GrowthStep("growth.longest", count, Relation.AT_MOST, Fill(T - 1, 1, 1), "counting",
                   ("The first step, seen from the last, is the farthest away: a term has O(T) factors.",),
                   pairs, Longest()),
        GrowthStep("growth.all", Sum(Fill(lag, 1, 1), i, 1, t), Relation.EQUAL, Fill(t * (t - 1) / 2, 1, 1),
                   "arithmetic series",
                   ("All terms of ", theory.a(), " together have O(T²) factors, written out; the recurrence multiplies "
                    "by each of the ", theory.c(), " once."),
                   (over(t, 1, T),), Telescoping()),
    )  # fmt: skip
