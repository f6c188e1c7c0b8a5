"""The range of Σ and ∏: i=1 below and t above, i < t, 1 ≤ i ≤ t, a descending j=t to i+1, an index alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.check.reading.pieces import Part, Piece, Script, UnreadableError, only
from verify.check.reading.tree import Add, Name, Negative, Number, Tree

if TYPE_CHECKING:
    from verify.check.reading.assembly import Assembly

Range = tuple[Name, Tree | None, Tree | None]
_UP, _DOWN = frozenset("<≤"), frozenset(">≥")


def limits(assembly: Assembly, piece: Piece) -> tuple[Range, ...]:
    """Index, lower and upper limit as written; several indices for several sums.  Raises UnreadableError."""
    below, above = list(piece.scripts("SUB")), list(piece.scripts("SUP"))
    if len(below) + len(above) != len(piece.hanging) or len(below) != 1 or len(above) > 1:
        raise UnreadableError(f"the {piece.symbol} needs an index below it", piece.start, piece.end)
    upper = assembly.index(only(above[0])) if above else None
    dotted = _dotted(assembly, below[0]) if upper is None else None
    if dotted is not None:
        return (dotted,)
    ranges = tuple(_range(assembly, part, below[0]) for part in below[0].parts)
    if upper is None:
        return ranges
    index, lower, written = ranges[0]
    if len(ranges) > 1 or written is not None:
        raise UnreadableError("limits above and below that do not fit", piece.start, piece.end)
    return ((index, lower, upper),)


def _dotted(assembly: Assembly, script: Script) -> Range | None:
    """i = 1, …, t."""
    if len(script.parts) != 3 or len(script.parts[1].expressions) != 1:
        return None
    dots = script.parts[1].expressions[0].single()
    if len(dots) != 1 or not dots[0].is_bare("DOTS") or len(script.parts[2].expressions) != 1:
        return None
    index, lower, _ = _range(assembly, script.parts[0], script)
    return index, lower, assembly.index(script.parts[2].expressions[0])


def _range(assembly: Assembly, part: Part, script: Script) -> Range:
    trees = [assembly.index(expression) for expression in part.expressions]
    signs = "".join(str(relation) for relation in part.relations)
    names = [tree if isinstance(tree, Name) else None for tree in trees]
    first = names[0] if names else None
    if not signs and first is not None:
        return first, None, None
    if signs == "=" and first is not None:
        return first, trees[1], None
    if len(signs) == 2 and names[1] is not None and (set(signs) <= _UP or set(signs) <= _DOWN):
        return names[1], *_between(assembly, signs, trees[0], trees[2])
    if len(signs) == 1 and first is not None and signs in _UP | _DOWN:
        return _one_sided(assembly, signs, first, trees[1])
    raise UnreadableError("these limits are not read", script.start, script.end)


def _between(assembly: Assembly, signs: str, first: Tree, last: Tree) -> tuple[Tree, Tree]:
    """In the order of writing, so that t ≥ j > i runs down from t to i + 1."""
    step = 1 if signs[0] in _UP else -1
    lower = _moved(assembly, first, step) if signs[0] in "<>" else first
    upper = _moved(assembly, last, -step) if signs[1] in "<>" else last
    return lower, upper


def _one_sided(assembly: Assembly, sign: str, index: Name, bound: Tree) -> Range:
    if sign in _UP:
        return index, None, _moved(assembly, bound, -1) if sign == "<" else bound
    return index, _moved(assembly, bound, 1) if sign == ">" else bound, None


def _moved(assembly: Assembly, bound: Tree, step: int) -> Tree:
    """bound + 1 or bound - 1."""
    if isinstance(bound, Add) and bound.terms[-1] in (Number("1"), Negative(Number("1"))):
        was = 1 if bound.terms[-1] == Number("1") else -1
        if was == -step:
            rest = bound.terms[:-1]
            return rest[0] if len(rest) == 1 else Add(rest, span=bound.span)
    one: Tree = Number("1", span=bound.span)
    terms = bound.terms if isinstance(bound, Add) else (bound,)
    return Add((*terms, one if step == 1 else Negative(one, span=bound.span)), span=bound.span)
