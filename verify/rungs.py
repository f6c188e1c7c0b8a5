"""The rungs of evidence, from the weakest to the strongest: what each one can be asked for by name.

An oracle says by its ``RUNG`` on which it stands; the steps are judged by their values (floating point), by their
proofs, and by the theorems that they are instances of.
"""

from __future__ import annotations

from enum import StrEnum


class Rung(StrEnum):
    """A way to find out whether a claim is true."""

    FLOATING = "floating"
    EXACT = "exact"
    ENCLOSED = "enclosed"
    PROVED = "proved"
    THEOREM = "theorem"

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    Rung.FLOATING: "floating point, with derived tolerances",
    Rung.EXACT: "exact arithmetic: identities of polynomials and rational functions",
    Rung.ENCLOSED: "rigorous enclosures: ball arithmetic",
    Rung.PROVED: "proofs for every t, T and n: rewriting and structural induction",
    Rung.THEOREM: "machine-checked theorems that a step is an instance of",
}
