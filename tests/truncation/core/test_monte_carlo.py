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
def test_coverage(strategy: Strategy, monkeypatch: pytest.MonkeyPatch) -> None:
    """At two standard deviations, where misses can be counted: at least 94 of 100 intervals have 1 in them.

    The distribution has a heavy upper tail, so a normal interval is rather too wide than too narrow.
    """
    monkeypatch.setattr(monte_carlo, "_WIDTH", 2.0)
    track, full, along = prepared(steps=6)
    found = [sampled(track, strategy, full, runs=300, seed=seed, along=along) for seed in range(150)]
    covered = sum(own.contains_one for own in found)
    assert covered >= 0.94 * len(found) - 2 * math.sqrt(len(found) * 0.05), covered
    spread = np.std([own.mean for own in found])
    assert spread == pytest.approx(found[0].half_width / 2, rel=0.25), "the width is that of the means"


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
    assert found.half_width == pytest.approx(3.89 * deviation / math.sqrt(20000))
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
