"""Node-and-edge diagrams as data, and the geometry their emitters share. y points up, as on paper."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import Literal

from reports.document.blocks import Block
from reports.document.inline import InlineLike
from reports.formula.symbols import ROLES
from reports.formula.tree import Formula

Shape = Literal["circle", "box"]
Point = tuple[float, float]

NODE_RADIUS_MM = 5.0
INK = "#333333"


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
    """An arrow between two nodes (or from a node to itself); `weight` is its line width in points."""

    source: str
    target: str
    label: Formula | None = None
    role: str | None = None
    weight: float = 0.8


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
    """An edge as drawn: end points on the outlines in millimetres, and where its label is centred."""

    start: Point
    end: Point
    label_at: Point
    is_loop: bool = False


def colour(role: str | None) -> str:
    """The colour of a role, or ink."""
    return ROLES[role].colour if role in ROLES else INK


def position(diagram: Diagram, key: str) -> Point:
    """The centre of a node in millimetres."""
    node = diagram.node(key)
    return node.x * diagram.unit_mm, node.y * diagram.unit_mm


def arrow(diagram: Diagram, edge: Edge) -> Arrow:
    """The straight arrow of an edge; a loop stands above its node."""
    (x1, y1), (x2, y2) = position(diagram, edge.source), position(diagram, edge.target)
    length = hypot(x2 - x1, y2 - y1)
    if length == 0:
        top = y1 + NODE_RADIUS_MM
        return Arrow((x1 - 2, top - 0.5), (x1 + 2, top - 0.5), (x1, top + 9.5), is_loop=True)
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    r1, r2 = _reach(diagram.node(edge.source), ux, uy), _reach(diagram.node(edge.target), ux, uy)
    start, end = (x1 + r1 * ux, y1 + r1 * uy), (x2 - r2 * ux, y2 - r2 * uy)
    return Arrow(start, end, _label_point(start, end, ux, uy))


def _reach(node: Node, ux: float, uy: float) -> float:
    """How far the outline is from the centre in direction (ux, uy)."""
    if node.shape == "circle":
        return NODE_RADIUS_MM
    return NODE_RADIUS_MM / max(abs(ux), abs(uy))


def _label_point(start: Point, end: Point, ux: float, uy: float) -> Point:
    """Beside the middle: above a level arrow, to the right of an upright one."""
    nx, ny = (-uy, ux) if ux > 0 or (ux == 0 and uy < 0) else (uy, -ux)
    away = 3.2 + 1.6 * abs(nx)
    return (start[0] + end[0]) / 2 + nx * away, (start[1] + end[1]) / 2 + ny * away


def bounds(diagram: Diagram) -> tuple[float, float, float, float]:
    """left, bottom, right, top in millimetres, room for outlines, loops and their labels included."""
    xs = [node.x * diagram.unit_mm for node in diagram.nodes]
    ys = [node.y * diagram.unit_mm for node in diagram.nodes]
    loops = [arrow(diagram, edge).label_at[1] + 3 for edge in diagram.edges if edge.source == edge.target]
    margin = NODE_RADIUS_MM + 0.6
    return min(xs) - margin, min(ys) - margin, max(xs) + margin, max([max(ys) + margin, *loops])
