"""The probability that a false claim passes the test, derived.

A claim of a derivation is that a gradient G is the one of the loss.  For a direction V of the parameter's shape, let
Δ = ⟨G, V⟩ − (directional derivative of L along V).  Evaluated with letters for all that is given, for V, and for the
values and slopes of functions (``verify.jets.free``; equal arguments of one function share them), Δ is a rational
function of these letters with integer coefficients.  The claim is true of *every* differentiable function in the place
of each free one if and only if Δ is zero as such a function: there is a smooth function with any values and slopes at
finitely many places (Hermite), so if Δ is not zero, it is not zero for some network.

The test draws a prime p of b bits and then a residue modulo p for every letter, all uniformly and independently, and
says EXACT when Δ is 0 there.  It draws all of it again where something is divided by zero.  Let Δ = N/D ≠ 0 for
polynomials N, D with integer coefficients (``verify.jets.degrees``).  Δ is nevertheless 0 only if

1. p divides all coefficients of N.  One of them is not zero and at most ‖N‖₁, so at most log₂‖N‖₁/(b − 1) primes of b
   bits divide it, of more than (3/5) x / ln x with x = 2^{b−1} (Rosser & Schoenfeld 1962, corollary 3 of theorem 2, for
   the primes between x and 2x): a share of at most (5/3) ln 2 · log₂‖N‖₁ / 2^{b−1}; or
2. N is not zero modulo p, but at the point: at most deg N / p, and p > 2^{b−1} (Schwartz 1980, Zippel 1979; DeMillo &
   Lipton 1978); or
3. the residues of two different arguments of one free function are equal, so that it was not given two free values.
   Their difference is a rational function too: 1 and 2 for each pair, and for each argument with the 0 of exp(0) = 1.
   An evaluation that asks for f at k places has at most k (k + 1)/2 of these.

What is divided by is zero with a probability that 1 and 2 bound as well.  Where this and 3 together are at most ½, a
draw is kept with a probability of at least ½, so that among those kept 1, 2 and 3 are at most twice as frequent.  The
sum over all claims that are tested together bounds the probability that any of them is false and passes.

b is chosen so wide that this is below 10⁻⁴⁰: a wide prime does in one evaluation what narrow ones do in several.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ldexp, log

from verify.jets.degrees import Size

WANTED = 1e-40
NARROWEST, WIDEST, _STEP = 64, 1024, 8
_PRIMES = 1.01 * 5 / 3 * log(2)
"""(5/3) ln 2, and a hundredth more, since logarithms were rounded."""


@dataclass(frozen=True)
class Reach:
    """Of one evaluation: the numerators of all Δ, the arguments of each function with their number, all divisors."""

    claims: tuple[Size, ...]
    arguments: tuple[tuple[Size, int], ...]
    divisors: tuple[Size, ...]


def vanishes(size: Size, bits: int) -> float:
    """The probability that a polynomial of that size, not zero, is zero at a random point modulo a random prime."""
    smallest = 1 << (bits - 1)
    at_the_point = size.degree / smallest if size.degree < smallest else 1.0
    return at_the_point + ldexp(_PRIMES * size.bits, 1 - bits)


def failure(reaches: Iterable[Reach], bits: int) -> float:
    """The probability that any false claim passes; 1 where the bound says nothing."""
    total = 0.0
    for reach in reaches:
        missed = sum(vanishes(size, bits) for size in reach.claims)
        collided = sum(vanishes(size, bits) * (count * (count + 1) // 2) for size, count in reach.arguments)
        divided = sum(vanishes(size, bits) for size in reach.divisors)
        if not collided + divided <= 0.5:
            return 1.0
        total += 2 * (missed + collided)
    return total if total <= 1 else 1.0


def width(reaches: Iterable[Reach]) -> int | None:
    """The bits of the prime for which the failure is as rare as wanted; None where even the widest do not suffice."""
    reaches = tuple(reaches)
    return next((b for b in range(NARROWEST, WIDEST + 1, _STEP) if failure(reaches, b) <= WANTED), None)
