"""Every model: a right function passes, a wrong one is caught, whatever the cell and the wiring."""

from __future__ import annotations

import numpy as np
import pytest

from derive.derivation import Derivation
from tests.derive.models import COMBINATIONS, EVERY, Names, derived, model
from tests.gradcheck.box import box
from tests.gradcheck.someones import Gradients, checked, spoiled
from verify.gradcheck.convention import arguments, signature, template
from verify.mutations.catalogue import kinds
from verify.problem import random_problem
from verify.verdicts import Verdict


def some(every: int) -> pytest.MarkDecorator:
    """All models; in a quick run one of so many."""
    slow = pytest.mark.slow
    chosen = [pytest.param(names, marks=[slow] if n % every else []) for n, names in enumerate(COMBINATIONS)]
    return pytest.mark.parametrize("names", chosen, ids=str)


PLAIN = (Names("rnn", "sigmoid"), Names("indrnn", "tanh", wiring="last"), Names("leaky", "tanh", wiring="seq2seq"))


@some(3)
def test_a_right_function_is_right(names: Names) -> None:
    found = checked(box(derived(names)), names)
    assert (found.exit_code, found.faults, found.unsettled) == (0, (), "")
    assert len(found.findings) == len(model(names).parameters) + len(model(names).initial_states)
    assert len(found.problems) == 4


@EVERY
def test_what_the_function_is_given_is_what_is_said(names: Names) -> None:
    problem = random_problem(model(names), steps=5, hidden=4, inputs=2, outputs=3, batch=6)
    sizes = {symbol.name: number for symbol, number in problem.sizes.items()} | {"batch": 6}
    shapes = {name: array.shape for name, array in arguments(problem).arrays.items()}
    said = {name: eval(shape, {}, sizes) for name, shape in signature(model(names))}
    assert shapes == said
    compile(template(model(names)), "template", "exec")


@some(14)
def test_a_sign_in_the_first_gradient_is_found(names: Names) -> None:
    first = model(names).parameters[0].name

    def turn(gradients: Gradients) -> None:
        gradients[first] = -gradients[first]

    found = checked(spoiled(turn, names), names)
    assert (found.exit_code, found.wrong, found.kinds) == (1, (first,), ("wrong sign",))


def planted(derivation: Derivation, name: str) -> Derivation:
    """The derivation with a mistake of a kind in what computes the gradients of the adjoint sweep."""
    (kind,) = [kind for kind in kinds() if kind.name == name]
    mutants = [
        m for m in kind.mutants(derivation) if any(key.rpartition(":")[2].startswith("gradient.") for key in m.steps)
    ]
    return mutants[-1].derivation


@pytest.mark.parametrize(
    "kind",
    ["missing φ′", pytest.param("transposed matrix", marks=pytest.mark.slow), "limit off by one", "h_t for h_{t−1}"],
)
def test_a_planted_mistake_is_named(kind: str) -> None:
    names = PLAIN[0]
    found = checked(box(planted(derived(names), kind)), names)
    assert found.exit_code == 1 and found.mistakes[0].whole
    assert kind in found.kinds


@pytest.mark.parametrize("names", PLAIN, ids=str)
def test_nobody_is_blamed_for_our_error(names: Names) -> None:
    """Against a wrong derivation, which no oracle confirms, a right function is not judged."""
    wrong = planted(derived(names), "missing φ′")
    from verify.gradcheck.check import gradcheck

    found = gradcheck(box(derived(names)), wrong)
    assert (found.exit_code, found.right, found.wrong, found.mistakes) == (3, False, (), ())
    assert Verdict.REFUTED.value in found.unsettled


def test_a_vanishing_gradient_is_compared_at_its_own_scale() -> None:
    """The relative error decides: of a gradient of 1e-30, a wrong sign."""
    names = Names("rnn", "tanh", wiring="last")

    def tiny(gradients: Gradients) -> None:
        gradients["W_h"] = 1e-30 * gradients["W_h"]

    found = checked(spoiled(tiny, names), names)
    assert found.wrong == ("W_h",) and found.where["W_h"].pattern == "scaled"
    assert np.isclose(found.findings[0].error or 0.0, 1.0)
