"""The links of a chain, judged: each against the member before it, and against the first where that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from verify.check.constants import solved
from verify.check.indices import letters_of
from verify.check.judge import Outcome, equal
from verify.check.reading.document import ClaimLine, Member
from verify.check.reading.readings import readings
from verify.check.reading.tree import Add, Derivative, Number, Product, Sum, Tree
from verify.check.reading.walking import walk
from verify.check.setting import Setting, define
from verify.check.vocabulary import chooses, describes

EQUALITIES = ("=", ":=", "≡", "≜", "≐")


@dataclass(frozen=True)
class Judged:
    """A link: the members that it joins, and what came out.  ``is_definition``: it says what a name means.

    ``alone``: it holds for one unit, and not for more, where order and transposes count.
    """

    claim: ClaimLine
    left: Member
    right: Member
    outcome: Outcome
    against_first: bool = False
    is_definition: bool = False
    alone: bool = False
    reading: str = ""


def judged(claims: Sequence[ClaimLine], setting: Setting) -> tuple[tuple[Judged, ...], Setting]:
    """All links of all claims, in order; a definition holds for what comes after it.  The last setting is returned."""
    done = judged_while(claims, setting, lambda links: True)
    assert done is not None
    return done


def judged_while(
    claims: Sequence[ClaimLine], setting: Setting, goes_on: Callable[[Sequence[Judged]], bool]
) -> tuple[tuple[Judged, ...], Setting] | None:
    """The same as long as ``goes_on`` says so of the links of a claim; nothing where it does not."""
    found: list[Judged] = []
    for claim in claims:
        links, setting = _chain(claim, setting)
        if not goes_on(links):
            return None
        found += links
    return tuple(found), setting


def count_links(claim: ClaimLine) -> int:
    """How many links a claim has: none where it is no equation."""
    return len(claim.chain) - 1 if all(relation in EQUALITIES for relation in claim.relations) else 0


def _chain(claim: ClaimLine, setting: Setting) -> tuple[list[Judged], Setting]:
    members = claim.chain
    found: list[Judged] = []
    if count_links(claim) < 1:
        return found, setting
    start = 1
    defined = define(setting, members[0].tree, members[1].tree)
    if defined is not None:
        setting, start = defined, 2
        found.append(Judged(claim, members[0], members[1], Outcome(True), is_definition=True))
    elif describes(members[0], members[1]):
        setting = solved(setting, members[0].tree, members[1].tree) or setting
    for place in range(start, len(members)):
        wrong = bool(found) and (found[-1].alone or not found[-1].outcome.holds)
        found.append(_link(claim, members, place, setting, wrong_before=wrong))
    return found, setting


def _link(claim: ClaimLine, members: Sequence[Member], place: int, setting: Setting, *, wrong_before: bool) -> Judged:
    before, own = members[place - 1], members[place]
    against_first = place > 1 and (wrong_before or own.after_gap)
    left = members[0] if against_first else before
    if chooses(left.tree, own.tree):
        return Judged(claim, left, own, Outcome(True), against_first, is_definition=True)
    outcome, alone, reading = best(left.tree, own.tree, setting)
    return Judged(claim, left, own, outcome, against_first, alone=alone, reading=reading)


def best(left: Tree, right: Tree, setting: Setting) -> tuple[Outcome, bool, str]:
    """Under the reading in which it holds, if there is one; else under the first."""
    first: tuple[Outcome, bool, str] | None = None
    for way in _ways(left, right):
        outcome, alone = both(way, setting)
        if outcome.holds and not alone:
            return outcome, alone, way.name
        if first is None or (outcome.holds and not first[0].holds):
            first = outcome, alone, way.name
    assert first is not None
    return first


@dataclass(frozen=True)
class Way:
    """How a link is read."""

    left: Tree
    right: Tree
    name: str = ""
    immediate: bool = False
    descending: bool = False


def _ways(left: Tree, right: Tree) -> Iterator[Way]:
    for two in readings(right):
        for one in readings(left):
            said = "" if (one, two) == (left, right) else "another reading of what belongs to a sign"
            yield Way(one, two, said)
    if sums_over_steps(right):
        yield Way(left, right, "∂h_k/∂W as what step k adds of its own", immediate=True)
    if any(isinstance(own, Product) and _may_descend(own) for own in (*walk(left), *walk(right))):
        for two in readings(right):
            yield Way(left, two, "the product counts down", descending=True)


def _may_descend(product: Product) -> bool:
    """Limits such as those from t to i + 1; i + 1 below says that it counts up."""
    return not isinstance(product.lower, Add | Number | None)


def sums_over_steps(tree: Tree) -> bool:
    """A sum over k whose terms lead from step k on, with the derivative of what step k made: of its own part alone, as
    some books write it."""
    return any(_leads_on(own) for own in walk(tree) if isinstance(own, Sum))


def _leads_on(sum_: Sum) -> bool:
    k = sum_.index.base
    inside = [own for own in walk(sum_.body) if isinstance(own, Derivative)]
    direct = any(k in letters_of(own.of) and k not in letters_of(own.by) for own in inside)
    chain = any(k in letters_of(own.by) for own in inside) or any(isinstance(own, Product) for own in walk(sum_.body))
    return direct and chain


def both(way: Way, setting: Setting) -> tuple[Outcome, bool]:
    """In the network with several units; and, where it does not hold there, with one."""
    outcome = _equal(way, setting, alone=False)
    if outcome.holds or outcome.impossible or setting.scalar or (outcome.holds is None and not outcome.misfit):
        return outcome, False
    scalar = _equal(way, setting, alone=True)
    if scalar.holds:
        return replace(scalar, reason=outcome.reason, misfit=outcome.misfit), True
    return (replace(scalar, misfit=outcome.misfit), False) if scalar.holds is False else (outcome, False)


def _equal(way: Way, setting: Setting, *, alone: bool) -> Outcome:
    """Only the right-hand side may be read with its direct parts."""
    left, right = (
        setting.scope(alone=alone, immediate=immediate, descending=way.descending)
        for immediate in (False, way.immediate)
    )
    return equal(way.left, way.right, left, right)
