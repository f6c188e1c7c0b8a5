"""From a report to a file: the suffix says which format, and nothing half-written is left behind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from derive.errors import BpttError, InputError
from reports.files import write_atomically

if TYPE_CHECKING:
    from reports.material import Material

PDF = ".pdf"


def check_output(output: Path, engine: str | None) -> None:
    """Complain about the file's name, its folder or the engine before any work is done.

    Raises InputError.
    """
    suffixes = [PDF, *_formats()]
    if output.suffix not in suffixes:
        raise InputError(
            f"no format has the suffix '{output.suffix}'", str(output), f"use one of: {', '.join(suffixes)}"
        )
    if output.is_dir():
        raise InputError("is a directory", str(output), "name a file")
    if not output.parent.is_dir():
        raise InputError("there is no such folder", str(output.parent), "make it first")
    if engine and output.suffix != PDF:
        raise InputError(f"--engine {engine} makes PDF files only", str(output), "leave it out, or write to a .pdf")


def _formats() -> dict[str, str]:
    from reports.writers import writers

    return {writer.SUFFIX: name for name, writer in writers().items()}


def write_report(material: Material, output: Path, engine: str | None = None) -> str:
    """Write the report; returns one line that says where it is and how it was made."""
    from reports.report import report

    document = report(material)
    if output.suffix == PDF:
        from reports.engines import choose
        from reports.engines.errors import EngineError

        try:
            chosen = choose(engine)
            content = chosen.compile(document)
        except EngineError as error:
            raise BpttError(f"{output}: {error}") from error
        write_atomically(output, content)
        return f"{output} (typeset by {chosen.TITLE})"
    from reports.writers import writer

    rendered = writer(_formats()[output.suffix]).render(document, stem=output.stem)
    for name, data in rendered.files.items():
        path = output.parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data)
    write_atomically(output, rendered.main.encode())
    more = f" and {len(rendered.files)} figures beside it" if rendered.files else ""
    return f"{output}{more}"
