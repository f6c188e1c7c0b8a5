"""Ball arithmetic as a witness: every model is enclosed, no trace of an error is, and no rule of ours is asked."""

from __future__ import annotations

import sys
from collections.abc import Callable
from math import inf

import numpy as np
import pytest
import sympy as sp
from flint import arb, arb_series, ctx
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from derive import differential, linear
from derive.assemble import derivation as derivation_of
from derive.build import add, hadamard, scale, stack
from derive.cell import Cell, Equation, inner, lag, parameter, state
from derive.derivation import Derivation
from derive.expr import ones, zeros
from derive.functions import Elementwise, Z
from derive.indices import N_STATE, S, T, t
from derive.model import build
from derive.nonlinear import Map
from derive.run import FORMS, Form, gradients, name_of
from derive.theory import theories
from derive.unroll import place, unroll
from tests.derive.models import EVERY, LIGHT, Names, derived, model, weight
from tests.wrong.planted import Planted
from tests.wrong.test_wrong import ALL, GRADIENT_ORACLES, SEEN_BY, right
from verify.balls import plan, precision
from verify.balls.arithmetic import Balls, Jets
from verify.balls.attempt import ADJOINT
from verify.balls.claims import FLOAT64, float64_errors
from verify.balls.enclosures import Enclosures
from verify.balls.escalation import decided
from verify.balls.power_series import PowerSeries
from verify.balls.precision import FIRST, HIGHEST, TARGET, more, working
from verify.balls.scalars import UndecidableError
from verify.balls.windows import shortened
from verify.comparison import Subject
from verify.judge import evidence
from verify.oracles import autograd_reverse, balls, complex_step
from verify.problem import Problem, random_problem
from verify.rungs import Rung
from verify.verdicts import Finding, Verdict

RNN = Names(loss="squared_error")
WORDS = Names(loss="softmax_cross_entropy")
LINEAR = Names("rnn", "identity", loss="squared_error", wiring="last")
RELU = Names("rnn", "relu", loss="squared_error")


def small(names: Names, **how: int) -> Problem:
    return random_problem(
        model(names), **{"steps": 3, "source_steps": 2, "hidden": 2, "inputs": 1, "outputs": 3, "batch": 2, **how}
    )


def judged(problem: Problem, derivation: Derivation) -> list[Finding]:
    return list(balls.judge(Subject(problem, derivation)))


def with_weights(problem: Problem, **factors: float) -> Problem:
    """The parameters of these names, times a factor each."""
    given = {where: array * factors.get(where[0], 1.0) for where, array in problem.given.items()}
    return problem.with_given(given)


def refuted(findings: list[Finding]) -> set[str]:
    return {finding.claim for finding in findings if finding.verdict is Verdict.REFUTED}


# --- what is right is enclosed


def claims(problem: Problem, derivation: Derivation) -> set[tuple[str, str]]:
    """All that there is to say of a problem that is small enough."""
    found = {(f"gradient.{name}", form.name) for form in FORMS for name in gradients(derivation, problem.forward, form)}
    for theory in theories(problem.model):
        for w in theory.phase.parameters:
            found |= {(f"lag.{w.name}.{lag}", "expanded") for lag in range(problem.sizes[theory.length])}
    return found | {(FLOAT64 + name_of(source), "adjoint") for source in problem.sources}


def assert_enclosed(names: Names, **how: int) -> None:
    problem = small(names, **how)
    findings = judged(problem, derived(names))
    assert {(finding.claim, finding.form) for finding in findings} == claims(problem, derived(names))
    for finding in findings:
        assert finding.verdict is Verdict.ENCLOSED and finding.sizes == problem.label
        assert finding.radius is not None and finding.error is not None and finding.radius <= TARGET
        assert finding.error <= (1e-12 if finding.claim.startswith(FLOAT64) else finding.radius)


QUICK = tuple(names for names in LIGHT if weight(names) <= 16)


