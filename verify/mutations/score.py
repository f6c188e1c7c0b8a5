"""Which evidence catches which mistakes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from derive import registry
from derive.derivation import Derivation
from verify.mutations.catalogue import kinds, mutants
from verify.mutations.equivalence import Equivalence
from verify.mutations.kind import Kind, Mutant
from verify.mutations.watch import Look, Outcome, Watch
from verify.problem import Problem
from verify.rungs import Rung

WATCHES = "verify.mutations.watches"
_TELL = 10
"""Mistakes between two words about progress."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Judged:
    """One mistake, and what became of it under each kind of evidence; ``equivalent`` where it is none."""

    mutant: Mutant
    outcomes: dict[str, Outcome]
    equivalent: bool = False

    @property
    def caught(self) -> bool:
        return Outcome.CAUGHT in self.outcomes.values()


@dataclass(frozen=True)
class Row:
    """All mistakes of one kind: how many, how many of them are none, how many are caught, and by what."""

    kind: Kind
    mutants: int
    equivalent: int
    caught: int
    counts: dict[str, dict[Outcome, int]]

    def as_json(self) -> dict[str, Any]:
        counts = {name: {outcome.value: n for outcome, n in own.items()} for name, own in self.counts.items()}
        return {"kind": self.kind.name, "why": self.kind.why, "mutants": self.mutants, "equivalent": self.equivalent,
                "caught": self.caught, "by": counts}  # fmt: skip


@dataclass(frozen=True)
class Score:
    """What all rungs asked for make of all mistakes in one derivation."""

    watches: tuple[Watch, ...]
    judged: tuple[Judged, ...]
    sizes: dict[str, int]
    left_out: dict[str, str]
    """Evidence that could not be asked, with the reason."""

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """One for each kind of which there is a mistake, in the order of the catalogue."""
        by_kind = {kind.name: [j for j in self.judged if j.mutant.kind.name == kind.name] for kind in kinds()}
        return tuple(self._row(own[0].mutant.kind, own) for own in by_kind.values() if own)

    def _row(self, kind: Kind, judged: list[Judged]) -> Row:
        real = [j for j in judged if not j.equivalent]
        counts = {watch.name: _counted(j.outcomes[watch.name] for j in real) for watch in self.watches}
        return Row(kind, len(real), len(judged) - len(real), sum(j.caught for j in real), counts)

    @property
    def mutants(self) -> int:
        """Without those that are equivalent."""
        return sum(row.mutants for row in self.rows)

    @property
    def caught(self) -> int:
        return sum(row.caught for row in self.rows)

    @property
    def equivalent(self) -> tuple[Mutant, ...]:
        return tuple(j.mutant for j in self.judged if j.equivalent)

    @property
    def survivors(self) -> tuple[Mutant, ...]:
        """What nothing catches."""
        return tuple(j.mutant for j in self.judged if not j.equivalent and not j.caught)

    @property
    def percent(self) -> float:
        return 100.0 * self.caught / self.mutants if self.mutants else 0.0

    @property
    def exit_code(self) -> int:
        return 0 if self.mutants and not self.survivors else 1

    def by(self, watch: Watch) -> dict[Outcome, int]:
        """How one kind of evidence fares with all kinds of mistakes."""
        return {outcome: sum(row.counts[watch.name][outcome] for row in self.rows) for outcome in Outcome}

    def as_json(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "sizes": self.sizes,
            "watches": [{"name": w.name, "title": w.title, "rung": w.rung.value} for w in self.watches],
            "left_out": self.left_out,
            "mutants": self.mutants,
            "caught": self.caught,
            "percent": self.percent,
            "rows": [row.as_json() for row in self.rows],
            "survivors": [_described(mutant) for mutant in self.survivors],
            "equivalent": [_described(mutant) for mutant in self.equivalent],
            "exit_code": self.exit_code,
        }


def _counted(outcomes: Iterable[Outcome]) -> dict[Outcome, int]:
    counts = Counter(outcomes)
    return {outcome: counts[outcome] for outcome in Outcome}


def _described(mutant: Mutant) -> dict[str, Any]:
    return {"kind": mutant.kind.name, "phrase": mutant.phrase, "steps": list(mutant.steps)}


def score(
    derivation: Derivation,
    problem: Problem,
    rungs: Collection[Rung] = tuple(Rung),
    progress: Progress = lambda what: None,
) -> Score:
    """Make every mistake of the catalogue, one after the other, and let all evidence on the ``rungs`` look at it.

    What no values refute is looked at once more: it may be the same claim in other words.
    """
    asked = [watch for watch in watches() if watch.rung in rungs]
    left_out = {watch.name: reason for watch in asked if (reason := watch.reason(derivation.model))}
    asked = [watch for watch in asked if watch.name not in left_out]
    with np.errstate(all="ignore"):  # a wrong formula may well overflow
        looks = [(watch, watch.start(derivation, problem)) for watch in asked]
        judged, same = [], Equivalence(derivation)
        for number, mutant in enumerate(mutants(derivation)):
            if not number % _TELL:
                progress(f"mistake {number + 1}: {mutant.kind.name}")
            judged.append(_judged(mutant, looks, same))
    return Score(tuple(asked), tuple(judged), problem.label, left_out)


def watches() -> tuple[Watch, ...]:
    """All that are registered, from the weakest rung to the strongest."""
    found = [registry.load(WATCHES, name, "watch").WATCH for name in registry.names(WATCHES)]
    return tuple(sorted(found, key=lambda watch: tuple(Rung).index(watch.rung)))


def _judged(mutant: Mutant, looks: Sequence[tuple[Watch, Look]], same: Equivalence) -> Judged:
    outcomes = {watch.name: look(mutant) for watch, look in looks}
    refuted = any(watch.refutes and outcomes[watch.name] is Outcome.CAUGHT for watch, _ in looks)
    return Judged(mutant, outcomes, not refuted and same.holds(mutant))
