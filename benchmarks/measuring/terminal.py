"""The tables in a terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from benchmarks.measuring.table import Table


def show(table: Table, console: Console) -> None:
    """Names to the left, figures to the right; a table that is too wide for the terminal folds its names."""
    console.print(escape(table.title), style="bold", highlight=False)
    grid = Grid(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 2, 0, 0))
    for place, column in enumerate(table.columns):
        of_words = place < table.words
        grid.add_column(escape(column), justify="left" if of_words else "right", no_wrap=not of_words, overflow="fold")
    for row in table.rows:
        grid.add_row(*map(escape, row))
    console.print(grid)
    console.print()
    for note in table.notes:
        console.print(escape(note), style="dim", highlight=False)
    if table.notes:
        console.print()