@pytest.mark.parametrize("names", QUICK, ids=str)
def test_everything_is_enclosed(names: Names) -> None:
    assert_enclosed(names, steps=2, source_steps=1)


@pytest.mark.slow
@EVERY
def test_everything_of_more_steps_is_enclosed(names: Names) -> None:
    assert_enclosed(names, steps=4)


REGIMES: dict[str, tuple[Names, dict[str, float], Callable[[float], bool]]] = {
    "saturated": (RNN, {"b_ih": 100.0, "b_hh": 100.0}, lambda scale: 0 < scale < 1e-20),
    "exploding": (LINEAR, {"W_h": 1e4}, lambda scale: scale > 1e30),
    "vanishing": (LINEAR, {"W_h": 1e-4}, lambda scale: 0 < scale < 1e-36),
}


def problem_in(regime: str) -> tuple[Problem, Callable[[float], bool]]:
    names, factors, reached = REGIMES[regime]
    return with_weights(random_problem(model(names), steps=12, hidden=3), **factors), reached


@pytest.mark.parametrize("regime", REGIMES)
def test_a_regime_is_decided(regime: str) -> None:
    """Also where most of the digits cancel, or where a state is 1e30 or a gradient 1e-36."""
    problem, reached = problem_in(regime)
    findings = judged(problem, derived(REGIMES[regime][0]))
    assert {finding.verdict for finding in findings} == {Verdict.ENCLOSED}
    (first,) = [f for f in findings if f.claim == "gradient.h_0" and f.form == "adjoint"]
    assert first.scale is not None and reached(first.scale)


def test_a_network_saturated_to_the_last_of_a_thousand_bits_is_decided() -> None:
    """Our formula cancels to zero, but the series show that there is something to be found with more bits."""
    problem = with_weights(random_problem(model(RNN), steps=2, hidden=2), b_ih=500.0, b_hh=500.0)
    findings = judged(problem, derived(RNN))
    assert {finding.verdict for finding in findings} == {Verdict.ENCLOSED}
    assert float64_errors(findings)["h_0"].scale == 0.0


def test_a_gradient_below_the_smallest_float_is_decided() -> None:
    """Of float64 it is said that all of it is lost."""
    problem = with_weights(random_problem(model(LINEAR), steps=12, hidden=3), W_h=1e-30)
    findings = judged(problem, derived(LINEAR))
    assert {finding.verdict for finding in findings} == {Verdict.ENCLOSED}
    lost = float64_errors(findings)["h_0"]
    assert lost.scale == 0.0 and lost.error == pytest.approx(1.0)


# --- what is wrong is refuted

TRACE = sp.Rational(1, 2**60)
TRACED = {"gradient.W_h": "adjoint", "form.expanded_W_h": "expanded", "form.rtrl_W_h": "rtrl"}


def one_entry_off(derivation: Derivation, key: str) -> Derivation:
    """Entry (1, 1) of a gradient of W_h times 1 + 2^−60; the gradient of the double sum and of RTRL is a column."""
    whole = derivation[key].rhs
    rows, cols = whole.shape
    first = stack(ones(1), zeros(rows - 1))
    chosen = first @ ones(1, cols) if cols == 1 else first @ stack(ones(1), zeros(cols - 1)).T
    return derivation.with_step(key, rhs=add(whole, scale(TRACE, hadamard(chosen, whole))))


@pytest.mark.parametrize("regime", REGIMES)
def test_a_trace_of_an_error_in_one_entry_is_refuted(regime: str) -> None:
    names = REGIMES[regime][0]
    wrong = one_entry_off(derived(names), "gradient.W_h")
    findings = judged(problem_in(regime)[0], wrong)
    (finding,) = [f for f in findings if f.verdict is Verdict.REFUTED]
    assert (finding.claim, finding.form) == ("gradient.W_h", "adjoint")
    assert finding.witness is not None and finding.witness.where == "entry (1, 1)"
    assert finding.witness.claimed != finding.witness.found


