"""Plots and diagrams on a character grid: rough, but a terminal shows the shape and the values."""

from __future__ import annotations

import textwrap
from math import log10

from reports.document.charts import Plot, visible_points
from reports.document.diagrams import Diagram, Edge, Node, Shape
from reports.formula.to_text import text

_OUTLINES: dict[Shape, tuple[str, str]] = {"circle": ("(", ")"), "box": ("[", "]"), "none": ("", "")}
_LEAST = 40
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Grid:
    """A rectangle of characters; what is drawn later covers what was there."""

    def __init__(self, width: int, height: int) -> None:
        self._rows = [[" "] * width for _ in range(height)]

    def put(self, x: int, y: int, shown: str) -> None:
        """Write text from (x, y) rightwards; what falls outside is dropped."""
        for offset in range(len(shown)):
            if 0 <= y < len(self._rows) and 0 <= x + offset < len(self._rows[y]):
                self._rows[y][x + offset] = shown[offset]

    def lines(self) -> list[str]:
        """The rows without trailing blanks."""
        return ["".join(row).rstrip() for row in self._rows]


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


def text_plot(plot: Plot, width: int, height: int = 14) -> list[str]:
    """Curves of letters in a frame; where curves meet, the last one is seen."""
    curves = [[(x, log10(y) if plot.log_y else y) for x, y in visible_points(plot, s)] for s in plot.series]
    every = [point for curve in curves for point in curve]
    if not every:
        return ["(no finite values)"]
    (x0, x1), (y0, y1) = _span([x for x, _ in every]), _span([y for _, y in every])
    room = max(20, width - 12)
    grid = Grid(room, height)
    for letter, curve in zip(list(_LETTERS), curves, strict=False):
        for x, y in curve:
            grid.put(round((x - x0) / (x1 - x0) * (room - 1)), round((y1 - y) / (y1 - y0) * (height - 1)), letter)
    return _framed(grid.lines(), plot.log_y, (x0, x1), (y0, y1), room)


def _span(values: list[float]) -> tuple[float, float]:
    lo, hi = min(values), max(values)
    return (lo, hi) if hi > lo else (lo - 1, hi + 1)


def _framed(rows: list[str], log_y: bool, xs: tuple[float, float], ys: tuple[float, float], room: int) -> list[str]:
    marks = {0: _tick(ys[1], log_y), len(rows) - 1: _tick(ys[0], log_y)}
    framed = [f"{marks.get(n, ''):>9} │{row}" for n, row in enumerate(rows)]
    foot = f"{xs[0]:g}".ljust(room - len(f"{xs[1]:g}")) + f"{xs[1]:g}"
    return [*framed, " " * 10 + "└" + "─" * room, " " * 11 + foot]


def _tick(value: float, log_y: bool) -> str:
    return f"1e{value:+.1f}" if log_y else f"{value:.3g}"


def legend(names: list[str]) -> str:
    """Which letter is which curve."""
    return "   ".join(
        f"{letter} {name}".replace(" ", "\u00a0") for letter, name in zip(list(_LETTERS), names, strict=False)
    )
