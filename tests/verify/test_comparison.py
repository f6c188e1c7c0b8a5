"""A comparison decides by scale, never by an absolute number, and says so when it cannot decide."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest

from derive import registry
from derive.expr import Scale
from derive.run import FORMS, by_lag
from derive.sums import Sum
from derive.unroll import place
from tests.derive.models import LIGHT, Names, derived, model, plain
from verify import comparison
from verify.comparison import Block, Subject, compare_gradients, judged
from verify.oracles import autograd_reverse, central_differences, complex_step
from verify.problem import Problem, random_problem
from verify.program import GradientOracle, LossFunction, Measured, Point, Program
from verify.rounding import MARGIN, amplitude, shaken, spreads, tolerance
from verify.rungs import ORACLES
from verify.verdicts import Finding, Verdict

RNN = Names("rnn", "tanh")
SMALL = random_problem(model(RNN), steps=3, hidden=2, inputs=1, outputs=2, seed=5)
REQUIRED = [
    name for name in registry.names(ORACLES) if not hasattr(registry.load(ORACLES, name, "oracle"), "OPTIONAL")
]  # the others have tests of their own, which run where they are installed
FLOATING = [name for name in REQUIRED if hasattr(registry.load(ORACLES, name, "oracle"), "jacobian")]


def oracle(name: str) -> ModuleType:
    return registry.load(ORACLES, name, "oracle")


def block(value: np.ndarray, spread: float = 0.0) -> Block:
    return Block("gradient.W", "adjoint", value, spread)


def exact(value: np.ndarray, error: float = 0.0) -> Measured:
    return Measured(value, np.full_like(value, error))


# --- one block

VALUE = np.array([[1.0, -2.0], [3.0, 0.5]])


@pytest.mark.parametrize("scale", [1.0, 1e-36, 1e-200, 1e200])
def test_a_verdict_does_not_depend_on_the_scale(scale: float) -> None:
    right, wrong = scale * VALUE, scale * VALUE * np.array([[1, 1], [1, 1.01]])
    assert judged(block(right), exact(right), "x", SMALL).verdict is Verdict.AGREED
    assert judged(block(wrong), exact(right), "x", SMALL).verdict is Verdict.REFUTED
    assert judged(block(-right), exact(right), "x", SMALL).verdict is Verdict.REFUTED
    assert judged(block(0 * right), exact(right), "x", SMALL).verdict is Verdict.REFUTED
    assert judged(block(-1000 * right), exact(right), "x", SMALL).verdict is Verdict.REFUTED


def test_a_refutation_names_the_entry_and_both_values() -> None:
    wrong = VALUE.copy()
    wrong[1, 0] = 4.0
    found = judged(block(wrong), exact(VALUE), "x", SMALL)
    assert found.witness is not None
    assert (found.witness.where, found.witness.claimed, found.witness.found) == ("entry (2, 1)", 4.0, 3.0)
    assert found.error == 0.25 and found.scale == 4.0
    assert found.tolerance is not None and found.tolerance < 1e-12


def test_two_zeros_agree_and_say_that_they_are_zero() -> None:
    found = judged(block(0 * VALUE), exact(0 * VALUE), "x", SMALL)
    assert found.verdict is Verdict.AGREED and "zero" in found.reason


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_numbers_that_are_not_finite_decide_nothing(broken: float) -> None:
    bad = VALUE.copy()
    bad[0, 1] = broken
    for ours, truth in ((bad, VALUE), (VALUE, bad), (bad, bad)):
        assert judged(block(ours), exact(truth), "x", SMALL).verdict is Verdict.NOT_RUN


@pytest.mark.parametrize("error", [np.inf, np.nan])
def test_an_error_bound_that_is_not_finite_decides_nothing(error: float) -> None:
    assert judged(block(-VALUE), exact(VALUE, error), "x", SMALL).verdict is Verdict.NOT_RUN
    assert judged(block(VALUE), exact(VALUE, error), "x", SMALL).verdict is Verdict.NOT_RUN


def test_a_tolerance_too_wide_to_decide_is_not_an_agreement() -> None:
    assert judged(block(VALUE), exact(VALUE, 1e-2), "x", SMALL).verdict is Verdict.NOT_RUN
    assert judged(block(VALUE), exact(VALUE, 1e-4), "x", SMALL).verdict is Verdict.AGREED
    assert judged(block(VALUE, spread=1.0), exact(VALUE), "x", SMALL).verdict is Verdict.NOT_RUN
    assert judged(block(2 * VALUE), exact(VALUE, 1e-2), "x", SMALL).verdict is Verdict.REFUTED


def test_the_tolerance_grows_with_scale_and_spread_alone() -> None:
    assert tolerance(0.0, 0.0, 1e-15) == 0.0
    assert tolerance(2.0, 3.0, 0.5) == MARGIN * 3.5
    assert amplitude(0) == amplitude(1) == np.finfo(float).eps and amplitude(100) == pytest.approx(10 * amplitude(1))


def test_spreads_see_how_a_computation_amplifies() -> None:
    given = {"x": np.array([[1.0]]), "y": np.array([[1.0 + 1e-8]])}
    found = spreads(lambda v: {"difference": v["x"] - v["y"], "x": v["x"]}, given, 1e-15)  # type: ignore[arg-type]
    assert 1e-17 < found["difference"] < 4e-15 and found["x"] <= 2.4e-15
    assert found == spreads(lambda v: {"difference": v["x"] - v["y"], "x": v["x"]}, given, 1e-15)  # type: ignore[arg-type]
    moved = shaken({"a": VALUE}, 1e-3, np.random.default_rng(0))["a"]
    assert 0 < np.max(np.abs(moved / VALUE - 1)) <= 1e-3


# --- every oracle


@pytest.mark.parametrize("name", REQUIRED)
def test_every_oracle_keeps_its_contract(name: str) -> None:
    """A title, a reason when it is missing, and a verdict for every gradient."""
    module = oracle(name)
    assert module.TITLE and module.__doc__ and module.missing() == ""
    findings = list(module.judge(Subject(SMALL, derived(RNN))))
    claims = {finding.claim for finding in findings}
    wanted = {f"gradient.{w.name}" for w in SMALL.model.parameters} | {"gradient.h_0"}
    assert wanted <= claims
    assert {finding.evidence for finding in findings} == {name}
    passing = {Verdict.AGREED, Verdict.EXACT, Verdict.ENCLOSED, Verdict.PROVED}
    bad = [f for f in findings if f.verdict not in passing and not f.reason]
    assert bad == [] and not any(f.verdict is Verdict.REFUTED for f in findings)
    assert wanted <= {f.claim for f in findings if f.verdict in passing}


@pytest.mark.parametrize("names", LIGHT, ids=str)
def test_every_oracle_agrees_with_every_model(names: Names) -> None:
    problem = random_problem(model(names), steps=3, hidden=2, inputs=1, outputs=3, batch=2, seed=2)
    subject = Subject(problem, derived(names))
    for name in FLOATING:
        agrees(subject, name)


def agrees(subject: Subject, name: str) -> None:
    problem = subject.problem
    findings = list(oracle(name).judge(subject))
    assert len({(f.claim, f.form) for f in findings}) == len(findings)
    both, adjoint = len(problem.model.recurrent_parameters) + len(problem.model.initial_states), len(problem.sources)
    steps = {w.name: problem.sizes[phase.length] for phase in problem.model.phases for w in phase.parameters}
    lags = 0 if name == "central_differences" else sum(steps.values())  # differences cannot resolve what has vanished
    assert len(findings) == 2 * both + adjoint + lags  # two forms, the sweep, and three lags
    refuted = [f for f in findings if f.verdict is Verdict.REFUTED]
    assert refuted == []
    assert sum(f.verdict is Verdict.AGREED for f in findings) > 0.8 * len(findings)


@pytest.mark.parametrize("name", FLOATING)
def test_the_oracles_values_have_the_shape_of_what_they_differentiate(name: str) -> None:
    for untied in (False, True):
        program = Program(SMALL, untied)
        point, losses = program.point, SMALL.steps if untied else 1
        for key, rows in oracle(name).jacobian(program, point).items():
            assert rows.value.shape == rows.error.shape == (losses, *point[key].shape)
            assert np.all(rows.error >= 0)


def corrupted(right: GradientOracle, name: str) -> GradientOracle:
    def wrong(function: LossFunction, point: Point) -> dict[str, Measured]:
        found = dict(right(function, point))
        value = found[name].value.copy()
        value.reshape(value.shape[0], -1)[0, -1] += 1e-3 * np.max(np.abs(value))
        return {**found, name: Measured(value, found[name].error)}

    return wrong


@pytest.mark.parametrize("name", FLOATING)
@pytest.mark.parametrize("parameter", ["W_h", "W_i", "b_o", "h_0"])
def test_a_corrupted_oracle_is_noticed_with_the_entry(name: str, parameter: str) -> None:
    subject = Subject(SMALL, derived(RNN), (FORMS[-1],))
    findings = list(compare_gradients(subject, corrupted(oracle(name).jacobian, parameter), name))
    wrong = [f for f in findings if f.verdict is Verdict.REFUTED]
    assert [f.claim for f in wrong] == [f"gradient.{parameter}"]
    assert wrong[0].witness is not None and wrong[0].witness.where.startswith("entry (")


STEPS = [step.key for step in derived(RNN) if step.key.startswith(("gradient.W", "gradient.b", "gradient.h"))]


SLOW = [name for name in REQUIRED if name not in FLOATING]  # one gradient is enough for these
ALONG_LINES = ("dot_test", "taylor")  # one number for a whole gradient: they cannot name an entry


@pytest.mark.parametrize(
    ("key", "name"), [*((key, name) for key in STEPS for name in FLOATING), *(("gradient.W_h", name) for name in SLOW)]
)
def test_a_corrupted_gradient_is_refuted_with_the_entry(key: str, name: str) -> None:
    wrong = derived(RNN).with_step(key, rhs=Scale(-1, derived(RNN)[key].rhs))
    subject = Subject(SMALL, wrong, (FORMS[-1],))
    refuted = [f for f in oracle(name).judge(subject) if f.verdict is Verdict.REFUTED]
    assert {f.claim for f in refuted} == {key}
    where = "random" if name in ALONG_LINES else "entry ("
    assert all(f.witness and where in f.witness.where and f.witness.claimed != f.witness.found for f in refuted)


# --- vanishing and resolution


def vanishing(steps: int = 40, factor: float = 0.15) -> Problem:
    problem = random_problem(model(RNN), steps=steps, hidden=3, seed=1)
    w = place(next(w for w in problem.model.recurrent_parameters if w.name == "W_h"))
    matrix = problem.given[w]
    return replace(problem, given={**problem.given, w: matrix * (factor / np.linalg.norm(matrix, 2))})


@pytest.fixture(scope="module")
def weak() -> Subject:
    return Subject(vanishing(), derived(RNN), (FORMS[0],))


@pytest.mark.parametrize("name", ["autograd_reverse", "complex_step"])
def test_a_vanished_lag_is_judged_at_its_own_scale(weak: Subject, name: str) -> None:
    findings = {f.claim: f for f in oracle(name).judge(weak)}
    last = findings["lag.W_h.39"]
    assert last.scale is not None and 0 < last.scale < 1e-30
    lags = [f for claim, f in findings.items() if claim.startswith("lag.")]
    assert len(lags) == 40 * 4
    assert {f.verdict for f in lags} == {Verdict.AGREED}
    assert last.reason == "" and last.tolerance is not None and last.tolerance < 1e-9


@pytest.fixture(scope="module")
def flipped(weak: Subject) -> Subject:
    """The same numbers, but with the sign of the last lag turned in our own computation."""

    def wrong(derivation: object, forward: object, theory: object, w: object, env: object) -> dict[int, np.ndarray]:
        lags = by_lag(derivation, forward, theory, w)  # type: ignore[arg-type]
        return {**lags, 39: -lags[39]}

    subject = Subject(weak.problem, weak.derivation, weak.forms)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparison, "by_lag", wrong)
        assert subject.blocks
    return subject


@pytest.mark.parametrize("name", ["autograd_reverse", "complex_step"])
def test_a_sign_flip_in_the_last_lag_alone_is_refuted(flipped: Subject, name: str) -> None:
    """The whole gradient does not change in its last digit: only the lag shows it."""
    found = list(oracle(name).judge(flipped))
    refuted = {f.claim for f in found if f.verdict is Verdict.REFUTED}
    assert refuted == {f"lag.{w.name}.39" for w in flipped.problem.model.recurrent_parameters}
    assert all(f.error == pytest.approx(2.0) for f in found if f.claim in refuted)


def test_a_double_sum_that_starts_too_late_is_refuted_at_every_lag() -> None:
    key = "form.expanded_W_h"
    right = derived(RNN)
    weight, outer = right[key].rhs.args
    short = Sum(Sum(outer.body.body, outer.body.index, 2, outer.body.upper), outer.index, outer.lower, outer.upper)
    subject = Subject(vanishing(6), right.with_step(key, rhs=Scale(weight, short)), (FORMS[0],))
    refuted = {f.claim for f in complex_step.judge(subject) if f.verdict is Verdict.REFUTED}
    assert refuted == {"gradient.W_h", *(f"lag.W_h.{lag}" for lag in range(5))}


def test_central_differences_do_not_judge_what_they_cannot_resolve(weak: Subject) -> None:
    small = Subject(vanishing(14, 0.02), derived(RNN), (FORMS[0],))
    findings = {f.claim: f for f in compare_gradients(small, central_differences.jacobian, "central_differences")}
    tiny = [f for f in findings.values() if f.scale is not None and f.scale < 1e-12]
    assert tiny and {f.verdict for f in tiny} == {Verdict.NOT_RUN}
    assert all("too wide" in f.reason for f in tiny)
    assert findings["gradient.W_h"].verdict is Verdict.AGREED


def test_central_differences_know_their_error() -> None:
    program = Program(SMALL)
    near, truth = (module.jacobian(program, program.point) for module in (central_differences, complex_step))
    for name, rows in near.items():
        assert np.all(np.abs(rows.value - truth[name].value) <= rows.error)
        assert np.max(rows.error) < 1e-6 * (1 + np.max(np.abs(rows.value)))


def test_autograd_and_complex_step_are_two_computations() -> None:
    program = Program(SMALL, untied=True)
    one, two = (module.jacobian(program, program.point) for module in (autograd_reverse, complex_step))
    assert set(one) == set(two)
    for name in one:
        scale = np.max(np.abs(one[name].value))
        assert np.max(np.abs(one[name].value - two[name].value)) < 1e-13 * scale


# --- saturation


@pytest.mark.parametrize("factor", [30.0, 100.0, 1000.0])
@pytest.mark.parametrize("variant", ["tanh", "sigmoid"])
def test_saturated_units_are_never_refuted(variant: str, factor: float) -> None:
    """1 − h² of a saturated unit is all rounding: such a block may be left undecided, but a right one is not false."""
    names = plain("rnn", variant)
    drawn = random_problem(model(names), steps=6, hidden=4, inputs=1, outputs=1)
    driven = {where: array * factor if where[1] == "input" else array for where, array in drawn.given.items()}
    subject = Subject(drawn.with_given(driven), derived(names))
    with np.errstate(all="ignore"):
        findings = [f for name in FLOATING for f in oracle(name).judge(subject)]
    assert not [f for f in findings if f.verdict is Verdict.REFUTED]
    assert any(f.verdict is Verdict.AGREED for f in findings)


# --- kinks


def at_a_kink(distance: float = 0.0) -> Problem:
    """All weights zero but the bias of one unit, whose argument is then exactly ``distance``."""
    names = plain("rnn", "relu")
    problem = random_problem(model(names), steps=2, hidden=2, seed=3)
    given = {where: (np.zeros_like(array) if where[0] in ("W_h", "W_i", "b_hh") else array)
             for where, array in problem.given.items()}  # fmt: skip
    return replace(problem, given={**given, ("b_ih", "parameter", None): np.array([[distance], [1.0]])})


@pytest.mark.parametrize("name", FLOATING)
def test_a_point_on_a_kink_is_reported_and_not_judged(name: str) -> None:
    problem = at_a_kink()
    assert problem.kink_margin == 0.0
    findings: list[Finding] = list(oracle(name).judge(Subject(problem, derived(plain("rnn", "relu")))))
    assert [f.verdict for f in findings] == [Verdict.NOT_RUN] and "kink" in findings[0].reason


def test_a_point_beside_a_kink_is_judged() -> None:
    problem = at_a_kink(0.01)
    assert 0 < problem.kink_margin <= 0.01
    findings = list(complex_step.judge(Subject(problem, derived(plain("rnn", "relu")))))
    assert {f.verdict for f in findings} == {Verdict.AGREED}


def test_a_difference_over_a_kink_decides_nothing() -> None:
    """The step of central differences is about 6e-6: an argument nearer to its kink than that is crossed."""
    problem = at_a_kink(1e-6)
    subject = Subject(problem, derived(plain("rnn", "relu")))
    assert {f.verdict for f in complex_step.judge(subject)} == {Verdict.AGREED}
    findings = {(f.claim, f.form): f for f in central_differences.judge(subject)}
    assert findings["gradient.b_ih", "adjoint"].verdict is Verdict.NOT_RUN
    assert "kink" in findings["gradient.b_ih", "adjoint"].reason
    assert findings["gradient.b_o", "adjoint"].verdict is Verdict.AGREED
    assert not any(f.verdict is Verdict.REFUTED for f in findings.values())


def test_how_near_a_kink_is_does_not_depend_on_the_units() -> None:
    problem = at_a_kink(0.01)
    tiny = {
        where: array * 1e-7 if where[1] in ("parameter", "state") else array for where, array in problem.given.items()
    }
    assert problem.with_given(tiny).kink_margin == pytest.approx(problem.kink_margin, rel=1e-6)


def test_a_smooth_model_has_no_kink() -> None:
    assert SMALL.kink_margin == np.inf
