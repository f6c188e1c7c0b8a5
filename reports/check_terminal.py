"""A checked derivation in a terminal: the user's own lines, marked, and what there is to say below them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING

from reports.check_lines import Item, MarkedLine, items, mark_of, marked_lines
from reports.check_words import GRADES, names, plain, said, strength, summary, unread, verdict
from reports.check_wrapping import Piece, clean, coloured, pieces, signs
from reports.writers.text_inline import cells, fill
from verify.check.result import OPEN, RIGHT, WRONG, Checked, Link

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_WIDTH = 100
_COLOURS = {RIGHT: "green", WRONG: "bold red", OPEN: "yellow"}
_ASCII = {RIGHT: "+", WRONG: "x", OPEN: "?", "…": "...", "·": "-"}
_LEADS = {"hint": "cyan", "answer": "cyan", "right is": "cyan", "not read": "yellow", "not judged": "yellow"}
_LEAD = 12


def check_text(found: Checked, width: int = _WIDTH, answer: bool = False) -> str:
    """The same as plain text."""
    from rich.console import Console

    gathered = StringIO()
    print_check(found, Console(file=gathered, width=width, color_system=None), answer)
    return "".join(f"{line.rstrip()}\n" for line in gathered.getvalue().splitlines())


def print_check(found: Checked, console: Console, answer: bool = False, ascii_only: bool = False) -> None:
    """Everything, at the width of the terminal.  ``answer`` tells what would be right; ``ascii_only`` is for a terminal
    that knows no other letters."""
    printer = _Printer(console, answer, ascii_only, _digits(found))
    printer.heading(found)
    last = 0
    for line in marked_lines(found):
        printer.gap(last, line.number)
        printer.line(line)
        last = line.number
    printer.closing(found)


def _digits(found: Checked) -> int:
    return max(3, len(str(max((item.place.end_line for item in items(found)), default=0))))


@dataclass(frozen=True)
class _Printer:
    console: Console
    answer: bool
    ascii_only: bool
    digits: int

    @property
    def gutter(self) -> int:
        return self.digits + 4

    def _sign(self, sign: str) -> str:
        return _ASCII.get(sign, sign) if self.ascii_only else sign

    def _print(self, *spans: tuple[str, str]) -> None:
        from rich.text import Text

        self._put(Text.assemble(*spans))

    def _put(self, text: Text) -> None:
        self.console.print(text, highlight=False, no_wrap=True, overflow="ignore", crop=False)

    def _filled(self, words: str, lead: str = "", indent: int = 0, style: str = "") -> None:
        """Running text below a line, behind its lead."""
        shown = plain(words, self.ascii_only)
        start = " " * indent + lead.ljust(_LEAD if lead else 0)
        lines = fill(shown, self.console.width - 1, start, " " * len(start))
        self._print((lines[0][: len(start)], _LEADS.get(lead, "dim")), (lines[0][len(start) :], style))
        for line in lines[1:]:
            self._print((line, style))

    def heading(self, found: Checked) -> None:
        self._filled(found.file, style="bold")
        if read := names(found):
            self._filled(f"I read {'; '.join(read)}. If you mean something else, say so with --names.", style="dim")
        for words in (found.convention, *found.notes):
            if words:
                self._filled(words, style="dim")
        self._print(("", ""))

    def gap(self, last: int, number: int) -> None:
        """Lines that nothing is said of."""
        if last and number > last + 1:
            self._print((" " * (self.digits - 1) + self._sign("·"), "dim"))

    def line(self, line: MarkedLine) -> None:
        rows = pieces(line, self.console.width - self.gutter - 1)
        for number, piece in enumerate(rows):
            start = f"{line.number:>{self.digits}} " if number == 0 else " " * (self.digits + 1)
            mark = self._sign(line.mark) if number == 0 and line.mark else " "
            text = [(words, _COLOURS.get(fault, "")) for words, fault in coloured(line, piece)]
            shown = text if piece.end else [(self._sign("…"), "dim")]
            grade = self._grade(line, piece) if len(rows) == 1 else ""
            self._print((start, "dim"), (f"{mark}  ", _COLOURS.get(line.mark, "")), *shown, (grade, "dim"))
            if below := signs(line, piece):
                self._print((" " * self.gutter + below, _COLOURS.get(line.mark, "")))
        for item in line.ending:
            self._below(item, among=len(line.ending) > 1)

    def _grade(self, line: MarkedLine, piece: Piece) -> str:
        """How strongly a right line is known, at the right margin, if there is room."""
        grades = {item.verdict for item in line.ending if isinstance(item, Link)}
        if line.mark != RIGHT or len(grades) != 1:
            return ""
        word = GRADES[grades.pop()][0]
        free = self.console.width - self.gutter - cells(clean(line.text[piece.start : piece.end])) - len(word) - 1
        return " " * free + word if free > 1 else ""

    def _below(self, item: Item, among: bool) -> None:
        """What there is to say of one item; of one among several of a line, which of them is meant."""
        remarks = list(said(item, self.answer)) if isinstance(item, Link) else [unread(item)]
        if remarks and among:
            room = self.console.width - self.gutter - 6
            source = clean(" ".join(item.source[:1000].split()))
            source = source if len(source) <= room else source[:room] + self._sign("…")
            self._print((" " * self.gutter + self._sign(mark_of(item)), _COLOURS[mark_of(item)]), (f" {source}", ""))
        for remark in remarks:
            self._filled(remark.text, remark.lead, self.gutter)

    def closing(self, found: Checked) -> None:
        self._print(("", ""))
        colour = _COLOURS[WRONG if found.exit_code == 1 else OPEN if found.exit_code else RIGHT]
        self._filled(verdict(found), style=colour)
        self._filled(f"{summary(found).capitalize()}.")
        for words in self._more(found):
            self._filled(words, style="dim")

    def _more(self, found: Checked) -> Iterator[str]:
        if found.marked(RIGHT):
            yield f"Of the right ones: {strength(found)}."
        if found.marked(WRONG) and not self.answer:
            yield "Stuck? The same with --answer says what would be right."
