"""The versions that determine the numbers of a sweep: rows of different ones do not belong in one table."""

from __future__ import annotations

from functools import lru_cache

NUMBERS = "1"
"""To be counted up when what ``measure`` computes changes, or how its random numbers are drawn."""
_PACKAGES = ("bptt", "numpy", "scipy", "sympy")


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Of this process, by package; ``numbers`` is our own count."""
    from importlib.metadata import version

    return {"numbers": NUMBERS, **{name: version(name) for name in _PACKAGES}}


def difference(theirs: object, ours: dict[str, str]) -> str:
    """What differs, in words: ``numpy 2.1.0, here 2.2.0``; empty for nothing."""
    known = theirs if isinstance(theirs, dict) else {}
    found = [
        f"{name} {known.get(name, 'unknown')}, here {ours[name]}" for name in ours if known.get(name) != ours[name]
    ]
    return "; ".join(found)
