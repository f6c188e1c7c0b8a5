"""From the text of a line to tokens, each with its place.  One regular expression, no look back, no alternatives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from verify.check.reading.braces import group_end
from verify.check.reading.displays import MathLine
from verify.check.reading.letters import ACCENTS, FONT_SWITCHES, LETTER_FONTS, TEXT_FONTS, WORD_FONTS, WORDS
from verify.check.reading.macros import Expansion, TooMuchError, definitions
from verify.check.reading.marks import Mark as Mark
from verify.check.reading.mathscan import COLUMN, ROW
from verify.check.reading.signs import ARGUMENTS, CHARACTERS, EXPLICIT_SPACES, MACROS, NOTED, OTHER_FILES, SIDES, SPACES
from verify.check.reading.text import Text

_TOKEN = re.compile(
    rf"(?P<column>{COLUMN}+)|(?P<space>(?:[^\S{COLUMN}]|~)+)|(?P<row>{ROW})"
    r"|\\(?P<edge>begin|end)\s*\{(?P<environment>[A-Za-z]+\*?)\}"
    r"|\\(?P<macro>(?:tag|operatorname|hspace|vspace)\*|[A-Za-z]+|.)|(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z]+)|(?P<character>.)",
    re.DOTALL,
)
_ARGUMENT = re.compile(r"\s*\{")
_LONGEST_NUMBER = 100
_ONE_DIGIT = ("SUB", "SUP", "FRAC")
"""After these, without braces, the next digit alone is meant: x_12 is x_1 2."""


_TRANSPARENT = frozenset({"PASS", "LBRACE", "RBRACE", "FONT"})


def tokens(line: MathLine, expansion: Expansion | None = None) -> list[Mark]:
    """Never raises for strange text: what has no meaning is a token of kind BAD, whose text is the reason."""
    return list(_Tokens(line, expansion or Expansion(definitions(line.source.content))).all())


class _Tokens:
    def __init__(self, line: MathLine, expansion: Expansion) -> None:
        self.line, self.at, self.expansion = line, 0, expansion
        self.last, self.side, self.spaced = "", "", False
        self.sized = 0
        """Where the \\left or \\big stands that gave the side."""

    def all(self) -> Iterator[Mark]:
        while self.at < len(self.line.text):
            match = _TOKEN.match(self.line.text, self.at)
            assert match is not None  # any character matches
            self.at = match.end()
            for mark in self.read(match):
                self.last = mark.type
                if mark.type not in _TRANSPARENT:
                    self.side, self.spaced = "", False
                yield mark

    def mark(self, kind: str, text: str, match: re.Match[str], end: int | None = None) -> Mark:
        sided = bool(self.side) and kind in ("OPEN", "CLOSE", "BAR", "NULL")
        start, end = self.line.start + (self.sized if sided else match.start()), self.line.start + (end or match.end())
        return Mark(kind, text, start, end, "", self.side if sided else "", self.spaced)

    def read(self, match: re.Match[str]) -> Iterator[Mark]:
        return _RULES[match.lastgroup or "character"](self, match)

    def space(self, match: re.Match[str]) -> Iterator[Mark]:
        return iter(())

    def row(self, match: re.Match[str]) -> Iterator[Mark]:
        yield self.mark("ROW", "", match)

    def column(self, match: re.Match[str]) -> Iterator[Mark]:
        yield self.mark("COLUMN", "", match)

    def environment(self, match: re.Match[str]) -> Iterator[Mark]:
        yield self.mark(match["edge"].upper(), match["environment"], match)

    def number(self, match: re.Match[str]) -> Iterator[Mark]:
        digits = match["number"]
        if self.last in _ONE_DIGIT and len(digits) > 1:
            self.at = match.start() + 1
            start = self.line.start + match.start()
            yield Mark("NUMBER", digits[0], start, start + 1)
        elif len(digits) > _LONGEST_NUMBER:
            yield self.mark("BAD", f"a number of {len(digits)} digits is too long", match)
        else:
            yield self.mark("NUMBER", digits, match)

    def word(self, match: re.Match[str]) -> Iterator[Mark]:
        start = self.line.start + match.start()
        if match["word"] in WORDS and self.last not in ("SUB", "SUP"):
            yield self.mark("FUNCTION", match["word"], match)
            return
        for place, letter in enumerate(match["word"]):
            yield Mark("NAME", letter, start + place, start + place + 1, "", "", self.spaced and not place)

    def character(self, match: re.Match[str]) -> Iterator[Mark]:
        sign = match["character"]
        kind, text = CHARACTERS.get(sign, ("BAD", f"'{_shown(sign)}' has no meaning here"))
        yield self.mark("NULL" if self.side and sign == "." else kind, text, match)

    def macro(self, match: re.Match[str]) -> Iterator[Mark]:
        name = match["macro"]
        if name in self.expansion.macros:
            yield from self.defined(name, match)
            return
        name = "operatorname" if name == "operatorname*" else name
        if name in SPACES:
            self.spaced = self.spaced or name in EXPLICIT_SPACES
            return
        if name in SIDES and name not in MACROS:
            self.side, self.sized = SIDES[name], match.start()
            return
        if name in TEXT_FONTS:
            yield self.text(match)
            return
        if name in SIDES:  # \\lVert says its side itself
            self.side, self.sized = SIDES[name], match.start()
        yield self.mark(*self.meaning(name), match)

    def defined(self, name: str, match: re.Match[str]) -> Iterator[Mark]:
        """A macro of the file: the tokens of what it brings, all of them where it is called."""
        try:
            found = self.expansion.call(name, self.line.text, match.end())
            if found is None:
                yield self.mark("BAD", f"'\\{name}' lacks an argument", match)
                return
            text, self.at = found
            with self.expansion.inside():
                brought = list(_Tokens(MathLine(text, 0, Text(text)), self.expansion).all())
        except TooMuchError:
            if self.expansion.depth:
                raise
            yield self.mark("BAD", f"'\\{name}' brings too much, or itself", match)
            return
        start, end = self.line.start + match.start(), self.line.start + self.at
        for mark in brought:
            yield Mark(mark.type, str(mark), start, end, mark.font, mark.side, mark.spaced)

    def meaning(self, name: str) -> tuple[str, str]:
        """Kind and text of the token that a macro is."""
        for table, kind in _KINDS:
            if name in table:
                return kind, name
        if name in ACCENTS:
            return "ACCENT", ACCENTS[name]
        if name in OTHER_FILES:
            return "BAD", f"'\\{name}' names another file, which is not read"
        return MACROS.get(name, ("BAD", f"'\\{_shown(name)}' is a macro that this reader does not know"))

    def text(self, match: re.Match[str]) -> Mark:
        """\\text{…} whole: what stands in it is not mathematics."""
        argument = _ARGUMENT.match(self.line.text, self.at)
        if not argument:
            return self.mark("TEXT", "", match)
        start = self.line.start
        end = min(group_end(self.line.source, start + argument.end() - 1) - start, len(self.line.text))
        self.at = max(end, argument.end())
        closed = self.line.text[self.at - 1] == "}"
        return self.mark("TEXT", self.line.text[argument.end() : self.at - closed], match, self.at)


_RULES: dict[str, Callable[[_Tokens, re.Match[str]], Iterator[Mark]]] = {
    "space": _Tokens.space,
    "row": _Tokens.row,
    "column": _Tokens.column,
    "environment": _Tokens.environment,
    "macro": _Tokens.macro,
    "number": _Tokens.number,
    "word": _Tokens.word,
    "character": _Tokens.character,
}
_KINDS = (
    (WORD_FONTS | LETTER_FONTS | set(FONT_SWITCHES), "FONT"),
    (frozenset(ARGUMENTS), "PASS"),
    (NOTED, "NOTED"),
)


def _shown(text: str) -> str:
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")
