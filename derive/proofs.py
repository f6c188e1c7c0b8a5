"""The proofs that steps carry: rewriting and structural induction, over sums and ordered products.

Both end in ``normal_form.equal``, so a proof holds for every t and T, every dimension and every value of the
matrices, and it keeps the order of every product.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from derive.derivation import Derivation, Range, Step
from derive.domain import Domain, at_least
from derive.errors import ProofError
from derive.expr import Node, Var
from derive.indices import T
from derive.normal_form import equal
from derive.simplify import cancel_reciprocals
from derive.sums import reindex, rewrite, substitute


def instance(step: Step, target: Var) -> Node | None:
    """The right-hand side of a step ``a_t = …`` at another time, or None when it is not about that variable."""
    if not isinstance(step.lhs, Var) or step.lhs.head != target.head:
        return None
    if step.lhs == target:
        return step.rhs
    if not isinstance(step.lhs.time, sp.Symbol) or target.time is None:
        return None
    return reindex(step.rhs, {step.lhs.time: target.time})


def unfold(node: Node, steps: tuple[Step, ...]) -> Node:
    """Replace every variable that one of ``steps`` defines by its definition, at the variable's own time."""

    def definition(part: Node) -> Node | None:
        if not isinstance(part, Var):
            return None
        return next((new for step in steps if (new := instance(step, part)) is not None), None)

    return rewrite(node, definition)


def unfold_all(node: Node, steps: tuple[Step, ...]) -> Node:
    """Unfold until nothing is left to unfold: definitions may use one another, but not in a circle."""
    for _ in steps:
        unfolded = unfold(node, steps)
        if unfolded == node:
            break
        node = unfolded
    return node


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

    def holds(self, step: Step, derivation: Derivation) -> bool:
        first = step.lhs
        if self.start:
            earlier = derivation[self.start]
            if earlier.lhs != step.lhs:
                return False
            first = earlier.rhs
        facts, later = (tuple(derivation[key] for key in keys) for keys in (self.using, self.then))
        second = step.rhs
        if self.at:
            table = {part: new for part in self.at for fact in facts if (new := _put_in(fact, part)) is not None}
            if not table:
                return False
            first = substitute(first, table)
        else:
            first, second = unfold(first, facts), unfold(second, facts)
        left, right = (self.prepared(unfold_all(side, later)) for side in (first, second))
        return _equal(left, right, step.assumptions)

    def prepared(self, side: Node) -> Node:
        """What else may be done to a side before the two are compared."""
        return side


class Cancelling(Rewriting):
    """Rewriting in which v ⊙ (1/v) = 1 may be used as well: it holds where no entry of v is zero."""

    def prepared(self, side: Node) -> Node:
        return cancel_reciprocals(side)


def _put_in(fact: Step, part: Node) -> Node | None:
    return instance(fact, part) if isinstance(part, Var) else fact.rhs if fact.lhs == part else None


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

    def holds(self, step: Step, derivation: Derivation) -> bool:
        facts = tuple(derivation[key] for key in self.using)
        earlier = derivation[self.start]
        same_subject = unfold(step.lhs, facts) == unfold(earlier.lhs, facts)
        return same_subject and _equal(unfold(step.rhs, facts), unfold(earlier.rhs, facts), step.assumptions)


@dataclass(frozen=True)
class Induction:
    """Structural induction over time.

    The claim is a_index = F(index); the step ``recurrence`` says a_t = R(a_{t−1}) and ``start`` gives a_0.  Base case:
    F(first) equals R with a_0 put in.  Induction step: F(index) = R(F(index − 1)) for every later index.
    """

    recurrence: str
    start: str
    first: int = 1

    @property
    def method(self) -> str:
        return "induction on t"

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.recurrence, self.start)

    def holds(self, step: Step, derivation: Derivation) -> bool:
        claimed = step.lhs
        if not isinstance(claimed, Var) or not isinstance(claimed.time, sp.Symbol):
            return False
        index = claimed.time
        rule = instance(derivation[self.recurrence], claimed)
        start = derivation[self.start]
        if rule is None or not isinstance(start.lhs, Var) or start.lhs.head != claimed.head:
            return False
        at_first = {index: sp.Integer(self.first)}
        base = substitute(reindex(rule, at_first), {start.lhs: start.rhs})
        earlier = reindex(step.rhs, {index: index - 1})
        later = Domain((at_least(index, sp.Integer(self.first + 1)), at_least(T, index)))
        return _equal(reindex(step.rhs, at_first), base, _from_one()) and _equal(
            step.rhs, substitute(rule, {claimed.at(index - 1): earlier}), later
        )


def _from_one() -> Domain:
    return Domain((at_least(T, sp.Integer(1)),))


@dataclass(frozen=True)
class Descent:
    """Induction on how far a recurrence has been substituted into itself, from t − 1 down to any earlier stop.

    The claim is a_t = F(stop), where F contains a_stop.  Base case: F(t − 1) is the recurrence itself.  Step: putting
    the recurrence into a_stop turns F(stop) into F(stop − 1).
    """

    recurrence: str
    stop: sp.Symbol

    @property
    def method(self) -> str:
        return f"induction on {self.stop}, downwards"

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.recurrence,)

    def holds(self, step: Step, derivation: Derivation) -> bool:
        claimed, fact = step.lhs, derivation[self.recurrence]
        if not isinstance(claimed, Var) or claimed.time is None:
            return False
        rule = instance(fact, claimed)
        inner = instance(fact, claimed.at(self.stop))
        if rule is None or inner is None:
            return False
        top = Domain((at_least(claimed.time, sp.Integer(1)), at_least(T, claimed.time)))
        below = Domain((*step.assumptions.constraints, at_least(self.stop, sp.Integer(1))))
        first = reindex(step.rhs, {self.stop: claimed.time - 1})
        next_one = reindex(step.rhs, {self.stop: self.stop - 1})
        substituted = substitute(step.rhs, {claimed.at(self.stop): inner})
        return _equal(first, rule, top) and _equal(substituted, next_one, below)


def _equal(left: Node, right: Node, assumptions: Domain) -> bool:
    """An index that the prover cannot read leaves the claim unproven; it is never an error of the user's."""
    if left.shape != right.shape:
        return False
    try:
        return equal(left, right, assumptions)
    except ProofError:
        return False


def over(index: sp.Symbol, lower: sp.Expr | int, upper: sp.Expr | int) -> Range:
    """``index`` from lower to upper."""
    return Range(index, sp.sympify(lower), sp.sympify(upper))
