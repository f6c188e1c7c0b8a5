"""Blocks in GitHub Markdown, one method each; pictures become SVG files beside the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import singledispatchmethod

from reports.document.blocks import (
    Align,
    Block,
    Bullets,
    CodeBlock,
    Derivation,
    Heading,
    KeepTogether,
    Line,
    Note,
    PageBreak,
    Paragraph,
    Reference,
    References,
    Result,
    Table,
)
from reports.document.diagrams import Diagram
from reports.document.figures import Chart, Figure
from reports.document.inline import InlineLike, as_inline
from reports.document.numbering import Numbering
from reports.escaping.markdown_text import markdown_text
from reports.figures import figure_svg
from reports.formula.narrowing import narrowed
from reports.formula.shape import grows
from reports.formula.to_latex import latex
from reports.formula.tree import Atom, Formula, Words
from reports.writers.markdown_inline import MarkdownInline, anchor
from reports.writers.svg_diagrams import svg_diagram

_RULES: dict[Align, str] = {"left": ":---", "center": ":---:", "right": "---:"}
_MATRIX_ROOM_EM = 44.0  # a page can be scrolled, but the brackets of a matrix belong in one view
_ALERTS = {"note": "NOTE", "convention": "IMPORTANT", "warning": "WARNING"}


@dataclass
class MarkdownBlocks:
    """Prints blocks, and collects the picture files they need."""

    numbering: Numbering
    folder: str
    files: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.inline = MarkdownInline(self.numbering)

    def all(self, blocks: tuple[Block, ...]) -> str:
        """The blocks with blank lines between them."""
        return "\n\n".join(shown for block in blocks if (shown := self.block(block)))

    @singledispatchmethod
    def block(self, block: Block) -> str:
        raise TypeError(f"no Markdown for {type(block).__name__}")

    @block.register
    def _heading(self, block: Heading) -> str:
        target = self.numbering.of(block)
        number = target.number if target else ""
        return f"{_anchor(block.label)}{'#' * (block.level + 1)} {number} {self.inline(block.text)}"

    @block.register
    def _paragraph(self, block: Paragraph) -> str:
        return self.inline(block.inline)

    @block.register
    def _bullets(self, block: Bullets) -> str:
        return "\n".join(f"- {self.inline(item)}" for item in block.items)

    @block.register
    def _derivation(self, block: Derivation) -> str:
        return _anchor(block.label) + self._display(block, block.lines)

    @block.register
    def _result(self, block: Result) -> str:
        caption = f"**{self.inline(block.caption)}**\n\n" if block.caption else ""
        return _anchor(block.label) + caption + self._display(block, block.lines, boxed=True)

    def _display(self, block: Block, lines: tuple[Line, ...], boxed: bool = False) -> str:
        target = self.numbering.of(block)
        rows = " \\\\\n".join(_row(line) for line in lines)
        body = f"\\begin{{aligned}}\n{rows}\n\\end{{aligned}}"
        framed = f"\\boxed{{{body}}}" if boxed else body
        tag = f"\n\\tag{{{target.number}}}" if target else ""
        return f"```math\n{framed}{tag}\n```"

    @block.register
    def _table(self, block: Table) -> str:
        header = _cells(self.inline(column.header) for column in block.columns)
        rule = _cells(_RULES[column.align] for column in block.columns)
        rows = "\n".join(_cells(self.inline(cell) for cell in cells) for cells in block.rows)
        note = f"\n\n*{self.inline(block.note)}*" if block.note else ""
        return f"{_anchor(block.label)}{self._caption(block, block.caption)}\n\n{header}\n{rule}\n{rows}{note}"

    def _caption(self, block: Block, caption: InlineLike) -> str:
        return f"**{self.numbering.of(block)}.** {self.inline(caption)}"

    @block.register
    def _chart(self, block: Chart) -> str:
        return self._figure(block, block, lambda: figure_svg(block))

    @block.register
    def _diagram(self, block: Diagram) -> str:
        return self._figure(block, block, lambda: svg_diagram(block))

    def _figure(self, block: Block, picture: Figure, draw: Callable[[], bytes]) -> str:
        target = self.numbering.of(block)
        path = f"{self.folder}/figure-{target.number if target else 0}.svg"
        self.files[path] = draw()
        image = f"![{markdown_text(picture.alt)}]({path.replace(' ', '%20')})"
        return f"{_anchor(picture.label)}{image}\n\n{self._caption(block, picture.caption)}"

    @block.register
    def _code(self, block: CodeBlock) -> str:
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", block.text)), default=0))
        return f"{fence}{block.language}\n{block.text}\n{fence}"

    @block.register
    def _note(self, block: Note) -> str:
        return f"> [!{_ALERTS[block.kind]}]\n> {self.inline(block.inline)}"

    @block.register
    def _references(self, block: References) -> str:
        return "\n".join(self._reference(entry) for entry in block.entries)

    def _reference(self, entry: Reference) -> str:
        url = f" <{entry.url}>" if entry.url else ""
        text = f"{markdown_text(entry.by)} *{markdown_text(entry.title)}*. {markdown_text(entry.published)}{url}"
        return f"{self.numbering.citation(entry.key)}. {_anchor('cite:' + entry.key).strip()}{text}"

    @block.register
    def _page_break(self, block: PageBreak) -> str:
        return ""

    @block.register
    def _keep_together(self, block: KeepTogether) -> str:
        return self.all(block.blocks)


def _anchor(label: str | None) -> str:
    return "" if label is None else f'<a id="{anchor(label)}"></a>\n\n'


def _cells(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _row(line: Line) -> str:
    lhs = "" if line.lhs is None else latex(line.lhs, colour=False)
    why = f" && {_why(line.why)}" if line.why else ""
    relation = latex(Atom(line.relation)) if line.relation else ""
    rhs = narrowed(line.rhs, _MATRIX_ROOM_EM) if grows(line.rhs) else line.rhs
    return f"{lhs} &{relation} {latex(rhs, colour=False)}{why}"


def _why(why: InlineLike) -> str:
    """Words in `\\text`, formulas beside them: dollar signs inside `\\text` are not portable."""
    parts = [part if isinstance(part, Formula) else Words(_words(part)) for part in as_inline(why)]
    return "".join(latex(part, colour=False) for part in parts)


def _words(part: object) -> str:
    return part if isinstance(part, str) else str(getattr(part, "text", getattr(part, "label", "")))
