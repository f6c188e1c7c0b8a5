"""From lines to claims: rows of tokens joined over lines, cut at relations, each side read for itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from verify.check.reading.assembly import assembled
from verify.check.reading.claims import ClaimLine, Member
from verify.check.reading.displays import Display, MathLine, Unread, unread_at
from verify.check.reading.fences import matched
from verify.check.reading.groups import Groups
from verify.check.reading.macros import Expansion, definitions
from verify.check.reading.parser import pieces
from verify.check.reading.pieces import UnreadableError
from verify.check.reading.segments import OPERATORS, Line, depths, has_relation, is_relation, segmented
from verify.check.reading.text import Span, Text
from verify.check.reading.tokens import Mark, tokens
from verify.check.reading.tree import Tree

LONGEST = 25_000
"""Tokens of one line; a page has a fifth of that."""
MOST = 400_000
"""Tokens of a file."""


@dataclass
class Statement:
    """The tokens of a claim, from one line or several."""

    marks: list[Mark]
    display: Display
    remarks: list[str]

    def goes_on(self) -> bool:
        """Whether it cannot end here: with an open bracket, or with a sign."""
        last = self.marks[-1]
        return last.type in OPERATORS or is_relation(last) or _unbalanced(self.marks)


def _unbalanced(marks: list[Mark]) -> bool:
    *_, depth = depths([*marks, Mark("NAME", "", 0, 0)])
    return depth > 0


@dataclass
class Statements:
    text: Text
    unread: list[Unread]
    statements: list[Statement] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        self.expansion = Expansion(definitions(self.text.content))

    def display(self, display: Display) -> None:
        """Its lines, those that go on joined to what they continue."""
        first = len(self.statements)
        for line in display.lines:
            found = self.line(line)
            if found is None:
                continue
            for place, marks in enumerate(found.claims):
                before = self.before(first, display)
                if place == 0 and before and (_continues(marks, line) or before.goes_on()):
                    before.marks.extend(marks)
                else:
                    self.statements.append(Statement(marks, display, []))
            if self.statements and len(self.statements) > first:
                self.statements[-1].remarks.extend(found.remarks)

    def before(self, first: int, display: Display) -> Statement | None:
        """The statement that may go on: of the same display, or of the one above it."""
        if not self.statements or display.is_inline:
            return None
        last = self.statements[-1]
        return last if len(self.statements) > first or not last.display.is_inline else None

    def line(self, line: MathLine) -> Line | None:
        self.expansion.brought = 0
        marks = tokens(line, self.expansion)
        self.count += len(marks)
        if self.count > MOST:
            raise self.text.error(line.start, f"the formulas have more than {MOST} signs", "split the file")
        start = line.start + len(line.text) - len(line.text.lstrip())
        if len(marks) > LONGEST:
            reason = f"a line of {len(marks)} signs is too long, at most {LONGEST} are read"
            self.unread.append(unread_at(self.text, start, start + 80, reason))
            return None
        groups = Groups(marks)
        found = segmented(groups.resolved(), self.words)
        found.remarks.extend(groups.remarks)
        return found

    def words(self, marks: list[Mark]) -> str:
        return " ".join(self.text.content[marks[0].start : marks[-1].end].split()) if marks else ""

    def claims(self) -> Iterator[ClaimLine]:
        for statement in self.statements:
            if statement.display.is_inline and not has_relation(statement.marks):
                continue
            claim = self.claim(statement)
            if claim is not None:
                yield claim

    def claim(self, statement: Statement) -> ClaimLine | None:
        """The chain of what could be read; None when that is no claim any more."""
        chain: list[Member] = []
        relations: list[str] = []
        waiting: list[str] = []
        sides = _sides(statement.marks)
        first = sides[1][0] if len(sides) > 1 else None
        for relation, marks in sides:
            waiting += [str(relation)] if relation is not None else []
            tree = self.member(marks, relation or first)
            if tree is None:
                continue
            if chain:
                relations.append(waiting[-1])
            chain.append(Member(tree, tree.span, after_gap=len(waiting) > (1 if chain else 0)))
            waiting = []
        if not chain or (len(chain) == 1 and len(sides) > 1):
            return None
        where = Span(statement.marks[0].start, statement.marks[-1].end, self.text)
        return ClaimLine(tuple(chain), tuple(relations), where, statement.display, tuple(statement.remarks))

    def member(self, marks: list[Mark], relation: Mark | None) -> Tree | None:
        """One side of a relation, None if it cannot be read, which is noted."""
        try:
            if not marks:
                raise self.missing(relation)
            return assembled(pieces(matched(marks)), self.text)
        except UnreadableError as error:
            self.unread.append(unread_at(self.text, error.start, error.end, error.reason))
        except RecursionError:
            self.unread.append(unread_at(self.text, marks[0].start, marks[-1].end, "it is nested too deep"))
        return None

    def missing(self, relation: Mark | None) -> UnreadableError:
        where = relation or Mark("NAME", "", 0, 0)
        return UnreadableError(f"a side of '{where}' is missing", where.start, where.end)


def _continues(marks: list[Mark], line: MathLine) -> bool:
    """Whether a line goes on with what stands above it: it begins with a sign; a minus may begin a claim of its own."""
    first = marks[0]
    if first.type != "SIGN" or str(first) == "+":
        return is_relation(first) or first.type in OPERATORS
    column = line.text.find("\u2001", 0, first.start - line.start)
    return column >= 0 or not has_relation(marks)


def _sides(marks: list[Mark]) -> list[tuple[Mark | None, list[Mark]]]:
    """The members of a chain, each with the relation before it."""
    sides: list[tuple[Mark | None, list[Mark]]] = [(None, [])]
    for mark, depth in zip(marks, list(depths(marks)), strict=True):
        if is_relation(mark) and not depth:
            sides.append((mark, []))
        else:
            sides[-1][1].append(mark)
    return sides
