"""How far a loss reaches back: against the derived double sum, and against another library's reverse mode."""

from __future__ import annotations

from dataclasses import replace

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from derive.arithmetic import Floating
from derive.expr import Var
from derive.growth import trajectory
from derive.growth.chain import chain_of
from derive.growth.memory import Memory, memory, reach
from derive.indices import T
from derive.run import by_lag
from derive.theory import Theory
from derive.unroll import place, unroll
from tests.derive.models import CELLS, Names, derived
from tests.growth.chains import drawn
from verify.problem import Problem

Array = np.ndarray
STEPS = 7
LAST = [
    *(Names(cell, variant, wiring="last") for cell, variant in CELLS if variant in ("", "tanh", "relu")),
    Names("rnn", wiring="last", layers=2),
    Names("gru", wiring="last", feedback=True),
    Names("rnn", wiring="last", loss="softmax_cross_entropy"),
    Names("lstm", wiring="last", loss="binary_cross_entropy"),
    pytest.param(Names("lstm", wiring="last", layers=2), marks=pytest.mark.slow),
]
EVERY = [
    Names("rnn"),
    Names("gru"),
    Names("rnn", feedback=True),
    Names("rnn", layers=2),
    Names("jordan"),
    Names("rnn", wiring="seq2seq"),
    Names("rnn", wiring="seq2seq", loss="softmax_cross_entropy", feedback=True),
    pytest.param(Names("peephole"), marks=pytest.mark.slow),
    pytest.param(Names("lstm", layers=2), marks=pytest.mark.slow),
    pytest.param(Names("gru", wiring="seq2seq", feedback=True), marks=pytest.mark.slow),
]


def followed(names: Names, problem: Problem, **how: int) -> Memory:
    return memory(derived(names), chain_of(derived(names), problem.given, problem.sizes), **how)


def close(log: float, array: Array, scale: float, what: object) -> None:
    """The norm of a term: to 10⁻¹⁰, unless the derived sum is itself all rounding of a larger one."""
    wanted = float(np.linalg.norm(array))
    assert abs(np.exp(log) - wanted) <= 1e-10 * wanted + 1e-14 * scale, what


def parameters(problem: Problem) -> tuple[Var, ...]:
    return problem.model.main.parameters


@pytest.mark.parametrize("names", LAST, ids=str)
def test_one_loss_is_the_derived_sum_by_lag(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trajectory, "NUMBERS", 3 * 4**2)
    problem = drawn(names, steps=STEPS)
    found = followed(names, problem)
    assert found.ends == (STEPS,) and found.log_adjoint.shape == (1, STEPS)
    assert set(found.log_norms) == {w.name for w in parameters(problem)}
    for w in parameters(problem):
        lags = by_lag(derived(names), problem.forward, Theory(problem.model), w)
        assert set(lags) == set(range(STEPS))
        scale = max(float(np.linalg.norm(a)) for a in lags.values())
        for lag, array in lags.items():
            close(found.log_norms[w.name][0, lag], array, scale, (w.name, lag))
    shifted = by_lag(derived(names), problem.forward, Theory(problem.model), parameters(problem)[0])
    sizes = [float(np.linalg.norm(shifted[lag])) for lag in range(STEPS)]
    ours = np.exp(found.log_norms[parameters(problem)[0].name][0])
    assert not np.allclose(ours[:-1], sizes[1:], rtol=1e-6, atol=0), "a lag that is off by one is seen"


def by_autograd(names: Names, problem: Problem, end: int, sequence: int) -> dict[str, dict[int, Array]]:
    """∂ℓ_end/∂(the parameter as step i uses it), for every i: every step is given a copy of its own."""
    model, given = problem.model, problem.one_sequence().given
    given = {
        where: a[sequence : sequence + 1] if where[1] in ("input", "target") else a
        for where, a in problem.given.items()
    }
    ell = place(model.readout.loss.target.at(end))

    def loss(copies: dict[str, dict[int, Array]]) -> Array:
        own = {(w, "parameter", step): a for w, steps in copies.items() for step, a in steps.items()}
        return anp.sum(unroll(model, {**given, **own}, problem.sizes, arithmetic=Floating(anp)).values[ell])

    value = {w.name: {step: given[place(w)] for step in range(1, problem.sizes[T] + 1)} for w in parameters(problem)}
    return grad(loss)(value)


@pytest.mark.parametrize("names", EVERY, ids=str)
def test_every_loss_is_what_autograd_says(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trajectory, "NUMBERS", 3 * 2 * 4**2)
    problem = drawn(names, steps=STEPS, batch=2)
    for sequence in (0, 1):
        found = followed(names, problem, sequence=sequence, ends=3)
        assert found.ends[-1] == STEPS and len(found.ends) == 3 and found.ends[0] >= STEPS // 2
        for row, end in enumerate(found.ends):
            wanted = by_autograd(names, problem, end, sequence)
            for name, steps in wanted.items():
                outside = found.log_norms[name][row, end:]
                assert np.isnan(outside).all() and np.isnan(found.log_adjoint[row, end:]).all()
                scale = max(float(np.linalg.norm(a)) for a in steps.values())
                for step, array in steps.items():
                    if step <= end:
                        close(found.log_norms[name][row, end - step], array, scale, (name, end, step))
                    elif names.wiring != "seq2seq":
                        assert not np.any(array)
    assert not np.allclose(
        followed(names, problem, sequence=0, ends=3).log_adjoint[0, 0], found.log_adjoint[0, 0], rtol=1e-9
    )