def test_no_float_sees_anything_in_a_saturated_network() -> None:
    """1 − tanh² is zero there, so twice the gradient is as good as the gradient."""
    wrong = derived(RNN).with_step("gradient.W_h", rhs=scale(2, derived(RNN)["gradient.W_h"].rhs))
    subject = Subject(problem_in("saturated")[0], wrong)
    assert refuted(list(balls.judge(subject))) == {"gradient.W_h"}
    assert not refuted([*complex_step.judge(subject), *autograd_reverse.judge(subject)])


def test_no_float_sees_that_trace() -> None:
    wrong = one_entry_off(derived(RNN), "gradient.W_h")
    subject = Subject(random_problem(model(RNN)), wrong)
    assert refuted(list(balls.judge(subject))) == {"gradient.W_h"}
    for oracle in (complex_step, autograd_reverse):
        assert {f.verdict for f in oracle.judge(subject) if f.claim == "gradient.W_h"} == {Verdict.AGREED}


@pytest.mark.parametrize(("key", "form"), list(TRACED.items()))
def test_a_random_direction_sees_a_trace_in_every_form(key: str, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = random_problem(model(RNN))
    monkeypatch.setattr(plan, "DERIVATIVES", plan._derivatives(problem))
    wrong = derived(RNN).with_step(key, rhs=scale(1 + TRACE, derived(RNN)[key].rhs))
    found = [f for f in judged(problem, wrong) if f.verdict is Verdict.REFUTED and f.claim == "gradient.W_h"]
    assert [f.form for f in found] == [form]
    assert found[0].witness is not None and "random direction" in found[0].witness.where
    assert {f.failure for f in judged(problem, derived(RNN)) if f.claim == "gradient.W_h"} == {2.0**-32}


@pytest.mark.parametrize("planted", ALL, ids=lambda planted: planted.name)
def test_what_floats_refute_is_refuted(planted: Planted) -> None:
    """And what is right is not, whatever is wrong in the reasoning."""
    problem = random_problem(model(planted.names), steps=3, hidden=2, inputs=1, outputs=3, source_steps=2)
    found = refuted(judged(problem, planted.plant(right(planted))))
    assert bool(found) == (SEEN_BY[planted.name] >= {*GRADIENT_ORACLES})


def test_a_target_that_is_no_probability_vector_is_not_made_one() -> None:
    """The derivation says that it sums to one; what rounding keeps from that is put right, and nothing else."""
    problem = random_problem(model(WORDS))
    soft = [array for (_, kind, _), array in problem.given.items() if kind == "target"]
    assert any(sum(map(sp.Rational, column[:, 0])) != 1 for array in soft for column in array)
    assert not refuted(judged(problem, derived(WORDS)))
    given = {where: array * (1 - 1e-9) if where[1] == "target" else array for where, array in problem.given.items()}
    assert "gradient.W_h" in refuted(judged(problem.with_given(given), derived(WORDS)))


# --- what cannot be decided


def at_rest(problem: Problem, where: float = 0.0) -> Problem:
    """The argument of the first step is the bias: its input and h_0 are zero."""
    first = {("input", 1), ("state", 0)}
    given = {place: array * (place[1:] not in first) for place, array in problem.given.items()}
    given |= {place: np.full_like(array, where / 2) for place, array in given.items() if place[0] in ("b_ih", "b_hh")}
    return problem.with_given(given)


def test_a_corner_is_not_judged_and_named() -> None:
    (finding,) = judged(at_rest(random_problem(model(RELU))), derived(RELU))
    assert finding.verdict is Verdict.NOT_RUN and finding.claim == "gradient"
    assert all(word in finding.reason for word in ("relu", "corner", "argument 0", "h of step 1"))


def test_beside_a_corner_balls_decide_what_floats_may_not() -> None:
    problem = at_rest(random_problem(model(RELU)), where=1e-14)
    assert {f.verdict for f in complex_step.judge(Subject(problem, derived(RELU)))} == {Verdict.NOT_RUN}
    assert {f.verdict for f in judged(problem, derived(RELU))} == {Verdict.ENCLOSED}


def test_a_corner_that_no_precision_gets_off_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second layer's argument is tanh(b) − tanh(b): zero, but no ball says so."""
    monkeypatch.setattr("verify.balls.escalation.HIGHEST", 2 * FIRST)
    n = N_STATE
    h, z, W = state("h", n), inner("z", n), parameter("W", n, n)
    tanh, relu = (build("rnn", variant=name).cell.equations[1].expression.function for name in ("tanh", "relu"))
    difference = Map(tanh, W @ lag(h)) - Map(tanh, -(W @ lag(h))) - scale(2, Map(tanh, W @ lag(h)))
    cell = Cell("corner", "c", (h,), (), (W,), (Equation(z, difference), Equation(h, Map(relu, z))), ())
    built = build(cell, loss="squared_error")
    (finding,) = judged(random_problem(built), derivation_of(built))
    assert finding.verdict is Verdict.NOT_RUN and f"with {2 * FIRST} bits, at h of step 1" in finding.reason


def test_a_gradient_that_cancels_exactly_is_left_open() -> None:
    """A vocabulary of one word: softmax is 1, as e/(e + 0), of which no ball is exactly 1."""
    names = Names(loss="softmax_cross_entropy", normalisation="masked_softmax")
    findings = judged(random_problem(model(names), outputs=2), derived(names))
    assert {f.verdict for f in findings} == {Verdict.NOT_RUN}
    assert all(f"{precision.VANISHED} bits" in f.reason and "around zero" in f.reason for f in findings)


def test_what_is_exactly_zero_on_both_sides_is_enclosed() -> None:
    findings = judged(random_problem(model(WORDS), outputs=1), derived(WORDS))
    assert {(f.verdict, f.error, f.scale) for f in findings} == {(Verdict.ENCLOSED, 0.0, 0.0)}


def test_numbers_that_are_none_are_not_judged() -> None:
    problem = random_problem(model(RNN), steps=2, hidden=2)
    found = judged(with_weights(problem, W_h=inf), derived(RNN))
    open_ = [f for f in found if f.verdict is Verdict.NOT_RUN]
    assert open_ and all(f"{HIGHEST} bits" in f.reason for f in open_)


def test_a_function_without_a_rule_is_named() -> None:
    n = N_STATE
    h, W = state("h", n), parameter("W", n, n)
    erf = Elementwise("smooth", sp.erf(Z))
    built = build(Cell("smooth", "s", (h,), (), (W,), (Equation(h, Map(erf, W @ lag(h))),), ()), loss="squared_error")
    assert "smooth" in balls.inapplicable(built) and "erf" in balls.inapplicable(built)
    assert balls.inapplicable(model(RELU)) == ""


# --- how much is done


def test_a_sequence_too_long_for_all_of_it_says_how_many_steps_were_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = random_problem(model(RNN), steps=12, hidden=3, batch=2)
    monkeypatch.setattr(plan, "SUMS", plan._sums(problem.last(6).one_sequence()))
    findings = judged(problem, derived(RNN))
    steps = {f.form: f.sizes["T"] for f in findings}
    assert steps == {"adjoint": 12, "expanded": 6, "rtrl": 6}
    assert {f.sizes["batch"] for f in findings if f.form == "expanded"} == {1}
    assert {f.verdict for f in findings} == {Verdict.ENCLOSED}


def test_a_network_too_large_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "DERIVATIVES", 100)
    (finding,) = judged(random_problem(model(RNN)), derived(RNN))
    assert finding.verdict is Verdict.NOT_RUN and "too large" in finding.reason


