"""The rungs of evidence, from the weakest to the strongest: what each one can be asked for by name.

An oracle says by its ``RUNG`` on which it stands; the steps are judged by their values (floating point), by their
proofs, and by the theorems that they are instances of.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from derive import registry


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

ORACLES = "verify.oracles"
PROOF, VALUES, THEOREM = "proof", "both sides evaluated", "theorem"
"""The evidence about steps, by name."""

INTERPRETER = "interpreter"
"""The evidence about the generated code that the printed formulas are, evaluated step by step."""

_OF_STEPS = {PROOF: Rung.PROVED, VALUES: Rung.FLOATING, THEOREM: Rung.THEOREM}


def rung_of(evidence: str) -> Rung:
    """The rung on which a kind of evidence stands, by its name in a finding."""
    own = {**_OF_STEPS, INTERPRETER: Rung.FLOATING}
    if evidence in own:
        return own[evidence]
    found: Rung = registry.load(ORACLES, evidence, "oracle").RUNG
    return found


def about_steps(rungs: Collection[Rung]) -> bool:
    """Whether any of the rungs judges the steps themselves."""
    return any(rung in rungs for rung in _OF_STEPS.values())
