"""Blocks in Typst, one method each; charts become files beside the source."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import singledispatchmethod

from reports.document.blocks import (
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
from reports.document.columns import shares
from reports.document.diagrams import Diagram
from reports.document.figures import Chart
from reports.document.inline import InlineLike
from reports.document.lines import PAGE_ROOM_EM, fitted
from reports.document.listing import code_lines
from reports.document.numbering import Numbering
from reports.escaping.typst_text import typst_code, typst_string, typst_text
from reports.figures import figure_svg
from reports.formula.to_text import spoken
from reports.formula.to_typst import typst_math
from reports.formula.tree import Atom, Formula, Row
from reports.writers.typst_figures import to_typst
from reports.writers.typst_inline import TypstInline, anchor

LONG = 16
_CODE_WIDTH = 84
_NOTES = {
    "note": ("tint", "rule-grey", ""),
    "convention": ("warm", "rule-grey", "Convention."),
    "warning": ("alarm", 'rgb("#b3261e")', "Warning."),
}


@dataclass
class TypstBlocks:
    """Prints blocks, and collects the picture files they need."""

    numbering: Numbering
    folder: str
    files: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.inline = TypstInline(self.numbering)

    def all(self, blocks: tuple[Block, ...]) -> str:
        """The blocks one after the other."""
        after = (*blocks[1:], None)
        return "\n\n".join(self._leading(block, follower) for block, follower in zip(blocks, after, strict=True))

    def _leading(self, block: Block, follower: Block | None) -> str:
        """A paragraph that announces a formula or code stays on its page."""
        shown = self.block(block)
        announces = isinstance(block, Paragraph) and isinstance(follower, Derivation | Result | CodeBlock)
        return f"#block(sticky: true, width: 100%)[{shown}]" if announces else shown

    @singledispatchmethod
    def block(self, block: Block) -> str:
        raise TypeError(f"no Typst for {type(block).__name__}")

    @block.register
    def _heading(self, block: Heading) -> str:
        return f"#[#heading(level: {block.level})[{self.inline(block.text)}]{_label(block.label)}]"

    @block.register
    def _paragraph(self, block: Paragraph) -> str:
        return self.inline(block.inline)

    @block.register
    def _bullets(self, block: Bullets) -> str:
        return f"#list({', '.join(f'[{self.inline(item)}]' for item in block.items)})"

    @block.register
    def _derivation(self, block: Derivation) -> str:
        return self._lines(block, block.lines, block.label, PAGE_ROOM_EM)

    @block.register
    def _result(self, block: Result) -> str:
        caption = f"*{self.inline(block.caption)}*\n" if block.caption else ""
        display = self._lines(block, block.lines, block.label, PAGE_ROOM_EM - 2)
        breakable = "true" if len(block.lines) > LONG else "false"
        return f"#tinted(tint, link-blue, breakable: {breakable})[{caption}{display}]"

    def _lines(self, block: Block, lines: tuple[Line, ...], label: str | None, room: float) -> str:
        target = self.numbering.of(block)
        number = "none" if target is None else f'"{target.number}"'
        rows = "\n".join(f"  {self._line(line)}," for line in fitted(lines, room))
        return f"#[#block(width: 100%, derivation(number: {number}, (\n{rows}\n))){_label(label)}]"

    def _line(self, line: Line) -> str:
        lhs = "none" if line.lhs is None else _display(line.lhs)
        rhs = _display(Row((Atom(""), Atom(line.relation), line.rhs)))
        below = "true" if line.why_below else "false"
        return f"(lhs: {lhs}, rhs: {rhs}, why: {self.inline.content(line.why)}, below: {below})"

    @block.register
    def _table(self, block: Table) -> str:
        columns = ", ".join(f"{100 * share:.2f}%" for share in shares(block))
        align = ", ".join(column.align for column in block.columns)
        header = ", ".join(f"[{self.inline(column.header)}]" for column in block.columns)
        cells = "\n".join("  " + " ".join(f"[{self.inline(cell)}]," for cell in cells) for cells in block.rows)
        note = self.inline.content(block.note or ())
        body = f"report-table(({columns},), ({align},), ({header},), {note},\n{cells}\n)"
        rule = "" if len(block.rows) > LONG else "#show figure: set block(breakable: false)\n"
        options = f"caption: {self.inline.content(block.caption)}, kind: table, supplement: [Table]"
        return f"#[{rule}#figure({options}, {body}){_label(block.label)}]"

    @block.register
    def _chart(self, block: Chart) -> str:
        target = self.numbering.of(block)
        path = f"{self.folder}/figure-{target.number if target else 0}.svg"
        self.files[path] = figure_svg(block)
        picture = f"image({typst_string(path)}, width: 150mm, alt: {typst_string(block.alt)})"
        return self._figure(picture, block.caption, block.label, block.alt)

    @block.register
    def _diagram(self, block: Diagram) -> str:
        return self._figure(to_typst(block), block.caption, block.label, block.alt)

    def _figure(self, picture: str, caption: InlineLike, label: str | None, alt: str) -> str:
        options = f"kind: image, supplement: [Figure], alt: {typst_string(alt)}"
        return f"#[#figure({picture}, caption: {self.inline.content(caption)}, {options}){_label(label)}]"

    @block.register
    def _code(self, block: CodeBlock) -> str:
        language = typst_string(block.language) if block.language else "none"
        lines = "\\n".join(typst_code(line)[1:-1] for line in code_lines(block.text, _CODE_WIDTH))
        return f'#code-block("{lines}", {language})'

    @block.register
    def _note(self, block: Note) -> str:
        tint, edge, word = _NOTES[block.kind]
        lead = f"*{word}* " if word else ""
        return f"#tinted({tint}, {edge})[{lead}{self.inline(block.inline)}]"

    @block.register
    def _references(self, block: References) -> str:
        return f"#enum({', '.join(self._reference(entry) for entry in block.entries)})"

    def _reference(self, entry: Reference) -> str:
        url = f" #tolink({typst_string(entry.url)}, text(8.5pt, raw({typst_string(entry.url)})))" if entry.url else ""
        work = f"{typst_text(entry.by)} #emph[{typst_text(entry.title)}]."
        text = f"{work} {typst_text(entry.published)}{url}"
        return f"[#[#metadata(none){_label('cite:' + entry.key)}];{text}]"

    @block.register
    def _page_break(self, block: PageBreak) -> str:
        return "#pagebreak(weak: true)"

    @block.register
    def _keep_together(self, block: KeepTogether) -> str:
        return f"#block(breakable: false, width: 100%)[\n{self.all(block.blocks)}\n]"


def _label(label: str | None) -> str:
    return "" if label is None else f"#{anchor(label)}"


def _display(formula: Formula) -> str:
    return f"display-math({typst_string(spoken(formula))}, ${typst_math(formula)}$)"
