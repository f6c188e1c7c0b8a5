r"""A copy of somebody's article with marks: the source is theirs, to the letter, plus commands that take no room.

A mark is put where an equality ends, and only where nothing that follows can cling to it.  What is said of a line
stands below it as a comment, and on a last page.  Nothing is compiled here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files

from reports.check_ascii import ascii_latex
from reports.check_lines import Item, items
from reports.check_words import Said, plain, said, summary, unread, verdict
from reports.check_wrapping import clean
from verify.check.result import OPEN, RIGHT, WRONG, Checked, Link

_CLASS = re.compile(r"^[^%\n]*?(?<!\\)\\documentclass\s*(?:\[[^\]]*\])?\s*\{\s*([A-Za-z0-9_-]+)\s*\}", re.MULTILINE)
_BEGIN = re.compile(r"^(?:[^%\n\\]|\\.)*?(\\begin\s*\{document\})", re.MULTILINE)
_OWN_PAGES = frozenset({"standalone", "beamer", "minimal"})
_SIGNS = {RIGHT: "right", WRONG: "wrong", OPEN: "open"}
_COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%")
_CLINGS = re.compile(r"\s*[_^'{\[]")
_ENDS = re.compile(r"\s*($|[%$&.,;:]|\\\\|\\end\b|\\[\])]|\\(?:label|tag|nonumber|notag|q?quad)\b)")


def begins(text: str) -> int | None:
    r"""Where ``\begin{document}`` of a whole article stands; None for a fragment, and for slides and single pictures,
    which have no margin."""
    start, found = _BEGIN.search(text), _CLASS.search(text)
    if start is None or found is None or found.start() > start.start() or found[1] in _OWN_PAGES:
        return None
    return start.start(1)


@dataclass(frozen=True)
class _Mark:
    """What is said of an item, by number; "" where there is nothing to say."""

    item: Item
    number: str
    remarks: tuple[Said, ...]

    @property
    def sign(self) -> str:
        return self.item.mark if isinstance(self.item, Link) else OPEN

    @property
    def end(self) -> tuple[int, int]:
        return self.item.place.end_line, self.item.place.end_column


def annotated(found: Checked, answer: bool = False) -> str:
    """The marked copy.  Raises ValueError where ``found.text`` is no article."""
    start = begins(found.text)
    if start is None:
        raise ValueError("there is no article to put marks into")
    marks = _marks(found, answer)
    lines = found.text.split("\n")
    first = found.text.count("\n", 0, start) + 1
    for mark in sorted(marks, key=lambda mark: mark.end, reverse=True):
        _put(lines, mark, first)
    head = lines[first - 1]
    column = start - (found.text.rfind("\n", 0, start) + 1)
    lines[first - 1] = f"{head[:column]}\n{_preamble(found, marks)}{head[column:]}"
    return "\n".join(lines)


def _marks(found: Checked, answer: bool) -> list[_Mark]:
    marks: list[_Mark] = []
    number = 0
    for item in items(found):
        remarks = tuple(said(item, answer)) if isinstance(item, Link) else (unread(item),)
        number += bool(remarks)
        marks.append(_Mark(item, str(number) if remarks else "", remarks))
    return marks


def _put(lines: list[str], mark: _Mark, first: int) -> None:
    """The command at the end of the item, and a comment below, if the place is safe."""
    number, column = mark.end[0], mark.end[1] - 1
    if not first <= number <= len(lines):
        return
    line, *below = lines[number - 1].split("\n")  # what earlier marks have put below
    if not _is_safe(line, column, isinstance(mark.item, Link)):
        return
    command = rf"\bpttmark{{{_SIGNS[mark.sign]}}}{{{mark.number}}}"
    comments = [_comment(mark)] if mark.remarks else []
    lines[number - 1] = "\n".join([line[:column] + command + line[column:], *comments, *below])


def _is_safe(line: str, column: int, is_read: bool) -> bool:
    """Whether a command may be put there: not into a comment, a name or an argument, and before no script."""
    before, after = line[:column], line[column:]
    if column > len(line) or _COMMENT.search(before) or _CLINGS.match(after) or before.endswith("\\"):
        return False
    if re.search(r"\\[A-Za-z]+$", before) and after[:1].isalpha():
        return False
    return is_read or _ENDS.match(after) is not None


def _comment(mark: _Mark) -> str:
    words = " ".join(f"{remark.lead}: {plain(remark.text, as_typed=True)}" for remark in mark.remarks)
    return f"% bptt {mark.sign} {mark.number}: {clean(' '.join(words.split()))}"


def _preamble(found: Checked, marks: list[_Mark]) -> str:
    template = files("reports").joinpath("check_preamble.tex").read_text("utf-8")
    heading = rf"{{\large\bfseries {ascii_latex(verdict(found))}}}\par {ascii_latex(summary(found))}.\par"
    notes = [rf"\bptt@note{{{mark.number}}}{{{_note(mark)}}}%" for mark in marks if mark.remarks]
    return template.replace("@NOTES@", "\n  ".join([heading, *notes]))


def _note(mark: _Mark) -> str:
    """The line, and everything that is said of it."""
    where = f"Line {mark.item.place.line}."
    told = [f"{remark.lead[:1].upper()}{remark.lead[1:]}: {remark.text}" for remark in mark.remarks]
    return ascii_latex(" ".join([where, *(text if text[-1] in ".?!" else f"{text}." for text in told)]))
