"""The contract of every model in the registries: what is derived is what others find.

c_t, every b_t and every final gradient against autograd, to 1e-12 of each block and of each lag; exactly, entry by
entry, against ``sympy.diff`` at n = 2 and m = 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
import sympy as sp

from derive.assemble import derivation as derivation_of
from derive.build import scale
from derive.derivation import Derivation
from derive.errors import InputError
from derive.evaluate import evaluate
from derive.expr import Node, Scale, Var
from derive.indices import t
from derive.run import FORMS, Derived, by_lag, gradients, name_of
from derive.sums import Sum, rewrite, walk
from derive.theory import Theory, theories
from tests.derive.models import (
    ALL_OTHERS,
    EVERY,
    EVERY_HEAVY,
    EVERY_LIGHT,
    LIGHT,
    REFUSED,
    Names,
    derived,
    model,
    refused,
    weight,
)
from tests.verify.one_step import by_parameter, by_states
from verify.comparison import Subject
from verify.oracles import autograd_reverse, sympy_diff
from verify.problem import Problem, random_problem
from verify.program import Program
from verify.verdicts import Verdict

Array = np.ndarray
CLOSE = 1e-12
Pair = tuple[str, Array, Array]
"""What is compared, ours and theirs."""
Compare = Callable[[Problem, Derivation], Iterator[Pair]]


def apart(ours: Array, theirs: Array) -> float:
    """The largest difference, relative to the largest entry of the block; nothing between two exact zeros."""
    assert ours.shape == theirs.shape and np.all(np.isfinite(theirs))
    scale = np.max(np.abs(theirs))
    return float(np.max(np.abs(ours - theirs)) / scale) if scale else float(np.max(np.abs(ours)))


def far(pairs: Iterator[Pair]) -> dict[str, float]:
    """The blocks that are not close, and how far they are apart."""
    compared = {what: apart(ours, theirs) for what, ours, theirs in pairs}
    assert compared
    return {what: distance for what, distance in compared.items() if not distance <= CLOSE}


@lru_cache(maxsize=2)
def problem_of(names: Names, seed: int = 0) -> Problem:
    """Weakly driven: where no unit is saturated, and 1e-12 is what rounding allows."""
    return random_problem(
        model(names), steps=4, source_steps=3, hidden=3, inputs=2, outputs=3, batch=2, drive=0.3, seed=seed
    )


def far_always(compare: Compare, names: Names, derivation: Derivation) -> set[str]:
    """The blocks that are not close in any of three draws: in one, the terms of a block may happen to cancel."""
    always = set(far(compare(problem_of(names), derivation)))
    for seed in (1, 2):
        if always:
            always &= set(far(compare(problem_of(names, seed), derivation)))
    return always


def whole_gradients(problem: Problem, derivation: Derivation) -> Iterator[Pair]:
    tied = Program(problem)
    found = {name: rows.value.sum(axis=0) for name, rows in autograd_reverse.jacobian(tied, tied.point).items()}
    for form in FORMS:
        ours = gradients(derivation, problem.forward, form)
        parameters = derivation.model.parameters if form.name == "adjoint" else derivation.model.recurrent_parameters
        assert set(ours) == {name_of(w) for w in (*parameters, *derivation.model.initial_states)}
        yield from ((f"{form.name}: {name}", array, found[name]) for name, array in ours.items())


def lags(problem: Problem, derivation: Derivation) -> Iterator[Pair]:
    """Entry (t, i) of autograd's Jacobian is ∂ℓ_t by the copy of the weights at step i."""
    copies = Program(problem, untied=True)
    point = {w.name: copies.point[w.name] for w in derivation.model.recurrent_parameters}
    found = autograd_reverse.jacobian(copies, point)
    for theory in theories(derivation.model):
        steps = problem.sizes[theory.length]
        for w in theory.phase.parameters:
            rows = found[w.name].value
            by_pair = [rows.sum(axis=0)] if theory.single else list(rows)
            last = [steps - 1] if theory.single else range(steps)
            ours = by_lag(derivation, problem.forward, theory, w)
            assert set(ours) == set(range(steps))
            for lag, array in ours.items():
                terms = [row[late - lag] for row, late in zip(by_pair, last, strict=True) if late >= lag]
                yield f"lag {lag}: {w.name}", array, np.sum(terms, axis=0)


def jacobians(problem: Problem, derivation: Derivation) -> Iterator[Pair]:
    alone = problem.one_sequence()
    for theory in theories(derivation.model):
        env = Derived(derivation, alone.forward)
        for step in (1, alone.sizes[theory.length]):
            for key, source in letters(theory):
                ours = evaluate(derivation[key].rhs, env, {t: step})
                theirs = (
                    by_states(alone, theory.phase, step)
                    if source is None
                    else by_parameter(alone, theory.phase, step, source)
                )
                yield f"{key} at {step}", np.broadcast_to(ours, (1, *theirs.shape))[0], theirs


def letters(theory: Theory) -> Iterator[tuple[str, Var | None]]:
    """c_t, and every b_t with its parameter."""
    yield theory.key("local.c"), None
    yield from ((theory.key(f"local.b_{w.name}"), w) for w in theory.phase.parameters)


@EVERY
def test_every_gradient_is_that_of_autograd(names: Names) -> None:
    assert far_always(whole_gradients, names, derived(names)) == set()


@EVERY
def test_every_lag_is_that_of_autograd(names: Names) -> None:
    assert far_always(lags, names, derived(names)) == set()


