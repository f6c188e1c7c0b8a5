"""When each bound is tight: a checked example and a checked counterexample for each, in exact arithmetic.

‖A B‖ = ‖A‖ ‖B‖ if and only if a leading left singular vector of B (what B makes largest) is a leading right singular
vector of A (what A enlarges most).  ‖diag(d) W‖ = γ ‖W‖ if and only if a leading left singular vector of W lives on
units with |d_k| = γ.  ρ(W) = ‖W‖, so that ‖W^k‖ = ρ^k, if and only if W is *radial*; a normal W is (Goldberg & Zwas
1974; Horn & Johnson 2013, section 5.6).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from derive.arithmetic import Array
from verify.growth.formulas import certificates
from verify.growth.formulas.certificates import norm_at_most
from verify.growth.formulas.matrices import diagonal, normal, orthogonal, with_singular_values
from verify.growth.formulas.rationals import Interval
from verify.verdicts import Finding, Verdict, Witness

EVIDENCE = "exact examples"
_F = Fraction
RATE = Fraction(9, 10)


@dataclass(frozen=True)
class Example:
    """A matrix, a bound of its norm, and whether the bound is claimed to be met."""

    name: str
    matrix: Array
    bound: Fraction
    tight: bool

    def judged(self) -> Finding:
        """Met if ‖A‖ ≤ s is decided, and ‖A‖ ≤ s − 2⁻⁴⁰ s refused; not met if even that holds."""
        small = self.bound * (1 - _F(1, 2**40))
        holds, below = norm_at_most(self.matrix, self.bound), norm_at_most(self.matrix, small)
        if not holds or below is self.tight:
            found = certificates.norm(self.matrix)
            said = f"{'equal to' if self.tight else 'less than'} {float(self.bound):g}"
            return Finding(self.name, EVIDENCE, Verdict.REFUTED, witness=Witness("its norm", said, float(found.high)))
        return Finding(self.name, EVIDENCE, Verdict.EXACT, reason="met" if self.tight else "strictly below")


def examples(seed: int = 0) -> Iterator[Example]:
    """For every bound one that is met, and one that is not."""
    yield from _products(random.Random(seed))
    yield from _slopes()
    yield from _radial(random.Random(seed))


def _products(rng: random.Random) -> Iterator[Example]:
    """A = U diag(2, 1/2) Vᵀ and B = V diag(3, 1) Zᵀ: aligned.  With V turned in between, they are not."""
    u, v, z, turn = (orthogonal(2, rng) for _ in range(4))
    while not (turn[0, 0] and turn[0, 1]):
        turn = orthogonal(2, rng)
    a = with_singular_values(u, (_F(2), _F(1, 2)), v)
    b = with_singular_values(v, (_F(3), _F(1)), z)
    c = with_singular_values(v @ turn, (_F(3), _F(1)), z)
    yield Example("tight.product", a @ b, _F(6), True)
    yield Example("tight.product-not", a @ c, _F(6), False)


def _slopes() -> Iterator[Example]:
    """W = diag(2, 1), γ = 1: the leading unit at the steepest point, or only the other one."""
    W = diagonal((_F(2), _F(1)))
    yield Example("tight.slope", diagonal((_F(1), _F(1, 2))) @ W, _F(2), True)
    yield Example("tight.slope-not", diagonal((_F(1, 2), _F(1))) @ W, _F(2), False)


def _radial(rng: random.Random) -> Iterator[Example]:
    """A normal W; a radial W that is not normal; and (9/10 1; 0 9/10), whose powers grow at first although ρ < 1."""
    W = normal(2, rng)
    size = _exact(certificates.radius(W))
    yield Example("tight.radial-normal", W @ W @ W, size**3, True)
    block = diagonal((_F(2), _F(0), _F(0)))
    block[1, 2] = _F(1)
    yield Example("tight.radial", block @ block, _F(4), True)
    yield Example("tight.radial-not", transient(1), _F(2), False)


def _exact(number: Interval) -> Fraction:
    """The rational number with a small denominator that the enclosure holds."""
    return number.low.limit_denominator(10**6)


def transient(lag: int, rate: Fraction = RATE) -> Array:
    """(λ 1; 0 λ)^k, by multiplication."""
    one = diagonal((rate, rate))
    one[0, 1] = _F(1)
    product = diagonal((_F(1), _F(1)))
    for _ in range(lag):
        product = one @ product
    return product


def hump() -> Finding:
    """ρ = 9/10 < 1, yet ‖W^10‖ > 3 > 2 > ‖W‖; and ‖W^100‖ < 1/100 in the end."""
    grows = norm_at_most(transient(1), _F(2)) and not norm_at_most(transient(10), _F(3))
    falls = norm_at_most(transient(100), _F(1, 100))
    if not (grows and falls):
        numbers = ", ".join(f"{float(certificates.norm(transient(lag)).high):.4g}" for lag in (1, 10, 100))
        return Finding("tight.hump", EVIDENCE, Verdict.REFUTED, witness=Witness("k = 1, 10, 100", "a hump", numbers))
    return Finding("tight.hump", EVIDENCE, Verdict.EXACT, reason="‖W‖ < 2, ‖W^10‖ > 3, ‖W^100‖ < 1/100, ρ = 9/10")


def aligned_or_not(trials: int = 30) -> Finding:
    """The criterion for products on random matrices of given singular values: tight exactly where it says so."""
    rng = random.Random(11)
    for trial in range(trials):
        u, v, w, z = (orthogonal(2, rng) for _ in range(4))
        aligned = trial % 2 == 0
        first = with_singular_values(u, (_F(rng.randint(3, 9)), _F(1)), v)
        second = with_singular_values(v if aligned else w, (_F(rng.randint(3, 9)), _F(2)), z)
        inner = (v.T @ (v if aligned else w))[0, 0]  # of the two leading vectors, each of length 1
        bound = _exact(certificates.norm(first)) * _exact(certificates.norm(second))
        found = Example("tight.criterion", first @ second, bound, abs(inner) == 1).judged()
        if found.verdict is Verdict.REFUTED:
            return found
    return Finding("tight.criterion", EVIDENCE, Verdict.EXACT, reason=f"{trials} random pairs, half of them aligned")


def judged() -> Iterator[Finding]:
    """All examples and counterexamples."""
    for example in examples():
        yield example.judged()
    yield aligned_or_not()
    yield hump()
