"""Diagrams as TikZ: named nodes and arrows between them. The preamble has the styles `circ` and `rect`."""

from __future__ import annotations

from reports.document.diagrams import NODE_RADIUS_MM, Diagram, Edge, Node, arrow
from reports.formula.symbols import ROLES
from reports.formula.to_latex import latex

_SHAPES = {"circle": "circ", "box": "rect", "none": "minimum size=0pt"}
_LOOP = "to[loop above,min distance=9mm,in=65,out=115]"


def to_tikz(diagram: Diagram) -> str:
    """A `tikzpicture` whose unit is that of the diagram."""
    unit = f"x={diagram.unit_mm:g}mm,y={diagram.unit_mm:g}mm"
    return "\n".join(
        [
            rf"\begin{{tikzpicture}}[{unit},report diagram={2 * NODE_RADIUS_MM:g}mm]",
            *(_node(node) for node in diagram.nodes),
            *(_edge(diagram, edge) for edge in diagram.edges),
            r"\end{tikzpicture}",
        ]
    )


def _ink(role: str | None) -> str:
    return role if role in ROLES else "black!80"


def _node(node: Node) -> str:
    drawn = "" if node.shape == "none" else f",draw={_ink(node.role)}"
    style = f"{_SHAPES[node.shape]}{drawn}"
    return rf"\node[{style}] ({_name(node.key)}) at ({node.x:g},{node.y:g}) {{${latex(node.label)}$}};"


def _edge(diagram: Diagram, edge: Edge) -> str:
    ink, via = _ink(edge.role), arrow(diagram, edge).via
    path = _LOOP if edge.source == edge.target else "--"
    if via is not None:
        path = f".. controls ({via[0]:.1f}mm,{via[1]:.1f}mm) .."
    ends = f"({_name(edge.source)}) {path} ({_name(edge.target)})"
    drawn = rf"\draw[->,{ink},line width={edge.weight:g}pt] {ends};"
    if edge.label is None:
        return drawn
    x, y = arrow(diagram, edge).label_at
    return drawn + rf" \node[text={ink},fill=white,inner sep=1pt] at ({x:.1f}mm,{y:.1f}mm) {{${latex(edge.label)}$}};"


def _name(key: str) -> str:
    """A node name without signs that mean something to TikZ."""
    return "".join(char if char.isascii() and char.isalnum() else f"-{ord(char):x}-" for char in key)
