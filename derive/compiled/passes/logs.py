"""Logarithms of quotients: log(eᵘ/v) is u − log v, which needs no logarithm of every entry, and cannot underflow."""

from __future__ import annotations

from derive.compiled.rewriting import Rewriting
from derive.compiled.roots import Roots
from derive.compiled.three_address import Instruction, needed


def logs(roots: Roots) -> Roots:
    """The logarithm of a softmax."""
    listing = roots.listing
    exchanged: dict[Instruction, Instruction] = {}
    for own in needed(roots)[0]:
        if own.operation != "log" or own.arguments[0].operation != "divide":
            continue
        above, below = own.arguments[0].arguments
        if above.operation == "exp" and below.operation == "total":
            exchanged[own] = listing.add(
                "subtract", (above.arguments[0], listing.add("log", (below,), below.shape)), own.shape
            )
    return roots.rewritten(Rewriting(listing, exchanged))
