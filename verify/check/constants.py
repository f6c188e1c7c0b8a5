"""A number that only the file names, such as the α of a leaky unit: what it is, its own forward equation says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from verify.check.judge import assignments, equal
from verify.check.meaning import meaning
from verify.check.reading.tree import Tree
from verify.check.scope import OutOfRangeError, known_names
from verify.check.setting import Setting
from verify.check.values import MeaningError, Value, added
from verify.check.vocabulary import is_name, known_as, outer_names


def solved(setting: Setting, left: Tree, right: Tree) -> Setting | None:
    """The setting with the one unknown number of an equation, where the equation is linear in it and then holds."""
    known = known_names(setting.scope())
    unknown = {
        own.base for own in outer_names(right)
        if is_name(own) and not known_as(own, known) and not own.subscripts and not own.accent and not own.primes
    }  # fmt: skip
    if len(unknown) != 1:
        return None
    (name,) = unknown
    found = next(_solutions(setting, name, left, right), None)
    return None if found is None or not equal(left, right, found.scope()).holds else found


def _solutions(setting: Setting, name: str, left: Tree, right: Tree) -> Iterator[Setting]:
    """For the first entry that the number moves: d(c) = d(0) + c (d(1) − d(0)) is zero."""
    zero, one = setting.scope().world.zero, setting.scope().world.one
    for at in assignments(["t"], setting.scope().at["T"]):
        try:
            start, end = (_difference(_with(setting, name, c), left, right, at) for c in (zero, one))
        except (OutOfRangeError, MeaningError, ArithmeticError):
            continue
        for first, second in zip(start.matrix.flat, end.matrix.flat, strict=True):
            if first != second:
                yield _with(setting, name, -first / (second - first))
                return


def _with(setting: Setting, name: str, value: Any) -> Setting:
    return replace(setting, constants={**setting.constants, name: value})


def _difference(setting: Setting, left: Tree, right: Tree, at: dict[str, int]) -> Value:
    scope = setting.scope()
    here = replace(scope, at={**scope.at, **at})
    minus = meaning(right, here).scaled(-scope.world.one)
    return added(meaning(left, here), minus, scope.convention)
