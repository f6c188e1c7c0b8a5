"""Panels of weights in TikZ: a picture for each below its title, in units of a cell, with row 1 at the top."""

from __future__ import annotations

from reports.document.panels import Panel, key, number_ink, staircase
from reports.document.ticks import position_label
from reports.document.triangle_sheet import GAP_MM, TITLE_PT, Sheet, labelled_steps, number_in, number_pt, sheet
from reports.document.triangles import CUT_NAME, KEY_NAME, Triangles, cell_colour, has_cuts
from reports.writers.latex_inline import LatexInline

TRIANGLES_PREAMBLE = r"""% \weight{i}{t}{RRGGBB} is the cell in column i and row t of the grid, and
% \weightnumber{i}{t}{colour}{number} is what stands in it.
\newcommand*{\weight}[3]{\definecolor{here}{HTML}{#3}\filldraw[weight cell] (#1-1,#2-1) rectangle (#1,#2);}
\newcommand*{\weightnumber}[4]{\node[text=#3] at (#1-0.5,#2-0.5) {#4};}
\newcommand*{\weightkey}[2]{\mbox{\tikz[baseline=0.1ex]{\definecolor{here}{HTML}{#1}%
  \filldraw[weight cell] (0,0) rectangle (2.6mm,2.6mm);}~#2}}
\tikzset{weight cell/.style={fill=here,draw=black!40,line width=0.3pt},
  weight cut/.style={line width=1.4pt},weight step/.style={font=\rmfamily\fontsize{7}{7}\selectfont},
  weights/.style={every node/.style={inner sep=0pt,font=\sffamily\fontsize{#1}{#1}\selectfont}}}"""


def tikz_triangles(triangles: Triangles, inline: LatexInline) -> str:
    """Rows of boxes of one width, and below them which colour is which weight."""
    places = sheet(triangles.panels)
    boxes = [
        _box(triangles, panel, places, r" \\\relax ".join(map(inline, title)))
        for panel, title in zip(triangles.panels, places.titles, strict=True)
    ]
    boxes += [rf"\hspace*{{{places.panel_mm:.2f}mm}}"] * (-len(boxes) % places.columns)
    rows = [boxes[start : start + places.columns] for start in range(0, len(boxes), places.columns)]
    gap = f"\\hspace{{{GAP_MM:g}mm}}%\n"
    return "\\par\\vspace{1mm}\n".join([*(gap.join(row) for row in rows), _key(triangles, inline)])


def _box(triangles: Triangles, panel: Panel, places: Sheet, title: str) -> str:
    cell = places.cell_mm
    return "\n".join(
        [
            rf"\begin{{minipage}}[b]{{{places.panel_mm:.2f}mm}}\centering",
            rf"{{\fontsize{{{TITLE_PT:g}}}{{11}}\selectfont\strut {title}\par}}\vspace{{-1pt}}",
            rf"\begin{{tikzpicture}}[x={cell:.3f}mm,y=-{cell:.3f}mm,weights={number_pt(cell):.2f}pt]",
            *_cells(triangles, panel, cell),
            *_steps(panel, cell),
            *_cut(panel),
            r"\end{tikzpicture}",
            r"\end{minipage}",
        ]
    )


def _cells(triangles: Triangles, panel: Panel, cell_mm: float) -> list[str]:
    lines = []
    for t, row in enumerate(panel.weights, start=1):
        for i, weight in enumerate(row, start=1):
            colour, number = cell_colour(triangles, weight), number_in(weight, cell_mm)
            shown = rf"\weightnumber{{{i}}}{{{t}}}{{{number_ink(colour)}}}{{{number}}}" if number else ""
            lines.append(rf"\weight{{{i}}}{{{t}}}{{{colour[1:].upper()}}}{shown}")
    return lines


def _steps(panel: Panel, cell_mm: float) -> list[str]:
    """The late steps at the left and the early ones below, with their names at the ends."""
    last = panel.steps
    shown = labelled_steps(last, cell_mm)
    rows = [rf"\node[weight step,left=1mm] at (0,{t}-0.5) {{{t}}};" for t in shown]
    columns = [rf"\node[weight step,below=1mm,anchor=base,yshift=-5pt] at ({i}-0.5,{last}) {{{i}}};" for i in shown]
    names = [
        r"\node[weight step,anchor=base east,xshift=-1mm,yshift=1mm] at (0,0) {$t$};",
        rf"\node[weight step,anchor=base west,xshift=1mm,yshift=-7.85pt] at ({last},{last}) {{$i$}};",
    ]
    return [*rows, *columns, *names]


def _cut(panel: Panel) -> list[str]:
    corners = staircase(panel)
    return [rf"\draw[weight cut] {' -- '.join(f'({i},{t})' for i, t in corners)};"] if corners else []


def _key(triangles: Triangles, inline: LatexInline) -> str:
    shown = [
        rf"\weightkey{{{cell_colour(triangles, weight)[1:].upper()}}}{{{inline(position_label(weight))}}}"
        for weight in key(triangles.panels)
    ]
    if has_cuts(triangles):
        shown.append(rf"\mbox{{\tikz[baseline=-0.6ex]{{\draw[weight cut] (0,0) -- (4mm,0);}}~{CUT_NAME}}}")
    entries = r"\quad ".join([KEY_NAME, *shown])
    return rf"{{\footnotesize {entries}\par}}"
