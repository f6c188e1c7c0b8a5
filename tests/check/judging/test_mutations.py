"""What is changed at random in a right formula does not pass where it changes the value.

The gradient of a number by a vector may be written as a row or as a column: a transposed one is no other value here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from tests.check.judging.test_corpus import CORPUS, mark, searched
from verify.check.judge import equal
from verify.check.links import Judged, best
from verify.check.reading import tree as tr
from verify.check.reading.readings import readings
from verify.check.reading.tree import Tree
from verify.check.reading.walking import children, rebuilt
from verify.check.result import RIGHT
from verify.check.setting import Setting

COUNT = 6
"""Changes of each link."""


def mutated(tree: Tree, rng: Random) -> Tree:
    """One change at one place."""
    places = list(_places(tree))
    if not places:
        return tree
    target, changed = rng.choice(places)
    return _put(tree, target, changed)


def _places(tree: Tree) -> Iterator[tuple[Tree, Tree]]:
    """Nodes, and what may become of each."""
    match tree:
        case tr.Times(factors=factors, kinds=kinds) if len(factors) > 1:
            yield tree, replace(tree, factors=factors[1:], kinds=kinds[1:])
            yield tree, replace(tree, factors=(factors[1], factors[0], *factors[2:]))
        case tr.Add(terms=terms):
            yield tree, replace(tree, terms=terms[1:])
            yield tree, replace(tree, terms=(tr.Negative(terms[0]), *terms[1:]))
        case tr.Transposed(body=body):
            yield tree, body
        case tr.Sum() | tr.Product():
            if tree.upper is not None:
                yield tree, replace(tree, upper=tr.Add((tree.upper, tr.Negative(tr.Number("1")))))
            if tree.lower is not None:
                yield tree, replace(tree, lower=tr.Add((tree.lower, tr.Number("1"))))
        case tr.Name(subscripts=(tr.Name("t"), *rest)):
            yield tree, replace(tree, subscripts=(tr.Add((tr.Name("t"), tr.Negative(tr.Number("1")))), *rest))
    for part in () if isinstance(tree, tr.Name) else children(tree):
        yield from _places(part)


def _put(tree: Tree, target: Tree, changed: Tree) -> Tree:
    if tree is target:
        return changed
    return rebuilt(tree, lambda part: _put(part, target, changed))


def passed_wrongly(link: Judged, setting: Setting, rng: Random) -> list[Tree]:
    right = readings(link.right.tree)[0]
    found = []
    for _ in range(COUNT):
        changed = mutated(right, rng)
        scope = setting.scope()
        differs = all(equal(own, changed, scope).holds is False for own in (right, tr.Transposed(right)))
        outcome, alone, reading = best(link.left.tree, changed, setting)
        if differs and outcome.holds and not alone and not reading:
            found.append(changed)
    return found


@pytest.mark.parametrize("file", [file for file in CORPUS if file.startswith("right")][::6])
def test_changes_are_seen(file: str) -> None:
    _compare(file)


@pytest.mark.slow
@pytest.mark.parametrize("file", [file for file in CORPUS if file.startswith("right")])
def test_changes_are_seen_everywhere(file: str) -> None:
    _compare(file)


def _compare(file: str) -> None:
    result = searched(file)
    for link in result.links:
        if mark(link) == RIGHT and not link.is_definition and not link.reading:
            assert passed_wrongly(link, result.setting, Random(f"{file}{link.right.span.line}")) == []
