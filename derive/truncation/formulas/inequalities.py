"""Which linear inequalities follow from others by adding them up.

``derive.prover.domain`` compares two indices; t − τ ≥ i compares three.  That L ≥ 0 follows is shown here by the
plainest certificate: L is a sum of some of the known inequalities and of a number that is not negative.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

import sympy as sp

from derive.errors import ProofError
from derive.indices import S, T
from derive.prover.facts import Range

_MOST = 3


def inequalities(where: Iterable[Range]) -> tuple[sp.Expr, ...]:
    """What is known not to be negative: T − 1, S − 1, and the distances of the indices from their ends."""
    ranges = (part for own in where for part in (own.index - own.lower, own.upper - own.index))
    return (T - 1, S - 1, *ranges)


def follows(wanted: sp.Expr, known: Sequence[sp.Expr]) -> bool:
    """Whether ``wanted`` ≥ 0 is a sum of a few of ``known`` and of a number that is not negative."""
    return any(
        sp.expand(wanted - sum(chosen)).is_Integer and sp.expand(wanted - sum(chosen)) >= 0
        for count in range(_MOST + 1)
        for chosen in combinations(known, count)
    )


def require(wanted: sp.Expr, known: Sequence[sp.Expr]) -> None:
    """Raises ProofError where it does not follow."""
    if not follows(wanted, known):
        raise ProofError(f"{wanted} ≥ 0 does not follow from the ranges of the indices")
