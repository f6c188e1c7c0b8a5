"""The slope of the activation, left out."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from derive.functions import Elementwise
from verify.check.elementwise import activations
from verify.check.explaining.building import inserted
from verify.check.explaining.candidate import SLOPE, Candidate
from verify.check.explaining.case import Case
from verify.check.explaining.pattern import is_slope
from verify.check.explaining.spots import values
from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree

KEY = "missing-slope"


def candidates(case: Case) -> Iterator[Candidate]:
    slopes = list(dict.fromkeys(_slopes(case)))
    for spot in case.values:
        if isinstance(spot.node, tr.Run | tr.Number) or isinstance(spot.parent, tr.Times | tr.Transposed | tr.Power):
            continue
        last = len(spot.node.factors) if isinstance(spot.node, tr.Times) else 1
        depth = min(len(spot.above), 2)
        for slope in slopes:
            diagonal = slope if _is_diagonal(slope) else tr.Applied(tr.Name("diag"), (slope,))
            for at in range(last + 1):
                for factor, kind in ((diagonal, ""), (slope, "⊙"), (slope, "")):
                    right = inserted(spot.node, at, factor, kind)
                    yield Candidate(spot.put(right), KEY, SLOPE + depth, {"factor": factor})
            if isinstance(spot.node, tr.Times):
                for at, own in enumerate(spot.node.factors):
                    if isinstance(own, tr.Run | tr.Number):
                        continue
                    both = tr.Times((slope, own), ("⊙",))
                    factors = (*spot.node.factors[:at], both, *spot.node.factors[at + 1 :])
                    yield Candidate(spot.put(tr.Times(factors, spot.node.kinds)), KEY, SLOPE + depth, {"factor": slope})


def _is_diagonal(tree: Tree) -> bool:
    return isinstance(tree, tr.Applied) and tree.function.base == "diag"


def _slopes(case: Case) -> Iterator[Tree]:
    """As the author writes them elsewhere, then by the values of the state, at the steps of this link."""
    for tree in (case.right, *case.near):
        for spot in values(tree):
            if is_slope(spot.node) and not _is_diagonal(spot.node):
                yield spot.node
    inside, state = case.spelling("what the activation is applied to"), case.spelling("the state")
    for step in case.steps[:4]:
        for function in activations(case.setting.network.model):
            by_value = None if state is None else written(function, case.at_step(state, step))
            if by_value is not None:
                yield by_value
        if inside is not None:
            yield tr.Applied(tr.Name("ϕ", primes=1), (case.at_step(inside, step),))


def written(function: Elementwise, output: Tree) -> Tree | None:
    """The slope of a function by its own value: 1 − h² of tanh.  None where there is no such form."""
    form = function.output_form
    if form is None or len(form.free_symbols) != 1:
        return None
    counts = [int(count) for count in reversed(sp.Poly(form).all_coeffs())]
    if counts[0] == 0:
        return tr.Times((output, _polynomial(counts[1:], output)), ("⊙",))
    return _polynomial(counts, output)


def _polynomial(counts: list[int], of: Tree) -> Tree:
    powers = [tr.Number("1"), of, *(tr.Power(of, tr.Number(str(k))) for k in range(2, len(counts)))]
    terms = []
    for count, power in zip(counts, powers, strict=False):
        term = power if abs(count) == 1 else tr.Times((tr.Number(str(abs(count))), power), ("",))
        terms += [tr.Negative(term) if count < 0 else term] if count else []
    return terms[0] if len(terms) == 1 else tr.Add(tuple(terms))
