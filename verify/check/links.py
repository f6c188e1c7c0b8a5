"""The links of a chain, judged: each against the member before it, and against the first where that is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from verify.check.indices import walk
from verify.check.judge import Outcome, equal
from verify.check.reading.document import ClaimLine, Member
from verify.check.reading.readings import readings
from verify.check.reading.tree import Derivative, Sum, Tree
from verify.check.setting import Setting, define

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
    found: list[Judged] = []
    for claim in claims:
        links, setting = _chain(claim, setting)
        found += links
    return tuple(found), setting


def _chain(claim: ClaimLine, setting: Setting) -> tuple[list[Judged], Setting]:
    members = claim.chain
    found: list[Judged] = []
    if len(members) < 2 or any(relation not in EQUALITIES for relation in claim.relations):
        return found, setting
    start = 1
    defined = define(setting, members[0].tree, members[1].tree)
    if defined is not None:
        setting, start = defined, 2
        found.append(Judged(claim, members[0], members[1], Outcome(True), is_definition=True))
    for place in range(start, len(members)):
        found.append(
            _link(claim, members, place, setting, wrong_before=bool(found) and found[-1].outcome.holds is False)
        )
    return found, setting


def _link(claim: ClaimLine, members: Sequence[Member], place: int, setting: Setting, *, wrong_before: bool) -> Judged:
    before, own = members[place - 1], members[place]
    against_first = place > 1 and (wrong_before or own.after_gap)
    left = members[0] if against_first else before
    outcome, alone, reading = best(left.tree, own.tree, setting)
    return Judged(claim, left, own, outcome, against_first, alone=alone, reading=reading)


def best(left: Tree, right: Tree, setting: Setting) -> tuple[Outcome, bool, str]:
    """Under the reading in which it holds, if there is one; else under the first."""
    first: tuple[Outcome, bool, str] | None = None
    for one, two, immediate, name in _ways(left, right):
        outcome, alone = both(one, two, setting, immediate=immediate)
        if outcome.holds and not alone:
            return outcome, alone, name
        if first is None or (outcome.holds and not first[0].holds):
            first = outcome, alone, name
    assert first is not None
    return first


def _ways(left: Tree, right: Tree) -> Iterator[tuple[Tree, Tree, bool, str]]:
    for two in readings(right):
        for one in readings(left):
            said = "" if (one, two) == (left, right) else "another reading of what belongs to a sign"
            yield one, two, False, said
    if _sums_over_steps(right):
        yield left, right, True, "∂h_k/∂W as what step k adds of its own"


def _sums_over_steps(tree: Tree) -> bool:
    """A sum whose terms have a derivative in them: inside it some books write ∂h_k/∂W for the direct part alone."""
    sums = [own for own in walk(tree) if isinstance(own, Sum)]
    return any(isinstance(part, Derivative) for own in sums for part in walk(own.body))


def both(left: Tree, right: Tree, setting: Setting, *, immediate: bool = False) -> tuple[Outcome, bool]:
    """In the network with several units; and, where it does not hold there, with one."""
    outcome = equal(left, right, setting.scope(), setting.scope(immediate=immediate))
    if outcome.holds or outcome.impossible:
        return outcome, False
    scalar = equal(left, right, setting.scope(alone=True), setting.scope(alone=True, immediate=immediate))
    if scalar.holds:
        return replace(scalar, reason=outcome.reason), True
    return (scalar, False) if scalar.holds is False else (outcome, False)
