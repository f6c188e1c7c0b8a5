"""One number with constant b, c and π: the variance in closed form, and that it stays bounded just where c² < π.

V_t = ρ V_{t−1} + (1/π − 1) c² a_{t−1}² with ρ = c²/π and a_t = b (1 − c^t)/(1 − c): three geometric sums.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp

from derive.derivation import Prose
from derive.errors import ProofError
from derive.expr import Fill
from derive.growth.formulas.step import GrowthStep, Relation
from derive.indices import t
from derive.prover import Method, over
from derive.prover.facts import Fact, Known
from derive.theory import Theory
from derive.truncation.formulas.letters import pi as pi_of
from derive.truncation.formulas.variance import Scalars, V

NEEDS = "constant"
b, c = (sp.Symbol(name, real=True) for name in "bc")
pi = sp.Symbol("pi", positive=True)
rho = c**2 / pi
LIMIT = sp.Symbol("V_infinity", nonnegative=True)
_EQUAL, _AT_MOST = Relation.EQUAL, Relation.AT_MOST


def _geometric(ratio: sp.Expr) -> sp.Expr:
    """Σ_{s=1}^{t} ρ^{t−s} ratio^{s−1}, for a ratio that is not ρ."""
    return (rho**t - ratio**t) / (rho - ratio)


STATE = b * (1 - c**t) / (1 - c)
ADDED = (1 / pi - 1) * c**2 * b**2 / (1 - c) ** 2
"""What a step adds to the variance in the end."""
SOLUTION = ADDED * (_geometric(sp.Integer(1)) - 2 * _geometric(c) + _geometric(c**2))
STATIONARY = (1 - pi) * c**2 * b**2 / ((1 - c) ** 2 * (pi - c**2))


@dataclass(frozen=True)
class Constants(Method):
    """A recursion with the same b, c and π at every step."""

    of: str
    read: tuple[tuple[sp.Function, sp.Expr], ...]
    method = "constants put in"

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.of,)

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        fact = known[self.of]
        found = _value(fact.rhs)
        for function, value in self.read:
            found = found.replace(function, lambda time, value=value: value)
        if claim.lhs != fact.lhs or not _zero(found - _value(claim.rhs)):
            raise ProofError(f"{self.of} is then {found}, not {claim.rhs}")
        yield f"{self.of} with constants is {found}"


@dataclass(frozen=True)
class Solves(Method):
    """Induction on t: the claimed value is 0 at t = 0, and satisfies y_t = rule(y_{t−1}), with ``also`` put in."""

    rule: sp.Expr
    before: sp.Expr
    rests_on: tuple[str, ...]
    also: tuple[tuple[sp.Expr, sp.Expr], ...] = ()
    method = "induction on t"

    @property
    def premises(self) -> tuple[str, ...]:
        return self.rests_on

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        value = _value(claim.rhs)
        if not _zero(value.subs(t, 0)):
            raise ProofError(f"at t = 0 it is {sp.simplify(value.subs(t, 0))}, not 0")
        yield "base case: 0 at t = 0"
        step = self.rule.xreplace(dict(self.also)).xreplace({self.before: value.subs(t, t - 1)})
        if not _zero(value - step):
            raise ProofError(f"it misses the recursion by {sp.simplify(value - step)}")
        yield f"induction step: {self.rule}"


@dataclass(frozen=True)
class Fades(Method):
    """The limit of a solution whose powers c^t, c^{2t} and (c²/π)^t fade, since c² < π ≤ 1."""

    of: str
    method = "the powers fade"

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.of,)

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        value = _value(known[self.of].rhs)
        faded = value.xreplace({power: sp.Integer(0) for power in (rho**t, c**t, (c**2) ** t)})
        if faded.has(t) or not _zero(faded - _value(claim.rhs)):
            raise ProofError(f"the limit is {sp.factor(faded)}, not {claim.rhs}")
        yield "c² < π ≤ 1, so that c^t, c^(2t) and (c²/π)^t tend to 0"


@dataclass(frozen=True)
class Outgrows(Method):
    """A lower bound by induction from t = 2: V_t ≥ ρ V_{t−1}, for what a step adds is (1/π − 1) times a square."""

    recursion: str
    state: str
    orders = True
    method = "induction on t"

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.recursion, self.state)

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        low, rule = _value(claim.lhs), _value(known[self.recursion].rhs)
        added = rule.xreplace({V(t - 1): sp.Integer(0)})
        state = known[self.state].lhs, _value(known[self.state].rhs)
        square = sp.cancel(added / (1 / pi - 1))
        root = c * _value(state[0]).subs(t, t - 1)
        if not _zero(square - root**2) or not _zero(rule - added - rho * V(t - 1)):
            raise ProofError(f"{self.recursion} does not add (1/π − 1) times a square to ρ times what was before")
        yield "a step adds (1/π − 1) times a square, which is not negative for π ≤ 1"
        first = (1 / pi - 1) * (c * state[1].subs(t, 1)) ** 2
        if not _zero(low.subs(t, 2) - first) or not _zero(low.subs(t, t + 1) - rho * low):
            raise ProofError(f"{low} is not ρ^(t−2) times the variance of step 2, {sp.factor(first)}")
        yield f"at t = 2 it is {first}, and then it grows by ρ a step"


def _value(node: object) -> sp.Expr:
    """The number in a node.  Raises ProofError for another one."""
    if not isinstance(node, Fill):
        raise ProofError(f"{node} is no number")
    return node.value


def _zero(expr: sp.Expr) -> bool:
    """Whether a rational function of letters and of their t-th powers is zero."""
    return bool(sp.cancel(sp.together(expr.replace(_to_a_time, _by_letters))) == 0)


def _to_a_time(expr: sp.Expr) -> bool:
    return isinstance(expr, sp.Pow) and expr.exp.has(t)


def _by_letters(power: sp.Pow) -> sp.Expr:
    """(c²/π)^{t−1} as (c^t)² (π^t)⁻¹ (c²/π)⁻¹, where c^t and π^t are letters of their own."""
    times = power.exp.coeff(t)
    whole = sp.Mul(*(sp.Symbol(f"{base}^t") ** (count * times) for base, count in power.base.as_powers_dict().items()))
    return whole * power.base ** sp.expand(power.exp - times * t)


def steps(theory: Theory) -> tuple[GrowthStep, ...]:
    """State, recursion, solution, limit and growth."""
    return tuple(_steps(theory))


def _steps(theory: Theory) -> Iterator[GrowthStep]:
    a, _, c_of, *_ = Scalars(theory).letters
    every = (over(t, 0, theory.length),)
    rule = rho * V(t - 1) + (1 / pi - 1) * c**2 * a(t - 1) ** 2

    def step(key: str, lhs: sp.Expr, relation: Relation, rhs: sp.Expr, law: str, because: Prose, proof: Method,
             first: int | None = 0) -> GrowthStep:  # fmt: skip
        where = every if first == 0 else () if first is None else (over(t, first, theory.length),)
        return GrowthStep(f"constant.{key}", Fill(lhs, 1, 1), relation, Fill(rhs, 1, 1), law, because, where, proof,
                          NEEDS)  # fmt: skip

    yield step("state", a(t), _EQUAL, STATE, "geometric sum", ("For ", c, " other than 1."),
               Solves(b + c * a(t - 1), a(t - 1), ("recursion.short", "recursion.start")))  # fmt: skip
    yield step("recursion", V(t), _EQUAL, rule, "constants put in", ("The same at every step.",),
               Constants("variance.recursion", ((c_of, c), (pi_of, pi))), 1)  # fmt: skip
    also = ((a(t - 1), STATE.subs(t, t - 1)),)
    yield step("solution", V(t), _EQUAL, SOLUTION, "geometric sums",
               ("Three geometric sums, in 1, ", c, " and ", c**2, ", where ", rho, " is none of them."),
               Solves(rule, V(t - 1), ("constant.recursion", "constant.state", "variance.define"), also))  # fmt: skip
    yield step("limit", LIMIT, _EQUAL, STATIONARY, "the powers fade",
               ("For ", c**2, " < ", pi, " the variance has a limit."),
               Fades("constant.solution"), None)  # fmt: skip
    yield step("grows", rho ** (t - 2) * (1 / pi - 1) * c**2 * b**2, _AT_MOST, V(t), "induction",
               ("In any case it is no less than this, which grows without a bound for ", c**2, " > ", pi, "."),
               Outgrows("constant.recursion", "constant.state"), 2)  # fmt: skip
