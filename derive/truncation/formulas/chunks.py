"""Chunks of τ steps: ξ_i = 0 between two chunks, after every τ-th step, and 1 within them; the bias that this makes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp

from derive.build import scale, split_factor
from derive.errors import ProofError
from derive.expr import Fill
from derive.growth.formulas.step import GrowthStep, Relation
from derive.prover import Method, over
from derive.prover.facts import Fact, Known
from derive.sums import Sum, reindex
from derive.theory import Theory
from derive.truncation.formulas.error import difference, term
from derive.truncation.formulas.letters import tau, xi
from derive.truncation.formulas.specialised import same

NEEDS = "chunks"
border = sp.Symbol("m", integer=True)
"""Counts the chunks that are over: the border after step mτ."""
_EQUAL = Relation.EQUAL


@dataclass(frozen=True)
class AtBorders(Method):
    """Σ_{i=2}^{T} (ξ_i − 1) f_i = −Σ_m f_{mτ+1}, where the facts ``kept`` and ``cut`` say that ξ_i is 1 or 0.

    The borders within 2, …, T are mτ + 1 with 1 ≤ m ≤ ⌊(T − 1)/τ⌋, each once, since τ ≥ 1.
    """

    identity: str
    cut: str
    method = "only the borders are left"

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.identity, self.cut)

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        identity, cut = known[self.identity], known[self.cut]
        front, whole = split_factor(identity.rhs)
        if claim.lhs != identity.lhs or not isinstance(whole, Sum) or not isinstance(cut.lhs, Fill):
            raise ProofError(f"{self.identity} does not say what {claim.lhs} is, as one sum")
        factor, body = split_factor(whole.body)
        index, first, last = whole.index, whole.lower, whole.upper
        at_border = cut.lhs.value.args[0]
        if cut.rhs != Fill(0, 1, 1) or sp.expand(factor - xi(index) + 1) != 0:
            raise ProofError(f"a border does not leave −1 of the factor {factor}")
        yield f"within a chunk xi = 1 and the term is zero; at a border it is {cut.rhs} − 1 = −1"
        if at_border != border * tau + 1 or first != 2:
            raise ProofError(f"the borders in {first}, …, {last} are {border * tau + 1}, not {at_border}")
        borders = Sum(reindex(body, {index: at_border}), border, 1, sp.floor((last - 1) / tau))
        if not same(claim.rhs, scale(-front, borders)):
            raise ProofError(f"the terms at the borders are {scale(-front, borders)}, not {claim.rhs}")
        yield f"{border} = 1, …, {sp.floor((last - 1) / tau)} counts the borders from {first} to {last}, each once"


def steps(theory: Theory) -> tuple[GrowthStep, ...]:
    """Where the factors are zero, and the bias."""
    i, T_, some = theory.early, theory.length, over(tau, 1, theory.length)
    last = sp.floor((T_ - 1) / tau)
    return (
        GrowthStep("chunks.cut", Fill(xi(border * tau + 1), 1, 1), _EQUAL, Fill(0, 1, 1), "definition",
                   ("The state is detached after every ", tau, "-th step; all other factors are 1."),
                   (some, over(border, 1, last)), None, NEEDS),
        GrowthStep("chunks.bias", difference(theory), _EQUAL,
                   -theory.weight * Sum(reindex(term(theory), {i: border * tau + 1}), border, 1, last),
                   "only the borders are left",
                   ("Every border costs what the steps before it would still have done to the errors after it.",),
                   (some,), AtBorders("error.identity", "chunks.cut"), NEEDS),
    )  # fmt: skip
