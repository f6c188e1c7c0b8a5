"""Diagrams in Typst: outlines and arrows placed in millimetres, so that every label is real mathematics."""

from __future__ import annotations

from math import hypot

from reports.document.diagrams import (
    NODE_RADIUS_MM,
    Arrow,
    Diagram,
    Edge,
    Node,
    Point,
    arrow,
    bounds,
    colour,
    position,
)
from reports.formula.to_typst import typst_math
from reports.formula.tree import Formula

_HEAD_MM = (2.4, 0.95)


def to_typst(diagram: Diagram) -> str:
    """One box with everything placed in it."""
    left, bottom, right, top = bounds(diagram)
    canvas = _Canvas(left, top)
    parts = [part for edge in diagram.edges for part in _edge(canvas, diagram, edge)]
    parts += [_node(canvas, diagram, node) for node in diagram.nodes]
    body = "\n  ".join(parts)
    return f"box(width: {right - left:.2f}mm, height: {top - bottom:.2f}mm, {{\n  {body}\n}})"


class _Canvas:
    """Turns y upwards into Typst's y downwards, from the top left corner."""

    def __init__(self, left: float, top: float) -> None:
        self._left, self._top = left, top

    def at(self, point: Point) -> Point:
        return point[0] - self._left, self._top - point[1]

    def mm(self, point: Point) -> str:
        x, y = self.at(point)
        return f"({x:.2f}mm, {y:.2f}mm)"

    def centred(self, point: Point, body: str) -> str:
        """A body centred at a point, in a box large enough not to wrap it."""
        x, y = self.at(point)
        room = f"box(width: 30mm, height: 20mm, align(center + horizon, {body}))"
        return f"place(dx: {x - 15:.2f}mm, dy: {y - 10:.2f}mm, {room})"


def _label(formula: Formula, ink: str) -> str:
    return f'text(10pt, fill: rgb("{ink}"), ${typst_math(formula)}$)'


def _node(canvas: _Canvas, diagram: Diagram, node: Node) -> str:
    size = 2 * NODE_RADIUS_MM
    if node.shape == "none":
        return canvas.centred(position(diagram, node.key), _label(node.label, colour(node.role)))
    radius = {"circle": f"{NODE_RADIUS_MM}mm", "box": "0.4mm"}[node.shape]
    stroke = f'{0.9 if node.shape == "circle" else 0.7}pt + rgb("{colour(node.role)}")'
    body = f"align(center + horizon, {_label(node.label, '#000000')})"
    outline = f"box(width: {size}mm, height: {size}mm, radius: {radius}, fill: white, stroke: {stroke}, {body})"
    return canvas.centred(position(diagram, node.key), outline)


def _edge(canvas: _Canvas, diagram: Diagram, edge: Edge) -> list[str]:
    drawn, ink = arrow(diagram, edge), colour(edge.role)
    stroke = f'{edge.weight:g}pt + rgb("{ink}")'
    parts = [_path(canvas, drawn, stroke, ink)]
    if edge.label is None:
        return parts
    label = f"box(fill: white, inset: 0.5mm, {_label(edge.label, ink)})"
    return [*parts, canvas.centred(drawn.label_at, label)]


def _path(canvas: _Canvas, drawn: Arrow, stroke: str, ink: str) -> str:
    if drawn.is_loop:
        return _loop(canvas, drawn.start, drawn.end, stroke, ink)
    if drawn.via is not None:
        return _bent(canvas, drawn.start, drawn.via, drawn.end, stroke, ink)
    return _line(canvas, drawn.start, drawn.end, stroke, ink)


def _bent(canvas: _Canvas, start: Point, via: Point, end: Point, stroke: str, ink: str) -> str:
    length = hypot(end[0] - via[0], end[1] - via[1]) or 1.0
    direction = (end[0] - via[0]) / length, (end[1] - via[1]) / length
    curve = f"curve(stroke: {stroke}, curve.move({canvas.mm(start)}), "
    curve += f"curve.cubic({canvas.mm(via)}, {canvas.mm(via)}, {canvas.mm(end)}))"
    return f"place({curve})\n  " + _head(canvas, end, direction, ink)


def _line(canvas: _Canvas, start: Point, end: Point, stroke: str, ink: str) -> str:
    length = hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    direction = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    neck = end[0] - 0.8 * _HEAD_MM[0] * direction[0], end[1] - 0.8 * _HEAD_MM[0] * direction[1]
    return f"place(line(start: {canvas.mm(start)}, end: {canvas.mm(neck)}, stroke: {stroke}))\n  " + _head(
        canvas, end, direction, ink
    )


def _loop(canvas: _Canvas, start: Point, end: Point, stroke: str, ink: str) -> str:
    lift = 8.0
    first, second = (start[0] - 3, start[1] + lift), (end[0] + 3, end[1] + lift)
    curve = f"curve(stroke: {stroke}, curve.move({canvas.mm(start)}), "
    curve += f"curve.cubic({canvas.mm(first)}, {canvas.mm(second)}, {canvas.mm(end)}))"
    return f"place({curve})\n  " + _head(canvas, end, (-0.35, -0.94), ink)


def _head(canvas: _Canvas, tip: Point, direction: Point, ink: str) -> str:
    (length, half), (ux, uy) = _HEAD_MM, direction
    base = tip[0] - length * ux, tip[1] - length * uy
    corners = [tip, (base[0] - half * uy, base[1] + half * ux), (base[0] + half * uy, base[1] - half * ux)]
    points = ", ".join(canvas.mm(corner) for corner in corners)
    return f'place(polygon(fill: rgb("{ink}"), {points}))'
