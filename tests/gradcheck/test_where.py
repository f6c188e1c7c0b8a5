"""Where a gradient is wrong: which entries, which lags, from which length on, and the smallest example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.arithmetic import Array
from tests.derive.models import Names, derived, model
from tests.gradcheck.box import box, problem
from tests.gradcheck.someones import Gradients, checked, right, spoiled
from verify.gradcheck.case import Case
from verify.gradcheck.lags import Lags, Shares, said, shares
from verify.gradcheck.patterns import Difference, pattern, ratio
from verify.problem import random_problem
from verify.rounding import EPS

OURS = np.random.default_rng(0).normal(size=(4, 4))


def changed(where: Any) -> Array:
    array = OURS.copy()
    array[where] += 1.0
    return array


PATTERNS: dict[str, tuple[Array, str]] = {
    "zero": (np.zeros((4, 4)), "zero"),
    "scaled": (-2.5 * OURS, "−2.5 times"),
    "transposed": (OURS.T, "transpose"),
    "entry": (changed((2, 0)), "(3, 1)"),
    "diagonal": (changed(np.eye(4, dtype=bool)), "diagonal"),
    "off_diagonal": (changed(~np.eye(4, dtype=bool)), "diagonal"),
    "row": (changed((slice(1, 2), slice(None))), "row 2"),
    "column": (changed((slice(None), slice(3, 4))), "column 4"),
    "all": (changed(...), "every"),
    "some": (changed(np.tri(4, k=0, dtype=bool)), "10 of 16"),
    "not_finite": (changed((0, 0)) * np.array([1, 1, 1, np.nan]), "4 of 16"),
}


@pytest.mark.parametrize("kind", PATTERNS)
def test_the_pattern_of_the_entries(kind: str) -> None:
    theirs, words = PATTERNS[kind]
    found, text = pattern(Difference(theirs, OURS, 1e-12))
    assert found == kind and words in text


@given(st.floats(1e-3, 1e3), st.integers(-290, 290))
def test_the_factor_is_found_at_any_scale(factor: float, exponent: int) -> None:
    ours = OURS * 10.0**exponent
    assert np.isclose(ratio(-factor * ours, ours), -factor, rtol=1e-12, atol=0)


@pytest.mark.parametrize("cut", [(1, 2), (0, 1)])
def test_wrong_rows_and_columns_are_seen_in_a_report(cut: tuple[int, int]) -> None:
    def spoil(gradients: Gradients) -> None:
        gradients["W_o"][cut] *= 2.0

    where = checked(spoiled(spoil), steps=3).where["W_o"]
    assert (where.pattern, where.wrong) == ("entry", 1)
    assert where.text == f"only entry ({cut[0] + 1}, {cut[1] + 1}) is wrong"


def cases(names: Names) -> list[Case]:
    problems = [random_problem(model(names), steps=5, batch=1 + seed, seed=seed, drive=0.5) for seed in range(3)]
    return [Case(problem, derived(names)) for problem in problems]


NETWORKS = (Names("rnn", "sigmoid"), Names("rnn", "tanh", wiring="last"), Names("leaky", "tanh", wiring="seq2seq"))
WEIGHTS = (1.0, 1.0, 0.5, 0.0, -3.0)


@pytest.mark.parametrize("names", NETWORKS, ids=str)
def test_the_contributions_add_up_to_the_gradient(names: Names) -> None:
    case = cases(names)[0]
    lags = Lags(case)
    lagged = {name: parts for name in case.names if (parts := lags.of(name))}
    assert {w.name for w in model(names).recurrent_parameters} <= set(lagged)
    for name, parts in lagged.items():
        assert np.allclose(sum(parts.values()), case.ours[name], rtol=1e-12, atol=0)


@pytest.mark.parametrize("names", NETWORKS, ids=str)
def test_any_weights_of_the_lags_are_found(names: Names) -> None:
    known = [Lags(case) for case in cases(names)]
    for name in known[0].case.names:
        parts = [lags.of(name) for lags in known]
        if not parts[0]:
            continue
        weights = WEIGHTS[: len(parts[0])]
        theirs = [{name: sum(w * a for w, a in zip(weights, part.values(), strict=True))} for part in parts]
        found = shares(known, theirs, name, EPS)
        assert found is not None and list(found.known.values()) == pytest.approx(weights, abs=1e-6)


def test_what_is_no_sum_of_lags_is_left_alone() -> None:
    known = [Lags(case) for case in cases(NETWORKS[0])]
    theirs = [{"W_h": lags.case.ours["W_h"].T} for lags in known]
    assert shares(known, theirs, "W_h", EPS) is None


@pytest.mark.parametrize(
    ("weights", "kept", "words"),
    [
        ((1, 1, 1), None, ""), ((2, 2, 2), None, ""), ((1, 1, 0, 0), 2, "lags 0 to 1"),
        ((1, 0, None), 1, "lag 0 only"),
        ((0, 1, 1), None, "lag 0 is missing"),
        ((1, 1, 0.5, 1), None, "lag 2 comes in 0.5 times"), ((1, None), None, ""),
    ],
)  # fmt: skip
def test_what_the_weights_mean(weights: tuple[float | None, ...], kept: int | None, words: str) -> None:
    found = Shares(0, weights)
    assert found.kept == kept
    assert words in said(found) and bool(words) == bool(said(found))


@pytest.mark.parametrize("length", [2, 3])
def test_windows_are_recognised(length: int) -> None:
    """Truncated at the ends of windows, as most training loops do."""

    def windowed(parameters: Gradients, inputs: Array, targets: Array) -> Gradients:
        total: Gradients = {}
        state = np.tile(parameters["h_0"], (inputs.shape[1], 1))
        for start in range(0, len(inputs), length):
            x, y = inputs[start : start + length], targets[start : start + length]
            parts = [one(parameters, x, y, state, sequence) for sequence in range(len(state))]
            for name in parts[0] if start == 0 else parts[0].keys() - {"h_0"}:
                mean = sum(part[name] for part in parts) / len(parts)
                total[name] = total.get(name, 0.0) + mean * len(x) / len(inputs)
            state = advanced(parameters, x, state)
        return total

    found = checked(windowed, steps=4)
    assert [mistake.kind for mistake in found.mistakes] == ["windows"]
    assert f"windows of {length}" in found.mistakes[0].phrase
    assert max(where.first["T"] for where in found.where.values()) == length + 1


def one(parameters: Gradients, x: Array, y: Array, state: Array, place: int) -> Gradients:
    """The right gradients of one sequence, from its own state."""
    own = slice(place, place + 1)
    return right({**parameters, "h_0": state[place]}, x[:, own], y[:, own])


def advanced(p: Gradients, inputs: Array, state: Array) -> Array:
    for x in inputs:
        state = np.tanh(x @ p["W_i"].T + p["b_ih"] + state @ p["W_h"].T + p["b_hh"])
    return state


@pytest.mark.parametrize(("wiring", "kind"), [("every", "detached state"), ("last", "only the last step")])
def test_lag_zero_alone_has_a_name(wiring: str, kind: str) -> None:
    names = Names("rnn", "sigmoid", wiring=wiring)

    def backward(parameters: Gradients, inputs: Array, targets: Array) -> Gradients:
        gradients = box(derived(names))(parameters, inputs, targets)
        gradients["W_h"] = Lags(Case(problem(model(names), parameters, inputs, targets), derived(names))).of("W_h")[0]
        return gradients

    found = checked(backward, names, steps=4)
    assert (found.wrong, found.kinds) == (("W_h",), (kind,))


EXAMPLES: tuple[tuple[Callable[[Gradients], None], dict[str, int]], ...] = (
    (lambda g: g.update(W_o=1.5 * g["W_o"]), {"n": 1, "m": 1, "T": 1, "batch": 1}),
    (lambda g: g.update(W_h=g["W_h"].T), {"n": 2, "m": 1, "T": 1, "batch": 1}),
)


@pytest.mark.parametrize(("how", "sizes"), EXAMPLES)
def test_the_smallest_example_is_small_and_fails(how: Callable[[Gradients], None], sizes: dict[str, int]) -> None:
    example = checked(spoiled(how), steps=3).example
    assert example is not None and sizes.items() <= example.sizes.items()
    assert not np.allclose(example.yours, example.ours, rtol=1e-6, atol=0)


def test_two_mistakes_are_both_named() -> None:
    """One in W_h, another in the readout: no single one accounts for both."""

    def spoil(gradients: Gradients) -> None:
        gradients["W_h"] = gradients["W_h"].T
        gradients["b_o"] = -gradients["b_o"]

    found = checked(spoiled(spoil), steps=3)
    named = {mistake.explains: mistake.kind for mistake in found.mistakes}
    assert named == {("W_h",): "outer product the wrong way", ("b_o",): "wrong sign"}


def test_an_unknown_mistake_is_not_given_a_name() -> None:
    found = checked(spoiled(lambda g: g.update(W_h=g["W_h"] + np.roll(g["W_h"], 1))), steps=3)
    assert found.wrong == ("W_h",) and found.mistakes == () and found.where["W_h"].text