def test_a_long_sequence_is_judged_as_a_whole_too() -> None:
    found = evidence(derived(RNN), random_problem(model(RNN), steps=50, hidden=2), rungs=[Rung.ENCLOSED]).findings
    enclosed = [f for f in found if f.verdict is Verdict.ENCLOSED]
    assert {f.sizes["T"] for f in enclosed if f.form == "adjoint"} == {48, 50}
    assert {f.sizes["T"] for f in float64_errors(enclosed).values()} == {50}
    assert not [f for f in found if f.verdict in (Verdict.REFUTED, Verdict.NOT_RUN)]


def test_a_long_sequence_is_judged_as_a_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its last steps are another subject."""
    problem = random_problem(model(RNN), steps=20, hidden=2)
    monkeypatch.setattr(plan, "DERIVATIVES", plan._derivatives(problem.last(10)))
    assert not judged_in(problem, (ADJOINT,)) and {f.sizes["T"] for f in judged_in(problem, FORMS)} == {8}


def judged_in(problem: Problem, forms: tuple[Form, ...]) -> list[Finding]:
    return list(balls.judge(Subject(problem, derived(RNN), forms)))


@pytest.mark.parametrize("names", [Names("lstm", wiring="seq2seq"), RNN], ids=str)
def test_a_shortened_problem_runs_through_the_same_states(names: Names) -> None:
    problem = random_problem(model(names), steps=6, source_steps=5, hidden=2)
    few = shortened(problem, 3)
    assert {few.sizes[phase.length] for phase in problem.model.phases} == {3}
    first = problem.model.phases[0]
    skipped = problem.sizes[first.length] - 3
    for h in first.states:
        ours, whole = few.forward.values[place(h, {t: 3})], problem.forward.values[place(h, {t: 3 + skipped})]
        assert np.allclose(ours, whole, rtol=1e-12)
    assert np.isfinite(few.forward.values[place(problem.model.total)]).all()


def test_a_short_problem_is_not_shortened() -> None:
    problem = random_problem(model(Names("rnn", wiring="seq2seq")), steps=4)
    assert shortened(problem, 4) is problem
    assert shortened(problem, 3).sizes[S] == shortened(problem, 3).sizes[T] == 3


# --- the bound on the float64 gradient


def test_a_float64_gradient_is_certified_with_what_it_is_off() -> None:
    """A gradient that is 1e-9 off is found to be 1e-9 off: never less, and hardly more."""
    (task,) = plan.tasks(Subject(random_problem(model(RNN)), derived(RNN)))
    honest = float64_errors(decided(task))
    task.floats["W_h"][0, 0] += 1e-9
    off = float64_errors(decided(task))
    assert all(0 < f.error < 1e-13 for f in honest.values() if f.error is not None)
    for name, finding in honest.items():
        expected = 1e-9 / finding.scale if name == "W_h" else finding.error
        assert off[name].error == pytest.approx(expected, rel=1e-4)


def test_the_bound_is_no_less_than_the_error_measured_with_more_digits() -> None:
    problem = random_problem(model(RNN))
    bounds = float64_errors(judged(problem, derived(RNN)))
    floats = gradients(derived(RNN), problem.forward, ADJOINT)
    with working(1000):
        truth = Enclosures(problem, derived(RNN)).gradients(ADJOINT)
        for name, array in truth.items():
            pairs = zip(array.ravel(), floats[name].ravel().tolist(), strict=True)
            error = max(float(abs(true - arb(number)).mid()) for true, number in pairs) / bounds[name].scale
            assert error <= bounds[name].error <= error * (1 + 1e-9)


def test_floats_that_overflow_are_not_certified() -> None:
    problem = with_weights(random_problem(model(LINEAR), steps=12, hidden=3), W_h=1e30)
    with np.errstate(all="ignore"):
        found = float64_errors(judged(problem, derived(LINEAR)))["W_h"]
    assert found.verdict is Verdict.NOT_RUN and "not finite" in found.reason


# --- independence


def poisoned(*args: object, **more: object) -> None:
    raise AssertionError("a rule of differentiation was asked")


@pytest.fixture
def no_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every differentiation rule, ours and SymPy's, raises."""
    rules = [differential.differential, sp.diff]
    for module in [module for name, module in sys.modules.items() if name.startswith(("derive", "verify"))]:
        for name, thing in list(vars(module).items()):
            if any(thing is rule for rule in rules):
                monkeypatch.setattr(module, name, poisoned)
    monkeypatch.setattr(sp, "diff", poisoned)
    monkeypatch.setattr(sp.Expr, "diff", poisoned)
    for name in ("slope", "derivative", "output_form"):
        monkeypatch.setattr(Elementwise, name, property(poisoned))
    for name in ("apply", "pull_back", "adjoint", "__matmul__", "__add__"):
        if hasattr(linear.Linear, name):
            monkeypatch.setattr(linear.Linear, name, poisoned)


