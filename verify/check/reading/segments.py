"""A line of tokens as claims and remarks: A = B, \\quad C = D for all t is two claims and a condition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from verify.check.reading.tokens import Mark
from verify.check.reading.wording import begins_remark, is_prose

DEEPER = frozenset({"OPEN", "LBRACE", "LGROUP", "MATRIX"})
SHALLOWER = frozenset({"CLOSE", "RBRACE", "RGROUP", "ENDMATRIX"})
OPERATORS = frozenset({"SIGN", "TIMES", "SLASH"})
EQUALITIES = frozenset({"=", ":=", "=:", "≡", "≜", "≐", "≈", "∝", "≅"})
_INDICES = frozenset("tsijklmnτTS")
_SPACES = frozenset({"QUAD", "COLUMN"})


@dataclass
class Line:
    """``claims`` are rows of tokens; the first may continue what stands on the line above."""

    claims: list[list[Mark]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def depths(marks: list[Mark]) -> Iterator[int]:
    """How many brackets are open where each token stands; an opening and its closing one stand inside."""
    depth = 0
    for mark in marks:
        opens = mark.type in DEEPER or (mark.type in ("BAR", "NULL") and mark.side == "left")
        closes = mark.type in SHALLOWER or (mark.type in ("BAR", "NULL") and mark.side == "right")
        depth += opens
        yield depth
        depth = max(0, depth - closes) if not opens else depth


def is_relation(mark: Mark) -> bool:
    return mark.type == "RELATION"


def has_relation(marks: list[Mark]) -> bool:
    return any(is_relation(mark) and not depth for mark, depth in zip(marks, depths(marks), strict=True))


def joined_relations(marks: list[Mark]) -> list[Mark]:
    """: and = side by side are one sign."""
    out: list[Mark] = []
    for mark in marks:
        if (
            out
            and is_relation(mark)
            and is_relation(out[-1])
            and out[-1].end == mark.start
            and str(out[-1]) + mark in EQUALITIES
        ):
            first = out.pop()
            out.append(Mark("RELATION", str(first) + mark, first.start, mark.end))
        else:
            out.append(mark)
    return out


def segmented(marks: list[Mark], words: Callable[[list[Mark]], str]) -> Line:
    """``words`` gives the source's text of some tokens, for remarks."""
    line = Line()
    rows = [
        part for row in _Cutting(joined_relations(marks), words, line.remarks).done() for part in _cut_at_spaces(row)
    ]
    rows = [row for row in map(_trimmed, rows) if row]
    some = any(has_relation(row) for row in rows)
    before_was_remark = False
    for place, row in enumerate(rows):
        before_dots = place + 1 < len(rows) and rows[place + 1][0].type == "DOTS" and len(rows[place + 1]) == 1
        if _is_condition(row, place == 0, before_dots) or (some and place > 0 and not has_relation(row)):
            if before_was_remark:
                line.remarks[-1] += f", {words(row)}"
            else:
                line.remarks.append(words(row))
            before_was_remark = True
        else:
            line.claims.append([mark for mark in row if mark.type not in _SPACES])
            before_was_remark = False
    return line


