"""A symbol that there is not, for one that there is."""

from __future__ import annotations

from collections.abc import Iterator

from verify.check.explaining.candidate import SYMBOL, Candidate
from verify.check.explaining.case import Case
from verify.check.explaining.scripts import scripts
from verify.check.explaining.spots import Spot, spots
from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree
from verify.check.reading.walking import rebuilt
from verify.check.scope import OutOfRangeError, taken
from verify.check.values import MeaningError

KEY = "unknown-symbol"


def candidates(case: Case) -> Iterator[Candidate]:
    for spot in spots(case.right):
        name = spot.node
        if isinstance(name, tr.Name) and not _is_function(spot) and is_unknown(name, case):
            for instead in _known(name, case):
                cost = SYMBOL + (instead.base.lower() != name.base.lower()) + (instead.base != name.base)
                right = _everywhere(case.right, name, instead, case)
                yield Candidate(right, KEY, cost, {"symbol": name, "right": instead})


def is_unknown(name: tr.Name, case: Case) -> bool:
    if name.base in case.letters and not name.subscripts:
        return False
    try:
        taken(name, case.scope)
    except MeaningError:
        return True
    except OutOfRangeError:
        pass
    return False


def _is_function(spot: Spot) -> bool:
    return isinstance(spot.parent, tr.Applied) and spot.parent.function is spot.node


def _known(name: tr.Name, case: Case) -> Iterator[tr.Name]:
    """Names of quantities: without a step, or at the same one, or at one that occurs."""
    step = next(scripts(name, case.letters), None)
    yield from case.weights()
    yield from case.timed([step] if step is not None else case.steps)


def _everywhere(tree: Tree, name: tr.Name, instead: tr.Name, case: Case) -> Tree:
    """The letter replaced wherever it stands, each time at its own step."""
    if isinstance(tree, tr.Name):
        if not case.alike(tree, name):
            return tree
        step = next(scripts(tree, case.letters), None)
        return instead if step is None else case.at_step(instead, step)
    return rebuilt(tree, lambda part: _everywhere(part, name, instead, case))
