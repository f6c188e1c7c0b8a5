"""Which setting a file is written in: that in which most of it is true.

Nobody writes down his conventions.  Each question (names, loss, activation, layout, what δ means) is answered by
trying the usual answers, one question after the other, and keeping the one in which the most links hold.  A wrong line
is wrong in all of them; a right one in a foreign convention would be wrong in ours.  What describes the network counts
more than what follows from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from derive import registry
from derive.errors import InputError
from verify.check.convention import CONVENTIONS, Convention
from verify.check.guessing import guessed
from verify.check.judge import FEW, MOST
from verify.check.letters import BARS
from verify.check.links import Judged, count_links, judged, judged_while
from verify.check.networks import Asked, Networks, Variant
from verify.check.reading.document import ClaimLine
from verify.check.reading.tree import Derivative, Name
from verify.check.reading.walking import walk
from verify.check.schemes import readings
from verify.check.setting import MEANINGS, Setting
from verify.check.vocabulary import describes, names_in
from verify.jets.field import Field

_SCHEMES = 5
_ROUNDS = 3
_DESCRIPTION = 3
"""How many links an equation of the network counts for."""


@dataclass(frozen=True)
class Found:
    """``asked`` is the question, with what was guessed of the network."""

    setting: Setting
    links: tuple[Judged, ...]
    asked: Asked

    @cached_property
    def score(self) -> tuple[int, int]:
        """How much holds, and minus how many links could not be judged."""
        holds = sum(_weight(link) for link in self.links if link.outcome.holds and not link.alone)
        return holds, -sum(link.outcome.holds is None and not link.outcome.impossible for link in self.links)

    @property
    def is_settled(self) -> bool:
        return all(link.outcome.holds and not link.alone for link in self.links)


def _weight(link: Judged) -> int:
    return _DESCRIPTION if describes(link.left, link.right) and not link.is_definition else 1


def found(claims: Sequence[ClaimLine], asked: Asked, numbers: Field, layouts: Sequence[Convention] = ()) -> Found:
    """The best setting, and all links judged in it; ``layouts`` are those that the text admits.

    Raises InputError for a network that there is not.
    """
    is_open, asked = not asked.wiring, guessed(asked, claims, numbers)
    networks = Networks(asked, claims, numbers)
    layouts = layouts or CONVENTIONS
    used = names_in(claims)
    declared: Mapping[str, str] = asked.names or {}

    def with_names(now: Setting, variant: Variant) -> Iterator[Setting]:
        for names in list(readings(networks.model(variant), used, declared))[:_SCHEMES]:
            yield replace(now, network=networks(variant, names), names=names)

    first = networks.variants[0]
    names = next(readings(networks.model(first), used, declared))
    begun = Setting(networks(first, names), names, layouts[0], apart=writes_apart(claims), most=FEW)

    def other_networks(now: Setting) -> Iterator[Setting]:
        wiring = networks.variant(now.network).wiring
        for own in networks.variants:
            others = with_names(now, replace(own, wiring=wiring))
            same = (one for one in others if one.names.title == now.names.title)
            yield from same

    def other_wirings(now: Setting) -> Iterator[Setting]:
        own = networks.variant(now.network)
        for wiring in registry.names("derive.wirings") if is_open else ():
            if wiring != own.wiring:
                yield from with_names(now, replace(own, wiring=wiring))

    # What letters mean comes before what the network is: a loss without 1/T would make up for many a meaning.
    questions: tuple[Question, ...] = (
        lambda now: with_names(now, networks.variant(now.network)),
        lambda now: (replace(now, convention=convention) for convention in layouts),
        lambda now: (replace(now, meanings=meanings) for meanings in MEANINGS),
        lambda now: (replace(now, bars=bars) for bars in (BARS if any(own.accent == "bar" for own in used) else ())),
        other_networks,
        other_wirings,
    )
    best = _asked(claims, _whole(claims, begun, asked), questions)
    best = _of_one_unit(claims, best)
    asked = replace(asked, wiring=networks.variant(best.setting.network).wiring)
    return _whole(claims, replace(best.setting.fresh(), most=MOST), asked)


Question = Callable[[Setting], Iterable[Setting]]


def _asked(claims: Sequence[ClaimLine], best: Found, questions: Sequence[Question]) -> Found:
    """All questions in turn, and again while an answer has helped: one may wait for another."""
    for _ in range(_ROUNDS):
        before = best.score
        for question in questions:
            best = _answered(claims, best, question)
        if best.score == before:
            break
    return best


def _answered(
    claims: Sequence[ClaimLine], best: Found, question: Question
) -> Found:  # fmt: skip
    begun = best.setting.fresh()
    for setting in question(begun):
        if best.is_settled:
            return best
        other = _better(claims, setting, best)
        best = best if other is None else other
    return best


def _whole(claims: Sequence[ClaimLine], setting: Setting, asked: Asked) -> Found:
    links, after = judged(claims, setting)
    return Found(after, links, asked)


def _better(claims: Sequence[ClaimLine], setting: Setting, best: Found) -> Found | None:
    """What is found in a setting, if that is better than the best; left as soon as it cannot be."""
    links_left, held, wanted = sum(_most(claim) for claim in claims), 0, best.score[0]
    remaining = iter(claims)

    def goes_on(links: Sequence[Judged]) -> bool:
        nonlocal links_left, held
        links_left -= _most(next(remaining))
        held += sum(_weight(link) for link in links if link.outcome.holds and not link.alone)
        return held + links_left >= wanted

    done = judged_while(claims, setting, goes_on)
    if done is None:
        return None
    other = Found(done[1], done[0], best.asked)
    return other if other.score > best.score else None


def _most(claim: ClaimLine) -> int:
    """What a claim counts for, if all of it holds."""
    if count_links(claim) < 1:
        return 0
    head = claim.chain[0]
    return sum(
        _DESCRIPTION if describes(before, own) or describes(head, own) else 1 for before, own in pairwise(claim.chain)
    )


def _of_one_unit(claims: Sequence[ClaimLine], best: Found) -> Found:
    """Where no derivative makes sense with several units, since the sizes do not fit, one unit is meant."""
    of_derivatives = [
        link for link in best.links
        if any(isinstance(own, Derivative) for member in (link.left, link.right) for own in walk(member.tree))
    ]  # fmt: skip
    if not of_derivatives or not all(link.outcome.misfit for link in of_derivatives):
        return best
    other = _whole(claims, replace(best.setting.fresh(), scalar=True), best.asked)
    return other if other.score >= best.score else best


def writes_apart(claims: Sequence[ClaimLine]) -> bool:
    """Whether the file has d h/d w as well as ∂h/∂w: then ∂ holds what came before."""
    kinds: dict[tuple[str, str], set[bool]] = {}
    for claim in claims:
        for member in claim.chain:
            for own in walk(member.tree):
                if isinstance(own, Derivative) and isinstance(own.of, Name) and isinstance(own.by, Name):
                    kinds.setdefault((own.of.base, own.by.base), set()).add(own.total)
    return any(len(found_) > 1 for found_ in kinds.values())


__all__ = ["Asked", "Found", "InputError", "found"]
