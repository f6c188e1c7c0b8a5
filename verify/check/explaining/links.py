"""From judged links to explanations."""

from __future__ import annotations

from collections.abc import Sequence

from verify.check.effort import Effort
from verify.check.explaining.case import Case
from verify.check.explaining.nearest import nearest
from verify.check.explaining.trial import MOST
from verify.check.explaining.wording import explanation
from verify.check.links import Judged
from verify.check.reading.tree import Tree
from verify.check.result import Explanation
from verify.check.setting import Setting

TOGETHER = 2 * MOST
"""How much is tried for all the wrong lines of a file."""
_LEAST = 2_000
"""For each of them, however many there are."""


def is_refuted(judged: Judged) -> bool:
    outcome = judged.outcome
    return outcome.holds is False or judged.alone or outcome.impossible is not None


def explained(
    judged: Judged, setting: Setting, near: Sequence[Tree] = (), effort: Effort | None = None
) -> Explanation | None:
    """What is probably meant by a refuted link; None for one that is not refuted.

    ``near`` are right formulas that the same author wrote; those of the link's own chain are known without.
    """
    if not is_refuted(judged):
        return None
    return explanation(nearest(case_of(judged, setting, near), effort))


def case_of(judged: Judged, setting: Setting, near: Sequence[Tree] = ()) -> Case:
    chain = [member.tree for member in judged.claim.chain if member is not judged.right]
    at = tuple((judged.outcome.at or {}).items())
    return Case(judged.left.tree, judged.right.tree, setting, (*chain, *near), at)


def explain_all(links: Sequence[Judged], setting: Setting, most: float = TOGETHER) -> tuple[Explanation | None, ...]:
    """One for each link, in order.  The effort is shared: what one line does not need is left for the next."""
    waiting = sum(is_refuted(own) for own in links)
    found: list[Explanation | None] = []
    for own in links:
        if not is_refuted(own):
            found.append(None)
            continue
        effort = Effort(min(MOST, max(_LEAST, most / waiting)))
        found.append(explained(own, setting, right_formulas(links, own), effort))
        most -= effort.spent
        waiting -= 1
    return tuple(found)


def right_formulas(links: Sequence[Judged], wrong: Judged) -> list[Tree]:
    """What the author has right elsewhere, the lines with the same left-hand side first."""
    right = [own for own in links if own.outcome.holds and not own.alone]
    right.sort(key=lambda own: own.left.tree != wrong.left.tree)
    return [tree for own in right for tree in (own.right.tree, own.left.tree)]
