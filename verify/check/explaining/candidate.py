"""A formula that the author may have meant, and how far it is from what is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from verify.check.reading.tree import Tree

# How far an edit is, from a slip of the pen to a gap in the argument.  Only the order counts: where several edits make
# a line true, the smallest one is told.
SYMBOL, MEAN, SIGN, TRANSPOSE, ORDER, STEP, RANGE, PARTIAL = 5, 9, 10, 10, 11, 12, 12, 13
INSIDE, DROPPED, CHAINED, SLOPE, INSERTED, TERM, REPLACED = 14, 14, 14, 15, 17, 16, 18


@dataclass(frozen=True)
class Candidate:
    """``details`` fill the blanks of the catalogue's texts: trees where they are formulas, words where they are not.
    ``beside`` is the right-hand side, where it is the left-hand side that was edited."""

    tree: Tree
    misconception: str
    cost: int
    details: Mapping[str, Tree | str] = field(default_factory=dict)
    beside: Tree | None = None
