"""Diagrams as SVG, typeset by the embedded Typst; without it, their text picture in an SVG frame."""

from __future__ import annotations

import tempfile
from html import escape
from pathlib import Path

from reports.document.diagrams import Diagram
from reports.engines import typst_engine
from reports.formula.to_typst import PREAMBLE
from reports.writers.typst_figures import to_typst


def svg_diagram(diagram: Diagram) -> bytes:
    """The diagram as a stand-alone SVG file."""
    return _typeset(diagram) if typst_engine.available() else _plain(diagram)


def _typeset(diagram: Diagram) -> bytes:
    page = "#set page(width: auto, height: auto, margin: 2mm, fill: white)\n"
    math = '#show math.equation: set text(font: "New Computer Modern Math")\n'
    with tempfile.TemporaryDirectory(prefix="bptt-diagram-") as name:
        source = Path(name, "diagram.typ")
        source.write_text(f"{page}{math}{PREAMBLE}\n#{to_typst(diagram)}\n", encoding="utf-8")
        return typst_engine.compile_file(source, False, "svg")


def _plain(diagram: Diagram) -> bytes:
    from reports.writers.text_figures import text_diagram

    lines = text_diagram(diagram)
    size = f'width="{9 * max(map(len, lines)) + 20}" height="{18 * len(lines) + 20}"'
    body = "".join(
        f'<text x="10" y="{18 * n + 20}" xml:space="preserve">{escape(s)}</text>' for n, s in enumerate(lines)
    )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="monospace" font-size="15">{body}</svg>'
    return svg.encode()
