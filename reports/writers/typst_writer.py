"""Typst: the source of the embedded engine, with plots as SVG files beside it."""

from __future__ import annotations

from importlib.resources import files

from reports.document.blocks import Document
from reports.document.inline import as_inline
from reports.document.numbering import number
from reports.escaping.typst_text import typst_string, typst_text
from reports.formula.to_typst import PREAMBLE
from reports.writers.rendered import Rendered
from reports.writers.typst_blocks import TypstBlocks

FORMAT = "typst"
SUFFIX = ".typ"
TITLE = "Typst source"


def render(document: Document, *, width: int | None = None, stem: str = "report") -> Rendered:
    """The document as Typst; plots are in `<stem>-figures/`. `width` has no meaning here."""
    blocks = TypstBlocks(number(document), f"{stem}-figures")
    parts = [
        _preamble(document),
        f"#title-block([{typst_text(document.title)}], {blocks.inline.content(document.subtitle)})",
        f"#tinted(tint, none)[{blocks.inline(document.abstract)}]" if as_inline(document.abstract) else "",
        blocks.all(document.blocks),
        _colophon(blocks, document),
    ]
    return Rendered("\n\n".join(part for part in parts if part) + "\n", blocks.files)


def _preamble(document: Document) -> str:
    """The date is fixed: the same document is the same bytes."""
    template = files("reports.writers").joinpath("preamble.typ").read_text("utf-8")
    title = f"#set document(title: {typst_string(document.title)}, date: datetime(year: 1970, month: 1, day: 1))"
    short = f"#set page(footer: page-footer([{typst_text(document.title)}]))"
    language = f"#set text(lang: {typst_string(document.language)})"
    return "\n".join([title, template.replace("@ROLES@", PREAMBLE), language, short])


def _colophon(blocks: TypstBlocks, document: Document) -> str:
    if not as_inline(document.colophon):
        return ""
    return f"#v(1em)\n#sepline\n#text(9pt, fill: why-grey)[{blocks.inline(document.colophon)}]"
