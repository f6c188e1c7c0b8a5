"""Signs that reach over what follows: Σ, ∏, ∂, d/dw, ∇."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from verify.check.reading.limits import limits
from verify.check.reading.pieces import Compound, Expression, Piece, UnreadableError
from verify.check.reading.scripts import dressed
from verify.check.reading.tree import Derivative, Extent, Gradient, Product, Quotient, Sum, Tree

if TYPE_CHECKING:
    from verify.check.reading.assembly import Assembly, Cursor

_NO_PARTNER = "this ∂ has no ∂ below it: write \\frac{\\partial A}{\\partial B} or \\partial_B A"


def _reach(assembly: Assembly, piece: Piece, cursor: Cursor) -> tuple[Tree, Extent]:
    """All that follows, and whether the sign may have been meant for the first factor of it only."""
    first = cursor.now
    if first is None:
        raise UnreadableError("what it stands before is missing", piece.start, piece.end)
    factors, kinds = assembly.factors(cursor)
    if len(factors) == 1:
        return factors[0], "closed"
    symbol = first.symbol
    bracketed = isinstance(symbol, Compound) and symbol.kind == "bracket" and not first.hanging
    bracketed = bracketed and len(symbol.scripts[0].parts) == 1  # type: ignore[union-attr]
    return assembly.times(factors, kinds), "bracketed" if bracketed else "open"


def big(assembly: Assembly, piece: Piece, cursor: Cursor) -> Tree:
    ranges = limits(assembly, piece)
    body, extent = _reach(assembly, piece, cursor)
    span = assembly.span(piece.start, body.span.end)
    for place, (index, lower, upper) in enumerate(reversed(ranges)):
        if str(piece.symbol) == "Σ":
            body = Sum(index, lower, upper, body, span=span)
        else:
            body = Product(index, lower, upper, body, "closed" if place else extent, span=span)
    return body


def nabla(assembly: Assembly, piece: Piece, cursor: Cursor) -> Tree:
    by = _below(assembly, piece)
    of, extent = _reach(assembly, piece, cursor)
    return Gradient(by, of, extent, span=assembly.span(piece.start, of.span.end))


def _below(assembly: Assembly, piece: Piece) -> Tree | None:
    """The subscript of ∂ or ∇, which must be all that hangs on it."""
    if not piece.hanging or _is_immediate(piece):
        return None
    scripts = list(piece.scripts("SUB"))
    if len(piece.hanging) > 1 or not scripts or len(scripts[0].parts) > 1:
        raise UnreadableError("higher and mixed derivatives are not read", piece.start, piece.end)
    return assembly.entries(scripts[0])[0]


def partial(assembly: Assembly, piece: Piece, cursor: Cursor) -> Tree:
    """∂_w h, or ∂h / ∂w on one line."""
    by = _below(assembly, piece)
    if by is not None:
        of, extent = _reach(assembly, piece, cursor)
        return Derivative(of, by, form="subscript", extent=extent, span=assembly.span(piece.start, of.span.end))
    slash = next((k for k in range(cursor.at, len(cursor.pieces)) if cursor.pieces[k].symbol.type == "SLASH"), None)
    below = cursor.pieces[slash + 1] if slash is not None and slash + 1 < len(cursor.pieces) else None
    if slash is None or below is None or not below.is_bare("PARTIAL") or slash == cursor.at:
        raise UnreadableError(_NO_PARTNER, piece.start, piece.end)
    of = assembly.row(cursor.pieces[cursor.at : slash], calls=True)
    cursor.at = slash + 2
    by = assembly.operand(cursor)
    return Derivative(of, by, immediate=_is_immediate(piece), span=assembly.span(piece.start, by.span.end))


def fraction(assembly: Assembly, piece: Piece, cursor: Cursor) -> Tree:
    """A quotient, a derivative, or the operator ∂/∂w before what it acts on."""
    symbol = piece.symbol
    assert isinstance(symbol, Compound)  # the rule's key says so
    above, below = symbol.inside(0), symbol.inside(1)
    sign = _differential(above)
    span = assembly.span(symbol.start, symbol.end)
    if not sign or sign != _differential(below) or len(below.single()) < 2:
        if sign == "PARTIAL":
            raise UnreadableError(_NO_PARTNER, above.start, above.end)
        tree: Tree = Quotient(assembly.expression(above), assembly.expression(below), span=span)
        return dressed(assembly, tree, piece.hanging)
    by = _variable(assembly, below, sign)
    total = sign == "NAME"
    first, *numerator = above.single()
    immediate = _is_immediate(first)
    if numerator:
        of = assembly.row(tuple(numerator), calls=True)
        return dressed(assembly, Derivative(of, by, total, immediate=immediate, span=span), piece.hanging)
    form: Literal["fraction"] = "fraction"
    of, extent = _reach(assembly, assembly.bare(piece), cursor)
    return Derivative(of, by, total, form, extent, immediate, span=assembly.span(piece.start, of.span.end))


def _is_immediate(piece: Piece) -> bool:
    """Whether it is ∂⁺."""
    scripts = list(piece.scripts("SUP"))
    return len(piece.hanging) == 1 and bool(scripts) and scripts[0].parts[0].sign == "+"


def _variable(assembly: Assembly, below: Expression, sign: str) -> Tree:
    row = below.single()
    second = next((piece for piece in row[1:] if piece.symbol.type == "PARTIAL"), None)
    if second is not None:
        raise UnreadableError("higher and mixed derivatives are not read", second.start, second.end)
    return assembly.row(row[1:], calls=True)


def _differential(found: Expression) -> str:
    """What a numerator or denominator begins with: PARTIAL, NAME for d, or nothing of the kind."""
    row = found.single()
    if not row:
        return ""
    if row[0].symbol.type == "PARTIAL":
        if not row[0].hanging or _is_immediate(row[0]):
            return "PARTIAL"
        if any(row[0].scripts("SUP")):
            raise UnreadableError("higher and mixed derivatives are not read", row[0].start, row[0].end)
    return "NAME" if row[0].is_bare("NAME", "d") else ""
