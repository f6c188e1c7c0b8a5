"""From an expression to a sum of terms: everything multiplied out, nothing moved across anything else.

A term is  coefficient · Σ_{ranges} word.  Multiplication distributes over addition and moves inside sums; a transpose
turns a product round; entrywise products commute, so their factors are put in one order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import singledispatch

import sympy as sp

from derive.build import diag, transpose
from derive.entrywise import in_order, multiplied_out
from derive.expr import ONE, Add, Diag, Fill, Hadamard, Identity, MatMul, Node, Scale, Transpose, is_scalar
from derive.prover.notes import BoundRange, shown
from derive.prover.words import Word
from derive.sums import Sum, reindex


@dataclass(frozen=True)
class Term:
    """coefficient · Σ_{ranges} word; a later range may use an earlier index, and all may stand in the coefficient."""

    coefficient: sp.Expr
    ranges: tuple[BoundRange, ...]
    word: Word

    def at(self, table: dict[sp.Symbol, sp.Expr]) -> Term:
        """The same term with indices replaced."""
        ranges = tuple((index, low.xreplace(table), high.xreplace(table)) for index, low, high in self.ranges)
        word = tuple(reindex(factor, dict(table)) for factor in self.word)
        return Term(self.coefficient.xreplace(table), ranges, word)

    def over(self, place: int, lower: sp.Expr, upper: sp.Expr) -> Term:
        """The same term with other limits in one range."""
        own = (self.ranges[place][0], lower, upper)
        return replace(self, ranges=(*self.ranges[:place], own, *self.ranges[place + 1 :]))

    def __str__(self) -> str:
        factors = (f"({f})" if isinstance(f, Add | Hadamard) else str(f) for f in self.word)
        number = [] if self.coefficient == 1 else [f"({self.coefficient})"]
        signs = [f"sum[{index}={low}..{high}]" for index, low, high in self.ranges]
        return shown(" ".join([*number, *signs, " @ ".join(factors) or "I"]))


@singledispatch
def terms(node: Node, names: Iterator[int]) -> list[Term]:
    """The terms of an expression; ``names`` numbers the bound indices, so that no two sums share one."""
    return [Term(ONE, (), (node,))]


@terms.register
def _(node: Fill, names: Iterator[int]) -> list[Term]:
    if node.value == 0:
        return []
    word: Word = () if is_scalar(node) else (Fill(1, *node.shape),)
    return [Term(node.value, (), word)]


@terms.register
def _(node: Identity, names: Iterator[int]) -> list[Term]:
    return [Term(ONE, (), ())]


@terms.register
def _(node: Add, names: Iterator[int]) -> list[Term]:
    return [term for part in node.args for term in terms(part, names)]


@terms.register
def _(node: Scale, names: Iterator[int]) -> list[Term]:
    return [replace(term, coefficient=node.args[0] * term.coefficient) for term in terms(node.args[1], names)]


@terms.register
def _(node: MatMul, names: Iterator[int]) -> list[Term]:
    product = [Term(ONE, (), ())]
    for factor in node.args:
        product = [
            Term(a.coefficient * b.coefficient, a.ranges + b.ranges, a.word + b.word)
            for a in product
            for b in terms(factor, names)
        ]
    return product


@terms.register
def _(node: Transpose, names: Iterator[int]) -> list[Term]:
    """(AB)ᵀ = Bᵀ Aᵀ and (A + B)ᵀ = Aᵀ + Bᵀ."""
    inside = transpose(node.args[0])
    return [Term(ONE, (), (node,))] if inside == node else terms(inside, names)


@terms.register
def _(node: Diag, names: Iterator[int]) -> list[Term]:
    body = node.args[0]
    products = ((coefficient, in_order(factors, body)) for coefficient, factors in multiplied_out(body))
    return [Term(coefficient, (), (diag(product),)) for coefficient, product in products]


@terms.register
def _(node: Hadamard, names: Iterator[int]) -> list[Term]:
    """u ⊙ (A v) = diag(u) A v, so that a sum in v is multiplied out as well."""
    found = []
    for coefficient, factors in multiplied_out(node):
        products = sorted((f for f in factors if isinstance(f, MatMul) and f.shape[1] == 1), key=str)
        if not products:
            found.append(Term(coefficient, (), (in_order(factors, node),)))
            continue
        rest = list(factors)
        rest.remove(products[-1])
        before = (Diag(in_order(rest, node)),) if rest else ()
        inner = terms(MatMul(*before, *products[-1].args), names)
        found += [replace(term, coefficient=coefficient * term.coefficient) for term in inner]
    return found


@terms.register
def _(node: Sum, names: Iterator[int]) -> list[Term]:
    index = sp.Symbol(f"{node.index.name}#{next(names)}", integer=True)
    body = reindex(node.body, {node.index: index})
    own = (index, node.lower, node.upper)
    return [replace(term, ranges=(own, *term.ranges)) for term in terms(body, names)]
