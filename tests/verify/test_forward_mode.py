"""Forward mode: dual numbers are what NumPy's arrays are, with derivatives that others find too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.arithmetic import Array, Floating
from derive.functions import ACTIVATIONS, Elementwise, exp, log, reciprocal
from derive.unroll import unroll
from tests.derive.models import EVERY, Names, derived, fitting, model
from verify import duals
from verify.comparison import Subject, compare_gradients
from verify.duals import Dual, Duals, Seeds, slope
from verify.oracles import autograd_reverse, complex_step, forward_mode
from verify.problem import AT_A_KINK, EXPLODED, random_problem
from verify.program import LossFunction, Program
from verify.tangents import Placed, Tangent, placed
from verify.verdicts import Verdict

RNG = np.random.default_rng(7)
CLOSE = {"rtol": 1e-12, "atol": 0.0}


def matrix(rows: int, cols: int, *front: int) -> Array:
    return RNG.uniform(0.5, 2.0, size=(*front, rows, cols))


# --- dual numbers: every operation, against a complex step of the same operation

TWO: dict[str, Callable[[Any, Any], Any]] = {
    "sum": lambda a, b: a + b,
    "difference": lambda a, b: a - b,
    "with a number": lambda a, b: 2.0 - a + b * 3.0,
    "product": lambda a, b: a * b,
    "quotient": lambda a, b: a / b,
    "by a number": lambda a, b: a / 4.0 + b,
    "matrix product": lambda a, b: a @ np.swapaxes(b, -1, -2),
    "matrix from the left": lambda a, b: np.swapaxes(a, -1, -2) @ b,
    "three factors": lambda a, b: a @ np.swapaxes(b, -1, -2) @ a,
    "one column": lambda a, b: a @ np.swapaxes(b[..., 0:1, :], -1, -2),
    "outer product": lambda a, b: a[..., 0:1] @ b[..., 0:1, :],
    "repeated": lambda a, b: a[..., 0:1, 0:1] * b + a[..., 0:1] * b,
    "many terms": lambda a, b: sum(a * (k + 1.0) + b for k in range(9)),
    "joined": lambda a, b: np.concatenate([a, b, np.ones((2, 3))], axis=-1),
    "on top": lambda a, b: np.concatenate([a, np.broadcast_to(b, (2, 3))], axis=-2),
    "stacked": lambda a, b: np.stack([a, b], axis=-1),
    "sum over rows": lambda a, b: np.sum(a * b, axis=-2, keepdims=True),
    "mean over columns": lambda a, b: np.mean(a * b, axis=-1),
}
CASES = pytest.mark.parametrize("operation", TWO.values(), ids=TWO)


def seeds(value: Array, start: int) -> Array:
    """All entries, each in a direction of its own."""
    return Seeds(value, start + np.arange(value.size).reshape(value.shape))[...,]


def by_complex_steps(operation: Callable[[Any, Any], Any], a: Array, b: Array) -> Array:
    """The derivatives by all entries of a, then by all of b, on a trailing axis."""
    found = []
    for moved in range(a.size + b.size):
        both = np.concatenate([a.ravel(), b.ravel()]).astype(complex)
        both[moved] += 1e-30j
        found.append(np.imag(operation(both[: a.size].reshape(a.shape), both[a.size :].reshape(b.shape))) / 1e-30)
    return np.stack(found, axis=-1)


def both_kinds(value: Array, start: int, dense: bool) -> Array:
    dual = seeds(value, start)
    return Dual(value, Tangent(dual.directions)) if dense else dual


@CASES
@pytest.mark.parametrize("dense", [(False, False), (True, False), (False, True), (True, True)], ids=str)
def test_every_operation_has_the_derivatives_of_a_complex_step(
    operation: Callable[[Any, Any], Any], dense: tuple[bool, bool]
) -> None:
    a, b = matrix(2, 3), matrix(2, 3)
    found = operation(both_kinds(a, 0, dense[0]), both_kinds(b, a.size, dense[1]))
    assert np.allclose(found.value, operation(a, b), **CLOSE)
    wanted = by_complex_steps(operation, a, b)
    whole = np.zeros_like(wanted)
    whole[..., : found.tangent.length] = found.directions
    assert np.allclose(whole, wanted, **CLOSE) and np.any(wanted)


@CASES
def test_an_array_that_does_not_move_may_stand_on_either_side(operation: Callable[[Any, Any], Any]) -> None:
    a, b = matrix(2, 3), matrix(2, 3)
    wanted = by_complex_steps(operation, a, b)
    left, right = operation(seeds(a, 0), b), operation(a, seeds(b, a.size))
    total = np.zeros_like(wanted)
    for found in (left, right):
        total[..., : found.tangent.length] += found.directions
    assert np.allclose(total, wanted, **CLOSE)


@pytest.mark.parametrize("function", [*ACTIVATIONS.values(), exp, log, reciprocal], ids=lambda f: f.name)
def test_a_slope_is_that_of_the_function(function: Elementwise) -> None:
    """Against SymPy's derivative, which the oracle itself does not use."""
    points = np.array([[1e-200], [1e-36], [0.3], [2.0], [17.0], [-0.4], [-30.0]])
    points = np.abs(points) if function in (log, reciprocal) else points
    points = points[1:] if function is reciprocal else points  # 1/z² of 1e-200 is no number
    assert np.allclose(slope(function, points), function.derivative.numeric(np)(points), rtol=1e-13, atol=1e-15)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 4), st.integers(1, 3), st.integers(0, 10**6), st.sampled_from(["softmax", "log_sum_exp"]))
