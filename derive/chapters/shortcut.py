"""Output minus target: the adjoint of the score, simplified, and then with what is assumed of the target."""

from __future__ import annotations

from dataclasses import dataclass, replace

import sympy as sp

from derive.build import hadamard
from derive.derivation import Prose, Range, Step
from derive.expr import Node, zeros
from derive.prover import Cancelling, Rewriting
from derive.simplify import Inverse, cancel_reciprocals
from derive.sums import reindex, substitute
from derive.theory import Theory


@dataclass(frozen=True)
class Place:
    """Where a shortcut is told: its section, a suffix of its keys, the steps it is about, and their index."""

    section: str
    suffix: str
    where: tuple[Range, ...]
    time: dict[sp.Symbol, sp.Expr]

    def key(self, word: str) -> str:
        return f"{self.section}.{word}{self.suffix}"

    def at(self, node: Node) -> Node:
        """What is said of step t, said of this one."""
        return reindex(node, self.time)


def inverses(theory: Theory, place: Place) -> tuple[Inverse, ...]:
    """What may be cancelled against the reciprocals of a loss that takes logarithms of its output.

    Where the output excludes entries (``Normalisation.excluded`` is one there), the target is zero there too, which
    is a step of its own: so y ⊙ o ⊘ (o + excluded) = y in every entry.
    """
    readout = theory.model.readout
    o, y = readout.output.target, readout.target
    if readout.excluded == zeros(*o.shape):
        return ()
    return (Inverse(place.at(o + readout.excluded), place.at(o), beside=place.at(y)),)


def shortcut(theory: Theory, place: Place, left: Node, plain: Node, whole: Node, proof: Cancelling) -> tuple[Step, ...]:
    """``whole`` is what ``left`` is, with everything put in; ``plain`` the same as it stands in the step before.

    ``proof`` says which steps were put in.  No step at all where nothing cancels.
    """
    known = inverses(theory, place)
    cancelled = cancel_reciprocals(whole, known)
    if cancelled in (plain, whole):
        return ()
    because: Prose = (
        ("Put in, and cancel: an output of the vocabulary is not zero, and the target of any other is.",) if known
        else ("Put in, and cancel: no entry of the output is zero.",)
    )  # fmt: skip
    grounds = _grounds(theory, place) if known else ()
    keys = tuple(step.key for step in grounds)
    proof = replace(proof, how="cancelling", inverses=known, facts=keys)
    first = Step(place.key("cancel"), left, cancelled, "cancel", because, place.where, proof)
    return (*grounds, first, *_assumed(theory, place, first))


def _grounds(theory: Theory, place: Place) -> tuple[Step, ...]:
    """That the target is zero wherever the output is, whatever the score."""
    readout = theory.model.readout
    outside = place.at(hadamard(readout.target, readout.excluded))
    because: Prose = ("No target lies outside of the vocabulary.",)
    return (Step(place.key("vocabulary"), outside, zeros(*outside.shape), "assumption", because, place.where),)


def _assumed(theory: Theory, place: Place, first: Step) -> tuple[Step, ...]:
    facts = theory.model.loss.facts(theory.model.readout.target)
    table = {place.at(fact.left): place.at(fact.right) for fact in facts}
    assumed = substitute(first.rhs, table)
    if assumed == first.rhs:
        return ()
    key = place.key("assumption")
    why = {place.at(fact.left): fact.why for fact in facts}
    proof = Rewriting(using=(key,), start=first.key, at=tuple(table))
    alone = len(assumed.args) == 2
    because: Prose = ("With that, output minus target is left.",) if alone else (
        "With that, output minus target, beside what the next step sends back.",
    )  # fmt: skip
    return (
        *(Step(key, old, new, "assumption", (why[old],), place.where) for old, new in table.items()),
        Step(place.key("shortcut"), first.lhs, assumed, "assumption", because, place.where, proof),
    )
