"""The curse of memory: proved, by unit impulses over ℚ, by ``sympy.diff`` of the unrolled network, and by chance.

With white noise of variance one, E (Σ_s r_{t−s} x_s)² = Σ_s r_{t−s}².
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache

import numpy as np
import sympy as sp

from derive.errors import ProofError
from derive.explicit import Explicit, small_sizes
from derive.growth.formulas.memory import GIVEN, RATE, Memory, Response, memory, steps
from derive.growth.formulas.one_unit import carried, shared
from derive.indices import t
from derive.unroll import place
from verify.rungs import PROOF
from verify.verdicts import Finding, Verdict, Witness

IMPULSES, DIFF, CHANCE = "unit impulses over ℚ", "sympy.diff of the unrolled network", "Monte Carlo"
SERIES = "power series in λ"
RATES = (Fraction(1, 2), Fraction(-2, 3), Fraction(9, 10))
LONGEST, UNROLLED = 10, 4
PATHS, SIGMAS = 200_000, 5.0


def judged(own: Memory | None = None) -> Iterator[Finding]:
    """The mean squares of h_t and of ∂h_t/∂λ."""
    chosen = own or memory()
    for name, response in (("memory.state", chosen.state), ("memory.sensitivity", chosen.sensitivity)):
        yield proved(name, response)
        yield impulses(name, response, chosen)
        yield differentiated(name, response)
        yield by_chance(name, response, chosen)
        yield limit(name.replace("memory.", "memory.limit_"), response)


def proved(name: str, response: Response) -> Finding:
    try:
        lines = list(response.proof())
    except ProofError as error:
        return Finding(name, PROOF, Verdict.NOT_RUN, reason=f"the proof does not go through: {error}")
    return Finding(name, PROOF, Verdict.PROVED, reason=f"the impulse response by induction on k, {len(lines)} lines")


def impulses(name: str, response: Response, own: Memory) -> Finding:
    """The derived recurrences, fed one impulse at a time with exact numbers; the sum of squares is compared."""
    for rate in RATES:
        squares = Fraction(0)
        for count, (h, slope) in enumerate(_run(own, rate), start=1):
            squares += (h if response is own.state else slope) ** 2
            claimed = _number(response.mean_square, rate, count)
            if claimed != squares:
                witness = Witness(f"λ = {rate}, t = {count}", float(claimed), float(squares))
                return Finding(name, IMPULSES, Verdict.REFUTED, witness=witness)
    return Finding(name, IMPULSES, Verdict.EXACT, reason=f"λ = {', '.join(map(str, RATES))}, t ≤ {LONGEST}")


def _run(own: Memory, rate: Fraction) -> Iterator[tuple[Fraction, Fraction]]:
    """h and ∂h/∂λ at every lag after an impulse of size one, by the derivation's own right-hand sides."""
    symbols = [sp.Dummy(letter) for letter in "hsx"]
    h, slope, x = symbols
    table = {sp.Function("h")(t - 1): h, carried("h", RATE)(t - 1): slope, sp.Function("x")(t): x}
    rules = [sp.lambdify([shared(RATE), *symbols], rule.xreplace(table))
             for rule in (own.state_rule, own.sensitivity_rule)]  # fmt: skip
    before = (Fraction(0), Fraction(0))
    for lag in range(LONGEST):
        given = (rate, *before, Fraction(int(lag == 0)))
        before = tuple(Fraction(rule(*given)) for rule in rules)  # type: ignore[assignment]
        yield before


def _number(formula: sp.Expr, rate: Fraction, count: int) -> Fraction:
    numbers = {shared(RATE): sp.Rational(rate.numerator, rate.denominator), steps: sp.Integer(count)}
    found = sp.Rational(formula.xreplace(numbers))
    return Fraction(int(found.p), int(found.q))


