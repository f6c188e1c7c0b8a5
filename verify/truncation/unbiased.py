"""Whether a strategy is unbiased, found out in three ways: by proof, over all patterns of cuts, and by drawing runs.

Beside every random strategy stands a control, the same without its compensation: each of the three ways must refute it,
or it is no evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from derive.derivation import Derivation
from derive.strategy import Strategy
from derive.truncation.decisions import every as patterns
from derive.truncation.rescaled import rescaled
from derive.truncation.shares import Along
from derive.truncation.study import Study
from verify.truncation.controls import Uncompensated
from verify.truncation.enumeration import MOST_STEPS, Exact, exactly
from verify.truncation.formulas.unbiased import proved_unbiased
from verify.truncation.monte_carlo import Sampled, sampled
from verify.verdicts import Finding, Verdict

STEPS = 8
"""Of the enumeration where no number is given: a fraction of a second."""
_PASSES = (Verdict.PROVED, Verdict.EXACT, Verdict.AGREED)


@dataclass(frozen=True)
class Ways:
    """What each way says of one strategy; ``sampled`` is None where the full gradient is zero."""

    strategy: Strategy
    proof: Finding
    enumerated: Finding
    drawn: Finding
    is_control: bool = False

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.proof, self.enumerated, self.drawn

    @property
    def is_right(self) -> bool:
        """Whether nothing contradicts what is declared, and every way sees through a control or a biased strategy.

        Monte Carlo need not: a bias may be smaller than its interval.
        """
        if self.strategy.unbiased and not self.is_control:
            return all(finding.verdict is not Verdict.REFUTED for finding in self.findings)
        return self.enumerated.verdict not in _PASSES and self.proof.verdict not in _PASSES


@dataclass(frozen=True)
class Judged:
    """All strategies and controls."""

    ways: tuple[Ways, ...]
    exact: Exact
    samples: tuple[Sampled, ...]

    @property
    def is_refuted(self) -> bool:
        """Whether anything contradicts a declaration, or a closed form the enumeration."""
        wrong = any(own.equals_formula is False for own in self.exact.strategies)
        return wrong or not all(own.is_right for own in self.ways)


def judged(
    derivation: Derivation,
    study: Study,
    strategies: Sequence[Strategy],
    *,
    steps: int | None = None,
    runs: int | None = None,
    seed: int = 0,
    progress: Callable[[str], None] = lambda what: None,
) -> Judged:
    """Enumeration at a rational point of ``steps`` steps (two at least: one has no link), Monte Carlo on the network of
    the study."""
    controls = [Uncompensated(own) for own in strategies if own.is_random]
    every = [*strategies, *controls]
    wanted = max(2, min(steps or STEPS, MOST_STEPS))
    shorter = [_fitting(own, wanted) for own in every]
    exact = exactly(derivation, shorter, steps=wanted, seed=seed, progress=progress)
    ways, samples = [], []
    track, full = rescaled(study.track, study.full)
    along = Along(track, full)
    for strategy, found in zip(every, exact.strategies, strict=True):
        progress(f"runs drawn at random: {strategy.name}")
        sample = sampled(track, strategy, full, runs=runs, seed=seed, along=along)
        samples += [sample] if sample else []
        proof = proved_unbiased(strategy)
        ways.append(
            Ways(strategy, proof, found.finding(), _drawn(strategy, sample), isinstance(strategy, Uncompensated))
        )
    return Judged(tuple(ways), exact, tuple(samples))


def _fitting(strategy: Strategy, steps: int) -> Strategy:
    """The same, or a shorter member of a family that leaves nothing to chance where it would not cut so few steps."""
    if strategy.is_random or strategy.unbiased:
        return strategy
    factors = list(patterns(strategy, steps).factors[0])
    pairs = ((late, early) for late in range(1, steps + 1) for early in range(1, late + 1))
    whole = all(strategy.weight(late, early, factors) == 1 for late, early in pairs)
    return strategy.of_length(steps // 2) if whole else strategy


def _drawn(strategy: Strategy, sample: Sampled | None) -> Finding:
    if sample is not None:
        return sample.finding()
    reason = "the full gradient is zero: it has no direction"
    return Finding(f"unbiased.{strategy.name}", "Monte Carlo", Verdict.NOT_RUN, reason=reason)
