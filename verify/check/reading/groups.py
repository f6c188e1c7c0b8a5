"""Braces: those around arguments stay, all others are invisible in print and vanish here; fonts go to the letters.

So \\role{unknown}{a_t}, {a_t} and a_t give the same tokens, and \\mathrm{ih} is one name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from verify.check.reading.letters import FONT_SWITCHES, WORD_FONTS, WORDS
from verify.check.reading.mathscan import NEEDS_ARGUMENT
from verify.check.reading.signs import ARGUMENTS, FLAT, MATRICES
from verify.check.reading.tokens import Mark

_SCRIPTS = ("SUB", "SUP", "PRIME")
_NEEDED = {"SUB": 1, "SUP": 1, "FRAC": 2, "SQRT": 1, "ACCENT": 1}


@dataclass
class _Group:
    """An open brace: an argument of the grammar, or invisible; ``place`` is where its brace stands in the output."""

    place: int
    is_argument: bool
    font: str
    is_font: bool = False
    is_noted: bool = False
    pending: int = 0
    """How many arguments the tokens before it still wanted when it opened."""


@dataclass
class Groups:
    """One pass from left to right.  ``remarks`` are the labels of \\underbrace and the like."""

    marks: list[Mark]
    out: list[Mark | None] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.at, self.pending, self.font = 0, 0, ""
        self.one_font, self.noted = "", False
        self.open: list[_Group] = []
        self.environments: list[str] = []

    def resolved(self) -> list[Mark]:
        while self.at < len(self.marks):
            mark = self.marks[self.at]
            self.at += 1
            _RULES.get(mark.type, Groups.plain)(self, mark)
        for group in self.open:
            brace = self.out[group.place]
            where = brace or self.marks[-1]
            self.out[group.place] = where.become("BAD", "'{' is never closed")
        return [mark for mark in self.out if mark is not None]

    def plain(self, mark: Mark) -> None:
        font, self.one_font = self.one_font or self.font, ""
        if font and mark.type in ("NAME", "NUMBER", "FUNCTION"):
            mark = mark.become("FUNCTION" if mark.type == "FUNCTION" else "NAME", font=font)
        self.emit(mark)

    def emit(self, mark: Mark) -> None:
        self.pending = max(0, self.pending - 1) + _NEEDED.get(mark.type, 0)
        self.out.append(mark)

    def opened(self, mark: Mark) -> None:
        is_font = bool(self.one_font)
        font = self.one_font or self.font
        group = _Group(len(self.out), self.pending > 0, self.font, is_font, self.noted, self.pending)
        self.open.append(group)
        self.out.append(mark if group.is_argument else None)
        self.font, self.one_font, self.noted, self.pending = font, "", False, 0

    def closed(self, mark: Mark) -> None:
        if not self.open:
            self.out.append(mark.become("BAD", "'}' closes nothing"))
            return
        group = self.open.pop()
        if group.is_font and self.font in WORD_FONTS:
            self.join(group.place + 1)
        self.font, self.pending = group.font, max(0, group.pending - 1)
        if group.is_argument:
            self.out.append(mark)
        elif group.is_noted and self.next_is("SUB", "SUP"):
            self.at += 1
            self.remarks.append(self.dropped())
        elif self.next_is(*_SCRIPTS) and not self.is_one(group.place + 1):
            self.out[group.place] = mark.become("LGROUP")
            self.out.append(mark.become("RGROUP"))

    def is_one(self, start: int) -> bool:
        """Whether a group holds one token at most: a script then hangs on that, or on what is before it."""
        inside = [mark for mark in self.out[start:] if mark is not None]
        return len(inside) <= 1

    def next_is(self, *kinds: str) -> bool:
        return self.at < len(self.marks) and self.marks[self.at].type in kinds

    def join(self, start: int) -> None:
        """Letters of one word become one token."""
        letters = [mark for mark in self.out[start:] if mark is not None]
        if not letters or any(
            mark.type not in ("NAME", "NUMBER", "FUNCTION") or not mark.isalnum() for mark in letters
        ):
            return
        word = "".join(letters)
        known = word in WORDS or letters[0].font == "operatorname"
        first, kind = letters[0], "FUNCTION" if known else "NAME"
        font = "" if kind == "FUNCTION" else self.font
        del self.out[start:]
        self.out.append(Mark(kind, word, first.start, letters[-1].end, font, "", first.spaced))

    def set_font(self, mark: Mark) -> None:
        if str(mark) in FONT_SWITCHES:
            self.font = FONT_SWITCHES[str(mark)]
        else:
            self.one_font = str(mark)

    def passed(self, mark: Mark) -> None:
        for keep in ARGUMENTS[str(mark)]:
            if keep == "k":
                return  # its braces are invisible
            self.dropped()

    def note(self, mark: Mark) -> None:
        self.noted = True

    def dropped(self) -> str:
        """Pass over one argument; its text."""
        depth, start = 0, self.at
        while self.at < len(self.marks):
            depth += {"LBRACE": 1, "RBRACE": -1}.get(self.marks[self.at].type, 0)
            self.at += 1
            if depth <= 0:
                break
        inside = [str(mark) for mark in self.marks[start : self.at] if mark.type not in ("LBRACE", "RBRACE")]
        return "".join(inside).strip()

    def began(self, mark: Mark) -> None:
        name = str(mark)
        self.environments.append(name)
        if name in NEEDS_ARGUMENT and self.next_is("LBRACE"):
            self.dropped()
        if name in MATRICES:
            self.emit(mark.become("MATRIX"))
        elif name not in FLAT:
            self.emit(mark.become("BAD", f"the environment '{name}' is not read"))

    def ended(self, mark: Mark) -> None:
        if not self.environments or self.environments.pop() != str(mark):
            self.emit(mark.become("BAD", f"'\\end{{{mark}}}' ends nothing"))
        elif str(mark) in MATRICES:
            self.emit(mark.become("ENDMATRIX"))

    def layout(self, mark: Mark) -> None:
        """& and \\\\ mean something in a matrix only."""
        if self.environments and self.environments[-1] in MATRICES:
            self.emit(mark)

    def text(self, mark: Mark) -> None:
        """A single word in a script, or a function's, is a name; the rest is a remark."""
        word = mark.strip()
        if word in WORDS:
            self.emit(mark.become("FUNCTION", word))
        elif self.pending or any(group.is_argument for group in self.open):
            self.emit(mark.become("NAME", word, font="text") if word else mark.become("BAD", "an empty text"))
        elif word.isalnum() and self.next_is("SUB", "SUP", "OPEN"):
            self.emit(mark.become("NAME", word, font="text"))
        else:
            self.emit(mark)


_RULES: dict[str, Callable[[Groups, Mark], None]] = {
    "LBRACE": Groups.opened,
    "RBRACE": Groups.closed,
    "FONT": Groups.set_font,
    "PASS": Groups.passed,
    "NOTED": Groups.note,
    "BEGIN": Groups.began,
    "END": Groups.ended,
    "AMP": Groups.layout,
    "ROW": Groups.layout,
    "TEXT": Groups.text,
}
