"""What the equations of a step say about the size of its quantities, whatever the weights are.

A gate σ(u) lies in (0, 1) and tanh(u) in (−1, 1); a slope f′(u) is at most γ = sup|f′|.  A state of the step before may
be of any size, since h_0 is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, singledispatch

import sympy as sp

from derive.cell import Equation
from derive.differential import slope
from derive.expr import Add, Fill, Hadamard, Node, Scale
from derive.functions import Elementwise, Y, Z
from derive.nonlinear import Map, Softmax
from derive.sums import walk

Span = tuple[sp.Expr, sp.Expr]
"""The least and the largest value of the entries, as a closed interval."""


@lru_cache(maxsize=256)
def reach(function: Elementwise) -> Span | None:
    """The closure of the range of f, where f is monotone and bounded; None where this cannot tell.

    f′ = p(f) with a polynomial p that is not negative between the limits of f at ∓∞: f rises from one to the other.
    """
    form = function.output_form
    if form is None or function.steepest is None or form.is_number:
        return None
    low, high = sorted(sp.limit(function.expr, Z, end) for end in (-sp.oo, sp.oo))
    inside = [y for y in sp.solve(sp.diff(form, Y), Y) if y.is_real and low <= y <= high]
    return (low, high) if all(form.subs(Y, y) >= 0 for y in (low, high, *inside)) else None


@singledispatch
def span(node: Node, known: Mapping[Node, Span]) -> Span | None:
    """The least interval that interval arithmetic gives for the entries of a matrix; None where there is none."""
    return known.get(node)


@span.register
def _(node: Fill, known: Mapping[Node, Span]) -> Span | None:
    return node.value, node.value


@span.register
def _(node: Map, known: Mapping[Node, Span]) -> Span | None:
    return reach(node.function)


@span.register
def _(node: Softmax, known: Mapping[Node, Span]) -> Span | None:
    return sp.Integer(0), sp.Integer(1)


@span.register
def _(node: Scale, known: Mapping[Node, Span]) -> Span | None:
    inner = span(node.args[1], known)
    if inner is None or not node.args[0].is_number:
        return None
    ends = sorted(node.args[0] * end for end in inner)
    return ends[0], ends[1]


@span.register
def _(node: Add, known: Mapping[Node, Span]) -> Span | None:
    found = [span(term, known) for term in node.args]
    spans = [own for own in found if own is not None]
    if len(spans) < len(found):
        return None
    return sp.Add(*(low for low, _ in spans)), sp.Add(*(high for _, high in spans))


@span.register
def _(node: Hadamard, known: Mapping[Node, Span]) -> Span | None:
    low, high = sp.Integer(1), sp.Integer(1)
    for factor in node.args:
        own = span(factor, known)
        if own is None:
            return None
        corners = [a * b for a in (low, high) for b in own]
        low, high = min(corners), max(corners)
    return low, high


@dataclass(frozen=True)
class Slope:
    """The column f′(z) as a derivation writes it, as its factors, and γ = sup|f′| (None where that is not known)."""

    function: Elementwise
    factors: tuple[Node, ...]

    @property
    def steepest(self) -> sp.Expr | None:
        return self.function.steepest


def spans(equations: Iterable[Equation]) -> dict[Node, Span]:
    """Of every variable of a step that is bounded whatever the weights are."""
    known: dict[Node, Span] = {}
    for equation in equations:
        own = span(equation.expression, known)
        if own is not None:
            known[equation.target] = own
    return known


def softmaxes(equations: Iterable[Equation]) -> frozenset[Node]:
    """The variables that are a softmax: columns of norm at most 1, since Σ o_k² ≤ (Σ o_k)² = 1."""
    return frozenset(e.target for e in equations if isinstance(e.expression, Softmax))


def slopes(equations: Iterable[Equation]) -> Iterator[Slope]:
    """The slope of every elementwise function of a step that is not a constant."""
    for equation in equations:
        for part in walk(equation.expression):
            if isinstance(part, Map):
                value: Node = equation.target if part == equation.expression else part
                column = slope(part.function, part.body, value)
                if not isinstance(column, Fill):
                    yield Slope(part.function, factors(column))


def factors(column: Node) -> tuple[Node, ...]:
    """The factors of an entrywise product."""
    return column.args if isinstance(column, Hadamard) else (column,)
