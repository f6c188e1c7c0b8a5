"""The proofs that steps carry: rewriting and structural induction, over sums and ordered products.

Both end in ``normal_form.equal``, so a proof holds for every t and T, every dimension and every value of the
matrices, and it keeps the order of every product.
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.build import add, hadamard, scale
from derive.errors import ProofError
from derive.expr import Node, Var, zeros
from derive.prover.domain import Domain
from derive.prover.facts import Fact, Known, assumptions, claimed_at, instance
from derive.prover.normal_form import equal
from derive.prover.unfolding import put_in, unfold, unfold_all
from derive.simplify import Inverse, cancel_reciprocals


@dataclass(frozen=True)
class Rewriting:
    """Both sides are equal once the named steps are put in.

    ``start`` is the key of an earlier step with the same left-hand side: its right-hand side is then rewritten
    instead.  ``at`` limits the replacement to these variables ("substitute a_{t−1}"); without it every variable that
    ``using`` defines is replaced.  The steps of ``then`` are put in afterwards, on both sides.
    """

    using: tuple[str, ...] = ()
    start: str = ""
    then: tuple[str, ...] = ()
    at: tuple[Node, ...] = ()
    how: str = "rewriting"

    @property
    def method(self) -> str:
        return self.how

    @property
    def premises(self) -> tuple[str, ...]:
        return (*((self.start,) if self.start else ()), *self.using, *self.then)

    def holds(self, step: Fact, derivation: Known) -> bool:
        first, domain = step.lhs, assumptions(step.where)
        if self.start:
            earlier = derivation[self.start]
            if earlier.lhs != step.lhs or not claimed_at(earlier, None, domain):
                return False
            first = earlier.rhs
        facts, later = (tuple(derivation[key] for key in keys) for keys in (self.using, self.then))
        second = step.rhs
        if self.at:
            table = {
                part: new for part in self.at for fact in facts if (new := _put_in(fact, part, domain)) is not None
            }
            if not table:
                return False
            first = put_in(first, table)
        else:
            first, second = unfold(first, facts, domain), unfold(second, facts, domain)
        left, right = (self.prepared(unfold_all(side, later, domain)) for side in (first, second))
        return equal_under(left, right, domain)

    def prepared(self, side: Node) -> Node:
        """What else may be done to a side before the two are compared."""
        return side


@dataclass(frozen=True)
class Cancelling(Rewriting):
    """Rewriting in which v ⊙ (1/v) = 1 may be used as well: it holds where no entry of v is zero.

    ``inverses`` are further pairs that cancel: u against v in what stands beside y, on the ground of a step of
    ``facts`` that says y ⊙ (v − u) = 0, so that u = v wherever y is not zero.
    """

    inverses: tuple[Inverse, ...] = ()
    facts: tuple[str, ...] = ()

    @property
    def premises(self) -> tuple[str, ...]:
        return (*super().premises, *self.facts)

    def holds(self, step: Fact, derivation: Known) -> bool:
        known = [derivation[key] for key in self.facts]
        granted = all(any(_grants(fact, pair, assumptions(step.where)) for fact in known) for pair in self.inverses)
        return granted and super().holds(step, derivation)

    def prepared(self, side: Node) -> Node:
        return cancel_reciprocals(side, self.inverses)


def _grants(fact: Fact, pair: Inverse, domain: Domain) -> bool:
    """Whether a step says that the two of a pair are equal wherever what stands beside them is not zero."""
    difference = hadamard(pair.beside, add(pair.v, scale(-1, pair.u)))
    return fact.lhs == difference and fact.rhs == zeros(*difference.shape) and claimed_at(fact, None, domain)


def _put_in(fact: Fact, part: Node, domain: Domain) -> Node | None:
    if isinstance(part, Var):
        return instance(fact, part, domain)
    return fact.rhs if fact.lhs == part and claimed_at(fact, None, domain) else None


@dataclass(frozen=True)
class Naming:
    """The names that the ``using`` steps give are put in on both sides: ∂h_t/∂w becomes a_t, at every time.

    A naming step reads ``letter = long expression``; it is used from right to left.
    """

    using: tuple[str, ...]
    start: str

    @property
    def method(self) -> str:
        return "naming"

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.start, *self.using)

    def holds(self, step: Fact, derivation: Known) -> bool:
        facts, domain = tuple(derivation[key] for key in self.using), assumptions(step.where)
        earlier = derivation[self.start]
        if not claimed_at(earlier, None, domain):
            return False
        same_subject = unfold(step.lhs, facts, domain) == unfold(earlier.lhs, facts, domain)
        return same_subject and equal_under(unfold(step.rhs, facts, domain), unfold(earlier.rhs, facts, domain), domain)


def equal_under(left: Node, right: Node, domain: Domain) -> bool:
    """An index that the prover cannot read leaves the claim unproven; it is never an error of the user's."""
    if left.shape != right.shape:
        return False
    try:
        return equal(left, right, domain)
    except ProofError:
        return False
