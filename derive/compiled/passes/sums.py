"""Sums of products: one product of the vectors side by side with the matrices on top of each other.

``W_rᵀ u + W_zᵀ v`` is ``(W_r; W_z)ᵀ (u; v)``: what all gates send back to a state.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.compiled.algebra import summed
from derive.compiled.passes.lanes import in_column
from derive.compiled.rewriting import Rewriting, Users, users
from derive.compiled.roots import Roots
from derive.compiled.three_address import Extent, Instruction, Listing, Rank, needed, plain

Term = tuple[bool, Instruction]


def sums(roots: Roots) -> Roots:
    used, wanted = users(roots), {plain(root) for root in roots}
    computed = needed(roots)[0]
    orders = [own.arguments for own in computed if own.operation == "blocks" and str(own.operands[0]) == "1"]
    exchanged: dict[Instruction, Instruction] = {}
    for own in computed:
        if own.operation != "add" or _is_inner(own, used, wanted):
            continue
        terms = list(_terms(own, used, wanted))
        found = [term for _, term in terms if _is_product(term, used)]
        if len(found) > 1 and len({term.arguments[0] for term in found}) == len(found):
            rest = [(minus, term) for minus, term in terms if term not in found]
            one = _as_one(roots.listing, _in_order(found, orders))
            exchanged[own] = summed(roots.listing, [*rest, (False, one)], own.shape)
    return roots.rewritten(Rewriting(roots.listing, exchanged))


def _is_inner(own: Instruction, used: Users, wanted: set[Instruction]) -> bool:
    by = used.get(own, [])
    return own not in wanted and len(by) == 1 and by[0].operation == "add" and own.shape == by[0].shape


def _terms(own: Instruction, used: Users, wanted: set[Instruction]) -> Iterator[Term]:
    for term in own.arguments:
        if term.operation == "add" and _is_inner(term, used, wanted):
            yield from _terms(term, used, wanted)
        else:
            yield False, term


def _is_product(term: Instruction, used: Users) -> bool:
    """Whether it is Wᵀ u with a fixed W, for this sum alone."""
    if term.operation != "dot" or len(used.get(term, [])) != 1:
        return False
    left, right = term.arguments
    fixed = right.extent == Extent.SHARED and right.rank == Rank.FIXED and right.operation != "transpose"
    return fixed and left.rank == Rank.SWEPT and left.is_vector


def _in_order(found: Sequence[Instruction], orders: Sequence[tuple[Instruction, ...]]) -> list[Instruction]:
    """In the order in which their matrices stand on top of each other already."""
    by_weights = {term.arguments[1]: term for term in found}
    known = next((order for order in orders if set(order) == set(by_weights) and len(order) == len(found)), None)
    return [by_weights[own] for own in known] if known else list(found)


def _as_one(listing: Listing, found: Sequence[Instruction]) -> Instruction:
    vectors = [term.arguments[0] for term in found]
    size = sum((vector.width for vector in vectors[1:]), vectors[0].width)
    whole = listing.add("joined", tuple(vectors), (size, found[0].shape[1]))
    return listing.add("dot", (whole, in_column(listing, [term.arguments[1] for term in found])), found[0].shape)
