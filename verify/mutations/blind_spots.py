"""Instances at which a mistake cannot show, whatever it is checked with: what `verify` keeps away from.

They are data, so that a document can print them; ``tests/verify/test_blind_spots.py`` demonstrates every one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BlindSpot:
    """``where`` nothing shows, of which ``mistake`` (a kind of the catalogue), why, and what is done instead."""

    where: str
    mistake: str
    why: str
    instead: str


BLIND_SPOTS = (
    BlindSpot(
        "two steps from h_0 = 0, looking at ∂L/∂W_h",
        "detached state",
        "What the state carries back only reaches the term of step 1, and that is multiplied by h_0ᵀ = 0.",
        "T ≥ 3, and h_0 ≠ 0.",
    ),
    BlindSpot(
        "one unit, n = 1",
        "reversed product",
        "Numbers commute, so the order of the Jacobians does not matter.",
        "n ≥ 2, with recurrent matrices drawn at random, which do not commute.",
    ),
    BlindSpot(
        "one step, T = 1",
        "stale subscript",
        "There is one step only, so no subscript can be the wrong one, and no product has a factor.",
        "T ≥ 3.",
    ),
    BlindSpot(
        "saturated units",
        "wrong sign",
        "Every slope is zero in floating point, and any multiple of a zero gradient is zero too.",
        "Weak driving forces in floating point; in exact arithmetic slopes are free numbers and never vanish.",
    ),
    BlindSpot(
        "rectified units that are all off",
        "missing factor",
        "Nothing passes a step at which every slope is zero.",
        "Of several draws, the one with most steps at which some units are on and some are off.",
    ),
    BlindSpot(
        "a forward and a backward mode made of the same rules",
        "missing φ′",
        "⟨Jv, u⟩ = ⟨v, Jᵀu⟩ holds for any matrix J, also for a wrong one that both modes share.",
        "Oracles that get the forward equations and none of our rules.",
    ),
)
