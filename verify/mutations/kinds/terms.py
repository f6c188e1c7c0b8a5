"""A term of a sum lost: the direct one, the one through the state before, a bias, or any other."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from derive.build import add
from derive.derivatives import Derivative
from derive.entries import Entry
from derive.expr import Add, Node, Var, zeros
from derive.sums import walk
from verify.mutations.kind import Kind
from verify.mutations.kinds.means import is_of_the_loss
from verify.mutations.places import Change, Place
from verify.mutations.wording import called

_OF_THE_SWEEP = ("unknown", "adjoint", "local", "jacobian")


def _time(node: Node) -> sp.Expr | None:
    """The step that a quantity is about."""
    if isinstance(node, Entry):
        return _time(node.body)
    if isinstance(node, Derivative):
        return _time(node.target)
    return node.time if isinstance(node, Var) else None


def _is_carried(term: Node, time: sp.Expr) -> bool:
    """Whether a term reaches what is being computed at another step."""
    return any(
        isinstance(part, Derivative) or (isinstance(part, Var) and part.kind in _OF_THE_SWEEP)
        for part in walk(term)
        if _time(part) not in (None, time)
    )


def _terms(place: Place) -> tuple[list[Node], list[Node]]:
    """The terms of a whole side that stay in their own step, and those that reach another one."""
    time = _time(place.step.lhs)
    if time is None or not place.is_whole:
        return [], []
    terms = place.part.args if isinstance(place.part, Add) else (place.part,)
    carried = [term for term in terms if _is_carried(term, time)]
    return [term for term in terms if term not in carried], carried


def _without(whole: Node, gone: Node) -> Node:
    return add(*(term for term in whole.args if term != gone))


def _direct(place: Place) -> Iterator[Change]:
    direct, carried = _terms(place)
    for term in direct if carried else ():
        yield Change("direct", "without the direct term of the step itself", _without(place.part, term))


def _detached(place: Place) -> Iterator[Change]:
    """Also c_t = 0, which says the same wherever the general letters are used."""
    direct, carried = _terms(place)
    label, phrase = f"state {place.step.phase}", "with the state before taken for a constant (detached)"
    if carried:
        yield Change(label, phrase, add(*direct) if direct else zeros(*place.part.shape))
    elif place.is_whole and place.step.role == "local.c":
        yield Change(label, phrase, zeros(*place.part.shape))


def _bias(place: Place) -> Iterator[Change]:
    """A bias that is not added, or that gets no gradient."""
    part = place.part
    if isinstance(part, Add):
        for term in part.args:
            if isinstance(term, Var) and term.kind == "parameter":
                yield Change(called(term), f"without {called(term)}", _without(part, term))
    lhs = place.step.lhs
    if place.is_whole and is_of_the_loss(place.step) and part.shape[1] == 1 and _is_of_a_parameter(lhs):
        yield Change("gradient", "with nothing at all: zero", zeros(*part.shape))


def _is_of_a_parameter(lhs: Node) -> bool:
    source = lhs.args[0].args[1] if isinstance(lhs, Entry) else lhs.args[1] if len(lhs.args) > 1 else None
    return isinstance(source, Var) and source.kind == "parameter" and source.shape[1] == 1


def _any(place: Place) -> Iterator[Change]:
    part = place.part
    if isinstance(part, Add):
        for term in part.args:
            yield Change(f"without {term}", f"without the term {called(term)}", _without(part, term))


KINDS = (
    Kind("missing direct term", "The weights enter a step directly, not only through the state before it.", _direct),
    Kind("detached state", "The state before depends on the weights too: it is no constant.", _detached),
    Kind("bias forgotten", "A bias is a parameter like the others, with slope one.", _bias),
    Kind("missing term", "Everything that uses a quantity sends back its share.", _any, general=True),
)
