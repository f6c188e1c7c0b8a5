"""The mutation score in a terminal: a line for each kind of mistake, a column for each kind of evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from reports.wording import short_name
from verify.mutations.kind import Mutant
from verify.mutations.score import Row, Score
from verify.mutations.watch import Outcome

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from derive.model import Model

_LEGEND = (
    "A number: so many are caught; −2: two are judged there, and not noticed. All others change something that this "
    "evidence does not speak about (–: all of them)."
)
_MOST = 12
_WIDE = 108
_EXAMPLES = 3


def print_score(score: Score, model: Model, console: Console) -> None:
    """Everything, at the width of the terminal."""
    sizes = ", ".join(f"{name}={number}" for name, number in score.sizes.items())
    console.print(f"{short_name(model)}; {model.title}; {sizes}\n", highlight=False)
    console.print(_table(score, console.width))
    console.print("\n" + _LEGEND + "\n", style="dim", highlight=False)
    for name, reason in score.left_out.items():
        console.print(f"left out: {name}: {reason}", style="yellow", highlight=False, markup=False)
    if score.equivalent:
        console.print(_equivalent(score.equivalent) + "\n", style="dim", highlight=False, markup=False)
    for mutant in score.survivors[:_MOST]:
        console.print(f"NOT CAUGHT  {mutant.says}", style="bold red", highlight=False, markup=False)
    if len(score.survivors) > _MOST:
        console.print(f"… and {len(score.survivors) - _MOST} more (--json has them all)", highlight=False)
    style = "bold red" if score.survivors else "bold green"
    console.print(_summary(score), style=style, highlight=False)


def _table(score: Score, width: int) -> Table:
    from rich import box
    from rich.table import Table

    columns = dict(_columns(score, width))
    table = Table(box=box.SIMPLE, pad_edge=False, padding=(0, 1), collapse_padding=True, show_footer=True)
    table.add_column("mistake", footer="all together")
    table.add_column("made", str(score.mutants), justify="right")
    if score.equivalent:
        table.add_column("same", str(len(score.equivalent)), justify="right", style="dim")
    for heading, names in columns.items():
        table.add_column(heading, _cell(score.by(names)), justify="right")
    table.add_column("caught", str(score.caught), justify="right")
    for row in score.rows:
        cells = (_cell(row.by(names)) for names in columns.values())
        same = [str(row.equivalent or "")] if score.equivalent else []
        table.add_row(row.kind.name, str(row.mutants), *same, *cells, _caught(row))
    return table


def _columns(score: Score, width: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """One for each kind of evidence; in a narrow terminal for each rung."""
    if width < _WIDE:
        yield from ((rung.value, names) for rung, names in score.rungs.items())
    else:
        yield from ((f"{watch.rung.value}:\n{watch.title}", (watch.name,)) for watch in score.watches)


def _cell(counts: dict[Outcome, int]) -> str:
    """``72 −3``; a dash where nothing was judged."""
    caught, missed = counts[Outcome.CAUGHT], counts[Outcome.MISSED]
    if not caught and not missed:
        return "[dim]–[/dim]"
    return f"{caught} [yellow]−{missed}[/yellow]" if missed else str(caught)


def _caught(row: Row) -> str:
    if row.caught < row.mutants:
        return f"[bold red]{row.caught}[/bold red]"
    return f"[green]{row.caught}[/green]"


def _equivalent(mutants: Sequence[Mutant]) -> str:
    some = "; ".join(mutant.says for mutant in mutants[:_EXAMPLES])
    more = " …" if len(mutants) > _EXAMPLES else ""
    return f"same: not counted, since it is the right claim in other words. {some}{more}"


def _summary(score: Score) -> str:
    kinds = len(score.rows)
    return f"{score.caught} of {score.mutants} mistakes of {kinds} kinds are caught: {_percent(score)} %"


def _percent(score: Score) -> str:
    """Never 100 where one is missing."""
    return "100" if not score.survivors else f"{min(score.percent, 99.99):.2f}"
