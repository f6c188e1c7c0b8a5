"""From judged links to explanations."""

from __future__ import annotations

from collections.abc import Sequence
from time import thread_time

from verify.check.explaining.case import Case
from verify.check.explaining.nearest import nearest
from verify.check.explaining.trial import SECONDS
from verify.check.explaining.wording import explanation
from verify.check.links import Judged
from verify.check.reading.tree import Tree
from verify.check.result import Explanation
from verify.check.setting import Setting

TOGETHER = 2.5
"""Seconds for all the wrong lines of a file."""


def is_refuted(judged: Judged) -> bool:
    outcome = judged.outcome
    return outcome.holds is False or judged.alone or outcome.impossible is not None


def explained(
    judged: Judged, setting: Setting, near: Sequence[Tree] = (), seconds: float = SECONDS
) -> Explanation | None:
    """What is probably meant by a refuted link; None for one that is not refuted.

    ``near`` are right formulas that the same author wrote; those of the link's own chain are known without.
    """
    if not is_refuted(judged):
        return None
    return explanation(nearest(case_of(judged, setting, near), seconds))


def case_of(judged: Judged, setting: Setting, near: Sequence[Tree] = ()) -> Case:
    chain = [member.tree for member in judged.claim.chain if member is not judged.right]
    at = tuple((judged.outcome.at or {}).items())
    return Case(judged.left.tree, judged.right.tree, setting, (*chain, *near), at)


def explain_all(links: Sequence[Judged], setting: Setting, seconds: float = TOGETHER) -> tuple[Explanation | None, ...]:
    """One for each link, in order.  The time is shared: what one line does not need is left for the next."""
    deadline = thread_time() + seconds
    waiting = sum(is_refuted(own) for own in links)
    found: list[Explanation | None] = []
    for own in links:
        if not is_refuted(own):
            found.append(None)
            continue
        share = max(0.05, deadline - thread_time()) / waiting
        found.append(explained(own, setting, right_formulas(links, own), min(SECONDS, share)))
        waiting -= 1
    return tuple(found)


def right_formulas(links: Sequence[Judged], wrong: Judged) -> list[Tree]:
    """What the author has right elsewhere, the lines with the same left-hand side first."""
    right = [own for own in links if own.outcome.holds and not own.alone]
    right.sort(key=lambda own: own.left.tree != wrong.left.tree)
    return [tree for own in right for tree in (own.right.tree, own.left.tree)]