@cache
def _unrolled(count: int) -> tuple[sp.Expr, sp.Expr, tuple[sp.Symbol, ...], sp.Symbol]:
    """h_T and ``sympy.diff`` of it, the inputs, and λ: from the forward equations alone."""
    model = memory().derivation.model
    explicit = Explicit(model, small_sizes(count, hidden=1, inputs=1, outputs=1))
    state = explicit.table.values[place(model.main.states[0].at(count))][0, 0]
    named = {w.name: explicit.given[place(w)][0, 0] for w in model.parameters}
    start = explicit.given[place(model.initial_states[0])][0, 0]
    state = state.subs({named[name]: number for name, number in GIVEN.items()}).subs(start, 0)
    inputs = tuple(s for s, (variable, _, _) in explicit.origin.items() if variable.kind == "input")
    return state, sp.diff(state, named[RATE]), inputs, named[RATE]


def differentiated(name: str, response: Response) -> Finding:
    """The coefficients of the inputs in h_T, or in its derivative by SymPy, squared and summed: an identity in λ."""
    for count in range(1, UNROLLED + 1):
        state, slope, inputs, rate = _unrolled(count)
        of = state if response.name == "h" else slope
        squares = sp.Add(*(sp.expand(of).coeff(x) ** 2 for x in inputs))
        claimed = response.mean_square.subs(steps, count).subs(shared(RATE), rate)
        if sp.cancel(sp.together(claimed - squares)) != 0:
            witness = Witness(f"t = {count}", str(sp.cancel(claimed)), str(sp.expand(squares)))
            return Finding(name, DIFF, Verdict.REFUTED, witness=witness)
    return Finding(name, DIFF, Verdict.EXACT, reason=f"identities in λ, t ≤ {UNROLLED}")


def by_chance(name: str, response: Response, own: Memory, rate: float = 0.9, count: int = 30) -> Finding:
    """The mean square over random sequences.  y is normal, so the mean of N values y² has the deviation E y² √(2/N)."""
    rng = np.random.default_rng(20240)
    rules = [sp.lambdify([shared(RATE), sp.Function("h")(t - 1), carried("h", RATE)(t - 1), sp.Function("x")(t)], rule)
             for rule in (own.state_rule, own.sensitivity_rule)]  # fmt: skip
    h, slope = np.zeros(PATHS), np.zeros(PATHS)
    for _ in range(count):
        given = (rate, h, slope, rng.normal(size=PATHS))
        h, slope = (rule(*given) for rule in rules)
    found = float(np.mean((h if response.name == "h" else slope) ** 2))
    claimed = float(response.mean_square.subs({shared(RATE): sp.Float(rate, 30), steps: count}))
    allowed = SIGMAS * float(np.sqrt(2 / PATHS))
    error = abs(found / claimed - 1)
    if error > allowed:
        witness = Witness(f"λ = {rate}, t = {count}", claimed, found)
        return Finding(name, CHANCE, Verdict.REFUTED, error=error, tolerance=allowed, witness=witness)
    return Finding(name, CHANCE, Verdict.AGREED, error=error, tolerance=allowed, scale=claimed,
                   reason=f"{PATHS} sequences, within {SIGMAS:g} standard deviations")  # fmt: skip


def limit(name: str, response: Response, claimed: sp.Expr | None = None) -> Finding:
    """The limit t → ∞: Σ_{k≥0} of the squared impulse response, as a power series in λ, term by term."""
    stationary = response.stationary if claimed is None else claimed
    rate = shared(RATE)
    series = sp.series(stationary, rate, 0, 2 * LONGEST).removeO()
    lags = [response.closed.subs(next(iter(response.closed.free_symbols - {rate})), number)
            for number in range(1, LONGEST + 1)]  # fmt: skip
    direct = response.start**2 + sp.Add(*(value**2 for value in lags))
    for power in range(2 * LONGEST):
        if series.coeff(rate, power) != sp.expand(direct).coeff(rate, power):
            wanted = sp.expand(direct).coeff(rate, power)
            witness = Witness(f"the coefficient of λ^{power}", str(series.coeff(rate, power)), str(wanted))
            return Finding(name, SERIES, Verdict.REFUTED, witness=witness)
    return Finding(name, SERIES, Verdict.EXACT, reason=f"the first {2 * LONGEST} coefficients of the series in λ")
