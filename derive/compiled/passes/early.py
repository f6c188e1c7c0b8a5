"""Products of several factors, regrouped: what is known early is multiplied early, for all steps at once.

``o′ ⊙ (r ⊙ δ)`` is ``(o′ ⊙ r) ⊙ δ``: the recurrence is left with one product.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.compiled.algebra import multiplied
from derive.compiled.rewriting import Rewriting, Users, users
from derive.compiled.roots import Roots
from derive.compiled.three_address import Instruction, needed, plain


def early(roots: Roots) -> Roots:
    """Products that nobody else uses are taken apart, and put together in the order in which factors are known."""
    used, wanted = users(roots), {plain(root) for root in roots}
    exchanged: dict[Instruction, Instruction] = {}
    for own in needed(roots)[0]:
        if own.operation != "multiply" or not _is_even(own) or _is_inner(own, used, wanted):
            continue
        factors = list(_factors(own, used, wanted))
        if len(factors) > 2 and sum(factor.rank < own.rank for factor in factors) > 1:
            exchanged[own] = multiplied(roots.listing, factors, own.shape)
    return roots.rewritten(Rewriting(roots.listing, exchanged))


def _is_inner(own: Instruction, used: Users, wanted: set[Instruction]) -> bool:
    """Whether it is a factor of one other product, and nothing else."""
    by = used.get(own, [])
    return own not in wanted and len(by) == 1 and by[0].operation == "multiply" and _alike(own, by[0])


def _alike(inner: Instruction, outer: Instruction) -> bool:
    same = inner.shape == outer.shape and inner.rank == outer.rank and inner.extent == outer.extent
    return same and _is_even(inner) and _is_even(outer)


def _is_even(own: Instruction) -> bool:
    """Whether every factor has the size of the product, or is a number: u vᵀ is none of its parts, however grouped."""
    return all(factor.is_number or factor.shape == own.shape for factor in own.arguments)


def _factors(own: Instruction, used: Users, wanted: set[Instruction]) -> Iterator[Instruction]:
    for factor in own.arguments:
        if factor.operation == "multiply" and _is_inner(factor, used, wanted):
            yield from _factors(factor, used, wanted)
        else:
            yield factor
