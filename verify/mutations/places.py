"""Where in an expression a mistake can be made, and the expression with the mistake made there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from derive.build import rebuild
from derive.derivation import Derivation, Step
from derive.derivatives import Call, Derivative, Gradient
from derive.errors import ShapeError
from derive.expr import Node
from derive.model import Model
from derive.theory import Theory, theories

Known = TypeVar("Known")
ATOMS = (Call, Derivative, Gradient)
"""Symbols of the general theory, which a mistake replaces as a whole."""


@dataclass(frozen=True, eq=False)
class Context:
    """The step that an expression stands in, and the derivation around it."""

    derivation: Derivation
    step: Step
    known: dict[Callable[[Derivation], Any], Any] = field(default_factory=dict)

    def once(self, what: Callable[[Derivation], Known]) -> Known:
        """Something about the derivation, computed once for all its steps."""
        if what not in self.known:
            self.known[what] = what(self.derivation)
        found: Known = self.known[what]
        return found

    @property
    def model(self) -> Model:
        return self.derivation.model

    @cached_property
    def theory(self) -> Theory:
        """Of the phase that the step is about."""
        return next(theory for theory in theories(self.model) if theory.phase.name == self.step.phase)


@dataclass(frozen=True)
class Place:
    """A part of the right-hand side of a step; ``above`` are the nodes around it, the whole side first."""

    part: Node
    above: tuple[Node, ...]
    context: Context

    @property
    def is_whole(self) -> bool:
        return not self.above

    @property
    def step(self) -> Step:
        return self.context.step


@dataclass(frozen=True)
class Change:
    """What somebody writes in a place instead of what belongs there.

    ``label`` names the misunderstanding whatever the step, so that it can be made everywhere; ``phrase`` completes
    "your gradient equals ours …".
    """

    label: str
    phrase: str
    new: Node


Changes = Callable[[Place], Iterator[Change]]
Path = tuple[int, ...]


def places(context: Context) -> Iterator[tuple[Path, Place]]:
    """Every part of the right-hand side, parents first, with the way to it."""
    yield from _below(context.step.rhs, (), (), context)


def _below(part: Node, path: Path, above: tuple[Node, ...], context: Context) -> Iterator[tuple[Path, Place]]:
    yield path, Place(part, above, context)
    if isinstance(part, ATOMS):
        return
    for number, child in enumerate(part.args):
        if isinstance(child, Node):
            yield from _below(child, (*path, number), (*above, part), context)


def replaced(node: Node, path: Path, new: Node) -> Node | None:
    """The expression with another part in one place; None where the shapes do not allow it."""
    try:
        return _replaced(node, path, new)
    except ShapeError:
        return None


def _replaced(node: Node, path: Path, new: Node) -> Node:
    if not path:
        return new
    args: list[Any] = list(node.args)
    args[path[0]] = _replaced(args[path[0]], path[1:], new)
    return rebuild(type(node), tuple(args))


def everywhere(changes: Changes, label: str, context: Context) -> Node | None:
    """The right-hand side with the change of this label made in every place; None where it cannot be made."""
    try:
        return _everywhere(changes, label, context)
    except ShapeError:
        return None


def _everywhere(changes: Changes, label: str, context: Context) -> Node:
    def changed(part: Node, above: tuple[Node, ...]) -> Node:
        for change in changes(Place(part, above, context)):
            if change.label == label and change.new.shape == part.shape:
                return change.new
        if isinstance(part, ATOMS):
            return part
        args = tuple(changed(a, (*above, part)) if isinstance(a, Node) else a for a in part.args)
        same = all(a is b for a, b in zip(args, part.args, strict=True))
        return part if same else rebuild(type(part), args)

    return changed(context.step.rhs, ())
