"""Influence balancing is what it is said to be: the near past and all of it pull in opposite directions."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from derive.strategies.artbp import Artbp
from derive.strategies.chunks import Chunks
from derive.strategies.full import Full
from derive.strategies.window import Window
from derive.strategy import Strategy
from verify.training.beginning import Beginning, Reach
from verify.training.loop import Losses, smaller, started, train
from verify.training.network import Network
from verify.training.result import Experiment, experiment
from verify.training.task import task
from verify.training.tasks.balancing import BEST, POSITIVE, STEPS, UNITS
from verify.truncation.controls import Uncompensated


def responses(count: int) -> np.ndarray:
    """∂h_{t,1}/∂θ through what θ did k steps before, for k = 0, 1, …: e_1ᵀ A^k s."""
    A = (np.eye(UNITS) + np.eye(UNITS, k=1)) / 2
    column, found = np.where(np.arange(UNITS) < POSITIVE, 1.0, -1.0), []
    for _ in range(count):
        found.append(column[0])
        column = A @ column
    return np.array(found)


def test_the_sum_of_the_responses_turns_at_forty_one_steps() -> None:
    sums = np.cumsum(responses(400))
    assert sums[39] > 0 > sums[40]
    assert (sums[:40] > 0).all() and (sums[40:] < 0).all()
    assert sums[-1] == pytest.approx(1 / BEST, rel=1e-12)


@cache
def first() -> Beginning:
    own = task("balancing")
    return Beginning(own, Network(own), 0)


def test_the_first_gradient_is_the_sum_of_the_responses() -> None:
    """Of a window: the mean over the steps of the sum of the responses up to min(t, τ), times a constant."""
    sums = np.cumsum(responses(STEPS))
    mean = np.array([np.mean([sums[min(t, tau) - 1] for t in range(1, STEPS + 1)]) for tau in range(1, STEPS + 1)])
    np.testing.assert_allclose(first().reach().windows, mean / mean[-1], rtol=1e-9)


def test_of_chunks_it_is_the_same_within_every_chunk() -> None:
    sums, found = np.cumsum(responses(STEPS)), first().reach().chunks
    full = np.mean(sums)
    for tau in (1, 7, 16, 100, 150, 199, 200):
        ages = [(t - 1) % tau for t in range(1, STEPS + 1)]
        assert found[tau - 1] == pytest.approx(np.mean(sums[ages]) / full, rel=1e-9)


def test_windows_lead_uphill_until_some_length_and_then_never_again() -> None:
    reach = first().reach()
    turn = Reach.right_from(reach.windows)
    assert turn is not None and 40 < turn < 50  # at the borders of a sequence less of the far past is seen
    assert reach.windows[turn - 2] < 0 < reach.windows[turn - 1]
    chunks = Reach.right_from(reach.chunks)
    assert chunks is not None and 150 < chunks < STEPS
    assert Reach.right_from(np.array([0.1, 0.2])) == 1
    assert Reach.right_from(np.array([0.1, -0.2])) is None
    assert Reach.right_from(np.array([np.nan, 0.2])) == 2


def test_artbp_has_the_true_gradient_in_the_mean_and_its_error_says_so() -> None:
    artbp = first().estimated(Artbp.of_length(16), estimates=1500)
    assert abs(artbp.along - 1) < 4 * artbp.uncertainty
    assert artbp.noise > 1
    wrong = first().estimated(Uncompensated(Artbp.of_length(16)), estimates=1500)
    assert wrong.along + 4 * wrong.uncertainty < 0  # the near past is what is left
    assert first().estimated(Full()).along == pytest.approx(1, rel=1e-12)
    assert first().estimated(Window(10)).along < 0 and first().estimated(Chunks(10)).along < 0


def trained(strategy: Strategy, iterations: int = 60, runs: int = 4) -> Losses:
    own = smaller(task("balancing"), runs=runs, iterations=iterations, rates=(1.0,))
    return train(own, Network(own), strategy)


def theta(losses: Losses) -> np.ndarray:
    return np.asarray(losses.parameters["theta"]).ravel()


def test_without_the_compensation_artbp_moves_away_from_the_best_parameter() -> None:
    """Planted: the same cuts, not compensated, behave like a window of their mean length."""
    wrong = trained(Uncompensated(Artbp.of_length(16)))
    right = trained(Artbp.of_length(16))
    assert (theta(wrong) > 0).all()
    assert np.isnan(wrong.values[-1]).all() or (wrong.values[-1] > 2 * wrong.values[0]).all()
    assert np.median(np.abs(theta(right) - BEST)) < 0.3 * abs(BEST)


def test_tallec_s_windows_diverge_whatever_the_start() -> None:
    for strategy in (Window(10), Chunks(10)):
        losses = trained(strategy)
        assert (theta(losses) > 0).all()
        assert not (losses.values[-1] < 100 * losses.values[0]).any()  # a hundred times as much, or stopped before


@cache
def whole() -> Experiment:
    return experiment("balancing")


@pytest.mark.slow
def test_in_the_whole_experiment_truncation_diverges_and_artbp_converges() -> None:
    found = whole()
    runs = found.task.settings.runs
    for name in ("window", "chunks"):
        assert found.of(name).diverged() == runs and found.of(name).solved() == 0
    for name in ("artbp", "artbp_schedule", "randomised"):
        assert found.of(name).diverged() == 0 and found.of(name).solved() >= 0.9 * runs
    assert found.of("full").solved() == runs
    assert found.of("artbp").diverged(found.task.settings.rates.index(4.0)) > 0  # noise is no help at a large rate
    below, above = (out for out in found.more if out.strategy.name == "window")
    assert below.diverged() == below.runs and above.solved() == above.runs


@pytest.mark.slow
def test_the_remark_about_the_mean_and_the_median_is_true() -> None:
    """θ − θ* relative to its start: the mean is that of the full gradient, within its error; the median is smaller."""
    own = smaller(task("balancing"), runs=400, iterations=60, rates=(1.0,))
    network = Network(own)
    begin = started(own, 0)["theta"].ravel() - BEST
    full, noisy = ((theta(train(own, network, s)) - BEST) / begin for s in (Full(), Artbp.of_length(16)))
    assert abs(noisy.mean() - full.mean()) < 3 * noisy.std(ddof=1) / np.sqrt(len(noisy))
    assert np.median(np.abs(noisy)) < 0.5 * np.median(np.abs(full))
