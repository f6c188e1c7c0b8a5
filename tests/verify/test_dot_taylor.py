"""The dot test and the Taylor remainder: what they see, what they cannot, and that their error models hold."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.arithmetic import Array
from derive.run import FORMS
from derive.unroll import place
from tests.derive.models import EVERY, LIGHT, Names, derived, fitting, model, weight
from tests.verify.planted_gradients import Network
from verify.comparison import TOO_WIDE, Subject
from verify.oracles import complex_step, dot_test, taylor
from verify.oracles.taylor import Line
from verify.perturbation import along, directions
from verify.problem import random_problem
from verify.program import Program
from verify.verdicts import Verdict

BOTH = pytest.mark.parametrize("module", [dot_test, taylor], ids=lambda module: module.NAME)
SMALL = Network(Names(), random_problem(model(Names()), steps=5, hidden=4, seed=2))


@pytest.mark.parametrize("names", [names for names in LIGHT if weight(names) <= 10], ids=str)
def test_they_agree_with_every_model_in_every_form(names: Names) -> None:
    they_agree(names)


@pytest.mark.slow
@EVERY
def test_they_agree_with_every_large_model_in_every_form(names: Names) -> None:
    they_agree(names)


def they_agree(names: Names) -> None:
    problem = random_problem(model(names), steps=3, source_steps=2, hidden=2, batch=2, seed=5, drive=0.5)
    subject = Subject(problem, derived(names))
    blocks = {
        (block.claim, block.form): np.max(np.abs(block.value))
        for block in subject.blocks
        if block.claim.startswith("gradient.")
    }
    loss = np.mean(problem.forward.values[place(problem.model.total)])
    for module in (dot_test, taylor):
        findings = list(module.judge(subject))
        assert {(f.claim, f.form) for f in findings} == set(blocks)
        assert {f.verdict for f in findings} <= {Verdict.AGREED, Verdict.NOT_RUN}
        assert {f.evidence for f in findings} == {module.NAME}
        undecided = [f for f in findings if f.verdict is Verdict.NOT_RUN]
        assert module is taylor or not undecided
        assert all(f.reason == TOO_WIDE and blocks[f.claim, f.form] < 1e-5 * loss for f in undecided)


@BOTH
@pytest.mark.parametrize("factor", [0.0, -1.0, 2.0, 1000.0, 1 + 1e-4])
def test_a_wrong_gradient_is_refuted_with_both_slopes(module: ModuleType, factor: float) -> None:
    wrong = factor * SMALL.gradient("W_h")
    refuted = [f for f in module.judge(SMALL.carrying("W_h", wrong)) if f.verdict is Verdict.REFUTED]
    assert [f.claim for f in refuted] == ["gradient.W_h"]
    witness = refuted[0].witness
    assert witness is not None and "random" in witness.where
    assert float(witness.claimed) == pytest.approx(factor * float(witness.found), rel=1e-5, abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 15), st.sampled_from([1.01, 0.0, -1.0]))
def test_the_dot_test_sees_an_error_in_any_one_entry(entry: int, factor: float) -> None:
    wrong = SMALL.gradient("W_h").copy()
    wrong.flat[entry] *= factor
    refuted = {f.claim for f in dot_test.judge(SMALL.carrying("W_h", wrong)) if f.verdict is Verdict.REFUTED}
    assert refuted == {"gradient.W_h"}


@BOTH
def test_an_error_at_a_right_angle_to_every_direction_is_not_seen(module: ModuleType) -> None:
    """Which is why they stand beside an oracle that looks at every entry."""
    right = SMALL.gradient("W_h")
    units = directions(Program(SMALL.problem).point, module._DRAWS, module._SEED)["W_h"]
    flat = units.reshape(len(units), -1)
    error = np.random.default_rng(1).normal(size=flat.shape[1])
    error -= np.linalg.pinv(flat) @ (flat @ error)
    wrong = right + np.max(np.abs(right)) * error.reshape(right.shape)
    assert {f.verdict for f in module.judge(SMALL.carrying("W_h", wrong))} == {Verdict.AGREED}
    assert any(f.verdict is Verdict.REFUTED for f in complex_step.judge(SMALL.carrying("W_h", wrong)))


@BOTH
def test_they_judge_a_large_network_and_a_long_sequence(module: ModuleType) -> None:
    """Where a pass for each of 20 000 entries would take minutes."""
    names = Names()
    problem = random_problem(model(names), steps=60, hidden=96, inputs=96, seed=1)
    network = Network(names, problem)
    assert module.ANY_LENGTH
    assert {f.verdict for f in module.judge(network.subject)} == {Verdict.AGREED}
    wrong = network.gradient("W_h").copy()
    wrong.flat[np.argmax(np.abs(wrong))] *= 1.5
    refuted = [f.claim for f in module.judge(network.carrying("W_h", wrong)) if f.verdict is Verdict.REFUTED]
    assert refuted == ["gradient.W_h"]


@BOTH
def test_a_point_on_a_kink_is_reported(module: ModuleType) -> None:
    names = Names("rnn", "relu")
    problem = random_problem(model(names), steps=3, hidden=2)
    still = {where: 0 * array for where, array in problem.given.items() if where[1] == "parameter"}
    on_it = problem.with_given({**problem.given, **still})
    (found,) = module.judge(Subject(on_it, derived(names)))
    assert found.verdict is Verdict.NOT_RUN and "kink" in found.reason


# --- directions


def test_directions_have_length_one_and_are_the_same_again() -> None:
    point = {"W": np.zeros((3, 4)), "b": np.zeros((3, 1))}
    found, again, other = (directions(point, 5, seed) for seed in (1, 1, 2))
    for name, array in point.items():
        assert found[name].shape == (5, *array.shape)
        assert np.allclose(np.linalg.norm(found[name].reshape(5, -1), axis=1), 1, rtol=1e-14, atol=0)
        assert np.array_equal(found[name], again[name]) and not np.array_equal(found[name], other[name])
    assert along(np.ones((3, 4)), found["W"]) == pytest.approx(found["W"].sum(axis=(1, 2)))


def test_derivatives_along_directions_are_those_of_the_entries() -> None:
    program = Program(SMALL.problem)
    units = directions(program.point, 2, 3)
    found = dot_test.derivatives(program, program.point, units)
    for name, rows in complex_step.jacobian(program, program.point).items():
        assert np.allclose(found[name], along(rows.value[0], units[name]), rtol=1e-12, atol=1e-17)


# --- the error model of the Taylor remainder

STEPS = 0.5 ** np.arange(1, 28)
OFF = 1e-14


def line(slope: float, *coefficients: float, noise: int = 0) -> Line:
    """slope·h + Σ c_k h^(k+2), off by up to OFF at random."""
    changes = slope * STEPS + sum(c * STEPS ** (k + 2) for k, c in enumerate(coefficients))
    rounding = OFF * np.random.default_rng(noise).uniform(-1, 1, size=STEPS.shape)
    return Line(STEPS, changes + rounding, OFF)


@settings(max_examples=300, deadline=None)
@given(
    st.floats(-1e3, 1e3), st.floats(-1e4, 1e4), st.floats(-1e4, 1e4), st.floats(-1e4, 1e4), st.integers(0, 1000),
    st.floats(-10, 10),
)  # fmt: skip
def test_what_falls_like_h_is_found_within_the_stated_error(
    slope: float, second: float, third: float, fourth: float, noise: int, claimed: float
) -> None:
    found, error = line(slope, second, third, fourth, noise=noise).first_order(claimed)
    assert abs(found - (slope - claimed)) <= error


def test_the_error_is_not_so_wide_that_nothing_is_decided() -> None:
    for coefficients in ((1.0, 1.0), (0.0, 1.0), (100.0, -5.0, 3.0), ()):
        assert line(1.0, *coefficients).first_order(1.0)[1] < 1e-8


def test_orders_are_one_and_two() -> None:
    own = line(3.0, 2.0, 1.0)
    assert own.order(0.0) == pytest.approx(1.0, abs=1e-3)
    assert own.order(3.0) == pytest.approx(2.0, abs=0.05)
    assert own.order(2.0) == pytest.approx(1.0, abs=1e-3), "with a wrong slope the remainder is of order one"
    assert line(3.0).order(3.0) is None, "nothing of order two, so nothing above rounding"


def test_orders_are_told_with_the_verdict() -> None:
    found = {f.claim: f for f in taylor.judge(SMALL.subject)}
    assert found["gradient.W_h"].reason == (
        "the change of the loss falls like h^1.00, what the gradient leaves of it like h^2.00"
    )
    wrong = SMALL.carrying("W_h", 2 * SMALL.gradient("W_h"))
    refuted = next(f for f in taylor.judge(wrong) if f.verdict is Verdict.REFUTED)
    assert "leaves of it like h^1.00" in refuted.reason


def test_a_line_that_is_too_short_decides_nothing() -> None:
    assert Line(STEPS[:4], STEPS[:4], OFF).first_order(1.0) == (0.0, np.inf)
    assert Line(STEPS[:0], STEPS[:0], OFF).first_order(1.0) == (0.0, np.inf)


def test_only_the_steps_on_the_near_side_of_a_kink_are_used() -> None:
    """With the bias of a unit 1e-3 from its kink, the large steps over it say nothing about the slope before it."""
    names = Names("rnn", "relu")
    drawn = random_problem(model(names), steps=2, hidden=2, seed=3)
    still = {where: 0 * array for where, array in drawn.given.items() if where[0] in ("W_h", "W_i", "b_hh")}
    problem = drawn.with_given({**drawn.given, **still, ("b_ih", "parameter", None): np.array([[1e-3], [1.0]])})
    program = Program(problem)
    units = directions(program.point, 4, 9)["b_ih"]
    lines = taylor.lines_along(program, "b_ih", units, 1e-14)
    falling = [(unit[0, 0], own) for unit, own in zip(units, lines, strict=True) if unit[0, 0] < 0]
    assert falling
    for down, own in falling:
        assert 4 < len(own.steps) < taylor._HALVINGS - 1 and np.all(own.steps * -down <= 1e-3)
    assert {f.verdict for f in taylor.judge(Subject(problem, derived(names)))} == {Verdict.AGREED, Verdict.NOT_RUN}


def test_a_gradient_that_is_zero_is_not_judged() -> None:
    """Nothing is read by W_o = 0, so no other parameter moves the loss."""
    w = place(SMALL.problem.model.readout.weight)
    problem = SMALL.problem.with_given({**SMALL.problem.given, w: 0 * SMALL.problem.given[w]})
    found = {f.claim: f for f in taylor.judge(Subject(problem, derived(Names()), (FORMS[-1],)))}
    assert found["gradient.W_h"].verdict is Verdict.NOT_RUN and found["gradient.W_h"].reason == TOO_WIDE
    assert found["gradient.b_o"].verdict is Verdict.AGREED


def test_the_rounding_of_the_loss_is_no_less_than_what_another_order_of_sums_shows() -> None:
    (names,) = list(fitting(cell="rnn", variant="identity", loss="binary_cross_entropy", wiring="every"))[:1]
    problem = random_problem(model(names), steps=4, hidden=3, batch=2, seed=3)
    off = taylor.loss_rounding(problem)
    total = np.mean(problem.forward.values[place(problem.model.total)])
    swapped = replace(problem, given={where: _backward(where, array) for where, array in problem.given.items()})
    other = np.mean(swapped.forward.values[place(problem.model.total)])
    assert 0 < abs(total - other) + np.spacing(total) <= off < 1e-9 * abs(total)


def _backward(where: tuple[str, str, int | None], array: Array) -> Array:
    """All state units in the opposite order: the same network, with other sums."""
    rows = {"W_h", "W_i", "b_ih", "b_hh", "h"}
    array = array[..., ::-1, :] if where[0] in rows else array
    return array[..., ::-1] if where[0] in ("W_h", "W_o") else array
