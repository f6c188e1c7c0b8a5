"""A scalar formula of SymPy, entry by entry, as instructions: one small rule a kind of SymPy object.

What a function is called in NumPy is SymPy's business, as it is where the interpreter evaluates one.
"""

from __future__ import annotations

from functools import singledispatch

import sympy as sp
from sympy.core.relational import Relational
from sympy.printing.numpy import NumPyPrinter

from derive.compiled.algebra import entrywise, multiplied, summed
from derive.compiled.three_address import Instruction, Listing
from derive.functions import Z

_NAMES = {
    **{known: name.removeprefix("numpy.") for known, name in NumPyPrinter()._kf.items() if name.startswith("numpy.")},
    "Abs": "absolute",
}
_COMPARED = {">": "greater", ">=": "greater_equal", "<": "less", "<=": "less_equal", "==": "equal", "!=": "not_equal"}
UNARY = frozenset(_NAMES.values())
COMPARISONS = frozenset({*_COMPARED.values(), "logical_and", "logical_or"})


@singledispatch
def formula(expr: sp.Basic, z: Instruction, listing: Listing) -> Instruction:
    """The value of ``expr`` where its argument is ``z``.  Raises NotImplementedError for what has no rule."""
    raise NotImplementedError(f"no instruction for the scalar function {type(expr).__name__}")


@formula.register(sp.Number)
@formula.register(sp.NumberSymbol)
def _(expr: sp.Expr, z: Instruction, listing: Listing) -> Instruction:
    return listing.number(expr, z.shape)


@formula.register
def _(expr: sp.Symbol, z: Instruction, listing: Listing) -> Instruction:
    if expr != Z:
        raise NotImplementedError(f"no value for the symbol {expr}")
    return z


@formula.register
def _(expr: sp.Add, z: Instruction, listing: Listing) -> Instruction:
    """Numbers first, and −a subtracted."""
    parts = (part.as_coeff_Mul() for part in expr.args)
    terms = [
        (coefficient == -1, formula(rest if coefficient == -1 else coefficient * rest, z, listing))
        for coefficient, rest in parts
    ]
    return summed(listing, terms, z.shape)


@formula.register
def _(expr: sp.Mul, z: Instruction, listing: Listing) -> Instruction:
    above, below = expr.as_numer_denom()
    if below.has(Z):
        return entrywise(listing, "divide", formula(above, z, listing), formula(below, z, listing), z.shape)
    return multiplied(listing, [formula(factor, z, listing) for factor in expr.args], z.shape)


@formula.register
def _(expr: sp.Pow, z: Instruction, listing: Listing) -> Instruction:
    base, exponent = formula(expr.base, z, listing), expr.exp
    if exponent == 2:
        return entrywise(listing, "multiply", base, base, z.shape)
    if exponent.is_negative:
        one = listing.number(sp.Integer(1), z.shape)
        return entrywise(listing, "divide", one, formula(expr.base**-exponent, z, listing), z.shape)
    if exponent == sp.Rational(1, 2):
        return listing.add("sqrt", (listing.array(base),), z.shape)
    return listing.add("power", (listing.array(base), formula(exponent, z, listing)), z.shape)


@formula.register(sp.Function)
@formula.register(sp.exp)
def _(expr: sp.Expr, z: Instruction, listing: Listing) -> Instruction:
    name = _NAMES.get(type(expr).__name__)
    if name is None or len(expr.args) != 1:
        raise NotImplementedError(f"no instruction for the scalar function {type(expr).__name__}")
    return listing.add(name, (listing.array(formula(expr.args[0], z, listing)),), z.shape)


@formula.register(sp.Max)
@formula.register(sp.Min)
def _(expr: sp.Expr, z: Instruction, listing: Listing) -> Instruction:
    found, *rest = (formula(part, z, listing) for part in expr.args)
    for part in rest:
        found = listing.add("maximum" if isinstance(expr, sp.Max) else "minimum", (found, part), z.shape)
    return found


@formula.register
def _(expr: sp.Piecewise, z: Instruction, listing: Listing) -> Instruction:
    """The first branch whose condition holds; nothing of the kind where none does."""
    found = listing.number(sp.nan, z.shape)
    for branch, condition in reversed(expr.args):
        value = formula(branch, z, listing)
        found = value if condition == sp.true else _chosen(condition, value, found, z, listing)
    return found


def _chosen(
    condition: sp.Basic, value: Instruction, otherwise: Instruction, z: Instruction, listing: Listing
) -> Instruction:
    return listing.add("where", (_holds(condition, z, listing), value, otherwise), z.shape)


def _holds(condition: sp.Basic, z: Instruction, listing: Listing) -> Instruction:
    if isinstance(condition, sp.And | sp.Or):
        found, *rest = (_holds(part, z, listing) for part in condition.args)
        for part in rest:
            found = listing.add(
                "logical_and" if isinstance(condition, sp.And) else "logical_or", (found, part), z.shape
            )
        return found
    if not isinstance(condition, Relational):
        raise NotImplementedError(f"no instruction for the condition {type(condition).__name__}")
    sides = formula(condition.lhs, z, listing), formula(condition.rhs, z, listing)
    return listing.add(_COMPARED[condition.rel_op], sides, z.shape)
