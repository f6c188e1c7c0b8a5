"""The heart of the prover's tests: whatever it proves is true, at every small point, empty ranges included.

The fuzz is checked as well: with any one of the prover's conditions taken away, it finds a false claim that is proved.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from derive.errors import ProofError
from derive.prover import absorption, canonical, descent, facts, induction, prove, words
from derive.prover.domain import Domain
from derive.prover.normal_form import equal
from derive.prover.notes import Context
from derive.prover.terms import Term
from derive.prover.words import offset
from tests.derive.brute_force import differs, fails, where
from tests.derive.random_claims import FREE, Nearly, identity, solved
from tests.wrong.claims import PAIRS

RANDOM = st.randoms(use_true_random=True)


def proved(claim: Nearly) -> bool:
    domain = where(*claim.ranges)
    try:
        return not domain.empty and equal(claim.left, claim.right, domain)
    except ProofError:
        return False


def refutation(claim: Nearly) -> dict[sp.Symbol, int] | None:
    return differs(claim.left, claim.right, where(*claim.ranges), FREE)


def unsound(seed: int) -> bool:
    """Whether the prover proves the false claim of this seed."""
    claim = identity(Random(seed), mistakes=True)
    return proved(claim) and refutation(claim) is not None


def unsound_induction(seed: int) -> bool:
    claim = solved(Random(seed))
    return prove(claim).proved and fails(claim) is not None


@settings(deadline=None, max_examples=100)
@given(RANDOM)
def test_what_is_proved_is_true(rng: Random) -> None:
    claim = identity(rng, mistakes=True)
    if proved(claim):
        assert refutation(claim) is None, claim


@settings(deadline=None, max_examples=100)
@given(RANDOM)
def test_what_is_proved_by_induction_is_true(rng: Random) -> None:
    claim = solved(rng)
    if prove(claim).proved:
        assert fails(claim) is None, claim


@settings(deadline=None, max_examples=40)
@given(RANDOM)
def test_a_refusal_has_one_line_that_says_why(rng: Random) -> None:
    found = prove(solved(rng))
    assume(not found.proved)
    assert found.reason and "\n" not in found.reason and "#" not in found.reason  # type: ignore[union-attr]


def test_most_true_rewritings_are_proved() -> None:
    """Completeness is no promise, but a prover that refuses everything would pass all the tests above."""
    claims = [identity(Random(seed), mistakes=False) for seed in range(120)]
    true = [claim for claim in claims if claim.laws and not where(*claim.ranges).empty and refutation(claim) is None]
    missed = [claim for claim in true if not proved(claim)]
    assert len(true) > 50 and len(missed) <= len(true) * 0.05, missed


@pytest.mark.slow
@pytest.mark.parametrize("find", [unsound, unsound_induction])
def test_thousands_of_random_claims(find: Callable[[int], bool]) -> None:
    assert [seed for seed in range(10_000, 13_000) if find(seed)] == []


# --- the fuzz finds what it is for

Patch = Callable[[pytest.MonkeyPatch], None]


def _stale_limits(term: Term) -> Term:
    """A shift that forgets the limits of the sums inside."""
    ranges = term.ranges
    for place, (index, lower, upper) in enumerate(ranges):
        shift = offset(index, term.word, lower)
        term = Term(term.at({index: index - shift}).coefficient, ranges, term.at({index: index - shift}).word)
        term = term.over(place, lower + shift, upper + shift)
        ranges = term.ranges
    return term


def _off_by_one(domain: Domain, larger: sp.Expr, smaller: sp.Expr) -> bool:
    return PROVES(domain, larger, smaller - 1)


PROVES, LENGTH, JOIN, AT = Domain.proves, canonical.length, words._join, Term.at

ERRORS: dict[str, Patch] = {
    "no side condition": lambda patch: patch.setattr(Context, "grows", lambda *_: True),
    "a side condition that is off by one": lambda patch: patch.setattr(Domain, "proves", _off_by_one),
    "a side condition at the points of the sum itself": lambda patch: patch.setattr(
        absorption, "_may_grow", lambda taken, part, place, context: context.within(part.ranges).grows(
            taken, part, *part.ranges[place][1:])),
    "limits left behind by a shift": lambda patch: patch.setattr(canonical, "_shifted", _stale_limits),
    "the points of a sum ignored": lambda patch: patch.setattr(Domain, "key", lambda *_: frozenset()),
    "a sum that is one too long": lambda patch: patch.setattr(
        canonical, "length", lambda lower, upper: LENGTH(lower, upper + 1)),
    "products that take factors in from either side": lambda patch: patch.setattr(
        words, "_join", lambda left, right, context: JOIN(left, right, context) or JOIN(right, left, context)),
    "an index left in the coefficient": lambda patch: patch.setattr(
        Term, "at", lambda term, table: Term(term.coefficient, AT(term, table).ranges, AT(term, table).word)),
    "any coefficient": lambda patch: patch.setattr(
        absorption, "canonical", lambda term, context: (canonical.canonical(term, context)[0], sp.Integer(1))),
}  # fmt: skip
"""Errors in the prover, each of which lets some false identity through."""

INDUCTION_ERRORS: dict[str, Patch] = {
    "a descent that looks at the claimed stops alone": lambda patch: patch.setattr(descent, "_symbols", lambda _: ()),
    "no base case": lambda patch: patch.setattr(induction, "why_equal", _unless("the base case")),
    "no induction step": lambda patch: patch.setattr(induction, "why_equal", _unless("the induction step")),
    "facts used beyond their range": lambda patch: patch.setattr(facts, "claimed_at", lambda *_: True),
}


def _unless(skipped: str) -> Callable[..., tuple[str, ...]]:
    return lambda left, right, domain, part: () if part == skipped else WHY(left, right, domain, part)


WHY = induction.why_equal


@pytest.mark.parametrize("name", [*ERRORS, *INDUCTION_ERRORS])
def test_an_error_in_the_prover_lets_a_wrong_claim_through(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """So the pairs of claims are enough to see each of these errors."""
    (ERRORS | INDUCTION_ERRORS)[name](monkeypatch)
    assert any(prove(PAIRS[pair]().wrong).proved for pair in PAIRS)


@pytest.mark.slow
@pytest.mark.parametrize("name", ERRORS)
def test_an_error_in_the_rewriting_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ERRORS[name](monkeypatch)
    assert any(unsound(seed) for seed in range(4000))


@pytest.mark.slow
@pytest.mark.parametrize("name", INDUCTION_ERRORS)
def test_an_error_in_the_induction_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    INDUCTION_ERRORS[name](monkeypatch)
    assert any(unsound_induction(seed) for seed in range(4000))
