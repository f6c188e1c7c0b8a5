"""Questions about a formula's shape which every emitter asks: is it tall, what does a script hang on?"""

from __future__ import annotations

from collections.abc import Iterator

from reports.formula.symbols import Kind, symbol
from reports.formula.tree import (
    Atom,
    Big,
    Boxed,
    Formula,
    Frac,
    Matrix,
    Paren,
    Role,
    Row,
    Script,
    Stacked,
    Under,
    Words,
)


def children(formula: Formula) -> Iterator[Formula]:
    """The direct sub-formulas, left to right."""
    for value in vars(formula).values():
        yield from _formulas_in(value)


def _formulas_in(value: object) -> Iterator[Formula]:
    if isinstance(value, Formula):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _formulas_in(item)


def is_tall(formula: Formula) -> bool:
    """True if delimiters around it have to grow: there is a fraction, big operator or matrix inside."""
    if isinstance(formula, Frac | Big | Matrix | Stacked | Under | Boxed):
        return True
    if isinstance(formula, Script):
        return is_tall(formula.base)
    return any(is_tall(child) for child in children(formula))


def has_large_cells(matrix: Matrix) -> bool:
    """Fractions in a matrix of few columns are set large, to be readable."""
    return len(matrix.rows[0]) <= 3 and any(is_tall(cell) for cells in matrix.rows for cell in cells)


def has_double_scripts(formula: Formula) -> bool:
    """True if a subscript and a superscript stand somewhere above each other, as in a matrix of h_t^{(1)}."""
    own = isinstance(formula, Script) and formula.sub is not None and formula.sup is not None
    return own or any(map(has_double_scripts, children(formula)))


def grows(formula: Formula) -> bool:
    """True if there is a matrix, or a formula on several lines, inside."""
    return isinstance(formula, Matrix | Stacked) or any(map(grows, children(formula)))


def height(formula: Formula) -> int:
    """The number of lines."""
    match formula:
        case Stacked(lines):
            return sum(map(height, lines))
        case Matrix(rows):
            return sum(max(map(height, cells)) for cells in rows)
        case _:
            return max(map(height, children(formula)), default=1)


def is_fenced(arguments: tuple[Formula, ...]) -> bool:
    """True of a matrix as the only argument: it brings its own parentheses."""
    return len(arguments) == 1 and isinstance(unwrap(arguments[0]), Matrix)


def is_operator(function: Atom) -> bool:
    """True for a function name that is set as an operator: several letters, and no symbol."""
    return len(function.name) > 1 and symbol(function.name) is None


def flatten(formula: Formula) -> tuple[Formula, ...]:
    """The items of nested rows as one flat sequence (roles stay whole)."""
    if not isinstance(formula, Row):
        return (formula,)
    return tuple(item for part in formula.items for item in flatten(part))


def kind(formula: Formula) -> Kind:
    """The spacing kind of a node: that of its symbol, and `ord` for anything composed."""
    match formula:
        case Atom(name):
            entry = symbol(name)
            return entry.kind if entry else "ord"
        case Role(body) | Script(base=body):
            return kind(body)
        case _:
            return "ord"


def is_mark(script: Formula) -> bool:
    """True of a superscript that is part of a name and no power: (1), an upright e, or both."""
    match script:
        case Row(items):
            return all(is_mark(item) or item == Atom(",") for item in items)
        case Paren() | Words() | Atom(style="upright"):
            return True
        case _:
            return False


def hang(script: Script) -> Script:
    """The same script with a base it can hang on.

    A second superscript needs parentheses around the first; a superscript on a coloured h_t belongs above its
    subscript, so the colour is pushed down to base and subscript; anything wider than one symbol is put in
    parentheses.
    """
    match script.base:
        case Script(base, sub, None) if script.sub is None:
            return hang(Script(base, sub, script.sup))
        case Script(base, None, sup) if script.sup is None:
            return hang(Script(base, script.sub, sup))
        case Role(Script(base, sub, None), role) if script.sub is None and sub is not None:
            return hang(Script(Role(base, role), Role(sub, role), script.sup))
        case Script() | Row() | Stacked() | Frac() | Big() | Role(Script() | Row() | Stacked() | Frac() | Big()):
            return Script(Paren(script.base), script.sub, script.sup)
        case _:
            return script


def unwrap(formula: Formula) -> Formula:
    """The formula without colour or frame: what plain text prints."""
    while isinstance(formula, Role | Boxed):
        formula = formula.body
    return formula
