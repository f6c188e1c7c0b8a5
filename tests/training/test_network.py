"""All runs side by side give every run the gradient that it has alone, for every strategy."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from derive import registry
from derive.arithmetic import Array
from derive.compiled.program import compiled
from derive.errors import InputError
from derive.model import Model, build
from derive.run import FORMS, gradients
from derive.strategy import Strategy
from derive.track import estimate
from derive.truncation.decisions import Runs, drawn
from derive.truncation.derived_track import DerivedTrack
from derive.unroll import place
from tests.training.tasks import passed, slow_track, small, starting
from verify.training.network import Network
from verify.training.task import Task, names, task
from verify.training.tasks.balancing import cell as balancing
from verify.truncation.controls import Uncompensated

STRATEGIES = registry.names("derive.strategies")
MODELS = ("rnn every", "rnn last", "gru every", "lstm every", "leaky last", "diagonal every", "balancing every")
ROUNDING = 1e-12


@cache
def made(name: str) -> tuple[Task, Network]:
    which, wiring = name.split()
    cell: object = balancing() if which == "balancing" else which
    loss = "squared_error" if which in ("balancing", "diagonal") else "softmax_cross_entropy"
    model: Model = build(cell, wiring=wiring, loss=loss)  # type: ignore[arg-type]
    own = small(model)
    return own, Network(own)


def strategy(name: str) -> Strategy:
    return registry.load("derive.strategies", name, "strategy").STRATEGY.of_length(3)


def runs_of(own: Strategy, steps: int) -> Runs:
    return drawn(own, steps, 2, np.random.default_rng(7))


def of_run(runs: Runs, run: int) -> list[float]:
    row = runs.factors[run if len(runs) > 1 else 0]
    return [float(number) for number in row]


def double_sum(track: DerivedTrack, own: Strategy, factors: list[float]) -> dict[str, Array]:
    """Σ_t Σ_{i≤t} ω(t, i) b_iᵀ P(t, i)ᵀ g_t term by term: no machine is involved."""
    total: dict[str, Array] = {}
    for late in range(1, track.length + 1):
        back = track.seed(late)
        for early in range(late, 0, -1):
            for name, array in track.share(early, float(own.weight(late, early, factors)) * back).items():
                total[name] = total.get(name, 0.0) + array
            back = np.swapaxes(track.factor(early), -1, -2) @ back
    return total


def off(found: Array, expected: Array) -> float:
    size = float(np.abs(expected).max())
    return float(np.abs(found - expected).max()) / (size or 1.0)


@pytest.mark.parametrize("name", STRATEGIES)
@pytest.mark.parametrize("model", MODELS)
def test_every_run_has_the_weighted_double_sum_of_that_run_alone(model: str, name: str) -> None:
    own, network = made(model)
    chosen = strategy(name)
    found, parameters, inputs, targets = passed(own, network)
    runs = runs_of(chosen, own.steps)
    together = found.estimate(chosen.machine(own.steps), runs.by_link, own.trained)
    for run in range(2):
        alone = slow_track(own, network.derivation, run, parameters, inputs, targets)
        expected = double_sum(alone, chosen, of_run(runs, run))
        assert together.keys() == expected.keys()
        assert max(off(together[w][run], expected[w]) for w in expected) < ROUNDING


@pytest.mark.parametrize("model", MODELS)
def test_the_full_gradient_readout_and_loss_are_the_derivation_s(model: str) -> None:
    own, network = made(model)
    full = strategy("full")
    found, parameters, inputs, targets = passed(own, network)
    together = found.estimate(full.machine(own.steps), runs_of(full, own.steps).by_link, own.trained)
    together |= found.readout_gradients()
    for run in range(2):
        alone = slow_track(own, network.derivation, run, parameters, inputs, targets)
        expected = gradients(network.derivation, alone.table, FORMS[-1])
        assert max(off(together[w][run], expected[w]) for w in own.trained) < ROUNDING
        total = float(np.mean(alone.table.values[place(own.model.total)]))
        assert found.loss[run] == pytest.approx(total, rel=1e-13)


@pytest.mark.parametrize("model", MODELS)
def test_the_compiled_program_gives_the_same_estimates(model: str) -> None:
    own, network = made(model)
    chosen = strategy("artbp")
    found, parameters, inputs, targets = passed(own, network)
    runs = runs_of(chosen, own.steps)
    together = found.estimate(chosen.machine(own.steps), runs.by_link, own.trained)
    one = {name: array[1, 0] for name, array in parameters.items()}
    rows = {f"{state.name}_0": found.earlier[0][state.letter][0] for state in own.model.main.states}
    given = None if inputs is None else inputs[:, 1]
    asked = targets[-1:, 1] if own.model.wiring.single else targets[:, 1]
    ran = compiled(network.derivation).run_arrays(one, rows, given, asked, steps=own.steps)
    factors, deltas = of_run(runs, 1), []
    delta = ran.seed(own.steps)
    for step in range(own.steps, 0, -1):
        deltas.append(delta)
        if step > 1:
            delta = ran.seed(step - 1) + factors[step] * ran.back(step, delta)
    expected = {**ran.gradients(deltas[::-1]), **ran.readout_gradients()}
    together |= found.readout_gradients()
    assert max(off(together[w][1], expected[w]) for w in own.trained) < ROUNDING


@pytest.mark.parametrize("model", ["rnn last", "balancing every"])
def test_the_full_gradient_is_that_of_central_differences(model: str) -> None:
    own, network = made(model)
    full = strategy("full")
    found, parameters, inputs, targets = passed(own, network)
    analytic = found.estimate(full.machine(own.steps), runs_of(full, own.steps).by_link, own.trained)
    analytic |= found.readout_gradients()
    rng, step = np.random.default_rng(3), 1e-5
    for name, array in parameters.items():
        direction = rng.normal(size=array.shape)
        losses = [
            network.run({**parameters, name: array + sign * step * direction}, inputs, targets, starting(own)).loss
            for sign in (1, -1)
        ]
        slopes = (losses[0] - losses[1]) / (2 * step)
        along = (analytic[name] * direction[:, 0]).sum(axis=(-1, -2))
        np.testing.assert_allclose(along, slopes, rtol=1e-6, atol=1e-9 * float(np.abs(slopes).max()))


@pytest.mark.parametrize("name", names())
def test_the_track_of_a_task_agrees_with_its_own_quick_estimate(name: str) -> None:
    """``estimate`` adds up share after share, ``Passed.estimate`` those of all steps at once; window and links."""
    own = task(name)
    network = Network(own)
    found, *_ = passed(own, network)
    for chosen in map(strategy, ("window", "artbp_schedule")):
        machine, factors = chosen.machine(own.steps), drawn(chosen, own.steps, 1, np.random.default_rng(1)).by_link
        slow, quick = estimate(found, machine, factors), found.estimate(machine, factors, own.trained)
        assert set(quick) == set(slow) & set(own.trained)
        assert max(off(quick[w], slow[w]) for w in quick) < ROUNDING


def test_a_strategy_that_does_not_compensate_is_seen() -> None:
    own, network = made("rnn every")
    right = strategy("artbp")
    wrong = Uncompensated(right)
    found, parameters, inputs, targets = passed(own, network)
    runs = runs_of(wrong, own.steps)
    together = found.estimate(wrong.machine(own.steps), runs.by_link, own.trained)
    alone = slow_track(own, network.derivation, 0, parameters, inputs, targets)
    expected = double_sum(alone, right, of_run(runs_of(right, own.steps), 0))
    assert off(together["W_h"][0], expected["W_h"]) > 0.01


def test_an_encoder_is_refused() -> None:
    with pytest.raises(InputError, match="encoder"):
        Network(small(build(wiring="seq2seq")))
