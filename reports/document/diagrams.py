"""Node-and-edge diagrams as data, and the geometry their emitters share. y points up, as on paper."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import Literal

from reports.document.blocks import Block
from reports.document.inline import InlineLike
from reports.formula.symbols import ROLES
from reports.formula.tree import Formula

Shape = Literal["circle", "box", "none"]
Point = tuple[float, float]

NODE_RADIUS_MM = 5.0
_CLEAR_MM = 3.2  # around a label without an outline
INK = "#333333"
_LEVEL = 0.1  # of an arrow's length: no steeper is level


@dataclass(frozen=True)
class Node:
    """A node at (x, y) in units of `Diagram.unit_mm`."""

    key: str
    x: float
    y: float
    label: Formula
    shape: Shape = "circle"
    role: str | None = None


@dataclass(frozen=True)
class Edge:
    """An arrow between two nodes (or from a node to itself).

    `weight` is its line width in points; `bend` pulls its middle to the right, in units of the diagram.
    """

    source: str
    target: str
    label: Formula | None = None
    role: str | None = None
    weight: float = 0.8
    bend: float = 0.0


@dataclass(frozen=True)
class Diagram(Block):
    """Nodes and arrows with a caption and an alternative text."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    caption: InlineLike = ()
    label: str | None = None
    alt: str = ""
    unit_mm: float = 20.0

    def __post_init__(self) -> None:
        keys = [node.key for node in self.nodes]
        if len(set(keys)) != len(keys):
            raise ValueError(f"diagram nodes share a key: {sorted(k for k in keys if keys.count(k) > 1)}")
        for edge in self.edges:
            for key in (edge.source, edge.target):
                if key not in keys:
                    raise ValueError(f"edge {edge.source} → {edge.target}: there is no node {key!r}")

    def node(self, key: str) -> Node:
        """The node of that key."""
        return next(node for node in self.nodes if node.key == key)


@dataclass(frozen=True)
class Arrow:
    """An edge as drawn: end points on the outlines in millimetres, and where its label is centred.

    `via` is both control points of the curve, where it is bent.
    """

    start: Point
    end: Point
    label_at: Point
    is_loop: bool = False
    via: Point | None = None


def colour(role: str | None) -> str:
    """The colour of a role, or ink."""
    return ROLES[role].colour if role in ROLES else INK


def position(diagram: Diagram, key: str) -> Point:
    """The centre of a node in millimetres."""
    node = diagram.node(key)
    return node.x * diagram.unit_mm, node.y * diagram.unit_mm


def arrow(diagram: Diagram, edge: Edge) -> Arrow:
    """The arrow of an edge, straight or bent; a loop stands above its node."""
    source, target = position(diagram, edge.source), position(diagram, edge.target)
    if source == target:
        top = source[1] + NODE_RADIUS_MM
        return Arrow((source[0] - 2, top - 0.5), (source[0] + 2, top - 0.5), (source[0], top + 9.5), is_loop=True)
    via = _via(source, target, edge.bend * diagram.unit_mm)
    start = _outline(diagram.node(edge.source), source, via or target)
    end = _outline(diagram.node(edge.target), target, via or source)
    return Arrow(start, end, _label_point(start, end, via), via=via)


def _direction(start: Point, end: Point) -> Point:
    length = hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    return (end[0] - start[0]) / length, (end[1] - start[1]) / length


def _via(start: Point, end: Point, aside: float) -> Point | None:
    """The middle moved aside, to the right of the direction."""
    if not aside:
        return None
    ux, uy = _direction(start, end)
    return (start[0] + end[0]) / 2 + aside * uy, (start[1] + end[1]) / 2 - aside * ux


def _outline(node: Node, centre: Point, towards: Point) -> Point:
    """Where the outline of a node meets an arrow."""
    ux, uy = _direction(centre, towards)
    reach = {"circle": NODE_RADIUS_MM, "box": NODE_RADIUS_MM / max(abs(ux), abs(uy)), "none": _CLEAR_MM}[node.shape]
    return centre[0] + reach * ux, centre[1] + reach * uy


def _label_point(start: Point, end: Point, via: Point | None) -> Point:
    """Above the middle of a level arrow, to the right of an upright one, near the start of an oblique one, where it
    meets no other; at the bend of one that has it.
    """
    if via is not None:
        return via
    ux, uy = _direction(start, end)
    nx, ny = (-uy, ux) if ux > 0 or (ux == 0 and uy < 0) else (uy, -ux)
    away = 3.2 + 1.6 * abs(nx)
    share = 0.5 if min(abs(ux), abs(uy)) < _LEVEL else 0.3
    x, y = (a + share * (b - a) for a, b in zip(start, end, strict=True))
    return x + nx * away, y + ny * away


def is_blocked(diagram: Diagram, edge: Edge) -> bool:
    """Whether a straight arrow would run through another node."""
    start, end = position(diagram, edge.source), position(diagram, edge.target)
    others = (position(diagram, node.key) for node in diagram.nodes if node.key not in (edge.source, edge.target))
    return any(_distance(other, start, end) < NODE_RADIUS_MM for other in others)


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a point to a straight line between two others."""
    ux, uy = _direction(start, end)
    px, py = point[0] - start[0], point[1] - start[1]
    along = min(max(px * ux + py * uy, 0.0), hypot(end[0] - start[0], end[1] - start[1]))
    return hypot(px - along * ux, py - along * uy)


def bounds(diagram: Diagram) -> tuple[float, float, float, float]:
    """left, bottom, right, top in millimetres, room for outlines, loops and their labels included."""
    xs = [node.x * diagram.unit_mm for node in diagram.nodes]
    ys = [node.y * diagram.unit_mm for node in diagram.nodes]
    loops = [arrow(diagram, edge).label_at[1] + 3 for edge in diagram.edges if edge.source == edge.target]
    margin = NODE_RADIUS_MM + 0.6
    return min(xs) - margin, min(ys) - margin, max(xs) + margin, max([max(ys) + margin, *loops])
