"""From where mathematics starts to where it ends, cut into lines at top-level ``\\\\``.

One pass over the text: every character is looked at once, whatever is or is not closed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from verify.check.reading.braces import DEEPEST, group_end, too_deep
from verify.check.reading.displays import MathLine
from verify.check.reading.letters import TEXT_FONTS
from verify.check.reading.signs import FLAT
from verify.check.reading.text import Text

COLUMN = "\u2001"
"""The wide space that a column's & becomes: it may stand between two equations."""
LONGEST = 250_000
"""Characters of one display."""
ROW = r"\\\\\*?(?:\[\s*-?[\d.]+\s*\\?[a-z]+\s*\])?"
ENVIRONMENT = r"\\(?:begin|end)\s*\{[A-Za-z]+\*?\}"
_EVENT = re.compile(
    rf"(?P<row>{ROW})|(?P<environment>{ENVIRONMENT})|(?P<macro>\\[A-Za-z]+\*?)|(?P<closer>\\[\])])|(?P<escape>\\.)"
    r"|(?P<brace>[{}])|(?P<hole>&|%[^\n]*)|(?P<dollar>\$\$?)|(?P<newline>\n[ \t]*)",
    re.DOTALL,
)
_ARGUMENT = re.compile(r"\s*\{")
_SYSTEM = re.compile(r"\\left\s*(?:\\\{|\\lbrace|\.)\s*\\begin\s*\{(?:aligned|gathered|split|array)\}")
_SYSTEM_END = re.compile(r"\s*\\right\s*(?:\\\}|\\rbrace|\.)")
_COLUMNS = re.compile(r"(?:\s*\[[a-z]\])?(?:\s*\{[^{}]*\})?")
_WITHOUT = frozenset({"tag", "tag*", "label", "whytag", "target", "vspace", "vspace*", "intertext", "shortintertext"})
_SILENT = frozenset({"nonumber", "notag"})
_BREAKING = frozenset({"intertext", "shortintertext"})
_PAIRED = {"$": "$", "$$": "$$", r"\[": r"\]", r"\(": r"\)"}
NEEDS_ARGUMENT = frozenset({"alignat", "alignat*", "xalignat", "alignedat", "IEEEeqnarray", "IEEEeqnarray*", "array"})