@pytest.fixture
def subjects() -> list[Subject]:
    """Derived, and everything remembered in it, before the rules are poisoned."""
    every = (RNN, RELU, Names("gru", wiring="seq2seq", feedback=True), Names("rnn", normalisation="masked_softmax"))
    return [Subject(small(names), derived(names)) for names in every]


def test_no_rule_of_ours_is_asked(subjects: list[Subject], no_rules: None) -> None:
    with pytest.raises(AssertionError, match="a rule of differentiation"):
        derivation_of(build("indrnn"))
    for subject in subjects:
        findings = list(balls.judge(subject))
        assert findings and {finding.verdict for finding in findings} == {Verdict.ENCLOSED}


# --- the arithmetic

FORMULAS = (
    sp.exp(Z), sp.log(2 + Z), sp.sin(Z), sp.cos(Z), sp.atan(Z), sp.tanh(Z), sp.sinh(Z), sp.cosh(Z), sp.sqrt(2 + Z),
    (2 + Z) ** sp.Rational(1, 3), 1 / (3 + Z) ** 2, Z**5 / 7 - Z, sp.Integer(2) ** Z, sp.pi * Z + sp.E, sp.sqrt(2) * Z,
    sp.Piecewise((Z, sp.Rational(1, 2) < Z), (Z**2, True)), sp.Piecewise((-Z, Z < 0), (0, Z <= 0), (Z, True)),
    Z / (1 + sp.Piecewise((-Z, Z < 0), (Z, True))), 1 / (1 + sp.exp(-Z)), sp.log(1 + sp.exp(Z)), sp.tanh(3) * Z,
)  # fmt: skip
DIGITS = 60