def test_softmax_and_log_sum_exp_over_a_batch(rows: int, batch: int, seed: int, name: str) -> None:
    drawn = np.random.default_rng(seed)
    value, tangent = drawn.normal(size=(batch, rows, 1)) * 5, drawn.normal(size=(batch, rows, 1, 3))
    found = getattr(Duals(), name)(Dual(value, Tangent(tangent)))
    assert np.array_equal(found.value, getattr(Floating(), name)(value))
    for place in range(3):
        moved = getattr(Floating(), name)(value + 1e-30j * tangent[..., place])
        assert np.allclose(found.directions[..., place], np.imag(moved) / 1e-30, rtol=1e-11, atol=1e-14)


def test_what_numpy_may_do_that_duals_cannot_is_refused() -> None:
    """Rather than done to the values alone, without their tangents."""
    for function in (np.abs, np.tanh, np.linalg.inv, np.cumsum):
        with pytest.raises(TypeError):
            function(seeds(matrix(2, 2), 0))


# --- tangents


def test_a_leaf_is_placed_and_not_spread_out() -> None:
    """W′h costs as much as h is long, however many entries W has."""
    W, h = seeds(matrix(40, 30), 0), matrix(30, 1)
    (piece,) = (W @ h).tangent.pieces
    assert (W @ h).tangent.dense is None and isinstance(piece, Placed)
    assert len(piece.directions) == W.value.size and piece.lone
    assert np.allclose((W @ h).directions[3, 0, 90:120], h[:, 0], **CLOSE)
    assert not np.any((W @ h).directions[3, 0, :90])


def test_an_entry_that_is_not_moved_has_no_place() -> None:
    assert placed(np.array([[-1, -1]])) is None
    assert not isinstance(Seeds(matrix(1, 2), np.array([[-1, -1]]))[...,], Dual)
    one = placed(np.array([[-1, 4]]))
    assert one is not None and (one.length, one.rows.tolist(), one.cols.tolist()) == (5, [0], [1])


def test_a_tangent_ends_with_the_last_direction_that_has_moved() -> None:
    early, late = seeds(matrix(2, 1), 0), seeds(matrix(2, 1), 10)
    assert early.tangent.length == 2 and (early + late).tangent.length == 12
    assert (early * late).directions.shape == (2, 1, 12)


# --- the oracle


def off(problem_of: Program, others: Callable[..., Any]) -> float:
    """The largest difference of any block, relative to the block."""
    point = problem_of.point
    one, two = forward_mode.jacobian(problem_of, point), others(problem_of, point)
    assert set(one) == set(two) == set(point)
    worst = 0.0
    for name, rows in one.items():
        assert rows.value.shape == two[name].value.shape and not np.any(rows.error)
        scale = np.max(np.abs(two[name].value))
        worst = max(worst, float(np.max(np.abs(rows.value - two[name].value)) / scale) if scale else 0.0)
    return worst


@EVERY
def test_every_model_has_the_derivatives_of_a_complex_step(names: Names) -> None:
    """Every entry of every parameter, and of the copy of it that every step uses."""
    problem = random_problem(model(names), steps=3, source_steps=2, hidden=2, batch=2, seed=3, drive=0.5)
    for untied in (False, True):
        assert off(Program(problem, untied), complex_step.jacobian) < 1e-12


