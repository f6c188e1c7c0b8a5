"""A factor too few: a letter of the recurrence, a product of them, or what comes back from the loss."""

from __future__ import annotations

from collections.abc import Iterator

from verify.check.explaining.building import ENTRYWISE
from verify.check.explaining.candidate import INSERTED, REPLACED, Candidate
from verify.check.explaining.case import Case
from verify.check.explaining.kinds.missing_factors import everywhere
from verify.check.explaining.scripts import scripts, shifted
from verify.check.explaining.spots import Spot
from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree
from verify.check.reading.walking import walk


def candidates(case: Case) -> Iterator[Candidate]:
    letters, errors = list(_letters(case)), list(_errors(case))
    entrywise = any(isinstance(own, tr.Times) and {*own.kinds} & {*ENTRYWISE} for own in case.nodes)
    for spot in case.values:
        if isinstance(spot.node, tr.Run | tr.Number) or isinstance(spot.parent, tr.Times | tr.Transposed | tr.Power):
            continue
        yield from everywhere(spot, letters, ("⊙", "") if entrywise else ("",), INSERTED)
        yield from everywhere(spot, errors, ("⊙", ""), REPLACED)
        yield from everywhere(spot, list(_products(spot, case)), ("",), INSERTED)


def _letters(case: Case) -> Iterator[Tree]:
    """Those that stand in the link or near it, then those of the theory, at the steps that occur; and transposed."""
    scope = case.setting.scope()
    known = {*scope.letters, *scope.definitions}
    written = (own for tree in (case.left, case.right, *case.near) for own in walk(tree))
    near = [own.base for own in written if isinstance(own, tr.Name) and own.base in known and own.subscripts]
    for base in dict.fromkeys([*near, *scope.letters]):
        for step in case.steps[:4]:
            name = tr.Name(base, (step,))
            yield name
            yield tr.Transposed(name)


def _errors(case: Case) -> Iterator[Tree]:
    """∂L/∂h_t, where the left-hand side is a derivative of the loss."""
    left = case.left
    if isinstance(left, tr.Derivative) and not left.form:
        model = case.setting.network.model
        carried = {own.letter for own in model.main.states}
        for quantity, name in case.spelled.items():
            if quantity.timed and quantity.letters[0] in carried:
                yield from (tr.Derivative(left.of, case.at_step(name, step)) for step in case.steps[:3])


def _products(spot: Spot, case: Case) -> Iterator[Tree]:
    """The product of what lies between step i of a sum and the outer step: of c_j, or of ∂h_j/∂h_{j−1}."""
    state = case.spelling("the state")
    if not spot.bound:
        return
    running = tr.Name(next(letter for letter in "jkmr" if letter not in case.letters))
    bodies: list[Tree] = [
        tr.Name(letter, (running,)) for letter, meant in case.setting.scope().letters.items() if meant == "c"
    ]
    before = shifted(running, -1)
    if state is not None and before is not None and next(scripts(state, case.letters), None) is not None:
        bodies.append(tr.Derivative(case.at_step(state, running), case.at_step(state, before)))
    first = tr.Add((tr.Name(spot.bound[0]), tr.Number("1")))
    for top in sorted(case.letters - {*spot.bound}):
        yield from (tr.Product(running, first, tr.Name(top), body) for body in bodies)
