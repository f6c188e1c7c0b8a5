"""Whether a strategy is unbiased, for every length: proved from its own law, or refuted by one weight.

The weights are ω(t, i) = s M_t ⋯ M_{i+1} r with M_j = A + ξ_j B (``derive.strategy``).  Where ξ_j has the mean 1 given
all decisions before, the tower rule, from the last link to the first, gives 𝔼 ω(t, i) = s (A + B)^{t−i} r.  By Cayley's
and Hamilton's theorem that is 1 for every lag if it is 1 for the lags 0, …, K, where K is the number of columns:
x ↦ s (A + B)^x r − 1 satisfies a recurrence of order K + 1.

Refuted is a strategy by one weight whose mean, over all decisions, is not 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import count, islice

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.assemble import derivation
from derive.derivation import Derivation
from derive.errors import ProofError
from derive.expr import Fill
from derive.growth.formulas.step import GrowthStep
from derive.machine import Machine
from derive.model import build
from derive.prover import Given, Proof
from derive.strategy import Links, Strategy
from derive.truncation.formulas.assembled import proved, steps
from derive.truncation.formulas.law import FACTOR, TwoOutcomes
from derive.truncation.formulas.mean import Mean
from derive.truncation.formulas.strategy_law import law_of
from verify.rungs import PROOF
from verify.verdicts import Finding, Verdict, Witness

_LENGTHS = (2, 3, 5, 50)
"""Where a machine is looked at, to see that it does not depend on the length of the sequence."""
_FAR, _RANDOM = 2000, 40
"""The largest lags that are tried for a witness, of a strategy without chance and of one with it."""


def proved_unbiased(strategy: Strategy) -> Finding:
    """PROVED for every length and every value of the options; REFUTED with a weight; NOT RUN where neither is found."""
    claim = f"unbiased.{strategy.name}"
    try:
        lines = list(_argued(strategy))
    except ProofError as error:
        witness = refutation(strategy)
        if witness is None:
            return Finding(claim, PROOF, Verdict.NOT_RUN, reason=f"neither proved nor refuted: {error}")
        return Finding(claim, PROOF, Verdict.REFUTED, witness=witness, reason=f"no proof: {error}")
    return Finding(claim, PROOF, Verdict.PROVED, reason="; ".join(lines))


def _argued(strategy: Strategy) -> Iterator[str]:
    """The lines of the proof.  Raises ProofError where it does not go through."""
    law = law_of(strategy)
    if law is None:
        raise ProofError("the decisions are made by comparing numbers, and there is no law with letters")
    one = Given(Mean(Fill(FACTOR, 1, 1)), Fill(1, 1, 1))
    yield from TwoOutcomes(law).argue(one, {})
    machine = _same_machine(strategy)
    if type(strategy).weight is Links.weight:
        yield from _by_steps(law.chance)
    for lag, weight in enumerate(islice(mean_weights(machine), machine.width + 1)):
        if weight != 1:
            raise ProofError(f"with factors of mean 1 the weight of the lag {lag} has the mean {weight}")
    yield f"with such factors every weight has the mean 1: it has for the lags 0 to {machine.width}, hence for all"


def _by_steps(chance: sp.Expr) -> Iterator[str]:
    """The prover's own derivation, for a factor before every link; it uses of the law that its mean is 1 alone."""
    found, chosen = _told()
    for step in chosen:
        if step.key.startswith("mean.") and step.proof is not None:
            answer = proved(found, chosen, step)
            if not isinstance(answer, Proof):
                raise ProofError(f"{step.key}: {answer.reason}")
    yield f"the mean of the recurrence is the recurrence, cut with the chance {chance}"


@cache
def _told() -> tuple[Derivation, tuple[GrowthStep, ...]]:
    """The steps are the same for every cell."""
    found = derivation(build("rnn"))
    return found, steps(found)


def _same_machine(strategy: Strategy) -> Machine:
    first, *others = (strategy.machine(length) for length in _LENGTHS)
    if any(other != first for other in others):
        raise ProofError("the weights are carried by another machine for another length")
    return first


def mean_weights(machine: Machine) -> Iterator[Fraction]:
    """s (A + B)^k r for k = 0, 1, …"""
    columns = _read(machine)
    while True:
        yield _entered(machine, columns)
        columns = machine.forward(columns, Fraction(1))


def _read(machine: Machine) -> Array:
    columns: Array = machine.forward_start(np.array(Fraction(1), dtype=object))
    return columns + Fraction(0)


def _entered(machine: Machine, columns: Array) -> Fraction:
    return sum((Fraction(columns[place]) for place in machine.enters), Fraction(0))


def refutation(strategy: Strategy) -> Witness | None:
    """The first weight ω(t, 1) whose mean over all decisions is not 1, with the strategy's own numbers."""
    most = _RANDOM if strategy.is_random else _FAR
    for late, weight in zip(range(1, most + 2), exact_means(strategy, most + 1), strict=False):
        if weight != 1:
            return Witness(f"the weight of t = {late}, i = 1, on average", "1", str(weight))
    return None


def exact_means(strategy: Strategy, length: int) -> Iterator[Fraction]:
    """𝔼 ω(t, 1) for t = 1, 2, …: all histories of one age are added up before the next decision."""
    machine = strategy.machine(length)
    by_age = {1: _read(machine)}
    for _ in count():
        yield sum((_entered(machine, columns) for columns in by_age.values()), Fraction(0))
        by_age = _decided(strategy, machine, by_age)


def _decided(strategy: Strategy, machine: Machine, by_age: dict[int, Array]) -> dict[int, Array]:
    """After one more decision: probabilities times what the weights are from there."""
    found: dict[int, Array] = {}
    for age, columns in by_age.items():
        chance = strategy.chance(age)
        for cut, probability, after in ((True, chance, 1), (False, 1 - chance, age + 1)):
            if probability:
                moved = probability * machine.forward(columns, strategy.factor(cut, age))
                found[after] = found[after] + moved if after in found else moved
    return found
