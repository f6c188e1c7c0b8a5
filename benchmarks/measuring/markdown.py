"""The tables on a page, between two marks; what stands around them is written by hand and stays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.measuring.table import Table

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def write(page: Path, heading: Sequence[str], tables: Sequence[Table]) -> None:
    """Replaces what stands between the marks.  Raises SystemExit for a page without them."""
    text = page.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise SystemExit(f"{page}: there is no one place between '{BEGIN}' and '{END}'")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    body = "\n\n".join(["\n".join(f"- {line}" for line in heading), *map(_table, tables)])
    waiting = page.with_suffix(".new")
    waiting.write_text(f"{before}{BEGIN}\n{body}\n{END}{after}", encoding="utf-8")
    waiting.replace(page)


def _table(table: Table) -> str:
    lines = [
        _row(table.columns),
        _row(["---" if place < table.words else "---:" for place in range(len(table.columns))]),
        *map(_row, table.rows),
    ]
    return "\n\n".join([f"### {table.title}", "\n".join(lines), *table.notes])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
