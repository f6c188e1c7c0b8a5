"""Gradients from values that stand side by side: one product, or one sum, for all of them.

``Σ u xᵀ`` and ``Σ v xᵀ`` are rows of ``Σ (u; v) xᵀ``: the gradients of the matrices of all gates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.compiled.passes.lanes import Lane, Lanes, stacked_shape
from derive.compiled.roots import Roots
from derive.compiled.three_address import Instruction, needed


def totals(roots: Roots) -> Roots:
    lanes, listing = Lanes(roots), roots.listing
    for joined in [own for own in needed(roots)[0] if own.operation == "joined"]:
        lane = Lane(joined, joined.arguments)
        for others, run in _runs(lane, lanes):
            first, found = run[0][0], [user for _, user in run]
            if len(found) > 1 and not any(user in lanes.of for user in found):
                value = lane.cut(listing, first, first + len(found))
                whole = listing.reduced(found[0].operation, (value, *others), stacked_shape(found))
                lanes.add(whole, found)
    return lanes.grown()


def _runs(
    lane: Lane, lanes: Lanes
) -> Iterator[tuple[tuple[Instruction, ...], Sequence[tuple[int, Instruction]]]]:  # fmt: skip
    """Neighbours of which the same is summed."""
    of_key: dict[tuple[object, ...], list[list[tuple[int, Instruction]]]] = {}
    for place, member in enumerate(lane.members):
        for user in dict.fromkeys(lanes.used.get(member, [])):
            if user.operation in ("gram", "over_rows") and user.arguments[0] is member and user not in lanes.of:
                runs = of_key.setdefault((user.operation, *user.arguments[1:]), [])
                if runs and runs[-1][-1][0] == place - 1:
                    runs[-1].append((place, user))
                else:
                    runs.append([(place, user)])
    for key, runs in of_key.items():
        for run in runs:
            yield key[1:], run  # type: ignore[misc]
