"""Strategies of truncation by compiled code: what the interpreter makes of the same decisions."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive import registry
from derive.arithmetic import Array
from derive.compile import Gradient, compile_gradient
from derive.compiled.track import CompiledTrack
from derive.errors import InputError
from derive.strategies.artbp import Artbp
from derive.strategies.window import Window
from derive.strategy import Strategy
from derive.track import estimate
from derive.truncation.decisions import Runs, drawn, every
from derive.truncation.derived_track import DerivedTrack
from tests.compiled.models import CROSSING, EVERY, EXACT, EXTRAS, VARIANTS, Stacked, apart, interpreted, problem, total
from tests.derive.models import Names, derived
from verify.problem import Problem

NAMES = registry.names("derive.strategies")
SOME = (*EVERY[::7], *VARIANTS, *EXTRAS[::3])
_KNOWN: dict[Names, Gradient] = {}


def gradient(names: Names) -> Gradient:
    if names not in _KNOWN:
        _KNOWN[names] = compile_gradient(derived(names))
    return _KNOWN[names]


def strategy(name: str, length: int) -> Strategy:
    found: Strategy = registry.load("derive.strategies", name, "strategy").STRATEGY.of_length(length)
    return found


def by_interpreter(names: Names, of: Problem, own: Strategy, runs: Runs) -> dict[str, Array]:
    track = DerivedTrack(derived(names), of.forward)
    return estimate(track, own.machine(of.steps), runs.factors[0].tolist())


def estimated(names: Names, of: Problem, own: Strategy, seed: int) -> tuple[float, dict[str, Array]]:
    given_ = Stacked.of(of)
    found = gradient(names).estimate
    return found(given_.parameters, given_.starts, given_.inputs, given_.targets, own, rng=seed, steps=of.steps)


def far(found: Mapping[str, Array], wanted: Mapping[str, Array]) -> float:
    """Relative to the largest of all entries: what a strategy leaves of one gradient may be rounding."""
    scale = max(float(np.max(np.abs(array))) for array in wanted.values())
    return max(float(np.max(np.abs(found[name] - wanted[name]))) for name in wanted) / (scale or 1.0)


def agrees(names: Names, own: Strategy, seed: int = 0, **sizes: int) -> None:
    of = problem(names, **sizes)
    loss, found = estimated(names, of, own, seed)
    runs = drawn(own, of.steps, 1, np.random.default_rng(seed))
    wanted = by_interpreter(names, of, own, runs)
    assert abs(loss - total(of)) <= EXACT * abs(total(of))
    assert far(found, wanted) < EXACT
    full = interpreted(names, of)
    assert set(found) == set(full)
    behind = {name: array for name, array in full.items() if name not in wanted}  # none where the output is fed back
    assert max(apart({name: found[name] for name in behind}, behind).values(), default=0.0) < EXACT


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("names", SOME, ids=str)
def test_every_strategy(names: Names, name: str) -> None:
    agrees(names, strategy(name, 2), steps=6)


@given(
    st.sampled_from(SOME), st.sampled_from(NAMES), st.integers(1, 6), st.tuples(*[st.integers(1, 4)] * 5),
    st.integers(0, 99),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_any_sizes(names: Names, name: str, length: int, sizes: tuple[int, ...], seed: int) -> None:
    steps, hidden, inputs, outputs, batch = sizes
    of = {"steps": steps, "hidden": hidden, "inputs": inputs, "outputs": outputs, "batch": batch}
    agrees(names, strategy(name, length), seed, **of)


@pytest.mark.parametrize("names", SOME[::3], ids=str)
def test_the_full_strategy_is_the_gradient(names: Names) -> None:
    of = problem(names)
    assert far(estimated(names, of, strategy("full", 1), 0)[1], interpreted(names, of)) < EXACT


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("names", (Names("rnn"), Names("lstm", wiring="last"), Names("gru")), ids=str)
def test_the_mean_over_all_decisions(names: Names, name: str) -> None:
    """Of what is unbiased it is the full gradient; the runs stand in front of the sequences, in one backward pass."""
    own, of = strategy(name, 2), problem(names, steps=5)
    runs = every(own, of.steps)
    factors = [link.astype(float) for link in runs.by_link]
    chances = np.array([float(chance) for chance in runs.probability])
    given_ = Stacked.of(of)
    track = CompiledTrack(given_.run(gradient(names).program, of.steps))
    found = estimate(track, own.machine(of.steps), factors)
    mean = {
        name: np.tensordot(chances, np.broadcast_to(array, (len(runs), *array.shape[-2:])), 1)
        for name, array in found.items()
    }
    full = {name: array for name, array in interpreted(names, of).items() if name in mean}
    assert (far(mean, full) < EXACT) is (own.unbiased or name == "full")


@pytest.mark.parametrize("names", (Names("rnn"), Names("lstm"), Names("indrnn", wiring="last")), ids=str)
def test_a_decision_at_another_link_is_seen(names: Names) -> None:
    """A factor that is forgotten, one at the next link, a window that is one step too long."""
    of, own = problem(names, steps=6), Artbp(Fraction(1, 3))
    factors = drawn(own, 6, 1, np.random.default_rng(1)).factors[0].tolist()
    assert len(set(factors[2:])) == 2
    track = CompiledTrack(Stacked.of(of).run(gradient(names).program, of.steps))
    right = estimate(track, own.machine(6), factors)
    for wrong in ([*factors[:2], factors[-1], *factors[2:-1]], [*factors[:-1], 1.0]):
        assert far(estimate(track, own.machine(6), wrong), right) > 1e-3
    windows = [estimate(track, Window(tau).machine(6), [1.0] * 7) for tau in (2, 3)]
    assert far(*windows) > 1e-3


def test_what_is_given_stays_and_what_is_returned_is_new() -> None:
    names, own = Names("gru"), Window(3)
    of = problem(names)
    for array in of.given.values():
        array.flags.writeable = False
    first, second = (estimated(names, of, own, 0)[1] for _ in range(2))
    for name, array in first.items():
        assert array.flags.writeable and np.array_equal(array, second[name])
        assert not np.shares_memory(array, second[name])


def test_the_next_draw_of_a_generator_is_another() -> None:
    names, of, rng = Names("rnn"), problem(Names("rnn"), steps=12), np.random.default_rng(0)
    given_ = Stacked.of(of)
    draws = [
        gradient(names).estimate(given_.parameters, given_.starts, given_.inputs, given_.targets, Artbp(), rng=rng)[1]
        for _ in range(5)
    ]
    assert max(far(draws[0], other) for other in draws[1:]) > 1e-6


def test_an_encoder_with_a_decoder_is_refused() -> None:
    names = CROSSING[0]
    with pytest.raises(InputError, match="encoder"):
        estimated(names, problem(names), Window(2), 0)
