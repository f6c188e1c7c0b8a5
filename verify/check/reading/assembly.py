"""From pieces in a row to a tree: signs reach over what follows them, names are applied to brackets.

The conventions, where textbooks need some:

- Σ reaches to the next + or - of its level, ∏ too, though it may have been meant for the next factor only (Extent).
- A function without brackets reaches over what is juxtaposed to it: log p x, but (log p)·x.
- ∂/∂w, ∂_w and ∇_w reach like ∏.
- A letter before a bracket is a function of it where ``functions.applies`` says so, else a factor.
- a / b c is (a / b) c.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from verify.check.reading import atoms, functions, heads
from verify.check.reading.parser import named
from verify.check.reading.pieces import Expression, Part, Piece, Script, UnreadableError
from verify.check.reading.text import Span, Text
from verify.check.reading.tokens import Mark
from verify.check.reading.tree import Add, Name, Negative, Quotient, Relation, Times, Tree
from verify.check.reading.walking import depth

DEEPEST = 50
"""Of signs and brackets in one another, and of nodes below one another in the tree."""


@dataclass
class Cursor:
    """A place in a row of pieces."""

    pieces: tuple[Piece, ...]
    at: int = 0
    calls: bool = False
    """Whether every name before a bracket is a function: behind ∂ nobody multiplies."""

    @property
    def now(self) -> Piece | None:
        return self.pieces[self.at] if self.at < len(self.pieces) else None

    def take(self) -> Piece:
        """The next piece.  Raises UnreadableError when there is none."""
        piece = self.now
        if piece is None:
            last = self.pieces[-1]
            raise UnreadableError(f"something is missing after {said(last)}", last.start, last.end)
        self.at += 1
        return piece

    def comes(self, *kinds: str) -> bool:
        return self.now is not None and self.now.symbol.type in kinds


def said(piece: Piece) -> str:
    return named(piece.symbol) if isinstance(piece.symbol, Mark) else f"this {piece.symbol.kind}"


def assembled(found: Expression, text: Text) -> Tree:
    """The tree of a formula.  Raises UnreadableError."""
    tree = Assembly(text).expression(found)
    if depth(tree) > DEEPEST:  # x/x/x/… needs no brackets to nest
        raise UnreadableError(f"more than {DEEPEST} operations in one another", found.start, found.end)
    return tree


class Assembly:
    """Raises UnreadableError for what has no reading."""

    def __init__(self, text: Text) -> None:
        self.text, self.depth = text, 0

    def span(self, start: int, end: int) -> Span:
        return Span(start, end, self.text)

    def expression(self, found: Expression) -> Tree:
        """A sum, or its only term."""
        terms = []
        for sign, row in found.terms:
            term = self.row(row)
            negative = sign is not None and str(sign) == "-"
            terms.append(Negative(term, span=self.span(sign.start, term.span.end)) if sign and negative else term)
        return terms[0] if len(terms) == 1 else Add(tuple(terms), span=self.span(found.start, found.end))

    def row(self, row: tuple[Piece, ...], calls: bool = False) -> Tree:
        return self.product(Cursor(row, calls=calls))

    def product(self, cursor: Cursor) -> Tree:
        return self.times(*self.factors(cursor))

    def times(self, factors: list[Tree], kinds: list[str]) -> Tree:
        if len(factors) == 1:
            return factors[0]
        return Times(tuple(factors), tuple(kinds), span=self.span(factors[0].span.start, factors[-1].span.end))

    def factors(self, cursor: Cursor, juxtaposed: bool = False) -> tuple[list[Tree], list[str]]:
        """What is multiplied, up to the end, or of a function's argument up to the next sign or function."""
        factors, kinds = [self.unit(cursor)], list[str]()
        while cursor.now is not None and not (juxtaposed and cursor.comes("TIMES", "FUNCTION", "BIG")):
            kinds.append(str(self.bare(cursor.take()).symbol) if cursor.comes("TIMES") else "")
            factors.append(self.unit(cursor))
        return factors, kinds

    def unit(self, cursor: Cursor) -> Tree:
        """A factor, a quotient of factors, or a sign with all it reaches over."""
        tree = self.operand(cursor)
        while cursor.comes("SLASH"):
            self.bare(cursor.take())
            below = self.operand(cursor)
            tree = Quotient(tree, below, span=self.span(tree.span.start, below.span.end))
        return tree

    def operand(self, cursor: Cursor) -> Tree:
        piece = cursor.take()
        self.depth += 1
        if self.depth > DEEPEST:
            raise UnreadableError(f"more than {DEEPEST} signs and brackets in one another", piece.start, piece.end)
        try:
            rule = _RULES.get(piece.symbol.type)
            if rule is None:
                raise UnreadableError(f"{said(piece)} cannot stand here", piece.start, piece.end)
            return rule(self, piece, cursor)
        finally:
            self.depth -= 1

    def bare(self, piece: Piece) -> Piece:
        if piece.hanging:
            raise UnreadableError(f"a script on {said(piece)} is not read", piece.start, piece.end)
        return piece

    def entries(self, script: Script, words: bool = True) -> tuple[Tree, ...]:
        """What stands between commas; with ``words`` letters in a row are one name, as in scripts."""
        return tuple(self.part(part, script, words) for part in script.parts)

    def part(self, part: Part, script: Script, words: bool) -> Tree:
        if not part.expressions or len(part.expressions) > 2:
            what = f"'{part.sign}' alone" if part.sign else "a prime alone" if part.primes else "a chain of relations"
            raise UnreadableError(f"{what} cannot stand here", script.start, script.end)
        trees = [self.index(found) if words else self.expression(found) for found in part.expressions]
        if not part.relations:
            return trees[0]
        span = self.span(trees[0].span.start, trees[1].span.end)
        return Relation(trees[0], str(part.relations[0]), trees[1], span=span)

    def index(self, found: Expression) -> Tree:
        """In a script letters in a row are one word: W_{hh}."""
        return self.word(found) or self.expression(found)

    def word(self, found: Expression) -> Name | None:
        row = found.single()
        marks = [piece.symbol for piece in row if isinstance(piece.symbol, Mark) and not piece.hanging]
        if len(row) < 2 or len(marks) < len(row) or marks[0].type != "NAME":
            return None
        if not all(mark.type in ("NAME", "NUMBER") and mark.isascii() and mark.isalnum() for mark in marks):
            return None
        if len({mark.font for mark in marks if mark.type == "NAME"}) > 1:
            return None
        return Name("".join(marks), font=marks[0].font, span=self.span(found.start, found.end))


_RULES: dict[str, Callable[[Assembly, Piece, Cursor], Tree]] = {
    "NAME": functions.name,
    "FUNCTION": functions.function,
    "BIG": heads.big,
    "PARTIAL": heads.partial,
    "NABLA": heads.nabla,
    "fraction": heads.fraction,
    "NUMBER": atoms.number,
    "DOTS": atoms.dots,
    "bracket": atoms.bracket,
    "group": atoms.group,
    "bars": atoms.bars,
    "evaluation": atoms.evaluation,
    "root": atoms.root,
    "accent": functions.accent,
    "grid": atoms.grid,
}