def known(expr: sp.Expr, at: float) -> arb:
    """The value by SymPy's own arithmetic, to far more digits than the balls have."""
    return arb(str(expr.subs(Z, sp.Rational(at)).evalf(3 * DIGITS)))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FORMULAS), st.floats(-1.875, 5, width=16))
def test_a_function_and_its_slope_are_enclosed(formula: sp.Expr, at: float) -> None:
    function = Elementwise("f", formula)
    assume(sp.Rational(at) not in function.kinks)
    with working(4 * DIGITS):
        value = Balls().map(function, Balls().exact(np.array([[at]])))[0, 0]
        jet = Jets().map(function, Jets().along(np.array([[at]]), np.ones((1, 1, 1))))[0, 0, 0]
        assert value.overlaps(known(formula, at)) and jet[0].overlaps(known(formula, at))
        assert arb(jet[1]).overlaps(known(sp.diff(formula, Z), at))
        assert all(ball.rad() <= (1 + abs(ball.mid())) * arb(10) ** -DIGITS for ball in (value, jet[0], arb(jet[1])))


@pytest.mark.parametrize("formula", FORMULAS, ids=str)
def test_a_slope_that_is_off_is_not_enclosed(formula: sp.Expr) -> None:
    """The same check, checked."""
    with working(4 * DIGITS):
        point = np.array([[1.25]])
        jet = Jets().map(Elementwise("f", formula), Jets().along(point, np.ones((1, 1, 1))))[0, 0, 0]
        assert not arb(jet[1]).overlaps(known(sp.diff(formula, Z) * (1 + TRACE) + TRACE, 1.25))