@EVERY
def test_every_jacobian_is_that_of_autograd_through_one_step(names: Names) -> None:
    assert far_always(jacobians, names, derived(names)) == set()


@pytest.mark.parametrize("names", [names for names in LIGHT if weight(names) <= 16], ids=str)
def test_every_entry_is_exactly_that_of_sympy_diff(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sympy_diff, "STEPS", (1,))
    assert_exact(names)


@pytest.mark.slow
@EVERY_HEAVY
def test_every_entry_of_a_large_model_is_exactly_that_of_sympy_diff(names: Names) -> None:
    assert_exact(names)


def assert_exact(names: Names) -> None:
    findings = list(sympy_diff.judge(Subject(problem_of(names), derived(names))))
    assert {f.verdict for f in findings} == {Verdict.EXACT}
    about = {f.claim for f in findings}
    assert about >= {f"gradient.{name_of(w)}" for w in problem_of(names).sources}
    assert about >= {key for theory in theories(model(names)) for key, _ in letters(theory)}
    assert {(f.sizes["n"], f.sizes["m"]) for f in findings} == {(2, 1)}


@pytest.mark.slow
@ALL_OTHERS
def test_the_contract_of_every_other_model(names: Names) -> None:
    derivation = derivation_of(model(names))  # not remembered: there are hundreds
    for compare in (whole_gradients, lags, jacobians):
        assert far_always(compare, names, derivation) == set()


@pytest.mark.slow
@EVERY_LIGHT
def test_more_steps_are_exactly_those_of_sympy_diff(names: Names) -> None:
    assert_exact(names)


# --- what there is not


@pytest.mark.parametrize(
    "names", {(names.cell, names.layers, names.feedback): names for names in REFUSED}.values(), ids=str
)
def test_what_makes_no_sense_is_refused_with_the_reason(names: Names) -> None:
    with pytest.raises(InputError, match=refused(names)) as caught:
        model(names)
    assert caught.value.mend


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"loss": "softmax_cross_entropy", "normalisation": "relu"}, "makes no sense of a relu output"),
        ({"loss": "binary_cross_entropy", "normalisation": "softmax"}, "makes no sense of a softmax output"),
        ({"bridge": "softmax"}, "no encoder for a bridge to follow"),
        ({"wiring": "last", "bridge": "sigmoid"}, "no encoder for a bridge to follow"),
        ({"bridge": "nothing"}, "there is no bridge 'nothing'"),
        ({"layers": 0}, "0 is not a number of layers"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(how: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        model(Names(**how))  # type: ignore[arg-type]
    assert caught.value.mend


@pytest.mark.slow
def test_everything_else_is_accepted() -> None:
    from tests.derive.models import EVERY_COMBINATION

    assert all(model.__wrapped__(names).phases for names in EVERY_COMBINATION)
    assert all(refused(names) for names in REFUSED)


# --- the checks, checked

LSTM = Names("lstm", wiring="seq2seq")
PLANTED = {
    "gradient.W_hf": whole_gradients,
    "form.carry_W_hf": whole_gradients,
    "form.expanded_W_hf": whole_gradients,
    "local.c": jacobians,
    "local.b_b_if": jacobians,
    "encoder:local.c": jacobians,
    "encoder:crossing.g": whole_gradients,
}


@pytest.mark.parametrize("key", PLANTED)
def test_a_trace_of_an_error_is_found_by_the_contract(key: str) -> None:
    """A part in 10¹¹ too much."""
    right = derived(LSTM)
    wrong = right.with_step(key, rhs=scale(1 + sp.Rational(1, 10**11), right[key].rhs))
    compare = PLANTED[key]
    assert far_always(compare, LSTM, wrong) != set() and far_always(compare, LSTM, right) == set()


@pytest.mark.parametrize("key", ["form.expanded_W_hf", "encoder:form.expanded_W_hf^e"])
def test_a_trace_of_an_error_in_one_term_is_found_in_every_lag(key: str) -> None:
    right = derived(LSTM)

    def more(part: Node) -> Node | None:
        is_inner = isinstance(part, Sum) and not any(isinstance(inside, Sum) for inside in walk(part.body))
        return Sum(scale(1 + sp.Rational(1, 10**11), part.args[0]), *part.args[1:]) if is_inner else None

    found = far_always(lags, LSTM, right.with_step(key, rhs=rewrite(right[key].rhs, more)))
    name = key.partition("_")[2]
    steps = problem_of(LSTM).label["S" if key.startswith("encoder") else "T"]
    assert found == {f"lag {lag}: {name}" for lag in range(steps)}


def test_an_error_in_any_letter_is_found_by_sympy_diff(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the decoder too, whose first state another phase gives."""
    monkeypatch.setattr(sympy_diff, "STEPS", (1,))
    names = Names("rnn", wiring="seq2seq")
    right = derived(names)
    for key in ("local.c", "local.b_W_h", "encoder:local.c", "encoder:local.b_W_i^e"):
        wrong = right.with_step(key, rhs=Scale(2, right[key].rhs))
        found = sympy_diff.judge(Subject(problem_of(names), wrong))
        assert key in {f.claim for f in found if f.verdict is Verdict.REFUTED}


def test_a_problem_of_the_contract_has_a_batch_and_lengths_that_differ() -> None:
    problem = problem_of(LSTM)
    assert problem.label["batch"] == 2 and problem.label["S"] != problem.label["T"]
    assert replace(problem, seed=1).sources == problem.sources
