"""From below, and the linear cell: what the chain cannot be smaller than, and where the bounds meet.

ρ ≤ ‖·‖ and, for one matrix, ρ^k ≤ ‖W^k‖ ≤ σ₁^k; ‖W^k‖ ≤ κ(X) ρ^k where W = X Λ X⁻¹ with Λ diagonal, since
W^k = X Λ^k X⁻¹ and ‖Λ^k‖ = ρ^k; all equal for a normal W, whose X may be taken unitary, κ(X) = 1 (Horn & Johnson 2013,
Matrix Analysis, sections 5.6 and 2.5; Trefethen & Embree 2005, Spectra and Pseudospectra, section 14).
"""

from __future__ import annotations

from derive.assemble import derivation as derive
from derive.build import matmul, ordered_product, split_factor
from derive.derivation import Derivation
from derive.expr import Diag, MatMul, Node, Var
from derive.growth.formulas.bounds import pairs, whole
from derive.growth.formulas.induction import Powers, Submultiplicative, Supermultiplicative
from derive.growth.formulas.nodes import Condition, Least, LeastEntry, Power, Radius, Size
from derive.growth.formulas.step import GrowthStep, Relation
from derive.indices import T, j, k, t
from derive.model import build
from derive.prover import over
from derive.theory import Theory

NORMAL, DIAGONALISABLE = "normal", "diagonalisable"
VECTORS = "X"
"""The name of the matrix of eigenvectors."""


def steps(theory: Theory, derivation: Derivation) -> tuple[GrowthStep, ...]:
    """For the chain of any cell, and for the smallest singular value where c_t = diag(d_t) W."""
    chain, early = whole(theory), theory.early
    least = ordered_product(Least(theory.c(j)), j, early + 1, t)
    return (
        GrowthStep("growth.radius", Radius(chain), Relation.AT_MOST, Size(chain), "ρ ≤ ‖·‖",
                   ("An eigenvector is stretched by its |λ|, and nothing by more than the norm.",), pairs(theory)),
        GrowthStep("growth.least", least, Relation.AT_MOST, Least(chain), "σ_n(A B) ≥ σ_n(A) σ_n(B)",
                   ("From below: no vector shrinks by more than every factor allows.",), pairs(theory),
                   Supermultiplicative(t)),
        *_least_factor(theory, derivation[theory.key("local.c")].rhs),
    )  # fmt: skip


def _least_factor(theory: Theory, jacobian: Node) -> tuple[GrowthStep, ...]:
    body = split_factor(jacobian)[1]
    factors: tuple[Node, ...] = body.parts if isinstance(body, MatMul) else ()
    if len(factors) != 2 or not isinstance(factors[0], Diag) or not isinstance(factors[1], Var):
        return ()
    slopes, matrix = factors[0].args[0], factors[1]
    bound = matmul(LeastEntry(slopes), Least(matrix))
    return (
        GrowthStep("growth.least-factor", bound, Relation.AT_MOST, Least(theory.c()), "σ_n(diag(d) W) ≥ min |d| σ_n(W)",
                   ("A saturated unit, or one that is off, makes this zero.",), (over(t, 1, theory.length),)),
    )  # fmt: skip


def linear() -> tuple[Derivation, Var]:
    """The derivation of the linear network h_t = W_h h_{t−1} + …, and W_h, which its own c_t is.

    Raises TypeError where c_t is no parameter.
    """
    found = derive(build("rnn", variant="identity", loss="squared_error"))
    matrix = found["local.c"].rhs
    if not isinstance(matrix, Var):
        raise TypeError(f"the factor of the linear network is {matrix}")
    return found, matrix


def linear_steps() -> tuple[GrowthStep, ...]:
    """W^k between its bounds."""
    found, W = linear()
    theory = Theory(found.model)
    early = theory.early
    X, lags = Var(VECTORS, *W.shape, kind="constant"), (over(k, 0, T),)
    power, radius, sigma = Power(W, k), Power(Radius(W), k), Power(Size(W), k)
    return (
        GrowthStep("linear.chain", ordered_product(W, j, early + 1, t), Relation.EQUAL, Power(W, t - early), "power",
                   ("In the linear network every factor is ", W, ": the chain is a power.",), pairs(theory), Powers()),
        GrowthStep("linear.below", radius, Relation.AT_MOST, Size(power), "ρ(W^k) = ρ(W)^k ≤ ‖W^k‖",
                   ("The spectral radius is a bound from below at every lag.",), lags),
        GrowthStep("linear.above", Size(power), Relation.AT_MOST, sigma, "‖A B‖ ≤ ‖A‖ ‖B‖",
                   ("The largest singular value is one from above.",), lags, Submultiplicative(k)),
        GrowthStep("linear.vectors", Size(power), Relation.AT_MOST, matmul(Condition(X), radius),
                   "W^k = X Λ^k X⁻¹", ("In the long run ρ decides, after a transient of at most ", Condition(X),
                   ", where ", X, " has the eigenvectors of ", W, " as columns.",), lags, needs=DIAGONALISABLE),
        GrowthStep("linear.normal", Size(power), Relation.EQUAL, radius, "X unitary",
                   ("For a normal ", W, " (", W.T @ W, " = ", W @ W.T, ") there is no transient: ",
                    Condition(X), " = 1.",), lags, needs=NORMAL),
        GrowthStep("linear.least", Power(Least(W), k), Relation.AT_MOST, Least(power), "σ_n(A B) ≥ σ_n(A) σ_n(B)",
                   ("And no direction is forgotten faster than this.",), lags, Supermultiplicative(k)),
    )  # fmt: skip
