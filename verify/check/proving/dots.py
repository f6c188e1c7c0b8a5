"""Dots that stand for a sum or an ordered product with symbolic limits: c_t c_{t−1} ⋯ c_{i+1}, b_t + ⋯ + c_t ⋯ c_2 b_1.

As for the judge (``verify.check.runs``), the neighbours decide: the factors before the dots lead on one step at a time,
and the factor after them is the last.  A factor that is written before the dots is not there where the run is shorter.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace

import sympy as sp

from derive.build import matmul, transpose
from derive.expr import MatMul, Node, Transpose, Var
from derive.indices import T
from derive.prover.facts import Range, assumptions
from derive.prover.normal_form import equal
from derive.sums import OrderedProduct, Sum, reindex
from verify.check.proving.conditions import UntranslatableError, as_range
from verify.check.proving.reading import Surroundings, added, part
from verify.check.proving.worth import Part, Worth, times
from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree

_ONE = sp.Integer(1)


def multiplied(factors: Sequence[Tree], here: Surroundings) -> Part:
    """A product with dots in one place."""
    place = _place(factors)
    last = _written(factors[place + 1], here)
    before = [_written(factors[place - 1], here)]
    while place > len(before) and _continues(one := _written_or_none(factors[place - 1 - len(before)], here), before):
        assert one is not None
        before.insert(0, one)
    parts: list[Part] = [part(own, here) for own in factors[: place - len(before)]]
    parts.append(_run(before, last, here))
    parts += [part(own, here) for own in factors[place + 2 :]]
    total = parts[0]
    for own in parts[1:]:
        total = times(total, own, here.denominator)
    return total


def _place(parts: Sequence[Tree]) -> int:
    places = [k for k, own in enumerate(parts) if isinstance(own, tr.Run)]
    if len(places) != 1 or not 0 < places[0] < len(parts) - 1:
        raise UntranslatableError("dots without a neighbour on both sides, or in several places")
    return places[0]


def _written(tree: Tree, here: Surroundings) -> Worth:
    """What a factor beside dots is, where it is there at all."""
    conditions = here.paths.conditions
    apart = replace(here, paths=replace(here.paths, conditions=deepcopy(conditions)))
    found = part(tree, apart)
    for name in apart.paths.conditions.free:
        conditions.letter(name)
    conditions.used |= apart.paths.conditions.used
    if not isinstance(found, Worth):
        raise UntranslatableError("dots between numbers")
    return found


def _written_or_none(tree: Tree, here: Surroundings) -> Worth | None:
    try:
        return _written(tree, here)
    except UntranslatableError:
        return None


def _variable(value: Worth) -> Var:
    """The variable at a step that a factor is, transposed or not."""
    node = value.node.args[0] if isinstance(value.node, Transpose) else value.node
    if not isinstance(node, Var) or node.time is None:
        raise UntranslatableError("dots between what is no letter at a step")
    return node


def _time(value: Worth) -> sp.Expr:
    return _variable(value).args[3]


def _continues(earlier: Worth | None, run: Sequence[Worth]) -> bool:
    """Whether a factor belongs to the run that follows it."""
    if earlier is None:
        return False
    try:
        alike = _alike(earlier, run[0])
        step = _time(run[0]) - _time(earlier)
    except UntranslatableError:
        return False
    return alike and abs(step) == 1 and (len(run) < 2 or step == _time(run[1]) - _time(run[0]))


def _alike(one: Worth, other: Worth) -> bool:
    kinds = [(own.is_map, own.by_weights, type(own.node), _variable(own).head) for own in (one, other)]
    return kinds[0] == kinds[1]


def _run(before: Sequence[Worth], last: Worth, here: Surroundings) -> Worth:
    if not _alike(before[0], last):
        raise UntranslatableError("what the dots stand for is not clear")
    value, variable, flipped = before[0], _variable(before[0]), isinstance(before[0].node, Transpose)
    upwards = here.denominator if value.is_map else flipped
    start, end = _time(before[0]), _time(last)
    if len(before) > 1 and _time(before[1]) - start != (1 if upwards else -1):
        raise UntranslatableError("the factors are in the other order than those of an ordered product")
    low, high = (start, end) if upwards else (end, start)
    conditions = here.paths.conditions
    if len(before) > 1:  # one step less is the empty product
        conditions.exists(high + 1, low, here.ranges)
    else:  # with one factor before the dots their direction is that towards the last
        conditions.must(high, low, here.ranges)
    conditions.must(low, _ONE, here.ranges)
    conditions.must(T, high, here.ranges)
    index = conditions.new("j")
    product = OrderedProduct(variable.at(index), index, low, high)
    return Worth(transpose(product) if flipped else product, value.is_map, value.by_weights)


def summed(terms: Sequence[Tree], here: Surroundings) -> Part:
    """A sum with dots in one place, whose terms grow by a factor each: the last one tells how."""
    place = _place(terms)
    if place < 2:
        raise UntranslatableError("one term before the dots does not tell how they go on")
    before = [_written(own, here) for own in terms[:place]]
    last = part(terms[place + 1], here)
    if not isinstance(last, Worth):
        raise UntranslatableError("dots between numbers")
    index = here.paths.conditions.new("i")
    body, end = _as_term(last.node, index)
    start = _tail(before[0].node).args[3]
    conditions = here.paths.conditions
    conditions.exists(start, end, here.ranges)
    conditions.must(end, _ONE, here.ranges)
    conditions.exists(T, start, here.ranges)
    for back, own in enumerate(before):
        where = (*conditions.where, *_at_least(start - back, end))
        expected = reindex(body, {index: start - back})
        same_kind = (own.is_map, own.by_weights) == (last.is_map, last.by_weights)
        if here.ranges or not same_kind or not equal(own.node, expected, assumptions(where)):
            raise UntranslatableError("the terms before the dots do not lead to the last one")
    whole = Worth(Sum(body, index, end, start), last.is_map, last.by_weights)
    return added([whole, *(part(own, here) for own in terms[place + 2 :])], here)


def _at_least(larger: sp.Expr, smaller: sp.Expr) -> tuple[Range, ...]:
    return (as_range(larger, smaller),) if (larger - smaller).free_symbols else ()


def _tail(node: Node) -> Var:
    own = node.args[-1] if isinstance(node, MatMul) else node
    if not isinstance(own, Var) or own.time is None:
        raise UntranslatableError("a term before dots that ends in no letter at a step")
    return own


def _as_term(last: Node, index: sp.Symbol) -> tuple[Node, sp.Expr]:
    """The last term, c_t ⋯ c_2 b_1, with an index in the place of 1."""
    tail = _tail(last)
    if not isinstance(last, MatMul) or len(last.args) != 2 or not isinstance(last.args[0], OrderedProduct):
        raise UntranslatableError("a last term that is no product of a chain and a letter")
    chain = last.args[0]
    if sp.expand(chain.lower - tail.args[3]) != 1:
        raise UntranslatableError("the chain of the last term does not end before its last letter")
    longer = OrderedProduct(chain.body, chain.index, index + 1, chain.upper)
    return matmul(longer, tail.at(index)), tail.args[3]
