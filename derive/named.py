"""SymPy scalars in which every value of a function has a name: what is unrolled stays as short as it is written.

An expression that is put into itself step after step grows without bound, and SymPy asks it about its sign at every
turn.  Here tanh(z) is a symbol that stands for it, and SymPy is told how that symbol changes: as its definition does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy as sp

from derive.arithmetic import Array, Symbolic
from derive.functions import Z, exp, log


class Short(sp.Dummy):
    """A symbol for ``whole``, which is not to be written out again and again."""

    whole: sp.Expr

    def __new__(cls, label: str, whole: sp.Expr) -> Short:
        symbol: Short = super().__new__(cls, label, real=True)
        symbol.whole = whole
        return symbol


class Name(sp.Dummy):
    """A symbol for f(argument).  ``give`` names other functions of the same argument: what is in f′ besides f."""

    formula: sp.Expr
    argument: sp.Expr
    _give: Callable[[sp.Expr, sp.Expr], sp.Expr]
    _known: dict[sp.Symbol, sp.Expr]
    _free: set[sp.Basic]

    def __new__(
        cls, label: str, formula: sp.Expr, argument: sp.Expr, give: Callable[[sp.Expr, sp.Expr], sp.Expr]
    ) -> Name:
        name: Name = super().__new__(cls, label, real=True, positive=formula.is_positive)
        name.formula, name.argument, name._give = formula, argument, give
        name._known, name._free = {}, {name, *argument.free_symbols}
        return name

    @property
    def slope(self) -> sp.Expr:
        """f′(argument), by SymPy, written in the symbol itself, in names of other functions, and in the argument."""
        slope = sp.diff(self.formula, Z).xreplace(_solved(self.formula, self))
        others = {found: self._give(found, self.argument) for found in applications(slope)}
        return slope.xreplace(others).xreplace({Z: self.argument}).expand()

    @property
    def free_symbols(self) -> set[sp.Basic]:
        """Its own and those of its argument: SymPy takes the derivative by any other symbol to be zero."""
        return self._free

    def _eval_derivative(self, symbol: sp.Symbol) -> sp.Expr:
        """The chain rule, which SymPy asks for here; every answer is kept, under a short name."""
        if symbol == self or symbol not in self._free:
            return sp.Integer(int(symbol == self))
        if symbol not in self._known:
            self._known[symbol] = Short(f"d{self.name}", self.slope * sp.diff(self.argument, symbol))
        return self._known[symbol]

    def _eval_derivative_n_times(self, symbol: sp.Symbol, times: sp.Expr) -> sp.Expr:
        assert times == 1, "a second derivative is not needed, and its symbols would not be differentiated"
        return self._eval_derivative(symbol)


def applications(formula: sp.Expr) -> list[sp.Expr]:
    """The outermost functions of z in a formula."""
    if isinstance(formula, sp.Function | sp.exp) and formula.has(Z):
        return [formula]
    return list(dict.fromkeys(found for part in formula.args for found in applications(part)))


def _solved(formula: sp.Expr, name: sp.Symbol) -> dict[sp.Expr, sp.Expr]:
    """f = a + b·g(z) solved for g(z): of sigmoid = ½ + ½ tanh(z/2), tanh(z/2) = 2 sigmoid − 1."""
    (inside,) = applications(formula)
    slope = sp.diff(formula.xreplace({inside: name}), name)
    return {inside: (name - formula.xreplace({inside: sp.Integer(0)})) / slope}


def _is_affine(formula: sp.Expr) -> bool:
    """Whether a formula is a + b·g(z), with numbers a and b."""
    found = applications(formula)
    if len(found) != 1:
        return False
    outer = sp.Dummy()
    slope = sp.diff(formula.xreplace({found[0]: outer}), outer)
    return bool(slope.is_number and slope != 0) and not formula.xreplace({found[0]: outer}).has(Z)


class Named(Symbolic):
    """Every entry of f(A) is a symbol, the same one for the same function of the same argument."""

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[tuple[sp.Expr, sp.Expr], Name] = {}

    def _entry(self, formula: sp.Expr, entry: sp.Expr) -> sp.Expr:
        if not entry.free_symbols:
            return super()._entry(formula, entry)
        if formula == log.expr:
            return self._logarithm(entry)
        branches = {piece: self._regional(piece, entry) for piece in formula.atoms(sp.Piecewise)}
        formula = formula.xreplace(branches)
        if _is_affine(formula):
            return self._name(formula, entry)
        inside = {found: self._name(found, entry) for found in applications(formula)}
        return formula.xreplace(inside).xreplace({Z: entry})

    def _logarithm(self, entry: sp.Expr) -> sp.Expr:
        """log(exp(s)/S) is opened to s − log S."""

        def opened(of: sp.Expr) -> sp.Expr:
            return of.argument if isinstance(of, Name) and of.formula == exp.expr else self._name(log.expr, of)

        return sp.expand_log(sp.log(entry)).replace(sp.log, opened)

    def _name(self, formula: sp.Expr, argument: sp.Expr) -> Name:
        key = formula, argument
        if key not in self.names:
            self.names[key] = Name(f"u{len(self.names)}", formula, argument, self._name)
        return self.names[key]

    def softmax(self, x: Array) -> Array:
        weights = self.map(exp, x)
        return weights / weights.sum(axis=-2, keepdims=True)

    def log_sum_exp(self, x: Array) -> Array:
        return self.map(log, self.map(exp, x).sum(axis=-2, keepdims=True))

    def number(self, expr: sp.Expr, at: Mapping[sp.Symbol, sp.Expr], digits: int) -> sp.Float:
        """The value of an expression, from exact numbers for all symbols but the names."""
        known: dict[sp.Expr, sp.Expr] = dict(at)
        for name in list(self.names.values()):  # in the order in which they were given
            known[name] = name.formula.xreplace({Z: written_out(name.argument, {}).xreplace(known)}).evalf(digits)
        return written_out(expr, {}).xreplace(known).evalf(digits)


def written_out(expr: sp.Expr, known: dict[sp.Expr, sp.Expr]) -> sp.Expr:
    """With every ``Short`` symbol replaced by what it stands for."""
    if expr not in known:
        whole = expr.whole if isinstance(expr, Short) else expr
        parts = [written_out(part, known) for part in whole.args]
        known[expr] = whole.func(*parts) if parts else whole
    return known[expr]