@dataclass
class MathScan:
    """``closed`` says whether the end was found; ``end`` is behind it, or where the scan gave up."""

    text: Text
    start: int
    opener: str
    """$, $$, \\[, \\(, the name of an environment, or nothing: up to ``stop``."""
    stop: int
    by_lines: bool = False
    """Whether a line end ends a line of the display."""
    lines: list[MathLine] = field(default_factory=list)
    closed: bool = False
    end: int = 0
    reason: str = ""

    def __post_init__(self) -> None:
        self._depth, self._sided, self._line = 0, 0, self.start
        self._holes: list[tuple[int, int]] = []
        self._open: list[tuple[str, bool]] = []
        """Environments inside, and whether they are laid flat."""
        self._solid = 0
        """How many of them are not."""
        self._systems = 0
        """Braces at the left of several equations that are still open."""
        self._run()

    def _run(self) -> None:
        at, content = self.start, self.text.content
        while not self.closed and not self.reason:
            event = _EVENT.search(content, at, self.stop)
            at = self._give_up(self.stop) if event is None else _RULES[event.lastgroup or ""](self, event)
            if at - self.start > LONGEST:
                what = f"a formula of more than {LONGEST} characters starts here"
                raise self.text.error(self.start, what, "cut it into displays")
        if self.closed:
            self._cut(self._body_end, self.end)

    def _closer(self, event: re.Match[str]) -> int:
        return self._close(event) if event[0] == _PAIRED.get(self.opener) else event.end()

    def _nothing(self, event: re.Match[str]) -> int:
        return event.end()

    def _close(self, event: re.Match[str]) -> int:
        self.closed, self._body_end, self.end = True, event.start(), event.end()
        return event.end()

    def _give_up(self, at: int, reason: str = "") -> int:
        self.end = at
        opener = self.opener if self.opener in _PAIRED else rf"\begin{{{self.opener}}}"
        self.closed = not self.opener
        self._body_end = at
        self.reason = reason or ("" if self.closed else f"'{opener}' is never closed")
        return at

    def _brace(self, event: re.Match[str]) -> int:
        self._depth = max(0, self._depth + (1 if event[0] == "{" else -1))
        if self._depth > DEEPEST:
            raise too_deep(self.text, event.start())
        return event.end()

    def _hole(self, event: re.Match[str]) -> int:
        if event[0] != "&" or self._is_flat():
            self._holes.append(event.span())
        return event.end()

    def _dollar(self, event: re.Match[str]) -> int:
        if self.opener == event[0]:
            return self._close(event)
        if self.opener == "$":  # the first half of $$
            self._close(event)
            self.end = event.start() + 1
            return self.end
        return self._give_up(event.start(), f"'{event[0]}' stands inside a formula")

    def _newline(self, event: re.Match[str]) -> int:
        blank = self.text.content.startswith("\n", event.end())
        if not self.opener and not self._depth and (blank or (self.by_lines and self._is_flat())):
            return self._cut(event.start(), event.end())
        return self._give_up(event.start()) if blank and self.opener in _PAIRED else event.end()

    def _row(self, event: re.Match[str]) -> int:
        return self._cut(event.start(), event.end()) if self._is_flat() else event.end()

    def _is_flat(self) -> bool:
        return not (self._depth or self._sided or self._solid)

    def _environment(self, event: re.Match[str]) -> int:
        name = event[0][event[0].index("{") + 1 : -1]
        return (self._begin if event[0].startswith(r"\begin") else self._finish)(event, name)

    def _macro(self, event: re.Match[str]) -> int:
        name = event[0][1:]
        if name in _SILENT:
            return self._hole(event)
        if name in TEXT_FONTS or name in _WITHOUT:
            argument = _ARGUMENT.match(self.text.content, event.end())
            end = group_end(self.text, argument.end() - 1) if argument else event.end()
            if name in _WITHOUT:
                self._holes.append((event.start(), end))
            return self._cut(event.start(), end) if name in _BREAKING and self._is_flat() else end
        if name == "left" and self._is_flat() and _SYSTEM.match(self.text.content, event.start()):
            return self._system(event)
        self._sided = max(0, self._sided + {"left": 1, "right": -1}.get(name, 0))
        return event.end()

    def _system(self, event: re.Match[str]) -> int:
        begin = self.text.content.index("\\begin", event.end())
        self._holes.append((event.start(), begin))
        self._systems += 1
        return begin

    def _begin(self, event: re.Match[str], name: str) -> int:
        if len(self._open) >= DEEPEST:
            raise self.text.error(event.start(), f"environments nest more than {DEEPEST} deep", "take some away")
        flat = self._is_flat() and (name in FLAT or (name == "array" and self._systems > 0))
        self._open.append((name, flat))
        self._solid += not flat
        if not flat:
            return event.end()
        columns = _COLUMNS.match(self.text.content, event.end()) if name in NEEDS_ARGUMENT else None
        end = columns.end() if columns else event.end()
        self._holes.append((event.start(), end))
        return end

    def _finish(self, event: re.Match[str], name: str) -> int:
        if not self._open:
            if name == self.opener:
                return self._close(event)
            return self._give_up(event.start(), f"'{event[0]}' ends nothing that was begun here")
        begun, flat = self._open.pop()
        if begun != name:
            return self._give_up(event.start(), f"'{event[0]}' stands where '\\end{{{begun}}}' is expected")
        self._solid -= not flat
        if not flat:
            return event.end()
        end = event.end()
        ended = _SYSTEM_END.match(self.text.content, end) if self._systems else None
        if ended:
            self._systems, end = self._systems - 1, ended.end()
        self._holes.append((event.start(), end))
        return end

    def _cut(self, end: int, resume: int) -> int:
        """A line ends here."""
        pieces, at, content = [], self._line, self.text.content
        for start, stop in self._holes:
            if start < end:
                column = content[start] == "&"
                pieces += [content[at:start], COLUMN if column else " " * (min(stop, end) - start)]
                at = min(stop, end)
        pieces.append(content[at:end])
        line = "".join(pieces)
        if line.strip():
            self.lines.append(MathLine(line, self._line, self.text))
        self._holes, self._line = [], resume
        return resume


_RULES: dict[str, Callable[[MathScan, re.Match[str]], int]] = {
    "row": MathScan._row,
    "environment": MathScan._environment,
    "macro": MathScan._macro,
    "closer": MathScan._closer,
    "escape": MathScan._nothing,
    "brace": MathScan._brace,
    "hole": MathScan._hole,
    "dollar": MathScan._dollar,
    "newline": MathScan._newline,
}
