"""The loop: seeded, one start and the same data for every strategy, diverging runs stopped; and the optimisers."""

from __future__ import annotations

import numpy as np
import pytest

from derive import registry
from derive.errors import InputError
from derive.strategies.artbp import Artbp
from derive.strategies.full import Full
from derive.strategies.randomised import Randomised
from derive.strategies.window import Window
from derive.strategy import Strategy
from verify.training.loop import STOPPED, smaller, started, train
from verify.training.network import Network
from verify.training.optimisers import Adam, Falling, Memory
from verify.training.task import Task, names, task

NAMES = names()


def quick(name: str, **more: object) -> Task:
    return smaller(task(name), **{"runs": 3, "iterations": 6, "rates": (1.0, 0.5), **more})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("family", registry.names("derive.strategies"))
def test_every_strategy_trains_and_the_same_seed_gives_the_same_numbers(name: str, family: str) -> None:
    own = quick(name, iterations=2)
    network = Network(own)
    chosen: Strategy = registry.load("derive.strategies", family, "strategy").STRATEGY.of_length(4)
    first, again, other = (train(own, network, chosen, seed).values for seed in (0, 0, 1))
    assert np.isfinite(first).all() and first.shape == (2, 2, 3)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("name", NAMES)
def test_all_strategies_have_one_start_and_the_same_data(name: str) -> None:
    """Before the first step the losses are equal."""
    own = quick(name, iterations=1)
    network = Network(own)
    losses = [train(own, network, chosen).values for chosen in (Full(), Window(3), Artbp())]
    np.testing.assert_array_equal(losses[0], losses[1])
    np.testing.assert_array_equal(losses[0], losses[2])


def test_randomised_truncation_is_artbp_run_by_run() -> None:
    own = quick("balancing")
    network = Network(own)
    artbp = Artbp.of_length(16)
    assert isinstance(artbp, Artbp)
    np.testing.assert_array_equal(
        train(own, network, artbp).values, train(own, network, Randomised(1 - artbp.kappa)).values
    )


def test_a_rate_is_what_it_would_be_alone() -> None:
    own = quick("balancing", rates=(1.0, 0.25))
    network = Network(own)
    together = train(own, network, Artbp.of_length(16)).values[:, 1]
    alone = train(smaller(own, rates=(0.25,)), network, Artbp.of_length(16)).values[:, 0]
    np.testing.assert_allclose(together, alone, rtol=1e-12)


def test_the_full_gradient_lowers_the_loss_of_every_run() -> None:
    own = quick("balancing", iterations=20)
    values = train(own, Network(own), Full()).values
    assert (values[-1] < 0.5 * values[0]).all()


def test_what_is_not_trained_stays() -> None:
    own = quick("balancing")
    losses = train(own, Network(own), Full())
    before = started(own, 0)
    for name in ("A", "s", "W_o", "b_o"):
        np.testing.assert_array_equal(losses.parameters[name], before[name])
    assert (losses.parameters["theta"] != before["theta"]).all()


def test_runs_that_diverge_are_stopped_one_by_one() -> None:
    """At ten times the rate the window diverges at once; at a hundredth of it, not yet."""
    own = quick("balancing", iterations=30, rates=(10.0, 0.01))
    losses = train(own, Network(own), Window(16))
    assert np.isnan(losses.values[-1, 0]).all() and np.isfinite(losses.values[:, 1]).all()
    known = losses.values[np.isfinite(losses.values)]
    assert known.max() < STOPPED * own.settings.reference
    assert all(np.isfinite(array).all() for array in losses.parameters.values())


def test_falling_rates() -> None:
    step = Falling(0.5).step({"w": np.array([2.0])}, 4, Memory())
    np.testing.assert_allclose(step["w"], [-0.5])


def test_adam_s_first_steps_are_as_large_as_its_rate() -> None:
    """m̂/√v̂ is the sign of a gradient that stays the same, whatever its size."""
    memory, adam = Memory(), Adam(0.01)
    for iteration in (1, 2, 3):
        step = adam.step({"w": np.array([3.0, -2e-3])}, iteration, memory)
        np.testing.assert_allclose(step["w"], [-0.01, 0.01], rtol=1e-4)


def test_adam_is_the_published_recursion() -> None:
    gradients, memory, adam = [0.3, -1.2, 0.7], Memory(), Adam(0.01)
    mean = square = 0.0
    for k, g in enumerate(gradients, start=1):
        mean, square = 0.9 * mean + 0.1 * g, 0.999 * square + 0.001 * g * g
        expected = -0.01 * (mean / (1 - 0.9**k)) / (np.sqrt(square / (1 - 0.999**k)) + 1e-8)
        assert adam.step({"w": np.array(g)}, k, memory)["w"] == pytest.approx(expected, rel=1e-12)


def test_an_unknown_task_is_named_with_the_choices() -> None:
    with pytest.raises(InputError, match="no task 'copy'") as error:
        task("copy")
    assert "balancing" in str(error.value.mend)
