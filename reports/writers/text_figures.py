"""Diagrams on a character grid: rough, but a terminal shows the shape."""

from __future__ import annotations

import textwrap

from reports.document.diagrams import Diagram, Edge, Node, Shape
from reports.formula.to_text import text
from reports.writers.text_grid import Grid

_OUTLINES: dict[Shape, tuple[str, str]] = {"circle": ("(", ")"), "box": ("[", "]"), "none": ("", "")}
_LEAST = 40


def text_diagram(diagram: Diagram) -> list[str]:
    """Nodes as `(label)` or `[label]`, level and upright edges as arrows; other edges are listed beneath."""
    across, up = max(8, 3 + max(len(_shown(node)) for node in diagram.nodes)), 4
    left, top = min(n.x for n in diagram.nodes), max(n.y for n in diagram.nodes)
    width = int((max(n.x for n in diagram.nodes) - left) * across) + 12
    grid = Grid(width, int((top - min(n.y for n in diagram.nodes)) * up) + 1)
    place = {n.key: (round((n.x - left) * across) + 3, round((top - n.y) * up)) for n in diagram.nodes}
    other = [edge for edge in diagram.edges if not _draw_edge(grid, edge, place)]
    for node in diagram.nodes:
        shown = _shown(node)
        grid.put(place[node.key][0] - len(shown) // 2, place[node.key][1], shown)
    return grid.lines() + textwrap.wrap(
        ", ".join(_listed(diagram, edge) for edge in other if diagram.node(edge.source).shape != "none"),
        max(width, _LEAST),
    )


def _shown(node: Node) -> str:
    left, right = _OUTLINES[node.shape]
    return f"{left}{text(node.label)}{right}"


def _listed(diagram: Diagram, edge: Edge) -> str:
    label = f"{text(edge.label)} " if edge.label else ""
    ends = (text(diagram.node(key).label) for key in (edge.source, edge.target))
    return f" ─{label}→ ".join(ends).replace(" ", "\u00a0")


def _draw_edge(grid: Grid, edge: Edge, place: dict[str, tuple[int, int]]) -> bool:
    (x1, y1), (x2, y2) = place[edge.source], place[edge.target]
    label = text(edge.label) if edge.label else ""
    if edge.bend:
        return False
    if y1 == y2 and x1 < x2:
        grid.put(x1, y1, "─" * (x2 - x1))
        grid.put(x2 - 3, y2, "→")
        grid.put((x1 + x2 - len(label)) // 2, y1 - 1, label)
        return True
    if x1 == x2 and y1 != y2:
        step = 1 if y2 > y1 else -1
        for y in range(y1, y2, step):
            grid.put(x1, y, "│")
        grid.put(x2, y2 - step, "↓" if step > 0 else "↑")
        grid.put(x1 + 2, (y1 + y2) // 2, label)
        return True
    return False
