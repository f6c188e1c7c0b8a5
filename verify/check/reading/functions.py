"""Names, and what they are applied to.

A word (tanh, diag, softmax, an \\operatorname) is applied to the bracket behind it, or without one to what is
juxtaposed.  A letter before a bracket is a function when the bracket has several entries, when it has a prime, when it
is φ, σ, ψ, ℓ, L, J, E, or f, g, F, G without an index of time: f_t(1 - f_t) is a forget gate times something.
Everything else is a factor, and so is a letter with a space (\\,) behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from verify.check.reading.pieces import Compound, Piece, UnreadableError
from verify.check.reading.scripts import dress, dressed
from verify.check.reading.tokens import Mark
from verify.check.reading.tree import Add, Applied, Extent, Name, Number, Tree
from verify.check.reading.walking import walk

if TYPE_CHECKING:
    from verify.check.reading.assembly import Assembly, Cursor

ALWAYS = frozenset("σϕφψρςℓLJE")
WITHOUT_TIME = frozenset("fgFG")
ACTIVATIONS = frozenset("σϕφ")
"""Letters that are applied to a name behind them without brackets: σ z."""
TIMES_OF = frozenset("tTsijkn")


def name(assembly: Assembly, piece: Piece, cursor: Cursor, accent: str = "") -> Tree:
    """A letter with its scripts, applied where it is a function."""
    symbol = piece.symbol
    assert isinstance(symbol, Mark)  # the rule's key says so
    found = dress(assembly, piece.hanging, is_name=True)
    font = symbol.font
    end = piece.hanging[-1].end if piece.hanging else piece.end
    span = assembly.span(piece.start, end)
    tree = Name(str(symbol), found.subscripts, found.superscript, found.primes, accent, font, span=span)
    if applies(tree, cursor.now, cursor.calls):
        return _called(assembly, tree, found.done, cursor)
    if tree.base in ACTIVATIONS and not tree.subscripts and cursor.comes("NAME"):
        return found.done(_juxtaposed(assembly, tree, cursor))
    return found.done(tree)


def accent(assembly: Assembly, piece: Piece, cursor: Cursor) -> Tree:
    """An accent goes to the name below it, and scripts in and behind the braces to the same name."""
    symbol = piece.symbol
    assert isinstance(symbol, Compound)  # the rule's key says so
    row = symbol.inside().single()
    if len(row) != 1 or not isinstance(row[0].symbol, Mark) or row[0].symbol.type not in ("NAME", "FUNCTION"):
        raise UnreadableError(f"a {symbol.opening} over something that is not a name", symbol.start, symbol.end)
    inner = row[0]
    joined = Piece(inner.symbol, inner.hanging + piece.hanging, piece.start, piece.end)
    return name(assembly, joined, cursor, accent=str(symbol.opening))


def function(assembly: Assembly, piece: Piece, cursor: Cursor) -> Tree:
    """A word that is a function; alone it is its own name, as in diag'."""
    found = dress(assembly, piece.hanging, is_name=True)
    assert isinstance(piece.symbol, Mark)  # the rule's key says so
    span = assembly.span(piece.start, piece.end)
    tree = Name(str(piece.symbol), found.subscripts, found.superscript, found.primes, "", piece.symbol.font, span=span)
    if cursor.comes("bracket"):
        return _called(assembly, tree, found.done, cursor)
    if cursor.now is None or cursor.comes("TIMES", "SLASH", "DOTS"):
        return found.done(tree)
    return found.done(_juxtaposed(assembly, tree, cursor))


def _called(assembly: Assembly, tree: Name, done: Callable[[Tree], Tree], cursor: Cursor) -> Tree:
    behind = cursor.take()
    assert isinstance(behind.symbol, Compound)  # a bracket
    arguments = assembly.entries(behind.symbol.scripts[0], words=False)
    span = assembly.span(tree.span.start, behind.symbol.end)
    return dressed(assembly, done(Applied(tree, arguments, span=span)), behind.hanging)


def _juxtaposed(assembly: Assembly, tree: Name, cursor: Cursor) -> Tree:
    factors, kinds = assembly.factors(cursor, juxtaposed=True)
    extent: Extent = "open" if len(factors) > 1 else "closed"
    span = assembly.span(tree.span.start, factors[-1].span.end)
    return Applied(tree, (assembly.times(factors, kinds),), extent, span=span)


def applies(tree: Name, behind: Piece | None, calls: bool) -> bool:
    """Whether a name before a bracket is a function of it; with ``calls`` every name is."""
    if behind is None or not isinstance(behind.symbol, Compound) or behind.symbol.kind != "bracket":
        return False
    opening, entries = behind.symbol.opening, len(behind.symbol.scripts[0].parts)
    if str(opening) == "[":
        return tree.font == "mathbb" and tree.base in "EVP"
    if str(opening) != "(":
        return False
    if entries > 1 or opening.spaced:
        return entries > 1
    if tree.primes:
        return True
    if calls or tree.base in ALWAYS or (len(tree.base) > 1 and not tree.subscripts):
        return True
    return tree.base in WITHOUT_TIME and not _has_time(tree)


def _has_time(tree: Name) -> bool:
    if tree.font in ("mathbf", "boldsymbol", "bm"):
        return bool(tree.subscripts)
    inside = [node for subscript in tree.subscripts for node in walk(subscript)]
    return any(
        isinstance(node, Add | Number) or (isinstance(node, Name) and node.base in TIMES_OF and not node.font)
        for node in inside
    )
