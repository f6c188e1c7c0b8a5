"""A proof of a link, where there is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import sympy as sp

from derive.errors import BpttError
from derive.expr import Node, Var, zeros
from derive.prover import Claim, Rewriting, prove
from derive.sums import walk
from verify.check.effort import Effort
from verify.check.links import Judged, sums_over_steps
from verify.check.naming import INDICES
from verify.check.proving.conditions import Conditions, UntranslatableError
from verify.check.proving.paths import Paths, suits
from verify.check.proving.reading import Surroundings, part
from verify.check.proving.solution import RECURRENCE, solution
from verify.check.proving.worth import Part, Worth, pairs
from verify.check.reading.readings import readings
from verify.check.reading.tree import Product, Tree
from verify.check.reading.walking import walk as walk_tree
from verify.check.scope import Scope
from verify.check.setting import Setting
from verify.verdicts import Finding, Verdict

PROOF = "proof"
LINK, FILE = 10_000, 50_000
"""How much is tried for a link and for a file, in parts of formulas: about a second for a file.  No attempt is begun
after that."""


def proved(judged: Judged, setting: Setting, effort: Effort | None = None) -> Finding | None:
    """A finding where the link is proved for all indices at which it speaks; None where it is not, for any reason.

    It is for links that hold: the judge decides, and a proof says that it is so at every size.
    """
    outcome = judged.outcome
    if not outcome.holds or judged.alone or judged.is_definition:
        return None
    reason = proof_of(judged.left.tree, judged.right.tree, setting, effort)
    return Finding(f"line {judged.right.span.line}", PROOF, Verdict.PROVED, reason=reason) if reason else None


def all_proved(links: Sequence[Judged], setting: Setting) -> tuple[Finding | None, ...]:
    """The same of all links of a file, as far as the effort goes."""
    found, left = [], float(FILE)
    for link in links:
        effort = Effort(min(LINK, left))
        found.append(proved(link, setting, effort))
        left -= effort.spent
    return tuple(found)


def proof_of(left: Tree, right: Tree, setting: Setting, effort: Effort | None = None) -> str:
    """How left = right was proved, and from what; "" where it was not."""
    effort = Effort(LINK) if effort is None else effort
    if not suits(setting.network.model):
        return ""
    for way in _ways(left, right):
        if effort.is_over:
            break
        effort.spent += sum(1 for side in (way.left, way.right) for _ in walk_tree(side))
        reason = _proof(way, setting)
        if reason:
            return reason
    return ""


@dataclass(frozen=True)
class _Way:
    """A reading of a link, as in ``verify.check.links``."""

    left: Tree
    right: Tree
    immediate: bool = False
    descending: bool = False


def _ways(left: Tree, right: Tree) -> Iterator[_Way]:
    """Whichever of them is proved holds; the judge has taken one in which the link holds."""
    sides = [(one, two) for two in readings(right) for one in readings(left)]
    yield from (_Way(one, two) for one, two in sides)
    if sums_over_steps(right):
        yield _Way(left, right, immediate=True)
    if any(isinstance(own, Product) for side in (left, right) for own in walk_tree(side)):
        yield from (_Way(one, two, descending=True) for one, two in sides)


def _proof(way: _Way, setting: Setting) -> str:
    model = setting.network.model
    conditions = Conditions()
    weight = sp.Integer(1) if setting.network.whole.summed else model.wiring.weight
    paths = Paths(model, weight, conditions)
    try:
        one, two = (
            part(side, Surroundings(_scope(setting, immediate, way.descending), paths))
            for side, immediate in ((way.left, False), (way.right, way.immediate))
        )
        return next(filter(None, (_attempt(*sides, conditions) for sides in _sides(one, two, setting))), "")
    except (UntranslatableError, BpttError):
        return ""


def _scope(setting: Setting, immediate: bool, descending: bool) -> Scope:
    """With a number for every index, so that names can be taken apart; the numbers do not count."""
    scope = setting.scope(immediate=immediate, descending=descending)
    return replace(scope, at={**dict.fromkeys(INDICES, 1), **scope.at})


def _sides(left: Part, right: Part, setting: Setting) -> Iterator[tuple[Node, Node]]:
    if isinstance(left, Worth) and isinstance(right, Worth):
        yield from pairs(left, right, setting.convention.denominator)
    elif isinstance(left, Worth) and right == 0:
        yield left.node, zeros(*left.node.shape)


def _attempt(left: Node, right: Node, conditions: Conditions) -> str:
    """With the chain rule alone, or with the solution of the recurrence."""
    if not conditions.met():
        return ""
    for weights in dict.fromkeys(((), _unknowns(left, right))):
        known = {name: solution(name) for name in weights}
        found = prove(Claim(left, right, Rewriting(using=weights), tuple(conditions.where), known))
        if found.proved:
            premises = [*conditions.used, *([RECURRENCE] if weights else [])]
            how = "by definition" if left == right else "by rewriting"
            return f"{how}, from {'; '.join(premises)}" if premises else how
    return ""


def _unknowns(*sides: Node) -> tuple[str, ...]:
    """The parameters w of every a_t that occurs."""
    names = (
        own.name.partition("_")[2]
        for side in sides for own in walk(side) if isinstance(own, Var) and own.kind == "unknown"
    )  # fmt: skip
    return tuple(dict.fromkeys(names))
