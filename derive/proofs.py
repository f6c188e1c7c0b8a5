"""The proofs that steps carry: rewriting and structural induction, over sums and ordered products.

Both end in ``normal_form.equal``, so a proof holds for every t and T, every dimension and every value of the
matrices, and it keeps the order of every product.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from derive.build import add, hadamard, scale
from derive.derivation import Derivation, Range, Step
from derive.domain import Domain
from derive.errors import ProofError
from derive.expr import Node, Var, zeros
from derive.indices import fresh
from derive.normal_form import equal
from derive.simplify import Inverse, cancel_reciprocals
from derive.sums import Bound, reindex, rewrite, substitute


def claimed_at(step: Step, time: sp.Expr | None, domain: Domain) -> bool:
    """Whether a step speaks about all points of ``domain``, with ``time`` for the time of its left-hand side.

    A premise outside of the range that it was stated for says nothing: δ_T = g_T is no law for δ_t.
    """
    index = index_of(step)
    at = {} if index is None or time is None else {index: time}
    try:
        return domain.empty or all(
            domain.proves(own.index.xreplace(at), own.lower.xreplace(at))
            and domain.proves(own.upper.xreplace(at), own.index.xreplace(at))
            for own in step.where
        )
    except ProofError:
        return False


def index_of(step: Step) -> sp.Symbol | None:
    """The free index that is the time of a step's left-hand side: t of a_t; none of a_0 and δ_T."""
    time = step.lhs.time if isinstance(step.lhs, Var) else None
    return next((own.index for own in step.where if own.index == time), None)


def instance(step: Step, target: Var, domain: Domain) -> Node | None:
    """The right-hand side of a step ``a_t = …`` at another time, or None where the step says nothing about it."""
    if not isinstance(step.lhs, Var) or step.lhs.head != target.head or not claimed_at(step, target.time, domain):
        return None
    if step.lhs == target:
        return step.rhs
    index = index_of(step)
    return None if index is None or target.time is None else reindex(step.rhs, {index: target.time})


def apart(node: Node, avoid: frozenset[sp.Symbol]) -> Node:
    """The same expression with bound indices that are in ``avoid``, or bound further out, renamed."""

    def renamed(part: Node) -> Node | None:
        if not isinstance(part, Bound):
            return None
        index = part.index
        if index in avoid:
            index = fresh({*avoid, *part.free_symbols}, index)
        body = part.body if index == part.index else reindex(part.body, {part.index: index})
        return type(part)(apart(body, avoid | {index}), index, part.lower, part.upper)

    return rewrite(node, renamed)


def put_in(node: Node, table: Mapping[Node, Node]) -> Node:
    """``substitute``, for the free indices in ``table`` alone: nothing is captured, and no bound index is met."""
    return substitute(node, table) if not table else substitute(apart(node, _symbols(*table, *table.values())), table)


def _symbols(*nodes: Node) -> frozenset[sp.Symbol]:
    return frozenset(symbol for node in nodes for symbol in node.free_symbols)


def unfold(node: Node, steps: tuple[Step, ...], domain: Domain) -> Node:
    """Replace every variable that one of ``steps`` defines, at the variable's own time, by its definition there."""
    if not steps:
        return node
    known = frozenset(symbol for pair in domain.bounds for symbol in pair if symbol is not None)
    return _unfold(apart(node, known | _symbols(*(step.rhs for step in steps))), steps, domain)


def unfold_all(node: Node, steps: tuple[Step, ...], domain: Domain) -> Node:
    """Unfold until nothing is left to unfold: definitions may use one another, but not in a circle."""
    for _ in steps:
        unfolded = unfold(node, steps, domain)
        if unfolded == node:
            break
        node = unfolded
    return node


def _unfold(node: Node, steps: tuple[Step, ...], domain: Domain) -> Node:
    def definition(part: Node) -> Node | None:
        if isinstance(part, Bound):
            return type(part)(_unfold(part.body, steps, _within(domain, part)), *part.args[1:])
        if not isinstance(part, Var):
            return None
        return next((new for step in steps if (new := instance(step, part, domain)) is not None), None)

    return rewrite(node, definition)


def _within(domain: Domain, part: Bound) -> Domain:
    try:
        return domain.with_range(part.index, part.lower, part.upper)
    except ProofError:
        return domain


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
        first, domain = step.lhs, step.assumptions
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

    def holds(self, step: Step, derivation: Derivation) -> bool:
        known = [derivation[key] for key in self.facts]
        granted = all(any(_grants(fact, pair, step.assumptions) for fact in known) for pair in self.inverses)
        return granted and super().holds(step, derivation)

    def prepared(self, side: Node) -> Node:
        return cancel_reciprocals(side, self.inverses)


def _grants(fact: Step, pair: Inverse, domain: Domain) -> bool:
    """Whether a step says that the two of a pair are equal wherever what stands beside them is not zero."""
    difference = hadamard(pair.beside, add(pair.v, scale(-1, pair.u)))
    return fact.lhs == difference and fact.rhs == zeros(*difference.shape) and claimed_at(fact, None, domain)


def _put_in(fact: Step, part: Node, domain: Domain) -> Node | None:
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

    def holds(self, step: Step, derivation: Derivation) -> bool:
        facts, domain = tuple(derivation[key] for key in self.using), step.assumptions
        earlier = derivation[self.start]
        if not claimed_at(earlier, None, domain):
            return False
        same_subject = unfold(step.lhs, facts, domain) == unfold(earlier.lhs, facts, domain)
        return same_subject and equal_under(unfold(step.rhs, facts, domain), unfold(earlier.rhs, facts, domain), domain)


def equal_under(left: Node, right: Node, assumptions: Domain) -> bool:
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
