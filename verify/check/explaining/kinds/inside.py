"""Factors inside a product that belong behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from verify.check.explaining.building import product
from verify.check.explaining.candidate import INSIDE, Candidate
from verify.check.explaining.case import Case
from verify.check.explaining.scripts import exchange, throughout
from verify.check.explaining.spots import Spot, spots
from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree
from verify.check.reading.walking import rebuilt

KEY, STALE = "factor-inside-product", "stale-subscript"


def candidates(case: Case) -> Iterator[Candidate]:
    for spot in case.values:
        if isinstance(spot.node, tr.Product):
            yield from _closed_earlier(spot, spot.node, case)
            yield from _stale(spot, spot.node, case)


def _closed_earlier(spot: Spot, node: tr.Product, case: Case) -> Iterator[Candidate]:
    """The last factors behind the product; what they say of its index they say of that of the sum around it."""
    body = node.body
    if not isinstance(body, tr.Times):
        return
    for first in range(1, len(body.factors)):
        kept = product(body.factors[:first], body.kinds[: first - 1])
        moved = product(body.factors[first:], body.kinds[first:])
        for inside, is_stale in _runs_with(kept, node.index.base, case):
            for outside in _of_the_sum(moved, spot, node, case):
                right = product((replace(node, body=inside, extent="closed"), outside))
                details: dict[str, Tree | str] = {"factor": moved, "index": node.index}
                key = STALE if is_stale else KEY
                yield Candidate(spot.put(right), key, INSIDE + 2 * is_stale + (outside != moved), details)


def _stale(spot: Spot, node: tr.Product, case: Case) -> Iterator[Candidate]:
    """All of the body runs that should run, and what stands behind the product belongs to the step of the sum."""
    for inside, is_stale in _runs_with(node.body, node.index.base, case):
        if is_stale:
            right = replace(node, body=inside)
            yield Candidate(spot.put(right), STALE, INSIDE, {"index": node.index, "symbol": node.body, "right": inside})
            yield from _stale_behind(spot, right, case)


def _stale_behind(spot: Spot, right: tr.Product, case: Case) -> Iterator[Candidate]:
    if not isinstance(spot.parent, tr.Times) or spot.parent.factors[-1] is spot.node:
        return
    marked = spot.put(_MARK)
    for moved in _with_the_sum(marked, spot, case):
        yield Candidate(_unmarked(moved, right), STALE, INSIDE + 2, {"index": right.index})


_MARK = tr.Name("\0")


def _with_the_sum(marked: Tree, spot: Spot, case: Case) -> Iterator[Tree]:
    """The factors behind the mark with the index of the sum."""
    for own in spots(marked):
        if isinstance(own.node, tr.Times) and _MARK in own.node.factors:
            place = own.node.factors.index(_MARK)
            for index in spot.bound:
                for old in sorted(case.letters - {index}):
                    behind = tuple(
                        throughout(factor, exchange(old, index), case.letters)
                        for factor in own.node.factors[place + 1 :]
                    )
                    yield own.put(replace(own.node, factors=(*own.node.factors[: place + 1], *behind)))


def _unmarked(tree: Tree, right: Tree) -> Tree:
    return right if tree == _MARK else rebuilt(tree, lambda part: _unmarked(part, right))


def _runs_with(tree: Tree, index: str, case: Case) -> Iterator[tuple[Tree, bool]]:
    """As it is, and with the index of the product in the place of another letter."""
    yield tree, False
    for old in sorted(case.letters - {index, "T"}):
        moved = throughout(tree, exchange(old, index), case.letters)
        if moved != tree:
            yield moved, True


def _of_the_sum(tree: Tree, spot: Spot, node: tr.Product, case: Case) -> Iterator[Tree]:
    yield tree
    for index in spot.bound:
        for old in (node.index.base, *sorted(case.letters - {index, node.index.base, "T"})):
            moved = throughout(tree, exchange(old, index), case.letters)
            if moved != tree:
                yield moved
