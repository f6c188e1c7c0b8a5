"""What belongs to the recurrence, and what comes after it; names that would meet; and the lags of every wiring."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from derive.assemble import derivation
from derive.build import hadamard
from derive.cell import Cell, Equation, given, inner, lag, parameter, state
from derive.expr import Node, Var, ones
from derive.functions import sigmoid, tanh
from derive.indices import N_INPUT, N_STATE, S, T, t
from derive.model import Model, build
from derive.nonlinear import Map
from derive.phase import needed_for, of_equations, reads_the_past
from derive.run import FORMS, by_lag, gradients
from derive.sums import walk
from derive.theory import Theory, theories
from tests.derive.models import Names, derived, model
from verify.judge import evidence
from verify.oracles import sympy_diff
from verify.problem import random_problem
from verify.verdicts import Verdict

N, M = N_STATE, N_INPUT
h, x, z, v = state("h", N), given("x", M), inner("z", N), inner("v", N)
W, U, V, b = parameter("W_h", N, N), parameter("W_i", N, M), parameter("V", N, N), parameter("b", N)
STEP = (Equation(z, W @ lag(h) + U @ x + b), Equation(h, Map(tanh, z)))

A, B, C, D = (inner(name, N) for name in "abcd")


def test_what_is_needed_is_what_the_equations_lead_back_to() -> None:
    equations = (Equation(A, U @ x), Equation(B, Map(tanh, A)), Equation(C, W @ B), Equation(D, V @ lag(h)))
    assert needed_for(equations, [C]) == {C, W, B, A, U, x}
    assert needed_for(equations, [C], known=[B]) == {C, W, B}
    assert needed_for(equations, [C], known=[C]) == {C, W, B, A, U, x}, "a target is followed, known or not"
    assert needed_for(equations, [D]) == {D, V, lag(h)}
    assert needed_for(equations, []) == set()
    assert reads_the_past(needed_for(equations, [D]), [h]) and not reads_the_past({A, B, h}, [h])


def test_a_phase_keeps_what_its_states_need() -> None:
    unused = Equation(v, V @ h)
    found = of_equations(cell_of((*STEP, unused), v), (*STEP, unused), (h,), (W, U, V, b), T)
    assert found.equations == STEP and found.parameters == (W, U, b) and found.inputs == (x,)


def cell_of(equations: tuple[Equation, ...], visible: Var | None = None, states: tuple[Var, ...] = (h,)) -> Cell:
    used = tuple(w for w in (W, U, V, b) if any(w in walk(e.expression) for e in equations))
    return Cell("test", "a test", states, (x,), used, equations, visible=visible)


SEEN: dict[str, tuple[Callable[[], Node], bool]] = {
    "a function of the state": (lambda: Map(sigmoid, h), False),
    "a layer of its own on the state": (lambda: Map(tanh, V @ h), False),
    "the past": (lambda: h + lag(h), True),
    "the past alone": (lambda: V @ lag(h), True),
    "a shared parameter": (lambda: Map(tanh, W @ h), True),
    "a quantity inside the step": (lambda: hadamard(h, z), True),
    "the input": (lambda: Map(tanh, h + U @ x), True),
    "the input with weights of its own": (lambda: hadamard(h, ones(N) + Map(tanh, parameter("V", N, M) @ x)), False),
}


def seen_through(name: str) -> Cell:
    expression = SEEN[name][0]()
    extra = tuple(w for w in (parameter("V", N, M), V) if w in walk(expression))
    equations = (*STEP, Equation(v, expression))
    return Cell("test", "a test", (h,), (x,), (W, U, b, *extra), equations, visible=v)


@pytest.mark.parametrize("wiring", ["every", "last", "seq2seq"])
@pytest.mark.parametrize("name", SEEN)
def test_what_the_readout_sees_becomes_a_state_where_it_has_to(
    name: str, wiring: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sympy_diff, "STEPS", (1,))
    built = build(seen_through(name), loss="squared_error", wiring=wiring)
    assert (v in built.main.states) is SEEN[name][1]
    assert (v in {e.target for e in built.after}) is not SEEN[name][1]
    assert set(built.recurrent_parameters) & set(built.parameters_after) == set()
    problem = random_problem(built, steps=3, hidden=2, inputs=1, outputs=2, batch=2)
    found = evidence(derivation(built), problem, ["complex_step", "sympy_diff"])
    assert {f.verdict for f in found.findings} <= {Verdict.PROVED, Verdict.EXACT, Verdict.AGREED}
    gradients_ = {f.claim for f in found.findings if f.verdict is Verdict.EXACT}
    assert gradients_ >= {f"gradient.{w.name}" for w in built.parameters}


def test_a_visible_state_is_not_a_new_one() -> None:
    built = build(cell_of(STEP, visible=h), loss="squared_error")
    assert built.main.states == (h,) and [e.target.name for e in built.after] == ["s", "o", "ell"]


# --- letters


def named(letter: str) -> Model:
    """The vanilla cell with its pre-activation called ``letter``."""
    own = inner(letter, N)
    return build(cell_of((Equation(own, W @ lag(h) + U @ x), Equation(h, Map(tanh, own)))), loss="squared_error")


@pytest.mark.parametrize(
    ("letter", "large"), [("z", False), *((name, True) for name in ("a", "b", "c", "g", "f", "delta"))]
)
def test_letters_that_would_meet_those_of_the_model_become_capital(letter: str, large: bool) -> None:
    theory = Theory(named(letter))
    letters = [theory.a(), theory.b(), theory.c(), theory.g()]
    assert [v.name for v in letters] == (list("ABCG") if large else list("abcg"))
    assert theory.f().name == ("Phi" if large else "f")
    used = {e.target.name for e in theory.model.equations}
    assert large == bool(used & {"a", "b", "c", "g", "delta", "f"})


def test_an_index_that_is_a_gate_gives_way() -> None:
    assert str(Theory(named("i")).early) == "k" and str(Theory(named("z")).early) == "i"


@pytest.mark.parametrize("letter", ["c", "g", "i", "delta", "f"])
def test_a_model_with_such_a_name_is_derived_like_any_other(letter: str) -> None:
    built = named(letter)
    found = evidence(derivation(built), random_problem(built, steps=4, hidden=2, batch=2), ["complex_step"])
    assert {f.verdict for f in found.findings} == {Verdict.PROVED, Verdict.AGREED}


def test_every_phase_has_letters_of_its_own() -> None:
    for names in (Names("lstm", wiring="seq2seq"), Names("rnn", wiring="seq2seq")):
        decoder, encoder = theories(model(names))
        ours = {x.name for th in (decoder,) for x in (th.a(), th.b(), th.c(), th.g(), th.delta(), th.w, th.state)}
        theirs = {x.name for x in (encoder.a(), encoder.b(), encoder.c(), encoder.g(), encoder.delta(), encoder.w,
                                   encoder.state)}  # fmt: skip
        assert not ours & theirs


# --- lags


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("names", [Names("lstm", wiring="last"), Names("rnn", wiring="last", feedback=True)], ids=str)
def test_with_one_loss_a_lag_is_counted_from_the_last_step(names: Names, batch: int) -> None:
    """L = ℓ_T: the share of lag k is that of step T − k, and T does not average."""
    problem = random_problem(model(names), steps=4, hidden=2, batch=batch, drive=0.5)
    theory = Theory(model(names))
    assert theory.single
    adjoint = gradients(derived(names), problem.forward, FORMS[2])
    for w in theory.phase.parameters:
        lags = by_lag(derived(names), problem.forward, theory, w)
        assert sorted(lags) == [0, 1, 2, 3]
        total = sum(lags.values())
        assert np.max(np.abs(total - adjoint[w.name])) <= 1e-13 * np.max(np.abs(adjoint[w.name]))


@pytest.mark.parametrize("batch", [1, 3])
def test_in_an_encoder_a_lag_is_counted_from_its_end(batch: int) -> None:
    names = Names("gru", wiring="seq2seq")
    problem = random_problem(model(names), steps=2, source_steps=5, hidden=2, batch=batch)
    decoder, encoder = theories(model(names))
    adjoint = gradients(derived(names), problem.forward, FORMS[2])
    for theory, steps in ((decoder, problem.sizes[T]), (encoder, problem.sizes[S])):
        for w in theory.phase.parameters:
            lags = by_lag(derived(names), problem.forward, theory, w)
            assert sorted(lags) == list(range(steps))
            total = sum(lags.values())
            assert np.max(np.abs(total - adjoint[w.name])) <= 1e-13 * np.max(np.abs(adjoint[w.name]))


# --- the last step alone


@pytest.mark.parametrize("names", [Names("rnn", wiring="last"), Names("lstm", wiring="last")], ids=str)
def test_with_one_loss_the_recursion_has_no_seed(names: Names) -> None:
    theory, d = Theory(model(names)), derived(names)
    recursion = d["adjoint.recursion"]
    assert theory.g().head not in {part.head for part in recursion.rhs.atoms(Var)}
    assert recursion.rhs == theory.c(t + 1).T @ theory.delta(t + 1)
    every = derived(Names(names.cell))["adjoint.recursion"]
    assert Theory(model(Names(names.cell))).g() in every.rhs.atoms(Var)
    assert d["adjoint.last"].rhs == theory.g(T)