@pytest.mark.parametrize("names", [Names("rnn"), Names("lstm"), Names("gru", wiring="last")], ids=str)
def test_the_adjoint_is_what_arrives_at_the_state(names: Names) -> None:
    problem = drawn(names, steps=STEPS)
    ours = chain_of(derived(names), problem.given, problem.sizes)
    found = memory(derived(names), ours, ends=2)
    factors = [np.eye(ours.size)]
    for _, links in ours.links():
        matrix = np.eye(ours.size)
        for link in links:
            matrix = matrix @ (link.dense() if hasattr(link, "dense") else link)
        factors.append(matrix)
    for row, end in enumerate(found.ends):
        sizes = np.exp(found.log_adjoint[row])
        # along the chain the ratio of two lags is between the smallest and the largest stretch of the factor between
        for lag in range(end - 1):
            stretch = np.linalg.svd(factors[end - lag], compute_uv=False)
            assert stretch[-1] * (1 - 1e-9) <= sizes[lag + 1] / sizes[lag] <= stretch[0] * (1 + 1e-9)


def test_terms_far_below_any_float() -> None:
    """Steps of a strongly contracting network: the last term is of size 10⁻²⁰⁰⁰, and is right."""
    names = Names("rnn", "identity", wiring="last")
    problem = drawn(names, steps=4_000, hidden=2, start="orthogonal", gain=0.3)
    found = followed(names, problem)
    adjoint = found.log_adjoint[0]
    assert adjoint[-1] < -4_700
    assert np.allclose(np.diff(adjoint), np.log(0.3), rtol=0, atol=1e-12)
    inputs = found.log_norms["W_i"][0]
    assert inputs[-1] == pytest.approx(adjoint[-1] + np.log(np.linalg.norm(problem.given["x", "input", 1])), abs=1e-8)


def test_a_loss_that_says_nothing() -> None:
    """A gradient of zero reaches nowhere."""
    names = Names("rnn", wiring="last")
    problem = drawn(names, steps=5)
    blind = {**problem.given, ("W_o", "parameter", None): np.zeros_like(problem.given["W_o", "parameter", None])}
    found = followed(names, replace(problem, given=blind))
    assert np.isneginf(found.log_adjoint).all() and np.isneginf(found.log_whole).all()
    assert reach(found.log_whole, 1e-2).tolist() == [0]


def test_one_step() -> None:
    for names in (Names("rnn"), Names("rnn", wiring="last"), Names("lstm", wiring="seq2seq")):
        found = followed(names, drawn(names, steps=1))
        assert found.ends == (1,) and found.log_whole.shape == (1, 1) and np.isfinite(found.log_whole).all()


def test_all_parameters_together() -> None:
    found = followed(Names("gru"), drawn(Names("gru"), steps=STEPS))
    wanted = np.sqrt(sum(np.exp(2 * norms) for norms in found.log_norms.values()))
    known = ~np.isnan(wanted)
    assert np.allclose(np.exp(found.log_whole)[known], wanted[known], rtol=1e-12)
    assert np.array_equal(np.isnan(found.log_whole), ~known)
    assert [int(k.sum()) for k in known] == list(found.ends)


INF, NAN = np.inf, np.nan


@pytest.mark.parametrize(("row", "fraction", "wanted"), [
    ([0.0, -1.0, -5.0, -9.0], 1e-2, 2),  # log 0.01 = −4.6
    ([0.0, -1.0, -5.0, -9.0], 1e-6, 4),  # longer than can be seen
    ([0.0, -9.0, -1.0, -9.0], 1e-2, 3),  # from which lag on *every* term is below
    ([-3.0, 0.0, -4.0, -20.0], 1e-2, 3),  # of the largest, wherever it is
    ([0.0, 0.0, 0.0], 1e-2, 3),
    ([0.0, -INF, -INF], 1e-2, 1),
    ([-INF, -INF], 1e-2, 0),
    ([-1e5, -1e5 - 1, -1e5 - 9], 1e-2, 2),
    ([0.0, -1.0, NAN, NAN], 1e-2, 2),
    ([0.0, -9.0, NAN], 1e-2, 1),
    ([NAN, NAN], 1e-2, 0),
    ([5.0], 1e-2, 1),
    ([0.0, np.log(1e-2)], 1e-2, 2),  # not below it
    ([0.0, np.log(1e-2) - 1e-9], 1e-2, 1),
])  # fmt: skip
def test_reach(row: list[float], fraction: float, wanted: int) -> None:
    assert reach(np.array([row]), fraction).tolist() == [wanted]
