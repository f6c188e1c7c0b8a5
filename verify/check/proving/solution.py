"""The fact that proofs rest on: the recurrence of a_t, and its solution, which the prover has shown by induction."""

from __future__ import annotations

from functools import lru_cache

from derive.errors import ProofError
from derive.expr import zeros
from derive.indices import T, i, j, t
from derive.prover import Claim, Fact, Induction, over, prove
from derive.prover.claim import Given
from derive.sums import OrderedProduct, Sum
from verify.check.proving.paths import JACOBIAN, local, unknown

RECURRENCE = "the recurrence a_t = b_t + c_t a_{t-1}, a_0 = 0, solved by induction on t"


@lru_cache(maxsize=256)
def solution(weights: str) -> Fact:
    """a_t = Σ_{i=1}^{t} (∏_{j=i+1}^{t} c_j) b_i, for 0 ≤ t ≤ T.  Raises ProofError if it is not to be proved."""
    a, b = unknown(weights), local(weights)
    known = {
        "recurrence": Given(a.at(t), b.at(t) + JACOBIAN.at(t) @ a.at(t - 1), (over(t, 1, T),)),
        "start": Given(a.at(0), zeros(*a.shape)),
    }
    body = OrderedProduct(JACOBIAN.at(j), j, i + 1, t) @ b.at(i)
    where = (over(t, 0, T),)
    claim = Claim(a.at(t), Sum(body, i, 1, t), Induction("recurrence", "start", first=0), where, known)
    found = prove(claim)
    if not found.proved:
        raise ProofError(f"the recurrence is not solved: {found}")
    return claim
