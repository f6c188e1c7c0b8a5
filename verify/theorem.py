"""Steps that are instances of theorems which Coq has checked.

A theorem's statement is transcribed once into the letters of a derivation (``verify/theorems/``); a step is covered
when it says the same, symbol for symbol, for the same indices, and nothing that the theorem supposes is refuted.  Coq
does not run here: ``make -C proofs check`` has it check every proof, and compares the statements with the record that
is read here.  That a transcription says what the statement says is for a reader to see: they are printed together.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files

from derive import registry
from derive.derivation import Derivation, Range, Step
from derive.expr import Node
from derive.theory import Theory, theories
from verify.rungs import THEOREM
from verify.verdicts import Finding, Verdict

PACKAGE = "verify.theorems"


@dataclass(frozen=True)
class Theorem:
    """A theorem as Coq knows it: its name, its file in ``proofs/``, what it says, and what it assumes."""

    name: str
    file: str
    statement: str
    about: str
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Statement:
    """What a theorem says, as the equation that a step would have; ``premises`` are the steps that it supposes."""

    step: str
    lhs: Node
    rhs: Node
    where: tuple[Range, ...] = ()
    premises: tuple[str, ...] = ()

    def is_said_by(self, step: Step) -> bool:
        return (self.lhs, self.rhs, self.where) == (step.lhs, step.rhs, step.where)


@dataclass(frozen=True)
class Covering:
    """A theorem by name, and its transcriptions for one phase of a model; none where it is not about such a model."""

    theorem: str
    statements: Callable[[Theory], Iterable[Statement]]


@cache
def record() -> Mapping[str, Theorem]:
    """The theorems that Coq has checked, by name."""
    found = json.loads(files(PACKAGE).joinpath("record.json").read_text(encoding="utf-8"))
    theorems = (Theorem(**{**entry, "assumptions": tuple(entry["assumptions"])}) for entry in found)
    return {theorem.name: theorem for theorem in theorems}


def coverings() -> Iterator[Covering]:
    """All that are registered."""
    for name in registry.names(PACKAGE):
        yield from registry.load(PACKAGE, name, "theorem").COVERINGS


def check_theorems(derivation: Derivation, steps: Iterable[Finding]) -> Iterator[Finding]:
    """One finding for every step that a theorem is about, in the order of the derivation.

    ``steps`` are the findings about the steps themselves: a theorem does not stand on one that is refuted.
    """
    doubted = {finding.claim for finding in steps if finding.verdict in (Verdict.REFUTED, Verdict.NOT_RUN)}
    about: dict[str, list[tuple[str, Statement, list[str]]]] = {}
    for theory in theories(derivation.model):
        for covering in coverings():
            for statement in covering.statements(theory):
                resting = [key for key in map(theory.key, statement.premises) if key in doubted]
                about.setdefault(theory.key(statement.step), []).append((covering.theorem, statement, resting))
    for step in derivation:  # of an encoder some steps are not told
        for name, statement, resting in about.get(step.key, ()):
            yield _judged(name, statement, step, resting)


def _judged(name: str, statement: Statement, step: Step, doubted: Sequence[str]) -> Finding:
    """PROVED where the step is an instance of the theorem, else NOT RUN with the reason."""
    found = partial(Finding, step.key, THEOREM, theorem=name)
    if name not in record():
        return found(Verdict.NOT_RUN, reason="there is no such theorem in the record")
    if not statement.is_said_by(step):
        return found(Verdict.NOT_RUN, reason="the step is no instance of the theorem")
    if doubted:
        return found(Verdict.NOT_RUN, reason=f"the theorem supposes {', '.join(doubted)}, which does not stand")
    return found(Verdict.PROVED, reason=f"an instance of a theorem (proofs/{record()[name].file})")


def cited(findings: Iterable[Finding]) -> dict[str, tuple[str, ...]]:
    """By the key of a step, the names of the theorems that cover it."""
    found: dict[str, tuple[str, ...]] = {}
    for finding in findings:
        if finding.evidence == THEOREM and finding.verdict is Verdict.PROVED:
            found[finding.claim] = (*found.get(finding.claim, ()), finding.theorem)
    return found
