"""Equations and formulas as Python syntax trees: parsed by ``ast`` after a look at length and nesting, never evaluated.

Without that look ``ast.parse`` could exhaust the stack.  What a tree may hold is a whitelist, kept by its readers.
"""

from __future__ import annotations

import ast
import re
import unicodedata
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import sympy as sp

from derive.cellfile.source import Excerpt, shown
from derive.errors import InputError

_LONGEST, _DEEPEST, _MOST_OPERATORS = 2000, 25, 100
_BITS = 200
"""A number in a file, and what a file computes from numbers, has at most so many in numerator and denominator."""
_PAIRS = {")": "(", "]": "[", "}": "{"}
_NUMBER = re.compile(r"(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?")
_LOOKALIKES = {"−": "-", "–": "-", "⊙": "*", "·": "*", "×": "*", "ᵀ": ".T", "′": ".T", "“": '"', "”": '"'}
_LAMBDA = re.compile(r"\blambda\b(?!\s*[A-Za-z_:])")
_RESPELT = "_ambda"
"""For λ, whose name is a keyword of Python.  It is as long, so columns stay, and no name in a file starts with _."""


@dataclass(frozen=True)
class Code:
    """One equation, or one formula: its text, comments blanked, and the tree of it."""

    excerpt: Excerpt
    tree: ast.AST

    def text(self, node: ast.AST) -> str:
        """What the file says there, on one line."""
        text = self.excerpt.text[self._offset(node) : self._offset(node, end=True)]
        return shown(" ".join(text.split()))

    def error(self, node: ast.AST, what: str, mend: str) -> InputError:
        return self.excerpt.error(self._offset(node), what, mend)

    def refused(self, node: ast.AST, mend: str) -> InputError:
        """The error for what is not in the whitelist."""
        return self.error(node, f"'{self.text(node)}' has no meaning here", mend)

    def _offset(self, node: ast.AST, end: bool = False) -> int:
        if not hasattr(node, "lineno"):
            return len(self.excerpt.text) if end else 0
        line, column = (node.end_lineno, node.end_col_offset) if end else (node.lineno, node.col_offset)  # type: ignore[attr-defined]
        start = 0
        for _ in range(line - 1):
            start = self.excerpt.text.index("\n", start) + 1
        return int(start + column)


def spelt(identifier: str) -> str:
    """A name in a tree as the file spells it."""
    return "lambda" if identifier == _RESPELT else identifier


def pieces(excerpt: Excerpt) -> Iterator[Excerpt]:
    """The equations of a text: one a line, or several lines in brackets.  Comments become blanks.

    Raises InputError for a foreign character, brackets that do not match or nest too deep, too long an equation.
    """
    text = re.sub(r"#[^\n]*", lambda comment: " " * len(comment[0]), excerpt.text)
    whole, start, open_brackets = Excerpt(excerpt.source, excerpt.start, text), 0, list[int]()
    for place, sign in enumerate(text):
        if not (sign in "\t\n" or " " <= sign <= "~") or sign == "\\":
            raise _foreign(whole, place)
        if sign in "([{":
            open_brackets.append(place)
            if len(open_brackets) > _DEEPEST:
                raise whole.error(place, f"brackets nest more than {_DEEPEST} deep", "name a part of it first")
        elif sign in _PAIRS and (not open_brackets or text[open_brackets.pop()] != _PAIRS[sign]):
            raise whole.error(place, f"'{sign}' closes nothing", "balance the brackets")
        elif sign == "\n" and not open_brackets:
            yield from _piece(whole, start, place)
            start = place
    if open_brackets:
        raise whole.error(open_brackets[-1], f"'{text[open_brackets[-1]]}' is never closed", "balance the brackets")
    yield from _piece(whole, start, len(text))


