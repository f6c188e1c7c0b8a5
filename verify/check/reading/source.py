"""The formulas in a file: LaTeX (an article, a fragment, a bare formula) or Markdown."""

from __future__ import annotations

import re

from verify.check.reading import latex_source, markdown_source
from verify.check.reading.displays import Found
from verify.check.reading.text import Text

_MARKDOWN = re.compile(r"^(?:#{1,6} |```|~~~)", re.MULTILINE)
_LATEX = re.compile(r"\\(?:begin\{document\}|documentclass|section|usepackage)")
KINDS = {"latex": latex_source.scan, "markdown": markdown_source.scan}
SUFFIXES = {".tex": "latex", ".latex": "latex", ".ltx": "latex", ".md": "markdown", ".markdown": "markdown"}


def formulas(text: Text, kind: str = "") -> Found:
    """Raises InputError for what no honest file has: braces 200 deep, a formula of 250 kB, 20000 lines of formulas."""
    return KINDS[kind or guessed(text)](text)


def guessed(text: Text) -> str:
    """Markdown where a line looks like it and nothing looks like an article."""
    markdown = _MARKDOWN.search(text.content) and not _LATEX.search(text.content)
    return "markdown" if markdown else "latex"