@dataclass
class _Cutting:
    """Rows between commas, full stops, arrows and texts; what follows "for", "where" … is a remark."""

    marks: list[Mark]
    words: Callable[[list[Mark]], str]
    remarks: list[str]
    row: list[Mark] = field(default_factory=list)
    rows: list[list[Mark]] = field(default_factory=list)
    at: int = 0

    def done(self) -> list[list[Mark]]:
        self.levels = list(depths(self.marks))
        while self.at < len(self.marks):
            mark = self.marks[self.at]
            rule = _CUTS.get(mark.type) if self.levels[self.at] == (mark.type == "OPEN") else None
            if rule is None or not rule(self, mark):
                self.row.append(mark)
                self.at += 1
        return [*self.rows, self.row]

    def cut(self, mark: Mark) -> bool:
        """A row ends here."""
        self.rows.append(self.row)
        self.row, self.at = [], self.at + 1
        return True

    def remark(self, end: int) -> bool:
        """The row ends, and up to ``end`` there is no formula."""
        self.remarks.append(self.words(self.marks[self.at : end]))
        self.at = end - 1
        return self.cut(self.marks[end - 1])

    def text(self, mark: Mark) -> bool:
        first_word = mark.strip().lower()
        if begins_remark(mark) and (self.at or first_word.startswith(("where", "for "))):
            return self.remark(len(self.marks))
        if first_word:
            self.remarks.append(mark.strip())
        return self.cut(mark)

    def for_all(self, mark: Mark) -> bool:
        """∀t: at the begin, or ∀t to the end."""
        end = self.at + 1 if not self.row else len(self.marks)
        while end < len(self.marks) and not (self.marks[end].type == "COMMA" or str(self.marks[end]) == ":"):
            end += 1
        return self.remark(end)

    def colon(self, mark: Mark) -> bool:
        """What stands before a colon is a heading."""
        if str(mark) != ":":
            return False
        if self.row:
            self.remarks.append(self.words(self.row))
            self.row = []
        return self.cut(mark)

    def bracket(self, mark: Mark) -> bool:
        end = _remark_end(self.marks, self.levels, self.at)
        return bool(end) and self.remark(end)


_CUTS: dict[str, Callable[[_Cutting, Mark], bool]] = {
    "COMMA": _Cutting.cut,
    "PERIOD": _Cutting.cut,
    "BREAK": _Cutting.cut,
    "TEXT": _Cutting.text,
    "FORALL": _Cutting.for_all,
    "RELATION": _Cutting.colon,
    "OPEN": _Cutting.bracket,
}


def _remark_end(marks: list[Mark], levels: list[int], at: int) -> int:
    """Behind a bracket that holds a condition, a number of the equation or words; 0 for any other."""
    spaced = at > 0 and marks[at - 1].type in _SPACES
    if not spaced and (at + 1 >= len(marks) or marks[at + 1].type != "TEXT"):
        return 0
    end = at + 1
    while end < len(marks) and not (levels[end] == 1 and marks[end].type == "CLOSE"):
        end += 1
    if end == len(marks):  # it is never closed, which is for others to say
        return 0
    inside = marks[at + 1 : end]
    says = any(mark.type == "TEXT" and (is_prose(mark) or mark is inside[0]) for mark in inside)
    is_number = len(inside) == 1 and inside[0].type == "NUMBER" and end + 1 >= len(marks)
    related = any(is_relation(mark) and levels[at + 1 + k] == 1 for k, mark in enumerate(inside))
    return end + 1 if says or (spaced and (is_number or related)) else 0


def _cut_at_spaces(row: list[Mark]) -> Iterator[list[Mark]]:
    """At a wide space between two equations."""
    levels = list(depths(row))
    relations = [k for k, mark in enumerate(row) if is_relation(mark) and not levels[k]]
    start = 0
    for at, mark in enumerate(row):
        if levels[at] or mark.type not in _SPACES or at + 1 >= len(row) or at == start:
            continue
        joins = OPERATORS | {"RELATION"}
        if row[at + 1].type in joins | _SPACES or row[at - 1].type in joins:
            continue
        if relations and relations[-1] > at and any(start <= k < at for k in relations):
            yield row[start:at]
            start = at + 1
    yield row[start:]


def _trimmed(row: list[Mark]) -> list[Mark]:
    start, end = 0, len(row)
    while start < end and row[start].type in _SPACES:
        start += 1
    while end > start and row[end - 1].type in _SPACES:
        end -= 1
    return row[start:end]


def _is_condition(row: list[Mark], is_first: bool, before_dots: bool) -> bool:
    """t = 1, t ≥ 1, i ∈ S behind a claim; t = 1, …, T anywhere."""
    relations = [str(mark) for mark, depth in zip(row, depths(row), strict=True) if is_relation(mark) and not depth]
    if not relations or is_relation(row[0]):
        return False
    index = len(row) > 1 and str(row[0]) in _INDICES and is_relation(row[1])
    if before_dots:
        return index
    return not is_first and (index or not EQUALITIES & set(relations))
