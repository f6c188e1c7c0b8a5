"""Blocks in LaTeX, one method each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import singledispatchmethod

from reports.document.bars import Bars
from reports.document.blocks import (
    Block,
    Bullets,
    CodeBlock,
    Derivation,
    Heading,
    KeepTogether,
    Note,
    PageBreak,
    Paragraph,
    Reference,
    References,
    Result,
    Table,
)
from reports.document.charts import Plot
from reports.document.diagrams import Diagram
from reports.document.heatmaps import HeatMap
from reports.document.inline import InlineLike
from reports.document.listing import code_lines
from reports.document.numbering import Numbering
from reports.document.triangles import Triangles
from reports.escaping.latex_text import latex_code, latex_text, latex_url
from reports.writers.latex_bars import pgf_bars
from reports.writers.latex_diagrams import to_tikz
from reports.writers.latex_heatmaps import pgf_heat_map
from reports.writers.latex_inline import LatexInline, anchor, latex_bookmark
from reports.writers.latex_math import LatexMath
from reports.writers.latex_plots import pgfplot
from reports.writers.latex_tables import LONG, latex_table
from reports.writers.latex_triangles import tikz_triangles

_SECTIONS = {1: "section", 2: "subsection", 3: "subsubsection"}
_NOTES = {
    "note": ("tint", "rule", ""),
    "convention": ("warm", "rule", "Convention."),
    "warning": ("alarm", "jacobian", "Warning."),
}
_CODE_WIDTH = 92


@dataclass(frozen=True)
class LatexBlocks:
    """Prints blocks; `breakable` is False inside a group that must stand on one page."""

    numbering: Numbering
    breakable: bool = True
    inline: LatexInline = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "inline", LatexInline(self.numbering))

    def all(self, blocks: tuple[Block, ...]) -> str:
        """The blocks one after the other."""
        out = ""
        for before, block in zip((None, *blocks), blocks, strict=False):
            out += self._gap(before, block) + self.block(block)
        return out

    def _gap(self, before: Block | None, block: Block) -> str:
        """A display belongs to the paragraph above it; after anything else it closes up."""
        if before is None or not isinstance(block, Derivation):
            return "" if before is None else "\n\n"
        return "\n" if isinstance(before, Paragraph) else "\n\n\\startdisplay\n"

    @singledispatchmethod
    def block(self, block: Block) -> str:
        raise TypeError(f"no LaTeX for {type(block).__name__}")

    @block.register
    def _heading(self, block: Heading) -> str:
        printed = self._target(block.label) + self.inline(block.text)
        shown = rf"\texorpdfstring{{{printed}}}{{{latex_bookmark(block.text)}}}"
        return rf"\{_SECTIONS[block.level]}{{{shown}}}"

    @block.register
    def _paragraph(self, block: Paragraph) -> str:
        return self.inline(block.inline)

    @block.register
    def _bullets(self, block: Bullets) -> str:
        items = "\n".join(rf"  \item {self.inline(item)}" for item in block.items)
        return f"\\begin{{itemize}}\n{items}\n\\end{{itemize}}"

    @block.register
    def _derivation(self, block: Derivation) -> str:
        return LatexMath(self.inline).display(block.lines, self._number(block), block.label)

    @block.register
    def _result(self, block: Result) -> str:
        caption = rf"\textbf{{{self.inline(block.caption)}}}" + "\n" if block.caption else ""
        display = LatexMath(self.inline, room=34.0).display(block.lines, self._number(block), block.label)
        option = "[breakable]" if self.breakable and len(block.lines) > LONG else ""
        return f"\\begin{{result}}{option}\n{caption}{display}\n\\end{{result}}"

    @block.register
    def _table(self, block: Table) -> str:
        return latex_table(block, self.inline, self._target(block.label), self.breakable)

    @block.register
    def _plot(self, block: Plot) -> str:
        return self._figure(pgfplot(block, self.inline), block.caption, block.label)

    @block.register
    def _bars(self, block: Bars) -> str:
        return self._figure(pgf_bars(block, self.inline), block.caption, block.label)

    @block.register
    def _heat_map(self, block: HeatMap) -> str:
        return self._figure(pgf_heat_map(block, self.inline), block.caption, block.label)

    @block.register
    def _triangles(self, block: Triangles) -> str:
        return self._figure(tikz_triangles(block, self.inline), block.caption, block.label)

    @block.register
    def _diagram(self, block: Diagram) -> str:
        return self._figure(to_tikz(block), block.caption, block.label)

    def _figure(self, picture: str, caption: InlineLike, label: str | None) -> str:
        """A picture where it stands in the text, its caption on the same page."""
        shown = rf"\captionof{{figure}}[]{{{self._target(label)}{self.inline(caption)}}}"
        return f"\\begin{{together}}\\centering\n{picture}\n{shown}\n\\end{{together}}"

    @block.register
    def _code(self, block: CodeBlock) -> str:
        lines = code_lines(block.text, _CODE_WIDTH)
        body = " \\\\\n".join(latex_code(line) or r"\strut" for line in lines)
        return f"\\begin{{codebox}}\n{body}\n\\end{{codebox}}"

    @block.register
    def _note(self, block: Note) -> str:
        tint, edge, word = _NOTES[block.kind]
        lead = rf"\textbf{{{word}}} " if word else ""
        return f"\\begin{{notebox}}{{{tint}}}{{{edge}}}\n{lead}{self.inline(block.inline)}\n\\end{{notebox}}"

    @block.register
    def _references(self, block: References) -> str:
        items = "\n".join(self._reference(entry) for entry in block.entries)
        options = r"label={[\arabic*]},leftmargin=2.2em,itemsep=2pt"
        return f"\\begin{{enumerate}}[{options}]\n{items}\n\\end{{enumerate}}"

    def _reference(self, entry: Reference) -> str:
        url = (
            rf" \href{{{latex_url(entry.url)}}}{{\addressstyle\texttt{{{latex_code(entry.url)}}}}}" if entry.url else ""
        )
        work = rf"{latex_text(entry.by)} \emph{{{latex_text(entry.title)}}}."
        text = f"{work} {latex_text(entry.published)}{url}"
        return rf"  \item\hypertarget{{cite:{anchor(entry.key)}}}{{}}{text}"

    @block.register
    def _page_break(self, block: PageBreak) -> str:
        return r"\clearpage"

    @block.register
    def _keep_together(self, block: KeepTogether) -> str:
        inner = replace(self, breakable=False).all(block.blocks)
        return inner if not self.breakable else f"\\begin{{together}}\n{inner}\n\\end{{together}}"

    def _number(self, block: Block) -> str | None:
        target = self.numbering.of(block)
        return None if target is None else target.number

    def _target(self, label: str | None) -> str:
        return "" if label is None else rf"\target{{{anchor(label)}}}"
