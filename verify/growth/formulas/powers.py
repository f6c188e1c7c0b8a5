"""The closed forms of W^k: proved for every k, and multiplied out exactly for rational matrices."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction

import numpy as np
import sympy as sp
from flint import fmpz_mat

from derive.arithmetic import Array
from derive.errors import ProofError
from derive.growth.formulas.power_norm import power_norm
from derive.growth.formulas.powers import ClosedPower, cayley_hamilton, defective, distinct, k, x
from verify.growth.formulas.matrices import diagonal, inverse, orthogonal
from verify.rungs import PROOF
from verify.verdicts import Finding, Verdict, Witness

EVIDENCE = "multiplied out over ℚ"
LOGARITHMS = "integer powers"
CLAIMS: Mapping[str, ClosedPower] = {
    "powers.distinct2": distinct(2), "powers.distinct3": distinct(3), "powers.double": defective(),
}  # fmt: skip
_LAGS = range(8)
_LARGEST, _KEPT = 900, 80


def judged(claims: Mapping[str, ClosedPower] = CLAIMS) -> Iterator[Finding]:
    """Every closed form, by its proof and by rational matrices; and the logarithms of large powers."""
    for name, claim in claims.items():
        yield proved(name, claim)
        yield multiplied_out(name, claim)
    yield from logarithms()


def proved(name: str, claim: ClosedPower) -> Finding:
    try:
        lines = [*claim.proof(), *cayley_hamilton(len(claim.eigenvalues))]
    except ProofError as error:
        return Finding(name, PROOF, Verdict.NOT_RUN, reason=f"the proof does not go through: {error}")
    return Finding(name, PROOF, Verdict.PROVED, reason=f"induction on k, {len(lines)} identities of polynomials")


def multiplied_out(name: str, claim: ClosedPower) -> Finding:
    """F_k(W) against k multiplications, for random W with rational eigenvalues, k = 0 … 7."""
    for seed in range(4):
        matrix, values = _with_eigenvalues(claim.eigenvalues, random.Random(seed))
        product = diagonal([Fraction(1)] * len(matrix))
        for lag in _LAGS:
            claimed = _at(claim, values, lag, matrix)
            if (claimed != product).any():
                row, col = np.argwhere(claimed != product)[0]
                where = f"seed {seed}, k = {lag}, entry ({row + 1}, {col + 1})"
                witness = Witness(where, float(claimed[row, col]), float(product[row, col]))
                return Finding(name, EVIDENCE, Verdict.REFUTED, witness=witness)
            product = matrix @ product
    return Finding(name, EVIDENCE, Verdict.EXACT, reason=f"4 random rational matrices, k ≤ {max(_LAGS)}")


def _with_eigenvalues(symbols: tuple[sp.Expr, ...], rng: random.Random) -> tuple[Array, dict[sp.Expr, sp.Rational]]:
    """Q (Λ + N) Qᵀ with random entries above the diagonal: equal eigenvalues make a Jordan block."""
    different = list(dict.fromkeys(symbols))
    numbers = rng.sample([Fraction(n, 3) for n in range(-6, 7) if n], len(different))
    values = dict(zip(different, numbers, strict=True))
    block = diagonal([values[symbol] for symbol in symbols])
    for row in range(len(block)):
        for col in range(row + 1, len(block)):
            block[row, col] = Fraction(rng.choice((-3, -2, -1, 1, 2, 3)), 2)
    turn = orthogonal(len(block), rng)
    return turn @ block @ inverse(turn), {s: sp.Rational(v.numerator, v.denominator) for s, v in values.items()}


def _at(claim: ClosedPower, values: Mapping[sp.Expr, sp.Rational], lag: int, matrix: Array) -> Array:
    """F_k(W) by Horner's rule."""
    polynomial = sp.Poly(sp.expand(claim.formula.subs(k, lag).subs(values)), x)
    one = diagonal([Fraction(1)] * len(matrix))
    total = one * Fraction(0)
    for coefficient in polynomial.all_coeffs():
        total = total @ matrix + one * Fraction(int(coefficient.p), int(coefficient.q))
    return total


def logarithms(lags: tuple[int, ...] = (1, 10, 1000, 100_000)) -> Iterator[Finding]:
    """log ‖W^k‖ against powers of whole matrices of whole numbers, with all their digits."""
    rng = np.random.default_rng(7)
    for size in (2, 3, 4):
        matrix = rng.integers(-6, 7, size=(size, size)).astype(float)
        worst, allowed = 0.0, 0.0
        for lag in lags:
            found, truth = power_norm(matrix, lag), exact_log_norm(matrix, lag)
            error, tolerance = abs(found.log_norm - truth), found.error + abs(truth) * 2.0**-50
            name = f"powers.log_norm{size}"
            if error > tolerance:
                witness = Witness(f"k = {lag}", found.log_norm, truth)
                yield Finding(name, LOGARITHMS, Verdict.REFUTED, error=error, tolerance=tolerance, witness=witness)
                return
            worst, allowed = max(worst, error), max(allowed, tolerance)
        yield Finding(name, LOGARITHMS, Verdict.AGREED, error=worst, tolerance=allowed, scale=1.0, sizes={"n": size})


def exact_log_norm(matrix: Array, exponent: int) -> float:
    """log ‖W^k‖₂ of a matrix of whole numbers: W^k with all its digits, of which those count that a float has."""
    power = fmpz_mat(matrix.astype(int).tolist()) ** exponent
    size = len(matrix)
    entries = [[int(power[row, col]) for col in range(size)] for row in range(size)]
    bits = max(abs(entry).bit_length() for row in entries for entry in row)
    shift = bits - _KEPT if bits > _LARGEST else 0
    leading = np.array([[float(entry >> shift) for entry in row] for row in entries])
    return float(np.log(np.linalg.norm(leading, 2)) + shift * np.log(2))
