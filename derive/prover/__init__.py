"""The prover: equations of sums and ordered products, proved for every t, every T, every dimension and all matrices.

``prove(Claim(lhs, rhs, method, where, known))`` returns a ``Proof`` with its lines, or a ``Refusal`` with its reason.
A proof keeps the order of every product, and no range is taken for non-empty unless that is known.
"""

from derive.prover.cancelling import Cancelling
from derive.prover.claim import Claim, Given, Method, Proof, Refusal, prove
from derive.prover.descent import Descent
from derive.prover.facts import Fact, Known, Range, over
from derive.prover.induction import Induction
from derive.prover.naming import Naming
from derive.prover.rewriting import Rewriting
from derive.prover.rows import RowOf

__all__ = [
    "Cancelling",
    "Claim",
    "Descent",
    "Fact",
    "Given",
    "Induction",
    "Known",
    "Method",
    "Naming",
    "Proof",
    "Range",
    "Refusal",
    "Rewriting",
    "RowOf",
    "over",
    "prove",
]
