"""A checked derivation as a file: a whole article as a marked copy, anything else as a document of our own."""

from __future__ import annotations

from pathlib import Path

from reports.check_document import document
from reports.check_source import annotated, begins
from reports.output import PDF, write_document, write_file
from verify.check.result import Checked

TEX = ".tex"


def write_checked(
    found: Checked, output: Path, engine: str | None = None, answer: bool = False, command: str = ""
) -> str:
    """Write it; returns one line that says where it is, and how it was made.

    An article that cannot be compiled alone (its figures and its own packages are not opened) becomes a document of
    ours, which says so.
    """
    suffix = output.suffix.lower()
    if begins(found.text) is None or suffix not in (TEX, PDF) or engine not in (None, "latex"):
        return write_document(document(found, answer, command), output, engine)
    source = annotated(found, answer)
    if suffix == TEX:
        write_file(output, source.encode())
        return f"{output} (a copy with marks)"
    return _compiled(found, source, output, engine, answer, command)


def _compiled(found: Checked, source: str, output: Path, engine: str | None, answer: bool, command: str) -> str:
    """With the options of our own reports: no program is run, and nothing outside its folder is read or written."""
    from reports.engines import tex_engine
    from reports.engines.errors import EngineError

    if tex_engine.available() is None and engine is None:
        return write_document(document(found, answer, command), output, engine)
    try:
        content, _ = tex_engine.compile_source(source)
    except EngineError as error:
        reason = next((line for line in str(error).splitlines() if line.strip()), "pdflatex failed").strip()
        remark = f"The article itself could not be compiled alone ({reason}), so its lines are shown here. "
        remark += f"A copy of it with marks is what -o FILE{TEX} writes."
        written = write_document(document(found, answer, command, remark), output, engine)
        return f"{written}; the article itself could not be compiled alone"
    write_file(output, content)
    return f"{output} (a copy with marks, typeset by {tex_engine.TITLE})"