def _piece(whole: Excerpt, start: int, end: int) -> Iterator[Excerpt]:
    text = whole.text[start:end]
    piece = whole.part(start + len(text) - len(text.lstrip()), end)
    if not piece.text:
        return
    if len(piece.text) > _LONGEST:
        what = f"an expression of {len(piece.text)} characters is too long: '{shown(piece.text, 20)}'"
        raise piece.error(0, what, f"at most {_LONGEST}: name a part of it by an equation of its own")
    if len(re.findall(r"\*\*|[-+*/@%&|^~<>=.,]", piece.text)) > _MOST_OPERATORS:
        what = f"an expression of more than {_MOST_OPERATORS} operations is too long: '{shown(piece.text, 20)}'"
        raise piece.error(0, what, "name a part of it by an equation of its own")
    yield piece


def _foreign(whole: Excerpt, place: int) -> InputError:
    sign = whole.text[place]
    greek = re.fullmatch(r"GREEK (?:SMALL|CAPITAL) LETTER (?:FINAL )?(\w+)", unicodedata.name(sign, ""))
    if sign in _LOOKALIKES:
        mend = f"write {_LOOKALIKES[sign]}"
    elif greek:
        mend = f"write the letter's name, {greek[1].lower() if 'SMALL' in greek[0] else greek[1].capitalize()}"
    else:
        mend = "write plain ASCII letters, digits and operators"
    return whole.error(place, f"'{shown(sign)}' has no meaning here", mend)


def single(excerpt: Excerpt, mend: str) -> Code:
    """The one expression in a text."""
    found = list(pieces(excerpt))
    if len(found) != 1:
        where = found[1].start - excerpt.start if found else 0
        raise excerpt.error(where, "an expression is expected here, " + ("one only" if found else "not a blank"), mend)
    code = parsed(found[0], mend)
    statement = code.tree
    if not isinstance(statement, ast.Expr):
        raise code.refused(statement, mend)
    return Code(code.excerpt, statement.value)


def parsed(piece: Excerpt, mend: str) -> Code:
    """One statement as a syntax tree.  Raises InputError, with ``mend``, where it is no Python."""
    text = _LAMBDA.sub(_RESPELT, piece.text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's remarks on style would be a second line
            body = ast.parse(text).body
    except SyntaxError as error:
        raise _unreadable(piece, error, mend) from None
    except (MemoryError, RecursionError, ValueError):
        raise piece.error(0, f"'{shown(piece.text, 20)}' is too long or too deep", mend) from None
    code = Code(piece, body[0])
    if len(body) > 1:
        raise code.refused(body[1], "write one equation a line")
    return code


def _unreadable(piece: Excerpt, error: SyntaxError, mend: str) -> InputError:
    lines = piece.text.split("\n")
    line = min(max(error.lineno or 1, 1), len(lines))
    place = sum(len(text) + 1 for text in lines[: line - 1]) + max((error.offset or 1) - 1, 0)
    match = re.compile(r"\s*(\w+|\S)").match(piece.text, min(place, len(piece.text)))
    if match is None:
        return piece.error(len(piece.text.rstrip()), "something is missing here", mend)
    return piece.error(match.start(1), f"'{shown(match[1])}' cannot stand here", mend)


def number(node: ast.Constant, code: Code) -> sp.Rational:
    """The exact number that a literal spells: 0.3 is 3/10.  Raises InputError for any other constant."""
    text = code.text(node)
    if not _NUMBER.fullmatch(text):
        raise code.refused(node, "write a number such as 2, 0.3 or 1e-3")
    value = Fraction(text)
    return exact(sp.Rational(value.numerator, value.denominator), node, code)


def exact(value: sp.Rational, node: ast.AST, code: Code) -> sp.Rational:
    """The number, unless it is infinite or has too many digits."""
    if not value.is_Rational:
        raise code.error(node, f"'{code.text(node)}' is not a number", "do not divide by zero")
    if max(value.p.bit_length(), value.q.bit_length()) > _BITS:
        raise code.error(node, f"'{code.text(node)}' has too many digits", f"at most {_BITS} bits")
    return value


def whole(node: ast.AST, code: Code) -> int | None:
    """A literal whole number, or None."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return int(number(node, code))
    return None