def test_a_ball_across_a_corner_is_not_decided() -> None:
    relu = build("rnn", variant="relu").cell.equations[1].expression.function
    with working(FIRST):
        for ball, inside in ((arb(0, 1e-40), True), (arb(1, 0.5), False), (arb(0), True), (arb.nan(), True)):
            array = np.array([[ball]], dtype=object)
            if inside:
                with pytest.raises(UndecidableError) as caught:
                    Balls().map(relu, array)
                assert caught.value.function == "relu"
            else:
                assert Balls().map(relu, array)[0, 0].overlaps(ball)


@pytest.mark.parametrize("names", [RNN, Names("gru"), Names("rnn", normalisation="masked_softmax")], ids=str)
def test_both_arithmetics_enclose_the_forward_pass(names: Names) -> None:
    problem = small(names)
    with working(FIRST):
        for arithmetic, value in ((Balls(), lambda ball: ball), (Jets(), lambda jet: arb(jet[0]))):
            given = {where: arithmetic.exact(array) for where, array in problem.given.items()}
            found = unroll(problem.model, given, problem.sizes, arithmetic=arithmetic).values
            for where, array in problem.forward.values.items():
                finite = np.isfinite(array).ravel()
                floats = [float(value(entry).mid()) for entry in found[where].ravel()[finite]]
                assert np.allclose(floats, array.ravel()[finite], rtol=1e-12, atol=1e-14)


def test_the_series_tell_the_parameters_apart() -> None:
    """A sum over all copies of a parameter is its gradient; and no direction is another one's."""
    problem = small(RNN)
    (w,) = [w for w in problem.model.recurrent_parameters if w.name == "W_h"]
    every = plan.entries((2, 2)).array
    with working(FIRST):
        series = PowerSeries(problem)
        whole, copies = series.gradient(w, every), series.contributions(w, every)
        assert copies.shape == (3, 3, 4)
        assert all(total.overlaps(one) for total, one in zip(copies.sum(axis=(0, 1)), whole, strict=True))
        assert all(entry == 0 for late in range(3) for entry in copies[late, late + 1 :].ravel())
        assert not whole[0].overlaps(whole[1])


# --- the precision


def test_the_global_precision_is_set_back() -> None:
    before = ctx.prec, ctx.cap
    findings = balls.judge(Subject(small(RNN), derived(RNN)))
    next(findings)
    assert (ctx.prec, ctx.cap) == before, "also between two findings"
    list(findings)
    with pytest.raises(ZeroDivisionError), working(333):
        assert (ctx.prec, ctx.cap) == (333, 2)
        raise ZeroDivisionError
    assert (ctx.prec, ctx.cap) == before
    assert arb_series([1, 2, 3]).prec == ctx.cap


@pytest.mark.parametrize(
    ("radius", "expected"),
    [(inf, 2 * FIRST), (TARGET, 2 * FIRST), (1e-20, 320), (1e10, 384), (1e300, 1344), (0.0, 2 * FIRST)],
)
def test_missing_bits_are_read_off_the_radius(radius: float, expected: int) -> None:
    assert more(FIRST, radius) == expected
    assert more(HIGHEST - 1, radius) == HIGHEST


@pytest.mark.slow
def test_the_largest_problem_that_is_judged_in_full() -> None:
    """Every entry at n = 8 and T = 50, in a network where every step doubles what rounding did."""
    problem = with_weights(random_problem(model(RNN), steps=50, hidden=8), W_h=8.0)
    directions = plan._directions(problem)
    assert all(found.entries for found in directions.values())
    assert {finding.verdict for finding in judged(problem, derived(RNN))} == {Verdict.ENCLOSED}
