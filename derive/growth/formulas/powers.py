"""W^k in the eigenvalues of W: Sylvester's formula, the defective case, and the proof for every k.

W^k = Σ_j λ_j^k E_j with the Frobenius covariants E_j = ∏_{l≠j} (W − λ_l I)/(λ_j − λ_l) (Sylvester 1883; Horn & Johnson
1991, Topics in Matrix Analysis, section 6.1).  For a double eigenvalue W^k = λ^k I + k λ^{k−1} (W − λI): the transient.

Both are F_k(W) for a polynomial F_k(x).  That F_k(W) = W^k needs two identities of polynomials: F_0 = 1, and
x F_k(x) − F_{k+1}(x) is a multiple of p(x) = ∏ (x − λ_l), the characteristic polynomial, for which p(W) = 0 (Cayley and
Hamilton).  SymPy checks them for symbolic λ and k.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import sympy as sp

from derive.errors import ProofError

x = sp.Symbol("x")
k = sp.Symbol("k", integer=True, nonnegative=True)


@dataclass(frozen=True)
class ClosedPower:
    """F_k(x) with F_k(W) = W^k, for every W with these eigenvalues (each as often as it is a root)."""

    formula: sp.Expr
    eigenvalues: tuple[sp.Expr, ...]

    @cached_property
    def characteristic(self) -> sp.Expr:
        """p(x), a product of linear factors."""
        return sp.Mul(*(x - value for value in self.eigenvalues))

    def proof(self) -> Iterator[str]:
        """The lines of an induction on k.  Raises ProofError where an identity fails."""
        if sp.cancel(self.formula.subs(k, 0) - 1) != 0:
            raise ProofError(f"F_0 is {sp.cancel(self.formula.subs(k, 0))}, not 1")
        yield "base case: F_0(x) = 1, so that F_0(W) = I"
        for power, coefficient in _by_power(x * self.formula - self.formula.subs(k, k + 1)).items():
            if not _is_multiple(coefficient, self.characteristic):
                raise ProofError(f"in x F_k(x) − F_(k+1)(x) what stands at {power} is no multiple of p(x)")
        yield "induction step: x F_k(x) − F_(k+1)(x) is a multiple of p(x), and p(W) = 0"


def _by_power(expr: sp.Expr) -> dict[sp.Expr, sp.Expr]:
    """The coefficients of the λ^k, and what is left at 1; λ^{k+1} is λ · λ^k.

    A sum vanishes if all coefficients do, whatever the numbers λ^k are.
    """
    expr = sp.expand(expr, power_exp=True)
    powers = sorted((part for part in expr.atoms(sp.Pow) if part.exp.has(k)), key=str)
    found = {power: expr.coeff(power) for power in powers}
    found[sp.Integer(1)] = sp.expand(expr - sp.Add(*(power * own for power, own in found.items())))
    return {power: sp.together(own) for power, own in found.items()}


def _is_multiple(coefficient: sp.Expr, characteristic: sp.Expr) -> bool:
    """Whether a rational function of k and the λ, polynomial in x, is a multiple of the monic p(x)."""
    numerator, _ = sp.fraction(coefficient)
    return bool(sp.rem(sp.Poly(numerator, x), sp.Poly(characteristic, x)).is_zero)


def distinct(size: int) -> ClosedPower:
    """Sylvester's formula for n different eigenvalues λ₁, …, λ_n."""
    values = eigenvalue_symbols(size)
    return ClosedPower(sp.Add(*(value**k * covariant(values, value) for value in values)), values)


def covariant(values: Sequence[sp.Expr], own: sp.Expr) -> sp.Expr:
    """∏_{l≠j} (x − λ_l)/(λ_j − λ_l): 1 at λ_j, 0 at the others (Lagrange)."""
    return sp.Mul(*((x - other) / (own - other) for other in values if other != own))


def defective() -> ClosedPower:
    """One eigenvalue λ ≠ 0, twice, as Sylvester's formula has it in the limit λ₂ → λ₁."""
    first, second = eigenvalue_symbols(2)
    value = sp.Symbol("lambda", nonzero=True)
    limit = sp.expand(sp.limit(distinct(2).formula.subs(first, value), second, value))
    slope = sp.powsimp(limit.coeff(x, 1))
    return ClosedPower(sp.simplify(limit - sp.expand(slope * (x - value))) + slope * (x - value), (value, value))


def eigenvalue_symbols(size: int) -> tuple[sp.Symbol, ...]:
    return tuple(sp.Symbol(f"lambda{number}", nonzero=True) for number in range(1, size + 1))


def cayley_hamilton(size: int) -> Iterator[str]:
    """p(W) = 0 for a matrix of symbols, where the coefficients of p are the invariants of W, entry by entry.

    Raises ProofError where an entry does not vanish.
    """
    W = sp.Matrix(size, size, lambda row, col: sp.Symbol(f"w{row + 1}{col + 1}"))
    variable = sp.Symbol("y")
    p = sp.Poly((variable * sp.eye(size) - W).det(), variable)
    value = sp.zeros(size)
    for coefficient in p.all_coeffs():
        value = (value * W + coefficient * sp.eye(size)).applyfunc(sp.expand)
    if any(entry != 0 for entry in value):
        raise ProofError("p(W) is not zero")
    yield f"p(W) = 0 for {size}×{size} matrices of symbols, by multiplying out"
    if p.nth(size - 1) != -W.trace():
        raise ProofError("the coefficients are not the invariants")
    yield "its coefficients are, up to sign, the elementary symmetric polynomials of the eigenvalues"


def symmetric(values: Sequence[sp.Expr], degree: int) -> sp.Expr:
    """The elementary symmetric polynomial of the eigenvalues."""
    return sp.Add(*(sp.Mul(*chosen) for chosen in combinations(values, degree)))


def hump(rate: sp.Symbol) -> sp.Expr:
    """The lag at which k λ^{k−1} is largest, for 0 < λ < 1: where its logarithm has slope zero."""
    lag = sp.Symbol("s", positive=True)
    (found,) = sp.solve(sp.diff(sp.log(lag) + (lag - 1) * sp.log(rate), lag), lag)
    return found
