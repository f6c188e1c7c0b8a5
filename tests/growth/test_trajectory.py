"""The forward pass by windows: the numbers of ``unroll``, bit for bit, whatever the width, and in bounded memory."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from derive.errors import InputError
from derive.growth import trajectory
from derive.growth.trajectory import Trajectory, Window
from derive.indices import N_STATE, T, t, value
from derive.unroll import place, unroll
from tests.derive.models import Names
from tests.growth.chains import NETWORKS, drawn
from verify.problem import Problem


def run(problem: Problem, number: int = -1) -> Trajectory:
    return Trajectory(problem.model, problem.model.phases[number], problem.given, problem.sizes)


def narrow(monkeypatch: pytest.MonkeyPatch, problem: Problem, width: int, kept: int = 0) -> None:
    """Windows of ``width`` steps."""
    phase = problem.model.main
    size, batch = value(phase.state.shape[0], problem.sizes), problem.label["batch"]
    monkeypatch.setattr(trajectory, "NUMBERS", width * batch * size**2)
    monkeypatch.setattr(trajectory, "KEPT", kept)


def same_as_unrolled(problem: Problem, windows: list[Window], number: int = -1) -> None:
    phase, table = problem.model.phases[number], unroll(problem.model, problem.given, problem.sizes)
    states = {state.letter for state in phase.states}
    for window in windows:
        for letter, array in window.timed.items():
            first = window.last - len(array) + 1
            assert first == window.first - (letter in states)
            for step, found in enumerate(array, start=first):
                wanted = np.asarray(table.values[*letter, step])
                assert np.array_equal(found, np.broadcast_to(wanted, found.shape)), (letter, step)


@pytest.mark.parametrize(
    ("names", "width"),
    [*((names, 5) for names in NETWORKS), *((names, width) for names in NETWORKS[-10::3] for width in (1, 2, 100))],
    ids=str,
)
def test_windows_have_the_states_of_the_whole_pass(names: Names, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = drawn(names, batch=3)
    narrow(monkeypatch, problem, width)
    ours = run(problem)
    windows = list(ours.forward())
    assert [(w.first, w.last) for w in windows] == [
        (first, min(first + ours.width - 1, 12)) for first in range(1, 13, ours.width)
    ]
    assert ours.width == min(width, 12) or names.wiring == "seq2seq"
    same_as_unrolled(problem, windows)


def test_every_phase() -> None:
    for names in (n for n in NETWORKS if n.wiring == "seq2seq"):
        problem = drawn(names, batch=2, source_steps=5)
        for number in (-1, -2):
            same_as_unrolled(problem, list(run(problem, number).forward()), number)


def test_a_chaotic_network_runs_through_the_same_numbers_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = drawn(Names("rnn", "tanh"), steps=600, hidden=24, gain=3.0, batch=2)
    narrow(monkeypatch, problem, 37)
    ours = run(problem)
    ahead = list(ours.forward())
    back = list(ours.backward())[::-1]
    same_as_unrolled(problem, ahead)
    assert all(
        a is not b and a.timed.keys() == b.timed.keys() and all(np.array_equal(a.timed[k], b.timed[k]) for k in a.timed)
        for a, b in zip(ahead, back, strict=True)
    )
    # it is chaotic: a start that differs in the last digit ends elsewhere
    moved = {where: np.nextafter(a, 2) if where[0] == "h" else a for where, a in problem.given.items()}
    other = run(replace(problem, given=moved)).window(ours.windows - 1)
    assert np.abs(other.timed["h", "state"][-1] - ahead[-1].timed["h", "state"][-1]).max() > 0.1


def test_any_window_can_be_asked_for_first(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = drawn(Names("lstm"), steps=20)
    narrow(monkeypatch, problem, 3)
    ours, wanted = run(problem), list(run(problem).forward())
    for number in (6, 0, 3, 6):
        found = ours.window(number)
        assert all(np.array_equal(found.timed[k], wanted[number].timed[k]) for k in found.timed)


def test_kept_windows_are_not_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = drawn(Names("rnn", "tanh"), steps=30)
    one = sum(array.size for array in run(problem).window(0).timed.values())
    for kept, number in ((0, 0), (one, 9), (10 * one, 10)):
        narrow(monkeypatch, problem, 3, 0)
        monkeypatch.setattr(trajectory, "KEPT", kept)
        ours = run(problem)
        list(ours.forward())
        assert len(ours._kept) <= number and sum(a.size for w in ours._kept.values() for a in w.timed.values()) <= kept
        if number == 10:
            assert [ours.window(k) is w for k, w in ours._kept.items()] == [True] * 10


def peak(steps: int) -> int:
    """Bytes that one pass takes beside its input."""
    ours = run(drawn(Names("rnn", "tanh"), steps=steps, hidden=8))
    next(iter(ours.forward()))  # imports and caches
    tracemalloc.start()
    for _ in ours.forward():
        pass
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


def test_memory_does_not_grow_with_the_sequence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trajectory, "NUMBERS", 50 * 8**2)
    monkeypatch.setattr(trajectory, "KEPT", 4000)
    short, long = peak(300), peak(2000)
    assert long < short + 34 * 1000, "a border of 8 numbers, as an object of less than 1000 bytes, for every window"
    monkeypatch.setattr(trajectory, "KEPT", 1 << 30)
    assert peak(2000) > long + 2000 * 8 * 8, "it is seen where everything is kept"


@pytest.mark.parametrize("width", [1, 4, 100])
def test_a_state_that_is_not_finite_is_refused_with_its_step(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names("rnn", "identity")
    problem = drawn(names, steps=60, gain=1e40, batch=2)
    narrow(monkeypatch, problem, width)
    with np.errstate(all="ignore"):
        states = [unroll(problem.model, problem.given, problem.sizes).values["h", "state", k] for k in range(61)]
    first = next(k for k, state in enumerate(states) if not np.isfinite(state).all())
    with pytest.raises(InputError, match=rf"the state h is not finite at step {first}:"):
        list(run(problem).forward())


def test_the_first_of_several_states_that_are_not_finite_is_named() -> None:
    """c of an LSTM becomes infinite, and h follows later, or never: tanh of it is one."""
    problem = drawn(Names("lstm"), steps=9)
    wrong = {**problem.given, ("c", "state", 0): np.full((4, 1), np.inf)}
    with pytest.raises(InputError, match="the state c is not finite at step 0:"):
        list(run(replace(problem, given=wrong)).forward())


def test_a_leaf_is_the_value_at_all_steps_of_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = drawn(Names("rnn", "tanh"), steps=9)
    narrow(monkeypatch, problem, 4)
    (h,) = problem.model.main.states
    window = run(problem).window(1)
    table = unroll(problem.model, problem.given, problem.sizes)
    for back in (0, 1):
        wanted = np.stack([np.broadcast_to(table.values["h", "state", k - back], (1, 4, 1)) for k in range(5, 9)])
        assert np.array_equal(window.leaf(h.at(t - back), {}), wanted)
    (w,) = (w for w in problem.model.parameters if w.name == "W_h")
    assert window.leaf(w, {}) is problem.given[place(w)]
    assert problem.sizes[T] == 9 and problem.sizes[N_STATE] == 4
