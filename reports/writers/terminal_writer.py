"""Plain Unicode text for terminals and mail, 80 columns unless asked otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatchmethod
from typing import TYPE_CHECKING

from reports.document.bars import Bars
from reports.document.blocks import (
    Block,
    Bullets,
    CodeBlock,
    Derivation,
    Document,
    Heading,
    KeepTogether,
    Note,
    PageBreak,
    Paragraph,
    References,
    Result,
    Table,
)
from reports.document.charts import Plot
from reports.document.diagrams import Diagram
from reports.document.heatmaps import HeatMap
from reports.document.inline import InlineLike, as_inline
from reports.document.listing import code_lines
from reports.document.numbering import Numbering, number
from reports.document.triangles import Triangles
from reports.escaping.characters import printable
from reports.writers.rendered import Rendered
from reports.writers.text_bars import text_bars
from reports.writers.text_figures import text_diagram
from reports.writers.text_heatmaps import text_heat_map
from reports.writers.text_inline import TextInline, fill
from reports.writers.text_math import text_display
from reports.writers.text_plots import legend, text_plot
from reports.writers.text_tables import text_table
from reports.writers.text_triangles import text_triangles

if TYPE_CHECKING:
    from rich.console import Console

FORMAT = "text"
SUFFIX = ".txt"
TITLE = "plain text, for terminals"
WIDTH = 80
_UNDERLINES = {1: "═", 2: "─", 3: "·"}
_NOTES = {"note": "Note", "convention": "Convention", "warning": "Warning"}


def render(document: Document, *, width: int | None = None, stem: str = "report") -> Rendered:
    """The document as text of at most `width` columns; `stem` has no meaning here."""
    blocks = TextBlocks(TextInline(number(document)), width or WIDTH)
    lines = [printable(document.title)] + ([printable(document.subtitle)] if document.subtitle else [])
    parts = [lines, ["━" * blocks.width]]
    parts += [fill(blocks.inline(document.abstract), blocks.width)] if as_inline(document.abstract) else []
    parts += [blocks.block(block) for block in document.blocks]
    parts += (
        [["─" * blocks.width, *fill(blocks.inline(document.colophon), blocks.width)]]
        if as_inline(document.colophon)
        else []
    )
    return Rendered("\n\n".join("\n".join(line.rstrip() for line in part) for part in parts if part) + "\n")


def print_document(document: Document, console: Console) -> None:
    """Print to a Rich console, as wide as it is, with headings and roles in colour."""
    from reports.writers.text_colours import coloured

    for line in render(document, width=min(console.width, 100)).main.splitlines():
        console.print(coloured(line, document), soft_wrap=True)


@dataclass(frozen=True)
class TextBlocks:
    """Turns blocks into lines."""

    inline: TextInline
    width: int

    @singledispatchmethod
    def block(self, block: Block) -> list[str]:
        raise TypeError(f"no text for {type(block).__name__}")

    @property
    def numbering(self) -> Numbering:
        """The numbers of the document."""
        return self.inline.numbering

    @block.register
    def _heading(self, block: Heading) -> list[str]:
        lines = fill(f"{self._number(block)}  {self.inline(block.text)}", self.width)
        return [*lines, _UNDERLINES[block.level] * max(map(len, lines))]

    @block.register
    def _paragraph(self, block: Paragraph) -> list[str]:
        return fill(self.inline(block.inline), self.width)

    @block.register
    def _bullets(self, block: Bullets) -> list[str]:
        return [line for item in block.items for line in fill(self.inline(item), self.width, "  • ", "    ")]

    @block.register
    def _derivation(self, block: Derivation) -> list[str]:
        return text_display(block.lines, self._number(block), self.inline, self.width)

    @block.register
    def _result(self, block: Result) -> list[str]:
        rule = "┄" * self.width
        caption = fill(self.inline(block.caption), self.width) if block.caption else []
        return [
            rule,
            *caption,
            *text_display(block.lines, self._number(block), self.inline, self.width),
            rule,
        ]

    @block.register
    def _table(self, block: Table) -> list[str]:
        note = fill(self.inline(block.note), self.width) if block.note else []
        return [*self._caption(block, block.caption), *text_table(block, self.inline, self.width), *note]

    @block.register
    def _plot(self, block: Plot) -> list[str]:
        axes = f"{self.inline(block.y_label)} over {self.inline(block.x_label)}"
        return [
            *text_plot(block, self.width),
            "",
            *fill(f"{axes}:  {legend(block, self.inline)}", self.width),
            *self._caption(block, block.caption),
        ]

    @block.register
    def _bars(self, block: Bars) -> list[str]:
        return [*text_bars(block, self.inline, self.width), "", *self._caption(block, block.caption)]

    @block.register
    def _heat_map(self, block: HeatMap) -> list[str]:
        return [*text_heat_map(block, self.inline, self.width), "", *self._caption(block, block.caption)]

    @block.register
    def _triangles(self, block: Triangles) -> list[str]:
        return [*text_triangles(block, self.inline, self.width), "", *self._caption(block, block.caption)]

    @block.register
    def _diagram(self, block: Diagram) -> list[str]:
        return [*text_diagram(block), "", *self._caption(block, block.caption)]

    def _caption(self, block: Block, caption: InlineLike) -> list[str]:
        return fill(f"{self.numbering.of(block)}. {self.inline(caption)}", self.width)

    @block.register
    def _code(self, block: CodeBlock) -> list[str]:
        return [f"    {printable(line)}" for line in code_lines(block.text, self.width - 4)]

    @block.register
    def _note(self, block: Note) -> list[str]:
        return fill(f"{_NOTES[block.kind]}: {self.inline(block.inline)}", self.width, "│ ", "│ ")

    @block.register
    def _references(self, block: References) -> list[str]:
        lines: list[str] = []
        for entry in block.entries:
            url = f" {entry.url}" if entry.url else ""
            text = printable(f"{entry.by} {entry.title}. {entry.published}{url}")
            lines += fill(text, self.width, f"[{self.numbering.citation(entry.key)}] ", "    ")
        return lines

    @block.register
    def _page_break(self, block: PageBreak) -> list[str]:
        return []

    @block.register
    def _keep_together(self, block: KeepTogether) -> list[str]:
        groups = [self.block(inner) for inner in block.blocks]
        return [line for n, group in enumerate(groups) for line in (([""] if n else []) + group)]

    def _number(self, block: Block) -> str | None:
        target = self.numbering.of(block)
        return None if target is None else target.number
