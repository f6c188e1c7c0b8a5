"""The curse of memory: in h_t = λ h_{t−1} + x_t the sensitivity ∂h_t/∂λ blows up as |λ| → 1 long before h_t does.

(Zucchet & Orvieto 2024, section 2.)  Both recurrences are those of the derived ``diagonal`` cell, of one unit.  They
are linear in x, so with white noise of variance one the mean square is the sum of the squares of the impulse response.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

import sympy as sp

from derive.assemble import derivation as derive
from derive.derivation import Derivation
from derive.errors import ProofError
from derive.growth.formulas.one_unit import OneUnit, carried, scalar, shared
from derive.indices import t
from derive.model import build

RATE = "lambda"
lag = sp.Symbol("k", integer=True, nonnegative=True)
steps = sp.Symbol("t", integer=True, positive=True)
GIVEN = {"W_i": sp.Integer(1), "b": sp.Integer(0)}
"""x_t enters as it is."""
_HIGHEST = 4


@cache
def diagonal() -> Derivation:
    """The derivation of the diagonal linear cell."""
    return derive(build("diagonal", loss="squared_error"))


@dataclass(frozen=True)
class Response:
    """What one unit impulse does k steps later: y_k = λ y_{k−1} + drive_k with y_0 = start, and its closed form."""

    name: str
    start: sp.Expr
    drive: sp.Expr
    closed: sp.Expr

    def proof(self) -> Iterator[str]:
        """The lines of an induction on k.  Raises ProofError where the closed form does not solve the recurrence."""
        rate = shared(RATE)
        if sp.simplify(self.closed.subs(lag, 0) - self.start) != 0:
            raise ProofError(f"{self.name}: at k = 0 the closed form is {self.closed.subs(lag, 0)}, not {self.start}")
        yield f"base case: {self.start} at k = 0"
        rest = self.closed.subs(lag, lag + 1) - rate * self.closed - self.drive.subs(lag, lag + 1)
        if sp.simplify(sp.expand(rest, power_exp=True)) != 0:
            raise ProofError(f"{self.name}: the closed form misses the recurrence by {sp.simplify(rest)}")
        yield f"induction step: {rate} times the value before, plus {self.drive}, is the next one"

    @cached_property
    def mean_square(self) -> sp.Expr:
        """Σ_{k=0}^{t−1} y_k², the mean square after t steps of white noise, for λ² ≠ 1."""
        summed = sp.summation(sp.expand(sp.powsimp(self.closed**2)), (lag, 0, steps - 1))
        general = summed.replace(lambda part: isinstance(part, sp.Piecewise), lambda part: part.args[-1][0])
        return over_powers(general)

    @cached_property
    def stationary(self) -> sp.Expr:
        """Its limit for t → ∞ where |λ| < 1, since t^a λ^{2t} → 0.  Raises ProofError for a term of another kind."""
        numerator, denominator = sp.fraction(self.mean_square)
        kept = []
        for term in sp.Add.make_args(sp.expand(numerator, power_exp=True)):
            if not term.has(steps):
                kept.append(term)
            elif not sp.expand(sp.powsimp(term / shared(RATE) ** (2 * steps))).is_polynomial(steps):
                raise ProofError(f"{self.name}: {term} is not known to vanish")
        return sp.Add(*kept) / denominator


def over_powers(expr: sp.Expr) -> sp.Expr:
    """The same as p(λ²) + λ^{2t−2m} q(λ², t) over the smallest power of 1 − λ² that does, with polynomials p and q.

    Raises ProofError where none does.
    """
    rate = shared(RATE)
    base = 1 - rate**2
    for power in range(_HIGHEST + 1):
        whole = sp.expand(sp.cancel(sp.together(sp.expand(expr, power_exp=True)) * base**power), power_exp=True)
        fixed = sp.Add(*(term for term in sp.Add.make_args(whole) if not term.has(steps)))
        fading = sp.expand(sp.powsimp(sp.expand((whole - fixed) / rate ** (2 * steps), power_exp=True)))
        late = next(
            (m for m in range(_HIGHEST) if sp.expand(fading * rate ** (2 * m)).is_polynomial(rate, steps)), None
        )
        if late is not None and fixed.is_polynomial(rate):
            shown = sp.collect(sp.expand(fading * rate ** (2 * late)), rate, sp.factor)
            return (fixed + rate ** (2 * steps - 2 * late) * shown) / base**power
    raise ProofError(f"{expr} has another denominator than a power of {base}")


@dataclass(frozen=True)
class Memory:
    """The state and its sensitivity."""

    derivation: Derivation

    @cached_property
    def state_rule(self) -> sp.Expr:
        """λ h_{t−1} + x_t, the derivation's own equation."""
        return scalar(self.derivation["model.h"].rhs, OneUnit(GIVEN))

    @cached_property
    def sensitivity_rule(self) -> sp.Expr:
        """h_{t−1} + λ ∂h_{t−1}/∂λ, the derivation's own forward accumulation."""
        return scalar(self.derivation[f"form.carry_{RATE}"].rhs, OneUnit(GIVEN))

    @cached_property
    def state(self) -> Response:
        """η_k: x_t reaches h_t at once, and then by the factor of h_{t−1}."""
        enters, carries = self.state_rule.coeff(sp.Function("x")(t)), self.state_rule.coeff(sp.Function("h")(t - 1))
        return Response("h", enters, sp.Integer(0), solved(enters, carries, sp.Integer(0)))

    @cached_property
    def sensitivity(self) -> Response:
        """∂η_k/∂λ: x_t does not reach it at once; it is driven by η_{k−1}."""
        rule = self.sensitivity_rule
        enters, carries = rule.coeff(sp.Function("x")(t)), rule.coeff(carried("h", RATE)(t - 1))
        drive = rule.coeff(sp.Function("h")(t - 1)) * self.state.closed.subs(lag, lag - 1)
        return Response("∂h/∂λ", enters, drive, solved(enters, carries, drive))


@cache
def memory() -> Memory:
    """Of the derived diagonal cell."""
    return Memory(diagonal())


def solved(start: sp.Expr, carries: sp.Expr, drive: sp.Expr) -> sp.Expr:
    """y_k = carries^k start + Σ_{m=1}^{k} carries^{k−m} drive_m, variation of constants, summed by SymPy.

    Raises ProofError where SymPy finds no sum; ``Response.proof`` checks what it finds.
    """
    m = sp.Symbol("m", integer=True, positive=True)
    term = sp.powsimp(sp.expand(carries ** (lag - m) * drive.subs(lag, m)), force=True)
    total = sp.summation(sp.simplify(term), (m, 1, lag))
    if total.has(sp.Sum):
        raise ProofError(f"no closed form of the sum of {term}")
    return sp.simplify(carries**lag * start + total)
