"""Forward accumulation: carry a_t = ∂h_t/∂w along, and add g_tᵀ a_t at every step."""

from __future__ import annotations

from collections.abc import Iterator

from derive.build import vec
from derive.derivatives import Derivative, Gradient
from derive.expr import ONE
from derive.indices import t
from derive.run import name_of
from derive.sums import Sum
from derive.theory import Theory
from verify.theorem import Covering, Statement


def accumulated(theory: Theory) -> Iterator[Statement]:
    """vec ∂L/∂w = weight · Σ_t (∂h_t/∂w)ᵀ g_t, for every parameter, from the carried ∂h_t/∂w."""
    for w in theory.phase.parameters:
        gradient = Gradient(theory.model.total, w)
        added = Derivative(theory.state, w).T @ theory.g()
        rhs = theory.weight * (theory.at_loss(added) if theory.single else Sum(added, t, theory.first, theory.last))
        name = name_of(w)
        carried = (f"form.start_{name}", f"form.carry_{name}")
        yield Statement(f"form.rtrl_{name}", gradient if w.shape[1] == ONE else vec(gradient), rhs, premises=carried)


COVERINGS = (Covering("Rtrl.forward_pass", accumulated),)
