"""(f) All evidence about one derivation, rung by rung: what ``bptt verify`` takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from benchmarks.measuring.agreement import DisagreementError
from benchmarks.measuring.rounds import seconds
from benchmarks.measuring.scale import Scale
from benchmarks.measuring.table import Table, ratio
from derive.assemble import derivation
from derive.model import build
from verify.judge import evidence
from verify.problem import random_problem
from verify.rungs import Rung
from verify.verdicts import Verdict

PLACE = 7
ALL = "all of them"


def tables(scale: Scale) -> Iterator[Table]:
    """Each rung is asked alone, so that what they share is counted every time; once, since nothing is compared."""
    steps, hidden = scale.checks[0]
    model = build("rnn")
    derived, problem = derivation(model), random_problem(model, steps=steps, hidden=hidden)
    evidence(derived, random_problem(model, steps=3, hidden=2))  # imports
    table = Table(f"(f) All evidence about an rnn: T = {steps}, n = {hidden}", ("rung", "seconds", "findings"))
    asked = {rung.value: (rung,) for rung in Rung} | {ALL: tuple(Rung)}
    for name, chosen in asked.items():
        found: Counter[str] = Counter()
        taken = seconds(lambda found=found, chosen=chosen: found.update(  # type: ignore[misc]
            evidence(derived, problem, rungs=chosen).counts()
        ))  # fmt: skip
        if found[Verdict.REFUTED.value]:
            raise DisagreementError(f"{name}: something is refuted; nothing is timed")
        table.add(name, ratio(taken, 1.0), f"{found.total():,}")
    yield table
