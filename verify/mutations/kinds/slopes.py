"""φ′ forgotten, taken at another step, of another function, or of the wrong quantity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp

from derive.build import hadamard
from derive.derivation import Derivation
from derive.derivatives import Derivative
from derive.entries import FIRST, Entry, entry, summation_names
from derive.expr import Diag, Hadamard, Node, Var, ones
from derive.indices import t
from derive.sums import reindex, substitute, walk
from verify.mutations.kind import Kind
from verify.mutations.places import Change, Place
from verify.mutations.wording import called, timed


@dataclass(frozen=True)
class Slope:
    """φ′ of one equation y_t = φ(u_t), as the derivation writes it: the factors of a column, at step t."""

    output: Var
    argument: Var
    factors: tuple[Node, ...]


@dataclass(frozen=True)
class Found:
    """A slope among the factors of an entrywise product: at which step, of which row (None: the column), the rest."""

    slope: Slope
    time: sp.Expr
    row: sp.Expr | None
    rest: tuple[Node, ...]

    def product(self, *factors: Node) -> Node:
        """Other factors in its place."""
        like = self.slope.output.at(self.time)
        shape = like.shape if self.row is None else (1, 1)
        return hadamard(ones(*shape), *factors, *self.rest)

    def said(self, factors: tuple[Node, ...], time: sp.Expr) -> tuple[Node, ...]:
        """The same factors of a step t said of this step, or of this row of it."""
        moved = tuple(reindex(factor, {t: time}) for factor in factors)
        if self.row is None:
            return moved
        return tuple(entry(factor, self.row, FIRST, summation_names()) for factor in moved)


def slopes(derivation: Derivation) -> tuple[Slope, ...]:
    """One for every equation with a function of one quantity; none for a straight line."""
    found = []
    for step in derivation:
        if step.role.startswith("local.slope-") and isinstance(step.rhs, Diag) and isinstance(step.lhs, Derivative):
            output, column = step.lhs.target, step.rhs.args[0]
            assert isinstance(output, Var)
            found.append(Slope(output, step.lhs.source, _factors(column)))
    return tuple(found)


def _factors(node: Node) -> tuple[Node, ...]:
    return node.args if isinstance(node, Hadamard) else (node,)


def found_in(place: Place) -> Iterator[Found]:
    """The slopes that are factors of a part, where it is not itself a factor."""
    part = place.part
    if place.above and isinstance(place.above[-1], Hadamard):
        return
    present = {(node.head, node.time): None for node in walk(part) if isinstance(node, Var)}
    rows = {node.row for node in walk(part) if isinstance(node, Entry)}
    for slope in place.context.once(slopes):
        for head, time in present:
            if time is not None and head in (slope.output.head, slope.argument.head):
                for row in (None, *sorted(rows, key=str)):
                    yield from _among(Found(slope, time, row, ()), _factors(part))


def _among(found: Found, factors: tuple[Node, ...]) -> Iterator[Found]:
    rest = list(factors)
    for factor in found.said(found.slope.factors, found.time):
        if factor not in rest:
            return
        rest.remove(factor)
    yield Found(found.slope, found.time, found.row, tuple(rest))


def _missing(place: Place) -> Iterator[Change]:
    for found in found_in(place):
        name = called(found.slope.output.head)
        yield Change(name, f"without φ′, the slope of {name}", found.product())


def _of_another_step(place: Place) -> Iterator[Change]:
    for found in found_in(place):
        name, before = called(found.slope.output.head), found.time - 1
        if before == 0 and found.slope.output.kind != "state":
            continue
        phrase = f"with the slope of {timed(name, before)} in place of that of {timed(name, found.time)}"
        yield Change(name, phrase, found.product(*found.said(found.slope.factors, before)))


def _of_another_function(place: Place) -> Iterator[Change]:
    """1 − y² for y(1 − y), and the other way round."""
    for found in found_in(place):
        y = found.slope.output
        one = ones(*y.shape)
        hyperbolic, logistic = (one - hadamard(y, y),), (y, one - y)
        for own, other, what in ((hyperbolic, logistic, "a sigmoid"), (logistic, hyperbolic, "tanh")):
            if found.slope.factors == own:
                phrase = f"with the slope of {called(y.head)} as if it were {what}"
                yield Change(called(y.head), phrase, found.product(*found.said(other, found.time)))


def _of_the_argument(place: Place) -> Iterator[Change]:
    """1 − z² for 1 − y²: what is a formula in the output, used with the argument."""
    for found in found_in(place):
        y, z = found.slope.output, found.slope.argument
        wrong = tuple(substitute(factor, {y: z}) for factor in found.slope.factors)
        if wrong != found.slope.factors:
            phrase = f"with {called(z)} in place of {called(y)} in the slope of {called(y.head)}"
            yield Change(called(y.head), phrase, found.product(*found.said(wrong, found.time)))


KINDS = (
    Kind("missing φ′", "The chain rule goes through the activation too: its slope is a factor.", _missing),
    Kind("φ′ of another step", "The slope belongs to the step that is differentiated.", _of_another_step),
    Kind("φ′ of another function", "tanh′ is 1 − y², the slope of a sigmoid is y(1 − y).", _of_another_function),
    Kind(
        "φ′ of the wrong quantity",
        "1 − y² is a formula in the output y; with the argument in its place it means nothing.",
        _of_the_argument,
    ),
)
