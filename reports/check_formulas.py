r"""A formula of somebody's derivation, as a presentation tree: what may be typeset in a document of ours.

The tree is printed by our own emitters, so that nothing the user wrote reaches an engine: what is not in the small
dialect of ``reports.check_tokens`` has no tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from reports.check_tokens import (
    ACCENTS,
    APPLIED,
    BARS,
    BIG,
    FENCES,
    FRACTIONS,
    NORMS,
    STYLES,
    TEXTS,
    NotReadError,
    character,
    ends_term,
    fenced,
    named,
    tokens,
)
from reports.formula.tree import Accent, Atom, Big, Call, Formula, Frac, Paren, Row, Script, Style, Under, Words, row

_LONGEST, _DEEPEST = 4000, 40
_NOTHING = Atom("")


def formula(latex: str) -> Formula | None:
    """The tree of a formula, None for one that cannot be shown safely as mathematics."""
    if len(latex) > _LONGEST:
        return None
    try:
        return _Reader(tokens(latex)).whole()
    except NotReadError:
        return None


class _Reader:
    """Recursive descent over tokens.  Raises NotReadError at the first that it does not know."""

    def __init__(self, given: list[str]) -> None:
        self.given, self.at, self.depth = given, 0, 0

    def whole(self) -> Formula:
        found = self._items(lambda token: False)
        if self._peek() or not found:
            raise NotReadError
        return row(*found)

    def _peek(self) -> str:
        while self.at < len(self.given) and self.given[self.at].isspace():
            self.at += 1
        return self.given[self.at] if self.at < len(self.given) else ""

    def _next(self) -> str:
        token = self._peek()
        if not token:
            raise NotReadError
        self.at += 1
        return token

    def _take(self, token: str) -> bool:
        taken = self._peek() == token
        self.at += taken
        return taken

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise NotReadError
        yield
        self.depth -= 1

    def _items(self, stops: Callable[[str], bool]) -> list[Formula]:
        """Everything up to a token that stops, which stays."""
        found: list[Formula] = []
        with self._deeper():
            while (token := self._peek()) and token != "}" and not stops(token):
                _append(found, self._big(stops) if token in BIG else self._scripted())
        return found

    def _inside(self, closing: str) -> Formula:
        found = self._items(lambda token: token == closing)
        if self._next() != closing:
            raise NotReadError
        return row(*found) if found else _NOTHING

    def _argument(self) -> Formula:
        r"""What stands in braces, or the next token; of ``\frac12`` one digit."""
        if self._take("{"):
            return self._inside("}")
        token = self._peek()
        if token[:1].isdigit() and len(token) > 1:
            self.given[self.at : self.at + 1] = [token[0], token[1:]]
        return self._nucleus()

    def _big(self, stops: Callable[[str], bool]) -> Formula:
        """A sum or a product with its limits; its body goes on to the next term."""
        sign = BIG[self._next()]
        lo, hi = self._scripts()
        body = self._items(lambda token: stops(token) or ends_term(token))
        return Big("sum" if sign == "sum" else "prod", lo, hi, row(*body) if body else _NOTHING)

    def _scripted(self) -> Formula:
        base = self._nucleus()
        sub, sup = self._scripts()
        return base if sub is None and sup is None else Script(base, sub, sup)

    def _scripts(self) -> tuple[Formula | None, Formula | None]:
        sub: Formula | None = None
        sup: Formula | None = None
        while (token := self._peek()) in ("_", "^", "'"):
            self._next()
            if token == "_" and sub is None:
                sub = self._argument()
            elif token == "^" and sup is None:
                sup = self._argument()
            elif token == "'" and sup is None:
                sup = Atom("prime")
            else:
                raise NotReadError
        return sub, sup

    def _nucleus(self) -> Formula:
        token = self._next()
        with self._deeper():
            if token == "{":
                return self._inside("}")
            if token in FENCES:
                return fenced(token, self._inside(FENCES[token]), FENCES[token])
            if token in NORMS or token in BARS:
                return fenced(token, self._inside(token), token)
            return self._command(token) if token.startswith("\\") else character(token)

    def _command(self, token: str) -> Formula:
        if token in FRACTIONS:
            return Frac(self._argument(), self._argument())
        if token in ACCENTS:
            return Accent(self._argument(), ACCENTS[token])
        if token in STYLES:
            return self._styled(STYLES[token])
        if token in TEXTS:
            return Words(self._words())
        if token == r"\left":
            return self._grown()
        if token == r"\underbrace":
            body = self._argument()
            return Under(body, self._argument()) if self._take("_") else body
        return named(token)

    def _grown(self) -> Formula:
        r"""``\left( … \right)``; a point is no delimiter, as in ``\left. … \right|_{h}``."""
        left = self._next()
        found = self._items(lambda token: token == r"\right")
        if self._next() != r"\right":
            raise NotReadError
        body, right = row(*found) if found else _NOTHING, self._next()
        if left == "." and right in BARS:
            return row(body, Script(Atom("|"), *self._scripts()))
        return fenced(left, body, right)

    def _styled(self, style: Style) -> Formula:
        self._take("*")
        parts = [self._next()]
        if parts == ["{"]:
            parts = []
            while not self._take("}"):
                parts.append(self._next())
        name = "".join(parts)
        if name.startswith("\\"):
            return named(name, style)
        if not name.isascii() or not name.isalnum():
            raise NotReadError
        return Atom(name, style)

    def _words(self) -> str:
        """The text in braces as it is, blanks included."""
        if self._next() != "{":
            raise NotReadError
        start = self.at
        while self.at < len(self.given) and self.given[self.at] != "}":
            self.at += 1
        words = "".join(self.given[start : self.at])
        self._next()
        if any(sign in words for sign in "\\{$"):
            raise NotReadError
        return words


def _append(found: list[Formula], item: Formula) -> None:
    """A letter of a function before a parenthesis is applied to what is inside."""
    before = found[-1] if found else None
    name = before.base if isinstance(before, Script) else before
    is_applied = isinstance(item, Paren) and item.left == "(" and isinstance(name, Atom) and name.name in APPLIED
    if is_applied and before is not None and isinstance(item, Paren):
        found[-1] = Call(before, _arguments(item.body))
    else:
        found.append(item)


def _arguments(body: Formula) -> tuple[Formula, ...]:
    parts: list[list[Formula]] = [[]]
    for item in body.items if isinstance(body, Row) else (body,):
        if item == Atom(","):
            parts.append([])
        else:
            parts[-1].append(item)
    return tuple(row(*part) if part else _NOTHING for part in parts)
