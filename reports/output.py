"""From a report to a file: the suffix says which format, and nothing half-written is left behind."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from derive.errors import BpttError, InputError
from reports.files import write_atomically

if TYPE_CHECKING:
    from reports.document.blocks import Document
    from reports.material import Material

PDF = ".pdf"


def check_output(output: Path, engine: str | None) -> None:
    """Complain about the file's name, its folder or the engine before any work is done.

    Raises InputError.
    """
    check_place(output)
    suffix = output.suffix.lower()
    suffixes = [PDF, *formats()]
    if suffix not in suffixes:
        raise InputError(f"no format has the suffix '{suffix}'", str(output), f"use one of: {', '.join(suffixes)}")
    if engine and suffix != PDF:
        raise InputError(f"--engine {engine} makes PDF files only", str(output), "leave it out, or write to a .pdf")
    if suffix == PDF:
        from reports.engines import choose
        from reports.engines.errors import EngineError

        try:
            choose(engine)
        except EngineError as error:
            raise InputError(str(error), str(output), "or write .tex, .md, .txt or .typ") from error


def check_place(output: Path) -> None:
    """A file can be written there.  A device or a pipe must not be replaced by a file, so it is refused.

    Raises InputError.
    """
    if not output.name:
        raise InputError(f"'{output}' names no file", "--output", "name a file")
    if not output.name.isprintable():
        raise InputError("holds characters that cannot be printed", str(output), "choose another name")
    if output.is_dir():
        raise InputError("is a directory", str(output), "name a file")
    if not output.parent.is_dir():
        raise InputError("there is no such folder", str(output.parent), "make it first")
    if output.exists() and not output.is_file():
        raise InputError("is a device or a pipe, expected a file", str(output), "name a file")
    if not os.access(output.parent, os.W_OK):
        raise InputError("the folder cannot be written to", str(output.parent), "choose another folder")


def write_file(output: Path, data: bytes) -> None:
    """All or nothing; a link keeps pointing to its file.  Raises InputError, which names the file."""
    check_place(output)
    try:
        write_atomically(output.resolve(), data)
    except OSError as error:
        raise InputError(f"{error.strerror or error}", str(output), "choose another name or folder") from error


def formats() -> dict[str, str]:
    """The format that a suffix stands for."""
    from reports.writers import writers

    return {writer.SUFFIX: name for name, writer in writers().items()}


def write_report(material: Material, output: Path, engine: str | None = None) -> str:
    """Write the report; returns one line that says where it is and how it was made."""
    from reports.report import report

    return write_document(report(material), output, engine)


def write_document(document: Document, output: Path, engine: str | None = None) -> str:
    """Write a document in the format of the file's suffix; returns one line that says where and how."""
    suffix = output.suffix.lower()
    if suffix == PDF:
        from reports.engines import choose
        from reports.engines.errors import EngineError

        try:
            chosen = choose(engine)
            content = chosen.compile(document)
        except EngineError as error:
            raise BpttError(f"{output}: {error}") from error
        write_file(output, content)
        return f"{output} (typeset by {chosen.TITLE})"
    from reports.writers import writer

    rendered = writer(formats()[suffix]).render(document, stem=output.stem)
    for name, data in rendered.files.items():
        path = output.parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, data)
    write_file(output, rendered.main.encode())
    more = f" and {len(rendered.files)} figures beside it" if rendered.files else ""
    return f"{output}{more}"
