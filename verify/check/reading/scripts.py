"""What hangs on a symbol: subscripts, labels, primes, powers, transposes, places of evaluation.

A superscript is a transpose (⊤, or T alone), a label of a name (in brackets, upright, of several letters, or e and d
for encoder and decoder), or else an exponent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verify.check.reading.letters import TEXT_FONTS, WORD_FONTS
from verify.check.reading.pieces import Compound, Expression, Hanging, Piece, Script, UnreadableError, only
from verify.check.reading.tokens import Mark
from verify.check.reading.tree import Evaluated, Indexed, Listed, Name, Negative, Norm, Number, Power, Transposed, Tree

if TYPE_CHECKING:
    from verify.check.reading.assembly import Assembly

LABELS = frozenset("ed")
"""Letters that as a superscript of a name are a label: the encoder's and the decoder's."""
UPRIGHT = (WORD_FONTS | TEXT_FONTS) - {"mathit"}


@dataclass
class Dress:
    """All that hangs on one symbol; ``wraps`` are done to it from left to right."""

    subscripts: tuple[Tree, ...] = ()
    superscript: Tree | None = None
    primes: int = 0
    wraps: list[Callable[[Tree], Tree]] = field(default_factory=list)

    def done(self, tree: Tree) -> Tree:
        for wrap in self.wraps:
            tree = wrap(tree)
        return tree


def dress(assembly: Assembly, hanging: tuple[Hanging, ...], is_name: bool) -> Dress:
    """Raises UnreadableError for two subscripts, and for what has no reading."""
    found = Dress()
    for one in hanging:
        if one.kind == "PRIME":
            found.primes += 1
        elif one.script is not None:
            _RULES[one.kind](assembly, one, one.script, found, is_name)
    return found


def _subscript(assembly: Assembly, one: Hanging, script: Script, found: Dress, is_name: bool) -> None:
    if found.subscripts:
        raise UnreadableError("a second subscript", one.start, one.end)
    found.subscripts = assembly.entries(script)


def _place(assembly: Assembly, one: Hanging, script: Script, found: Dress, is_name: bool) -> None:
    at = assembly.entries(script)
    found.wraps.append(lambda tree: Evaluated(tree, at, span=assembly.span(tree.span.start, one.end)))


def _superscript(assembly: Assembly, one: Hanging, script: Script, found: Dress, is_name: bool) -> None:
    part = script.parts[0]
    if part.primes:
        found.primes += part.primes
        return
    if part.sign:
        raise UnreadableError(f"'{part.sign}' alone cannot stand here", one.start, one.end)
    expressions = [only(Script((one_part,), script.start, script.end)) for one_part in script.parts]
    sign, row = expressions[-1].terms[-1]
    transposed = len(expressions[-1].terms) == 1 and _is_transpose(row)
    if transposed and sign is not None:
        inverse = Negative(Number("1"))
        found.wraps.append(lambda tree: Power(tree, inverse, span=assembly.span(tree.span.start, one.end)))
        expressions.pop()
    elif transposed:
        rest = row[:-1]
        expressions[-1:] = [Expression(((None, rest),), rest[0].start, rest[-1].end)] if rest else []
    if expressions:
        _raised(assembly, one, expressions, found, is_name)
    if transposed:
        found.wraps.append(lambda tree: Transposed(tree, span=assembly.span(tree.span.start, one.end)))


def _is_transpose(row: tuple[Piece, ...]) -> bool:
    last = row[-1]
    return last.is_bare("TRANSPOSE") or (len(row) == 1 and last.is_bare("NAME", "T"))


def _raised(assembly: Assembly, one: Hanging, expressions: list[Expression], found: Dress, is_name: bool) -> None:
    """A label, several labels, or an exponent."""
    labels = [_label(assembly, expression, is_name) for expression in expressions]
    if len(labels) > 1:
        entries = tuple(label or assembly.index(expressions[k]) for k, label in enumerate(labels))
        label: Tree | None = Listed(entries, span=assembly.span(expressions[0].start, expressions[-1].end))
    else:
        label = labels[0]
    if label is None:
        exponent = assembly.index(expressions[0])
        found.wraps.append(lambda tree: Power(tree, exponent, span=assembly.span(tree.span.start, one.end)))
    elif found.superscript is not None:
        raise UnreadableError("a second label", one.start, one.end)
    else:
        found.superscript = label


def _label(assembly: Assembly, expression: Expression, is_name: bool) -> Tree | None:
    row = expression.single()
    symbol = row[0].symbol if len(row) == 1 and not row[0].hanging else None
    if isinstance(symbol, Compound) and symbol.kind == "bracket":
        entries = assembly.entries(symbol.scripts[0])
        return entries[0] if len(entries) == 1 else Listed(entries, span=assembly.span(symbol.start, symbol.end))
    if isinstance(symbol, Mark) and symbol.type == "TIMES":
        return Name("*", span=assembly.span(symbol.start, symbol.end))
    if not is_name:
        return None
    if isinstance(symbol, Mark) and symbol.type == "NAME":
        is_label = symbol.font in UPRIGHT or len(symbol) > 1 or str(symbol) in LABELS
        return assembly.expression(expression) if is_label else None
    return assembly.word(expression)


_RULES: dict[str, Callable[[Assembly, Hanging, Script, Dress, bool], None]] = {
    "SUB": _subscript,
    "SUP": _superscript,
    "AT": _place,
}


def dressed(assembly: Assembly, tree: Tree, hanging: tuple[Hanging, ...]) -> Tree:
    """Something that is not a name, with what hangs on it."""
    if not hanging:
        return tree
    found = dress(assembly, hanging, is_name=False)
    end = hanging[-1].end
    if found.primes:
        raise UnreadableError("a prime on something that is not a name", hanging[0].start, end)
    if isinstance(tree, Norm) and len(found.subscripts) == 1 and found.superscript is None:
        tree = Norm(tree.body, tree.bars, found.subscripts[0], span=assembly.span(tree.span.start, end))
    elif found.subscripts or found.superscript is not None:
        tree = Indexed(tree, found.subscripts, found.superscript, span=assembly.span(tree.span.start, end))
    return found.done(tree)
