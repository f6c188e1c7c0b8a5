"""The unrolled network as a picture: a column for each step, phases side by side, drawn from the equations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import dist
from typing import TypeAlias

import sympy as sp

from derive.expr import Var
from derive.indices import t
from derive.model import Model
from reports.dependencies import Link, Picture, picture
from reports.document.diagrams import NODE_RADIUS_MM, Diagram, Edge, Node, is_blocked, position
from reports.document.inline import Inline
from reports.formula.measure import width
from reports.formula.tree import Atom, Formula, Words
from reports.present import show

_WIDE_MM, _NARROW_MM = 22.0, 18.0
_BEND = 0.42
_APART = 1.5  # from the end of one phase to the start of the next, in units
_EM_MM = 3.6
Time: TypeAlias = sp.Expr | None
"""Of a column; the dots have none."""


@dataclass(frozen=True)
class Strip:
    """The columns of one phase, from ``left`` on: the start, some steps, dots and the last step."""

    drawn: Picture
    left: float
    times: tuple[Time, ...]

    @property
    def right(self) -> float:
        return self.left + len(self.times) - 1

    def key(self, variable: Var, column: int) -> str:
        return f"{self.drawn.phase.name}.{variable.name}.{column}"

    def _level(self, variable: Var) -> float:
        rows = self.drawn.rows
        return float(rows.index(variable)) if variable in rows else -1.0 - self.drawn.inputs.index(variable)

    def _has(self, variable: Var, column: int) -> bool:
        """The start and the dots have only what a later step reads; not every step has a loss."""
        time = self.times[column]
        if time is None or column == 0:
            return variable in self.drawn.phase.states
        return variable not in self.drawn.at_loss or self.drawn.has_loss(time)

    @property
    def nodes(self) -> Iterator[Node]:
        for column, time in enumerate(self.times):
            for variable in (*self.drawn.inputs, *self.drawn.rows):
                if self._has(variable, column):
                    yield self._node(variable, column, time)

    def _node(self, variable: Var, column: int, time: Time) -> Node:
        place = (self.key(variable, column), self.left + column, self._level(variable))
        if time is None:
            return Node(*place, Atom("cdots"), "none")
        is_state = variable in self.drawn.phase.states
        label = show(variable.at(time))
        return Node(*place, label, "circle", "unknown") if is_state else Node(*place, label, "box")

    @property
    def edges(self) -> Iterator[Edge]:
        """A link is labelled where it is drawn first."""
        for link in self.drawn.links:
            columns = [column for column in range(1, len(self.times)) if self._joins(link, column)]
            yield from (self._edge(link, column, labelled=column == columns[0]) for column in columns)

    def _joins(self, link: Link, column: int) -> bool:
        """Into the dots goes only what continues a row."""
        if self.times[column] is None:
            return link.source.at(t) == link.target and link.is_lagged
        return self._has(link.source.at(t), column - link.is_lagged) and self._has(link.target, column)

    def _edge(self, link: Link, column: int, labelled: bool) -> Edge:
        source, target = self.key(link.source.at(t), column - link.is_lagged), self.key(link.target, column)
        role = "jacobian" if link.is_lagged else "local" if link.source in self.drawn.inputs else None
        label = show(*link.through) if labelled and len(link.through) == 1 else None
        return Edge(source, target, label, role, 1.4 if link.is_lagged else 0.9)


def unrolled(model: Model) -> Diagram:
    """Every phase: inputs below, states in rows, losses above; and how one phase starts the next."""
    strips = list(_strips(model))
    nodes = tuple(node for strip in strips for node in (*strip.nodes, *_names(strip, len(strips))))
    edges = (*(edge for strip in strips for edge in strip.edges), *_bridges(model, strips))
    unit = _WIDE_MM if len(strips) == 1 else _NARROW_MM
    straight = Diagram(nodes, edges, caption=_caption(model), label="fig:unrolled", alt=_ALT, unit_mm=unit)
    return replace(straight, edges=tuple(_routed(straight, edge) for edge in edges))


def _routed(diagram: Diagram, edge: Edge) -> Edge:
    """Around what is in the way; without its label where that has no room."""
    if is_blocked(diagram, edge):
        return replace(edge, label=None, bend=_BEND)
    room = dist(*(position(diagram, key) for key in (edge.source, edge.target))) - 2 * NODE_RADIUS_MM
    return replace(edge, label=None) if edge.label and _EM_MM * width(edge.label) > room else edge


_ALT = "Columns of states, one for each step, fed by the column before and by inputs from below; losses are above."


def _strips(model: Model) -> Iterator[Strip]:
    left = 0.0
    for phase in model.phases:
        early = (1, 2) if len(model.phases) == 1 else (1,)
        strip = Strip(picture(model, phase), left, (*map(sp.Integer, (0, *early)), None, phase.length))
        yield strip
        left = strip.right + _APART


def _names(strip: Strip, count: int) -> Iterator[Node]:
    """What a phase is called, where there are several: below its start, which has no input."""
    if count > 1:
        name = strip.drawn.phase.name or "decoder"
        yield Node(f"{name} name", strip.left, -1.0, Words(name), "none")


def _bridges(model: Model, strips: list[Strip]) -> Iterator[Edge]:
    """The final states of a phase to the first of the next."""
    label: Formula | None = None if model.bridge == "identity" else Words(model.bridge)
    for before, after in pairwise(strips):
        pairs = zip(before.drawn.phase.states, after.drawn.phase.states, strict=False)
        for place, (theirs, ours) in enumerate(pairs):
            ends = before.key(theirs, len(before.times) - 1), after.key(ours, 0)
            yield Edge(*ends, None if place else label, "jacobian", 1.4)


def _caption(model: Model) -> Inline:
    loop = " The output is read back by the next step." if model.cell.feedback is not None else ""
    crossing = (
        " The arrow between the two is the one place where the gradient crosses."
        if len(model.phases) > 1 else ""
    )  # fmt: skip
    return (
        f"The unrolled network: {model.wiring.title}.{loop}{crossing} The same weights stand on all arrows of a kind.",
    )
