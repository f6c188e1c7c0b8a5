"""Markdown as GitHub shows it: mathematics, tables, alerts, and SVG pictures beside the file."""

from __future__ import annotations

from reports.document.blocks import Document
from reports.document.inline import as_inline
from reports.document.numbering import number
from reports.escaping.markdown_text import markdown_text
from reports.writers.markdown_blocks import MarkdownBlocks
from reports.writers.rendered import Rendered

FORMAT = "markdown"
SUFFIX = ".md"
TITLE = "GitHub Markdown"


def render(document: Document, *, width: int | None = None, stem: str = "report") -> Rendered:
    """The document as Markdown; pictures are in `<stem>-figures/`. `width` has no meaning here."""
    blocks = MarkdownBlocks(number(document), f"{stem}-figures")
    parts = [f"# {markdown_text(document.title)}"]
    parts += [f"*{markdown_text(document.subtitle)}*"] if document.subtitle else []
    parts += [f"> {blocks.inline(document.abstract)}"] if as_inline(document.abstract) else []
    parts += [blocks.all(document.blocks)]
    parts += [f"---\n\n{blocks.inline(document.colophon)}"] if as_inline(document.colophon) else []
    return Rendered("\n\n".join(parts) + "\n", blocks.files)
