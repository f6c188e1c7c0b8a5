"""The bound of the chain from above, from the letters of the cell: ‖P(t, i)‖ ≤ (γ σ₁)^{t−i} for the vanilla network.

(Pascanu, Mikolov & Bengio 2013, section 2, where the largest *singular* value counts.  Their condition is sufficient
for vanishing; its opposite is only necessary for exploding.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp

from derive.build import ordered_product
from derive.derivation import Derivation, Prose
from derive.expr import Fill, Node
from derive.growth.formulas.estimate import UnboundedError, norm_bound, terms
from derive.growth.formulas.induction import Powers, Submultiplicative
from derive.growth.formulas.laws import Factorwise, Joined, Laws
from derive.growth.formulas.nodes import Power, Size
from derive.growth.formulas.quantities import Known
from derive.growth.formulas.step import GrowthStep, Relation
from derive.indices import j, t
from derive.prover import over
from derive.prover.facts import Range
from derive.theory import Theory


@dataclass(frozen=True)
class Refused:
    """A term of c_t that the weights alone do not bound, and the quantities that stand in the way."""

    term: Node
    because: tuple[Node, ...]


def pairs(theory: Theory) -> tuple[Range, ...]:
    """1 ≤ i ≤ t ≤ T."""
    return over(theory.early, 1, theory.length), over(t, theory.early, theory.length)


def whole(theory: Theory) -> Node:
    """P(t, i)."""
    return theory.chain(t, theory.early + 1)


def submultiplicative(theory: Theory) -> GrowthStep:
    norms = ordered_product(Size(theory.c(j)), j, theory.early + 1, t)
    return GrowthStep(
        "growth.submultiplicative", Size(whole(theory)), Relation.AT_MOST, norms, "‖A B‖ ≤ ‖A‖ ‖B‖",
        ("One factor at a time: the spectral norm is submultiplicative.",), pairs(theory), Submultiplicative(t),
    )  # fmt: skip


def slopes(theory: Theory) -> tuple[GrowthStep, ...]:
    """γ = sup|φ′| of every function of the cell whose slope is bounded, as the engine finds it."""
    return tuple(
        GrowthStep(f"growth.{gamma.name}", gamma, Relation.EQUAL, Fill(_steepest(function.steepest), 1, 1),
                   "supremum of the slope", (f"The steepest slope of {function.name}.",))
        for function, gamma in Known(theory).gammas.items()
    )  # fmt: skip


def _steepest(found: sp.Expr | None) -> sp.Expr:
    assert found is not None, "only bounded slopes get a letter"
    return found


def factor(theory: Theory, jacobian: Node) -> GrowthStep:
    """‖c_t‖ ≤ …, by the laws of the norm on the derived c_t.

    Raises UnboundedError where the weights alone do not bound it.
    """
    bound = norm_bound(jacobian, Known(theory))
    return GrowthStep(
        "growth.factor", Size(theory.c()), Relation.AT_MOST, bound, "laws of the norm", _because(theory, jacobian),
        (over(t, 1, theory.length),), Laws(theory, theory.key("local.c")),
    )  # fmt: skip


def _because(theory: Theory, jacobian: Node) -> Prose:
    if len(terms(jacobian)) > 1:
        return (
            "From ",
            theory.c(),
            " itself, term by term: the triangle inequality, and each slope at its steepest.",
        )
    return ("From ", theory.c(), " = ", jacobian, ".")


def parts(theory: Theory, jacobian: Node) -> Iterator[GrowthStep | Refused]:
    """The terms of c_t one by one, where c_t as a whole has no bound."""
    known = Known(theory)
    for number, term in enumerate(dict.fromkeys(terms(jacobian)), start=1):
        try:
            bound = norm_bound(term, known)
        except UnboundedError as error:
            yield Refused(term, error.because)
        else:
            yield GrowthStep(
                f"growth.part{number}", Size(term), Relation.AT_MOST, bound, "laws of the norm",
                ("Gates lie between 0 and 1.",), (over(t, 1, theory.length),), Laws(theory),
            )  # fmt: skip


def powers(theory: Theory, bound: Node) -> tuple[GrowthStep, ...]:
    """From one factor to the whole chain."""
    i, where = theory.early, pairs(theory)
    product = ordered_product(bound, j, i + 1, t)
    power = Power(bound, t - i)
    chain = Size(whole(theory))
    return (
        GrowthStep("growth.product", chain, Relation.AT_MOST, product, "factor by factor",
                   ("The same bound for every factor.",), where,
                   Factorwise("growth.submultiplicative", "growth.factor")),
        GrowthStep("growth.power", product, Relation.EQUAL, power, "power",
                   (t - i, " equal factors."), where, Powers()),
        GrowthStep("growth.bound", chain, Relation.AT_MOST, power, "together",
                   ("The lag is the exponent.",), where, Joined("growth.product", "growth.power")),
    )  # fmt: skip


def steps(theory: Theory, derivation: Derivation) -> tuple[GrowthStep, ...]:
    """All that holds for the cell; of c_t term by term where it has no bound as a whole."""
    jacobian = derivation[theory.key("local.c")].rhs
    begin = (submultiplicative(theory), *slopes(theory))
    try:
        own = factor(theory, jacobian)
    except UnboundedError:
        return (*begin, *(part for part in parts(theory, jacobian) if isinstance(part, GrowthStep)))
    return (*begin, own, *powers(theory, own.rhs))


def refused(theory: Theory, derivation: Derivation) -> tuple[Refused, ...]:
    """The terms of c_t that stand in the way of a bound from the weights alone; none where there is a bound."""
    found = parts(theory, derivation[theory.key("local.c")].rhs)
    return tuple(part for part in found if isinstance(part, Refused))
