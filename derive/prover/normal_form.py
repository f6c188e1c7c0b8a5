"""One form for sums of ordered products with symbolic limits: two equal expressions become one dictionary.

An expression is multiplied out (``terms``), each term gets the one form that it has (``canonical``), lone terms join
the sums that they continue (``absorption``), and like terms are collected.  A difference with nothing left of it
proves equality for every value of the free indices that satisfies the assumptions, every dimension and every value of
the matrices.  The converse is not claimed: "not proved" is not "false".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import count

import sympy as sp

from derive.errors import ProofError
from derive.expr import Add, Node, Scale
from derive.prover.absorption import absorbed
from derive.prover.canonical import Key, canonical, naming, settled
from derive.prover.domain import Domain
from derive.prover.notes import Context
from derive.prover.terms import Term, terms


def normal_form(node: Node, context: Context) -> list[Term]:
    """The terms of the normal form of ``node``; none for zero.  Raises ProofError for an index it cannot read."""
    names = count()
    found = [one for term in terms(node, names) for one in settled(term, context)]
    total: dict[Key, sp.Expr] = {}
    like: dict[Key, Term] = {}
    for term in absorbed(found, context):
        key, coefficient = canonical(term, context)
        total[key] = sp.expand(total.get(key, 0) + coefficient)
        like.setdefault(key, term)
    return [_with(number, like[key]) for key, number in total.items() if number != 0]


def _with(coefficient: sp.Expr, term: Term) -> Term:
    """A term with a coefficient that speaks of its bound indices by their canonical names."""
    own = {canonical_name: index for index, canonical_name in naming(term).items()}
    return replace(term, coefficient=coefficient.xreplace(own))


def equal(left: Node, right: Node, assumptions: Domain) -> bool:
    """Whether the difference of two expressions is zero in normal form."""
    return not _difference(left, right, Context(assumptions))


def why_equal(left: Node, right: Node, assumptions: Domain, where: str = "") -> tuple[str, ...]:
    """The side conditions that an equality rests on, a line each, and what was compared.

    Raises ProofError with the reason where the equality is not shown; ``where`` says in which part of a proof.
    """
    context = Context(assumptions)
    rest = _difference(left, right, context)
    if rest:
        reasons = "; ".join([_unequal(rest), *_once(context.notes.failed)])
        raise ProofError(f"{where}: {reasons}" if where else reasons)
    return (*_once(context.notes.met), "both sides have the same normal form")


def _once(remarks: Iterable[object]) -> tuple[str, ...]:
    """As text, without repetition: the two sides of an equality often rest on the same."""
    return tuple(dict.fromkeys(map(str, remarks)))


def _difference(left: Node, right: Node, context: Context) -> list[Term]:
    return normal_form(Add(left, Scale(-1, right)), context)


def _unequal(rest: Iterable[Term]) -> str:
    """What is left of both sides."""
    ours = [term for term in rest if not _negative(term)]
    theirs = [replace(term, coefficient=-term.coefficient) for term in rest if _negative(term)]
    return f"the normal forms differ: {_added(ours)} ≠ {_added(theirs)}"


def _negative(term: Term) -> bool:
    return bool(term.coefficient.could_extract_minus_sign())


def _added(terms_: list[Term]) -> str:
    return " + ".join(map(str, terms_)) or "0"