def test_directions_in_parts_are_the_same_derivatives(monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program(random_problem(model(Names("lstm")), steps=4, hidden=3, seed=1), untied=True)
    whole = forward_mode.jacobian(program, program.point)
    monkeypatch.setattr(forward_mode, "_LARGEST", 20)
    parts = forward_mode.jacobian(program, program.point)
    assert all(np.allclose(whole[name].value, parts[name].value, rtol=1e-13, atol=1e-17) for name in whole)


def test_every_entry_has_a_direction_of_its_own_step_after_step() -> None:
    program = Program(random_problem(model(Names()), steps=3, hidden=2), untied=True)
    numbers = forward_mode.numbered(program.point)
    every = np.sort(np.concatenate([array.ravel() for array in numbers.values()]))
    assert np.array_equal(every, np.arange(every.size))
    assert numbers["W_h"][1].min() > numbers["b_o"][0].max()


def test_it_uses_no_rule_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the differential rules, nor f′, nor the forms in y = f(z)."""
    from derive import differential, linear

    def forbidden(*of: object) -> Any:
        raise AssertionError("a rule of ours was used")

    problem = random_problem(model(Names("gru", loss="softmax_cross_entropy", normalisation="softmax")), steps=3)
    program = Program(problem)
    wanted = complex_step.jacobian(program, program.point)
    monkeypatch.setattr(differential, "differential", forbidden)
    for name in ("identity", "of", "apply", "adjoint", "pull_back", "matrix"):
        monkeypatch.setattr(linear.Linear, name, forbidden)
    for name in ("slope", "derivative", "output_form"):
        monkeypatch.setattr(Elementwise, name, property(forbidden))
    found = forward_mode.jacobian(program, program.point)
    assert all(np.allclose(found[name].value, wanted[name].value, rtol=1e-10, atol=1e-15) for name in found)


@pytest.mark.parametrize("planted", ["a slope", "a product"])
def test_a_wrong_rule_of_its_own_would_be_noticed(planted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The derivation is refuted then, where a third party agrees with it: that is how the oracle itself is checked."""
    if planted == "a slope":
        monkeypatch.setattr(duals, "slope", lambda function, x: 1.0000001 * slope(function, x))
    else:
        before = Tangent.before
        monkeypatch.setattr(Tangent, "before", lambda self, by, shape: before(self, 1.0000001 * by, shape))
    subject = Subject(random_problem(model(Names()), steps=4, hidden=4, outputs=4, inputs=4), derived(Names()))
    findings = list(forward_mode.judge(subject))
    assert any(f.verdict is Verdict.REFUTED for f in findings)
    assert {f.verdict for f in autograd_reverse.judge(subject)} == {Verdict.AGREED}


# --- what rounding amplifies on the oracle's way and not on ours


def saturated() -> Subject:
    """Outputs of which some are within 1e-3 of one, under a loss that takes log(1 − o)."""
    (names,) = list(fitting(cell="rnn", variant="identity", loss="binary_cross_entropy", wiring="every"))[:1]
    problem = random_problem(model(names), steps=4, hidden=3, batch=2, seed=3)
    assert min(np.min(1 - array) for where, array in problem.forward.values.items() if where[0] == "o") < 1e-3
    return Subject(problem, derived(names))


@pytest.mark.parametrize("module", [forward_mode, complex_step, autograd_reverse], ids=lambda module: module.__name__)
def test_an_oracles_own_rounding_refutes_nothing(module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from verify.comparison import OwnRounding

    subject = saturated()
    findings = list(module.judge(subject))
    assert {f.verdict for f in findings} == {Verdict.AGREED}
    assert max(f.tolerance for f in findings if f.tolerance is not None) < 1e-10
    monkeypatch.setattr(OwnRounding, "spread", property(lambda self: dict.fromkeys(self.truth, 0.0)))
    assert any(f.verdict is Verdict.REFUTED for f in module.judge(subject)), "it is needed"


def test_an_error_is_refuted_there_all_the_same() -> None:
    subject = saturated()

    def wrong(function: LossFunction, point: dict[str, Array]) -> Any:
        found = forward_mode.jacobian(function, point)
        return {name: type(rows)(rows.value * (1 + 1e-9), rows.error) for name, rows in found.items()}

    findings = list(compare_gradients(subject, wrong, "wrong"))
    assert {f.verdict for f in findings} == {Verdict.REFUTED}


# --- long sequences


@EVERY
def test_a_pass_that_forgets_has_the_same_losses(names: Names) -> None:
    problem = random_problem(model(names), steps=4, source_steps=4, hidden=2)
    short = unroll(problem.model, problem.given, problem.sizes, forget=True).values
    whole = problem.forward.values
    assert all(np.array_equal(whole[where], array) for where, array in short.items())
    assert {where for where in whole if where[1] == "loss"} <= set(short)
    computed = {where for where in short if where not in problem.given and where[1] != "loss"}
    assert computed and min(where[2] for where in computed if where[2] is not None) >= 3


def test_only_forward_mode_judges_the_lags_of_a_long_sequence_unless_more_is_asked_for() -> None:
    problem = random_problem(model(Names()), steps=14, hidden=2, inputs=1, outputs=1)
    for thorough in (False, True):
        subject = Subject(problem, derived(Names()), thorough=thorough)
        lags = {
            module.__name__: sum(f.claim.startswith("lag.") for f in module.judge(subject))
            for module in (forward_mode, autograd_reverse, complex_step)
        }
        assert lags[forward_mode.__name__] == 4 * 14
        assert {lags[module.__name__] for module in (autograd_reverse, complex_step)} == {4 * 14 * thorough}
    few = Subject(random_problem(model(Names()), steps=3, hidden=2), derived(Names()), thorough=False)
    assert any(f.claim.startswith("lag.") for f in complex_step.judge(few))


# --- problems say what they had to be drawn again for


def test_a_problem_tells_why_it_was_drawn_again() -> None:
    kinked = Names("rnn", "relu")
    problems = [random_problem(model(kinked), steps=16, hidden=64, seed=seed) for seed in range(12)]
    reasons = {reason for problem in problems for reason in problem.redrawn}
    assert AT_A_KINK in reasons and all(problem.kink_margin > 1e-4 for problem in problems)
    linear = random_problem(model(Names("rnn", "identity")), steps=60, hidden=8, drive=30.0)
    assert set(linear.redrawn) == {EXPLODED} and linear.is_tame
    assert random_problem(model(Names()), steps=3).redrawn == ()
