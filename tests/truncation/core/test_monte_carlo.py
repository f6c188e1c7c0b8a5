"""Monte Carlo: its interval covers as often as it says, wrong strategies are refuted, and no number is no pass."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from derive.strategies.artbp import Artbp
from derive.strategies.artbp_schedule import Schedule
from derive.strategies.full import Full
from derive.strategies.randomised import Randomised
from derive.strategies.randomised_one_step import OneStep
from derive.strategies.window import Window
from derive.strategy import Strategy
from derive.truncation.decisions import drawn
from derive.truncation.lags import by_lag
from derive.truncation.moments import moments
from derive.truncation.rescaled import Rescaled, rescaled
from derive.truncation.shares import Along
from tests.derive.models import Names, derived
from tests.truncation.core.networks import floats
from tests.truncation.core.test_study import studied
from verify.truncation import monte_carlo
from verify.truncation.controls import Uncompensated
from verify.truncation.monte_carlo import Sampled, sampled
from verify.truncation.unbiased import judged
from verify.verdicts import Verdict

RANDOM: tuple[Strategy, ...] = (Artbp(Fraction(1, 4)), Schedule(Fraction(4)), Randomised(Fraction(2, 3)), OneStep())


def prepared(names: Names = Names("rnn"), **how: object) -> tuple[object, dict[str, np.ndarray], Along]:  # noqa: B008
    track = floats(names, **how)
    lags = by_lag(track)
    full = {name: lags.full[name] for name in lags.parameters}
    return track, full, Along(track, full)


@pytest.mark.parametrize("strategy", RANDOM, ids=lambda own: own.name)
def test_coverage(strategy: Strategy) -> None:
    """A hundred seeds of few runs: no interval misses, and none is wider than Chebyshev needs."""
    track, full, along = prepared(steps=6)
    found = [sampled(track, strategy, full, runs=180, seed=seed, along=along) for seed in range(100)]
    assert all(own.contains_one for own in found)
    deviation = found[0].half_width * math.sqrt(20) / 4
    spread = np.std([own.mean for own in found])
    assert 0.5 < spread / (deviation / math.sqrt(180)) < 1.6, "a median of means is off by about as much as a mean"


def test_where_rare_runs_carry_the_mean() -> None:
    """Weights up to 2^10, one run in a thousand: an interval of a normal distribution misses, this one does not."""
    track, full, along = prepared(Names("lstm", wiring="seq2seq"), steps=6, hidden=2, drive=0.1)
    strategy = Artbp(Fraction(1, 2))
    found = [sampled(track, strategy, full, runs=50, seed=seed, along=along) for seed in range(200)]
    assert all(own.finding().verdict is not Verdict.REFUTED for own in found)
    exact = moments(track, strategy, shares=along)
    normal = 3.89 * math.sqrt(exact.variance["along"].item()) / float(along.direction @ along.direction) / math.sqrt(50)
    means = [plain_mean(track, strategy, along, seed) for seed in range(200)]
    assert normal < 1.1 and sum(abs(mean - 1) > normal for mean in means) > 0


def plain_mean(track: object, strategy: Strategy, along: Along, seed: int) -> float:
    own = drawn(strategy, track.length, 50, np.random.default_rng(seed))  # type: ignore[attr-defined]
    values = monte_carlo._products(track, strategy.machine(track.length), own, along)  # type: ignore[attr-defined]
    return float(values.mean() / (along.direction @ along.direction))


def test_the_chance_that_five_of_nine_groups_are_off() -> None:
    chance = sum(math.comb(9, k) * Fraction(1, 16) ** k * Fraction(15, 16) ** (9 - k) for k in range(5, 10))
    assert chance < Fraction(1, 10000)


@pytest.mark.parametrize("strategy", RANDOM, ids=lambda own: own.name)
def test_right_and_wrong(strategy: Strategy) -> None:
    track, full, along = prepared(steps=6)
    right = sampled(track, strategy, full, runs=1000, along=along)
    wrong = sampled(track, Uncompensated(strategy), full, runs=1000, along=along)
    assert right is not None and wrong is not None
    assert right.finding().verdict is Verdict.AGREED and right.expected == pytest.approx(1.0, rel=1e-12)
    assert wrong.finding().verdict is Verdict.REFUTED and abs(wrong.expected - 1) > wrong.half_width
    assert abs(wrong.mean - wrong.expected) < wrong.half_width


def test_without_chance_one_run_is_enough() -> None:
    track, full, along = prepared()
    one, other = (sampled(track, own, full, along=along) for own in (Full(), Window(2)))
    assert (one.runs, one.half_width, other.runs) == (1, 0.0, 1)
    assert one.finding().verdict is Verdict.AGREED and other.finding().verdict is Verdict.REFUTED


@pytest.mark.parametrize("name", [Names("lstm"), Names("rnn", wiring="seq2seq"), Names("gru", wiring="last")], ids=str)
def test_the_width_is_the_exact_deviation(name: Names) -> None:
    """Of the product with the gradient, one number, against the covariance of many draws."""
    track, full, along = prepared(name, steps=5, batch=2)
    one = moments(track, Artbp(Fraction(1, 3)), shares=along)
    found = sampled(track, Artbp(Fraction(1, 3)), full, runs=20000, along=along)
    square = float(along.direction @ along.direction)
    deviation = math.sqrt(one.variance["along"].item()) / square
    assert found.half_width == pytest.approx(4 * deviation / math.sqrt(20000 // 9))
    assert abs(found.mean - 1) < found.half_width


@pytest.mark.parametrize(
    ("mean", "half_width"),
    [(math.nan, 0.1), (1.0, math.inf), (math.inf, math.inf), (1.0, math.nan), (math.nan, math.nan), (5.0, 30.0)],
)
def test_what_is_no_number_is_no_agreement(mean: float, half_width: float) -> None:
    assert Sampled(Artbp(), 10, mean, half_width, 1.0, 0).finding().verdict in (Verdict.NOT_RUN, Verdict.REFUTED)


def test_a_wide_interval_says_so() -> None:
    finding = Sampled(Artbp(), 10, 1.0, 30.0, 1.0, 0).finding()
    assert finding.verdict is Verdict.NOT_RUN and "wider than the gradient" in finding.reason


@pytest.mark.parametrize("scale", [2.0**-700, 2.0**-400, 2.0**400, 2.0**900])
def test_at_any_size(scale: float) -> None:
    track, full, _ = prepared(steps=6)
    sized = Rescaled(track, scale)
    many = {name: scale * array for name, array in full.items()}
    mine, same = rescaled(sized, many)
    found = sampled(mine, RANDOM[0], same, runs=200)
    assert found == sampled(*rescaled_like(track, RANDOM[0], full), runs=200)


def rescaled_like(track: object, strategy: Strategy, full: dict[str, np.ndarray]) -> tuple[object, ...]:
    own, its = rescaled(track, full)  # type: ignore[arg-type]
    return own, strategy, its


def test_a_gradient_without_a_direction() -> None:
    track, full, _ = prepared()
    none = {name: 0 * array for name, array in full.items()}
    assert sampled(track, RANDOM[0], none) is None
    mine, same = rescaled(track, none)
    assert sampled(mine, RANDOM[0], same) is None


@pytest.mark.parametrize("steps", [1, 2, 3, 8])
def test_judged_at_any_length(steps: int) -> None:
    """Every declaration is confirmed, every control refuted, however few steps there are."""
    found = studied(Names("rnn"), steps=max(steps, 2), lengths=(2,))
    evidence = judged(derived(Names("rnn")), found, [own.strategy for own in found.measured], steps=steps, runs=100)
    assert not evidence.is_refuted
    for own in evidence.ways:
        expected = (
            (Verdict.PROVED, Verdict.EXACT) if own.strategy.unbiased and not own.is_control else (Verdict.REFUTED,)
        )
        assert own.proof.verdict in expected and own.enumerated.verdict in expected
    assert len([own for own in evidence.ways if own.is_control]) == 4
    assert all(own.equals_formula for own in evidence.exact.strategies)


def test_the_missing_compensation_is_refuted_by_all_three() -> None:
    found = studied(Names("rnn"), steps=8, lengths=(2,))
    evidence = judged(derived(Names("rnn")), found, RANDOM, steps=6)
    controls = [own for own in evidence.ways if own.is_control]
    assert len(controls) == len(RANDOM)
    for own in controls:
        assert [finding.verdict for finding in own.findings] == [Verdict.REFUTED] * 3
        assert all(finding.witness is not None for finding in own.findings)


def test_a_closed_form_that_is_wrong_is_an_error() -> None:
    found = studied(Names("rnn"), steps=6, lengths=(2,))
    evidence = judged(derived(Names("rnn")), found, RANDOM[:1], steps=4, runs=50)
    wrong = replace(evidence.exact.strategies[0], equals_formula=False)
    assert replace(evidence, exact=replace(evidence.exact, strategies=(wrong,))).is_refuted and not evidence.is_refuted
