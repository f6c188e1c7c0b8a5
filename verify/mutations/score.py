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
ENOUGH = {"steps": 4, "source_steps": 3, "hidden": 3, "inputs": 2, "outputs": 4}
"""Sizes at which every mistake shows; larger ones only cost time."""

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

    def by(self, names: Collection[str]) -> Outcome:
        """What became of it under several kinds of evidence together."""
        own = [self.outcomes[name] for name in names]
        return next((outcome for outcome in (Outcome.CAUGHT, Outcome.MISSED) if outcome in own), Outcome.BLIND)


@dataclass(frozen=True)
class Row:
    """All mistakes of one kind, without those that are none, of which there are ``equivalent``."""

    kind: Kind
    judged: tuple[Judged, ...]
    equivalent: int

    @property
    def mutants(self) -> int:
        return len(self.judged)

    @property
    def caught(self) -> int:
        return sum(judged.caught for judged in self.judged)

    def by(self, names: Collection[str]) -> dict[Outcome, int]:
        """How many have each outcome under some kinds of evidence together."""
        counts = Counter(judged.by(names) for judged in self.judged)
        return {outcome: counts[outcome] for outcome in Outcome}


@dataclass(frozen=True)
class Score:
    """What all evidence that was asked makes of all mistakes in one derivation.

    ``left_out`` is the evidence that could not be asked, with the reason.
    """

    watches: tuple[Watch, ...]
    judged: tuple[Judged, ...]
    sizes: dict[str, int]
    left_out: dict[str, str]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """One for each kind of which there is a mistake, in the order of the catalogue."""
        found = []
        for kind in kinds():
            own = [judged for judged in self.judged if judged.mutant.kind.name == kind.name]
            real = tuple(judged for judged in own if not judged.equivalent)
            if own:
                found.append(Row(kind, real, len(own) - len(real)))
        return tuple(found)

    @cached_property
    def rungs(self) -> dict[Rung, tuple[str, ...]]:
        """The evidence that was asked, by rung."""
        return {
            rung: names for rung in Rung if (names := tuple(watch.name for watch in self.watches if watch.rung is rung))
        }

    @property
    def mutants(self) -> int:
        """How many mistakes there are, without those that are none."""
        return sum(row.mutants for row in self.rows)

    @property
    def caught(self) -> int:
        return sum(row.caught for row in self.rows)

    @property
    def equivalent(self) -> tuple[Mutant, ...]:
        return tuple(judged.mutant for judged in self.judged if judged.equivalent)

    @property
    def survivors(self) -> tuple[Mutant, ...]:
        """What nothing catches."""
        return tuple(judged.mutant for judged in self.judged if not judged.equivalent and not judged.caught)

    @property
    def percent(self) -> float:
        return 100.0 * self.caught / self.mutants if self.mutants else 0.0

    @property
    def exit_code(self) -> int:
        """0 where every mistake is caught, 1 where one is not, or where there was none to catch."""
        return 0 if self.mutants and not self.survivors else 1

    def by(self, names: Collection[str]) -> dict[Outcome, int]:
        """How some kinds of evidence together fare with all mistakes."""
        rows = [row.by(names) for row in self.rows]
        return {outcome: sum(row[outcome] for row in rows) for outcome in Outcome}

    def as_json(self) -> dict[str, Any]:
        """Everything as plain data: ``by`` has the outcomes by rung, and by the name of the evidence."""
        columns = {
            **{rung.value: names for rung, names in self.rungs.items()},
            **{w.name: (w.name,) for w in self.watches},
        }

        def by(of: Row | Score) -> dict[str, dict[str, int]]:
            return {name: {o.value: n for o, n in of.by(names).items()} for name, names in columns.items()}

        rows = [
            {"kind": row.kind.name, "why": row.kind.why, "mutants": row.mutants, "equivalent": row.equivalent,
             "caught": row.caught, "by": by(row)}
            for row in self.rows
        ]  # fmt: skip
        return {
            "sizes": self.sizes,
            "evidence": [{"name": w.name, "rung": w.rung.value, "about": w.title} for w in self.watches],
            "left_out": self.left_out,
            "mutants": self.mutants,
            "caught": self.caught,
            "percent": self.percent,
            "by": by(self),
            "rows": rows,
            "survivors": [_described(mutant) for mutant in self.survivors],
            "equivalent": [_described(mutant) for mutant in self.equivalent],
            "exit_code": self.exit_code,
        }


def _described(mutant: Mutant) -> dict[str, Any]:
    return {"kind": mutant.kind.name, "phrase": mutant.phrase, "steps": list(mutant.steps)}


def score(
    derivation: Derivation,
    problem: Problem,
    rungs: Collection[Rung] = tuple(Rung),
    progress: Progress = lambda what: None,
    among: Iterable[Mutant] | None = None,
) -> Score:
    """Make every mistake of the catalogue, one after the other, and let all evidence on the ``rungs`` look at it.

    ``among`` are the mistakes to make (all).  What no values refute is looked at once more: it may be the same claim in
    other words.
    """
    asked = [watch for watch in watches() if watch.rung in rungs]
    left_out = {watch.name: reason for watch in asked if (reason := watch.reason(derivation.model))}
    asked = [watch for watch in asked if watch.name not in left_out]
    with np.errstate(all="ignore"):  # a wrong formula may well overflow
        looks = [(watch, watch.start(derivation, problem)) for watch in asked]
        judged, same = [], Equivalence(derivation)
        for number, mutant in enumerate(mutants(derivation) if among is None else among):
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
