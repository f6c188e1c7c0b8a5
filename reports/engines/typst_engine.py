"""Typst, embedded by the `typst` package: tagged PDF in milliseconds, with no other program on the machine.

The PDF is made to PDF/UA-1, where a glyph that no font has is an error. Only if that fails (a rare CJK
character that the CJK font lacks, an empty title) is it made again without the standard, so that a report is
never lost to one glyph. Without any CJK font those characters print as their code points (`U+5FAA`).
"""

from __future__ import annotations

import tempfile
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from reports.document.blocks import Document
from reports.engines.errors import EngineError

ENGINE = "typst"
TITLE = "Typst (embedded)"
Picture = Literal["pdf", "svg", "png"]
CJK_FAMILIES = (
    "Noto Serif SC", "Noto Serif CJK SC", "Source Han Serif SC", "Noto Sans SC", "Noto Sans CJK SC",
    "WenQuanYi Zen Hei", "Droid Sans Fallback", "Songti SC", "SimSun",
)  # fmt: skip


def available() -> str | None:
    """The version of the package, or None."""
    from importlib.metadata import version

    return f"typst {version('typst')}" if find_spec("typst") else None


def compile(document: Document) -> bytes:
    """The document as PDF, to PDF/UA-1 if it can be."""
    try:
        return compile_strict(document)
    except EngineError:
        return _compile(document, strict=False)


def compile_strict(document: Document) -> bytes:
    """The document as PDF/UA-1; a missing glyph or alternative text is an error."""
    return _compile(document, strict=True)


def _compile(document: Document, strict: bool) -> bytes:
    from reports.writers.typst_writer import render

    rendered = render(document)
    with tempfile.TemporaryDirectory(prefix="bptt-typst-") as name:
        for path, data in {"report.typ": rendered.main.encode(), **rendered.files}.items():
            target = Path(name, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        return compile_file(Path(name, "report.typ"), strict)


def compile_file(source: Path, strict: bool, format_name: Picture = "pdf") -> bytes:
    """One source file, which may read files of its own folder only."""
    import typst

    font = cjk_font()
    try:
        out = typst.compile(
            str(source),
            root=str(source.parent),
            format=format_name,
            font_paths=font_paths(),
            sys_inputs={"cjk-font": font} if font else {},
            pdf_standards=["ua-1"] if strict else [],
            timestamp=0,
        )
    except typst.TypstError as error:
        raise EngineError(f"typst: {error}") from error
    if not isinstance(out, bytes):
        raise EngineError(f"typst made {type(out).__name__} instead of one {format_name} file")
    return out


def font_paths() -> list[str]:
    """The folder of the optional package `pylopdf-fonts-zh-cn` (Noto Serif SC), if it is installed."""
    if find_spec("pylopdf_fonts_zh_cn") is None:
        return []
    fonts = import_module("pylopdf_fonts_zh_cn")
    return [str(fonts.serif_path().parent)]


@cache
def cjk_font() -> str | None:
    """The first CJK family at hand, from that package or the system."""
    import typst

    families = set(typst.Fonts(font_paths=font_paths()).families())
    return next((family for family in CJK_FAMILIES if family in families), None)
