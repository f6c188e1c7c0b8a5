"""The three forms, run: against each other, and against backpropagation written by hand in NumPy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from derive.assemble import derivation
from derive.expr import Scale
from derive.indices import N_STATE, T
from derive.model import Model
from derive.run import FORMS, by_lag, gradients, name_of
from derive.theory import theories
from derive.unroll import place, unroll
from tests.derive.models import EVERY, Names, derived, model, plain, variants
from verify.problem import Problem, random_problem

Array = np.ndarray
BY_HAND = [
    plain("rnn", variant, loss=loss)
    for variant in variants("rnn")
    for loss in ("squared_error", "softmax_cross_entropy")
]
EXACT = 1e-13

SLOPES: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(float)),
    "identity": (lambda z: z, np.ones_like),
}


def by_hand(problem: Problem, variant: str, loss: str) -> dict[str, Array]:
    """A loop forwards and a loop backwards, batch by batch, the way it is programmed by hand."""
    phi, slope = SLOPES[variant]
    given, steps = problem.given, problem.steps
    w = {v.name: given[place(v)] for v in problem.model.parameters}
    batch = given["x", "input", 1].shape[0]
    total = {name: np.zeros_like(array) for name, array in w.items()} | {"h_0": np.zeros_like(given["h", "state", 0])}
    for sample in range(batch):
        h, z, error = [given["h", "state", 0]], [None], [None]
        for step in range(1, steps + 1):
            x, y = given["x", "input", step][sample], given["y", "target", step][sample]
            z.append(w["W_h"] @ h[-1] + w["W_i"] @ x + w["b_ih"] + w["b_hh"])
            h.append(phi(z[-1]))
            score = w["W_o"] @ h[-1] + w["b_o"]
            out = np.exp(score) / np.exp(score).sum() if loss == "softmax_cross_entropy" else score
            error.append(out - y)
        later = np.zeros_like(h[0])
        for step in range(steps, 0, -1):
            x = given["x", "input", step][sample]
            at_score = error[step] / (steps * batch)
            total["W_o"] += at_score @ h[step].T
            total["b_o"] += at_score
            at_state = w["W_o"].T @ at_score + later
            at_argument = at_state * slope(z[step])
            total["W_h"] += at_argument @ h[step - 1].T
            total["W_i"] += at_argument @ x.T
            total["b_ih"] += at_argument
            total["b_hh"] += at_argument
            later = w["W_h"].T @ at_argument
        total["h_0"] += later
    return total


def distance(left: Array, right: Array) -> float:
    """The largest difference, relative to the largest entry; two exact zeros are no distance apart."""
    assert left.shape == right.shape
    scale = max(np.max(np.abs(left)), np.max(np.abs(right)))
    return float(np.max(np.abs(left - right)) / scale) if scale else 0.0


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("steps", [1, 2, 7])
@pytest.mark.parametrize("hidden", [1, 3])
@pytest.mark.parametrize("names", BY_HAND, ids=str)
def test_three_forms_and_the_loop_by_hand(names: Names, hidden: int, steps: int, batch: int) -> None:
    problem = random_problem(model(names), steps=steps, hidden=hidden, inputs=2, outputs=3, batch=batch, seed=steps)
    wanted = by_hand(problem, names.variant, names.loss)
    sizes = {name: array.shape for name, array in wanted.items()}
    for form in FORMS:
        found = gradients(derived(names), problem.forward, form)
        of_cell = {w.name for w in problem.model.recurrent_parameters} | {"h_0"}
        assert set(found) == (set(wanted) if form.name == "adjoint" else of_cell)
        for name, array in found.items():
            assert array.shape == sizes[name]
            assert distance(array, wanted[name]) < EXACT, f"{form.name}: {name}"


@EVERY
def test_the_lags_sum_to_the_gradient(names: Names) -> None:
    problem = random_problem(model(names), steps=5, hidden=3, batch=2)
    whole = gradients(derived(names), problem.forward, FORMS[0])
    for theory in theories(problem.model):
        steps = problem.sizes[theory.length]
        for w in theory.phase.parameters:
            lags = by_lag(derived(names), problem.forward, theory, w)
            assert sorted(lags) == list(range(steps))
            assert distance(np.sum(list(lags.values()), axis=0), whole[name_of(w)]) < EXACT


@EVERY
def test_the_forms_agree_for_every_model(names: Names) -> None:
    """Also for cells that have no loop by hand here."""
    problem = random_problem(model(names), steps=6, hidden=3, batch=2, seed=1)
    expanded, rtrl, adjoint = (gradients(derived(names), problem.forward, form) for form in FORMS)
    assert set(expanded) == set(rtrl) <= set(adjoint)
    for name in expanded:
        assert distance(expanded[name], rtrl[name]) < EXACT
        assert distance(expanded[name], adjoint[name]) < EXACT


def test_an_error_in_a_step_is_an_error_in_its_gradient() -> None:
    """The printed formulas are what runs: a factor in one of them shows, and only where it is used."""
    names = BY_HAND[0]
    problem = random_problem(model(names), steps=4, hidden=3)
    right = derived(names)
    for key, form in (("form.expanded_W_h", 0), ("form.carry_W_h", 1), ("gradient.delta", 2)):
        wrong = right.with_step(key, rhs=Scale(2, right[key].rhs))
        for number, each in enumerate(FORMS):
            apart = distance(
                gradients(wrong, problem.forward, each)["W_h"], gradients(right, problem.forward, each)["W_h"]
            )
            assert (apart > 1e-3) == (number == form)


def test_the_derivation_is_the_same_object_for_every_length() -> None:
    """One derivation is run at T = 1, 9 and 30: nothing of it knows a length."""
    names = BY_HAND[0]
    one = derivation(model(names))
    for steps in (1, 9, 30):
        problem = random_problem(model(names), steps=steps, hidden=2, seed=3)
        found = gradients(one, problem.forward, FORMS[2])
        wanted = by_hand(problem, names.variant, names.loss)
        assert max(distance(found[name], wanted[name]) for name in wanted) < EXACT


def test_a_long_sequence_does_not_recurse() -> None:
    names = BY_HAND[0]
    problem = random_problem(model(names), steps=1500, hidden=2)
    assert np.all(np.isfinite(gradients(derived(names), problem.forward, FORMS[2])["W_h"]))


def test_the_forward_pass_is_that_of_the_loop_by_hand() -> None:
    built: Model = model(BY_HAND[0])
    problem = random_problem(built, steps=3, hidden=2, batch=2)
    table = unroll(built, problem.given, problem.sizes)
    losses = [table.values["ell", "loss", step] for step in (1, 2, 3)]
    assert table.sizes[T] == 3 and table.sizes[N_STATE] == 2
    assert np.array_equal(table.values["L", "loss", None], sum(losses) / 3) or distance(
        table.values["L", "loss", None], np.sum(losses, axis=0) / 3) < 1e-15  # fmt: skip


def test_a_long_encoder_is_no_deep_recursion() -> None:
    """What the decoder sends back is swept from its last step, in whatever form the encoder's gradient is computed."""
    names = Names("indrnn", wiring="seq2seq", layers=2)
    problem = random_problem(model(names), steps=60, source_steps=60, hidden=2, drive=0.3)
    ours = {form.name: gradients(derived(names), problem.forward, form) for form in FORMS}
    for name, value in ours["expanded"].items():
        assert np.allclose(value, ours["adjoint"][name], rtol=1e-9, atol=0)
    theory = theories(model(names))[-1]
    w = theory.phase.parameters[0]
    lags = by_lag(derived(names), problem.forward, theory, w)
    assert np.allclose(sum(lags.values()), ours["adjoint"][w.name], rtol=1e-9, atol=0)
