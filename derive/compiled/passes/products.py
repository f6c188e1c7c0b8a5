"""Products of one vector with several matrices: one product with all of them on top of each other.

``W_r h``, ``W_z h``, ``W_n h`` are rows of ``(W_r; W_z; W_n) h``: the gates of a step.
"""

from __future__ import annotations

from derive.compiled.buffers import FUNCTIONS
from derive.compiled.passes.lanes import Lanes, in_column, is_column, stacked_shape
from derive.compiled.rewriting import Users
from derive.compiled.roots import Roots
from derive.compiled.three_address import Extent, Instruction, Rank, needed

_DEPTH = 8


def products(roots: Roots) -> Roots:
    """Fixed matrices times one vector, and what is done alike with the products."""
    lanes, listing = Lanes(roots), roots.listing
    groups: dict[Instruction, list[Instruction]] = {}
    for own in needed(roots)[0]:
        if own.operation == "dot" and is_column(own) and _weights(own) is not None:
            groups.setdefault(own.arguments[0], []).append(own)
    for vector, found in groups.items():
        members = _alike_together(found, lanes.used)
        if len(members) > 1:
            whole = in_column(listing, [_weights(own) for own in members])  # type: ignore[misc]
            turned = listing.add("transpose", (whole,), (whole.shape[1], whole.shape[0]))
            lanes.add(listing.add("dot", (vector, turned), stacked_shape(members)), members)
    return lanes.grown()


def _weights(own: Instruction) -> Instruction | None:
    """The W of W h, where it is the same at all steps."""
    right = own.arguments[1]
    if right.operation != "transpose" or right.extent != Extent.SHARED or right.rank != Rank.FIXED:
        return None
    return right.arguments[0]


def _alike_together(found: list[Instruction], used: Users) -> list[Instruction]:
    """Those that go the same way next to each other."""
    groups: dict[object, list[Instruction]] = {}
    for own in found:
        groups.setdefault(_way(own, used, _DEPTH), []).append(own)
    return [own for group in groups.values() for own in group]


def _way(own: Instruction, used: Users, depth: int) -> tuple[object, ...]:
    """What is done with a value, and with what comes out, as long as it is one thing."""
    by = [user for user in dict.fromkeys(used.get(own, [])) if user.operation in FUNCTIONS]
    steps = tuple(sorted((user.operation, *_numbers(user)) for user in by))
    return steps, *(_way(by[0], used, depth - 1) if len(by) == 1 and depth else ())


def _numbers(user: Instruction) -> tuple[str, ...]:
    return tuple(str(argument.operands[0]) for argument in user.arguments if argument.is_number)
