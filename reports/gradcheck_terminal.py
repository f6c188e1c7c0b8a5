"""A gradcheck in a terminal: the verdicts, which mistake it is, where it shows, and the smallest example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import TYPE_CHECKING

from reports.gradcheck_numbers import apart, digits_for, matrix
from reports.wording import short_name
from verify.gradcheck.result import Example, Gradcheck, Mistake, Where
from verify.verdicts import Finding, Verdict

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_SAID = {
    Verdict.AGREED: "[green]right[/]",
    Verdict.REFUTED: "[bold red]wrong[/]",
    Verdict.NOT_RUN: "[yellow]undecided[/]",
}
_NAMED = 6
_ENTRIES = 16
_WIDTH = 100


def gradcheck_text(found: Gradcheck, width: int = _WIDTH) -> str:
    """The report as plain text, for a failing test."""
    from rich.console import Console

    gathered = StringIO()
    print_gradcheck(found, Console(file=gathered, width=width, color_system=None))
    return "".join(f"{line.rstrip()}\n" for line in gathered.getvalue().splitlines())


def print_gradcheck(found: Gradcheck, console: Console) -> None:
    """Everything, at the width of the terminal."""
    _say(console, f"{found.function} against the derived gradient of {short_name(found.problem.model)}")
    _say(console, f"{found.problem.model.title}; {_sizes(found)}\n", style="dim")
    if found.unsettled:
        _say(console, f"Nothing can be said of your function: {found.unsettled}.", style="yellow")
        return
    console.print(_table(found))
    for fault in found.faults:
        mend = f" ({fault.mend})" if fault.mend else ""
        text = fault.text if fault.kind == "raises" else _capital(fault.text)
        _say(console, f"\n{text}{mend}", style="red" if fault.wrong else "yellow")
    for heading, lines in _sections(found):
        _say(console, f"\n{heading}", style="bold")
        for line in lines:
            _say(console, line, indent=2)
    _say(console, f"\n{_verdict(found)}")


def _say(console: Console, text: str, style: str = "", indent: int = 0) -> None:
    from rich.padding import Padding
    from rich.text import Text

    safe = "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)
    console.print(Padding(Text(safe, style=style), (0, 0, 0, indent)), highlight=False)


def _sizes(found: Gradcheck) -> str:
    sizes = ", ".join(f"{name}={number}" for name, number in found.problem.label.items())
    others = len(found.problems) - 1
    return f"{sizes}" + (f", and {others} other problems" if others > 0 else "")


def _table(found: Gradcheck) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for column in ("gradient", "", "error", "allowed", "where"):
        right = column in ("error", "allowed")
        table.add_column(column, justify="right" if right else "left", overflow="fold", no_wrap=right)
    for finding in found.findings:
        table.add_row(*_row(finding, found.where.get(_name(finding))))
    if found.loss is not None:
        table.add_row(*_row(found.loss, None))
    return table


def _name(finding: Finding) -> str:
    return finding.claim.partition(".")[2] or finding.claim


def _row(finding: Finding, where: Where | None) -> tuple[str, ...]:
    from rich.markup import escape

    numbers = ("" if x is None else f"{x:.1e}" for x in (finding.error, finding.tolerance))
    text = where.text if where else finding.reason
    text = "" if finding.verdict is Verdict.AGREED else text
    return (escape(_name(finding)), _SAID[finding.verdict], *numbers, escape(text))


def _sections(found: Gradcheck) -> Iterator[tuple[str, Sequence[str]]]:
    wrong = [finding for finding in found.findings if finding.verdict is Verdict.REFUTED]
    if found.mistakes:
        yield "What it is", [line for mistake in found.mistakes for line in _mistake(mistake, found)]
    elif found.where:
        yield "What it is", list(_reasons(wrong)) or ["None of the known mistakes, alone, gives your gradients."]
    where = [*_first(found.where, wrong), *_lags(found.where), *_loss(found)]
    if where:
        yield "Where", where
    if found.where:
        yield "The worst entries", [line for finding in wrong[:_NAMED] for line in _witness(finding)]
    if found.example is not None:
        yield "The smallest example", list(_example(found.example))


def _mistake(mistake: Mistake, found: Gradcheck) -> Iterator[str]:
    said = _list([f"d{name}" for name in mistake.explains])
    verb = "equals" if len(mistake.explains) == 1 else "equal"
    yield f"{mistake.kind}. Your {said} {verb} ours {mistake.phrase}."
    rest = "" if mistake.whole or len(found.mistakes) > 1 else " It does not account for all that is wrong."
    yield f"(On {mistake.problems} random problems, to {mistake.error:.0e}.){rest}"
    if mistake.hint:
        yield _capital(mistake.hint) if mistake.hint[-1] in "?." else f"{_capital(mistake.hint)}."


def _list(names: Sequence[str]) -> str:
    """``dW_h, dW_i and dh_0``."""
    if len(names) > _NAMED:
        return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _first(where: Mapping[str, Where], wrong: Sequence[Finding]) -> Iterator[str]:
    """From which length on, and what that says, of those that are wrong for no other reason."""
    by_length: dict[int, list[str]] = {}
    explained = {_name(finding) for finding in wrong if finding.reason}
    for name, own in where.items():
        if "T" in own.first and name not in explained:
            by_length.setdefault(own.first["T"], []).append(f"d{name}")
    for length, names in sorted(by_length.items()):
        verb = "is" if len(names) == 1 else "are"
        if length == 1:
            yield f"{_list(names)} {verb} wrong at T = 1 already: look at a single step."
        else:
            look = "what is carried from step to step" if length == 2 else "what is carried so far back"
            upto = "at" if length == 2 else "up to"
            yield f"{_list(names)} {verb} right {upto} T = {length - 1}, wrong from T = {length} on: look at {look}."


def _lags(where: Mapping[str, Where]) -> Iterator[str]:
    """What is missing of the double sum."""
    said: dict[str, list[str]] = {}
    for name, own in where.items():
        if own.lags:
            said.setdefault(own.lags, []).append(f"d{name}")
    for text, names in said.items():
        yield f"By lags, {_list(names)}: {text}."


def _loss(found: Gradcheck) -> Iterator[str]:
    if found.loss is None:
        return
    if found.loss.verdict is Verdict.AGREED:
        if found.where:
            yield "Your loss is right, and so is the forward pass: look at the backward pass."
    else:
        yield "Your loss is wrong: look at the forward pass first, or at the mean over steps and batch."


def _reasons(wrong: Sequence[Finding]) -> Iterator[str]:
    for reason in dict.fromkeys(f.reason for f in wrong if f.reason and f.witness):
        names = [f"d{_name(f)}" for f in wrong if f.reason == reason]
        yield f"{_list(names)} {'is' if len(names) == 1 else 'are'} {reason}."


def _witness(finding: Finding) -> Iterator[str]:
    if finding.witness is not None:
        w = finding.witness
        at = ", ".join(f"{name}={finding.sizes[name]}" for name in ("T", "batch") if name in finding.sizes)
        yours, ours = apart(w.claimed, w.found)
        yield f"d{_name(finding)}, {w.where}: yours {yours}, ours {ours} ({at})"


def _example(example: Example) -> Iterator[str]:
    sizes = ", ".join(f"{name}={number}" for name, number in example.sizes.items())
    yield f"{sizes}, seed {example.problem.seed}"
    digits = digits_for(example.yours, example.ours)
    yield f"d{example.parameter}: yours {matrix(example.yours, digits)}"
    yield f"{' ' * len(example.parameter)}   ours {matrix(example.ours, digits)}"
    given = example.problem.given
    if sum(array.size for array in given.values()) <= _ENTRIES:
        values = (
            f"{_place(*where)} = {matrix(array.reshape(-1, array.shape[-1]).tolist())}"
            for where, array in given.items()
        )
        yield f"given {', '.join(values)}"


def _place(name: str, kind: str, step: int | None) -> str:
    return name if step is None else f"{name}_{step}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _verdict(found: Gradcheck) -> str:
    ours = f"Ours agrees with {found.confirmed_by.replace('_', ' ')} there."
    if found.right:
        return f"Right: all {len(found.findings)} gradients. {ours}"
    if found.exit_code != 1:
        return f"Undecided. {ours}"
    wrong = len(found.wrong)
    said = f"{wrong} of {len(found.findings)} gradients" if wrong else "the gradients are right, but see above"
    return f"Wrong: {said}. {ours}"
