"""The gradient written out in scalars: its values, its size, and that it is what the derivation says."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.assemble import derivation as assembled
from derive.build import scale
from derive.compiled.exact import InexactError
from derive.compiled.given import Wanted
from derive.errors import InputError
from derive.indices import S, T
from derive.model import build
from derive.unrolled.nodes import Graph, Node, needed
from derive.unrolled.reading import Floats, Fractions, read, to_sympy
from derive.unrolled.unrolled import Unrolled, Unroller
from tests.compiled.models import CROSSING, EVERY, EXACT, EXTRAS, VARIANTS, apart, interpreted, problem, total
from tests.derive.models import Names, derived, model
from verify.problem import Problem, random_problem

SOME = (*EVERY[::5], *VARIANTS[1::2], *EXTRAS[::4], *CROSSING[::6])
SMALL = {"steps": 3, "hidden": 2, "inputs": 2, "outputs": 2, "batch": 1}
WRONG, SEEN = sp.Rational(9, 8), 1e-3


def values(found: Unrolled, of: Problem) -> tuple[float, dict[str, np.ndarray]]:
    """Loss and gradients as floats, at the numbers of a problem."""
    numbers = read(found.roots, leaves(found, of), Floats())
    gradients, first = {}, 1
    for name, array in found.gradients.items():
        gradients[name] = np.array(numbers[first : first + array.size], dtype=float).reshape(array.shape)
        first += array.size
    return float(numbers[0]), gradients


def leaves(found: Unrolled, of: Problem) -> dict[Node, float]:
    numbers = Wanted(of.model).of_table(of.given, of.sizes).of
    return {
        node: float(number)
        for key, array in found.given.items()
        for node, number in zip(array.ravel(), numbers[key].ravel(), strict=True)
    }


def agrees(unroller: Unroller, of: Problem, wanted: Mapping[str, np.ndarray]) -> None:
    loss, found = values(unroller(of.sizes), of)
    assert abs(loss - total(of)) <= EXACT * abs(total(of))
    assert max(apart(found, wanted).values()) < EXACT


@pytest.mark.parametrize("names", SOME, ids=str)
def test_every_model(names: Names) -> None:
    for sizes in (SMALL, {**SMALL, "steps": 1, "hidden": 1}):
        of = problem(names, **sizes)
        agrees(Unroller(derived(names)), of, interpreted(names, of))


@given(st.sampled_from(SOME), st.tuples(*[st.integers(1, 3)] * 4), st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_any_sizes(names: Names, sizes: tuple[int, ...], seed: int) -> None:
    steps, hidden, inputs, outputs = sizes
    of = problem(names, steps=steps, hidden=hidden, inputs=inputs, outputs=outputs, batch=1, seed=seed)
    wanted = interpreted(names, of)
    found = values(Unroller(derived(names))(of.sizes), of)[1]
    scale_ = max(float(np.max(np.abs(array))) for array in wanted.values())
    assert max(float(np.max(np.abs(found[name] - array))) for name, array in wanted.items()) <= 1e-10 * scale_


@pytest.mark.parametrize("names", SOME, ids=str)
def test_it_grows_in_proportion_to_the_steps(names: Names) -> None:
    """The same number of operations more for each step more, of the decoder and of the encoder."""
    unroller, of = Unroller(derived(names)), problem(names, **SMALL)
    for length in (T, S):
        if length in of.sizes:
            counts = [unroller({**of.sizes, length: steps}).operations for steps in range(3, 8)]
            first, second = np.diff(counts), np.diff(counts, 2)
            assert (first > 0).all() and (second == 0).all()


@pytest.mark.parametrize("names", SOME[::4], ids=str)
def test_nothing_is_written_twice(names: Names) -> None:
    found = Unroller(derived(names))(problem(names, **SMALL).sizes)
    written = [(node.operation, *node.operands) for node in found.graph.nodes]
    assert len(set(written)) == len(written)
    places = [node.number for node in found.graph.nodes]
    assert places == list(range(len(places)))
    for node in needed(found.roots):
        assert all(own.number < node.number for own in node.operands if isinstance(own, Node))


@pytest.mark.parametrize("wiring", ["every", "last", "seq2seq"])
def test_sympy_differentiates_the_loss_to_the_same(wiring: str) -> None:
    """Two steps of one unit: SymPy's own derivative of the loss that was written out, at numbers of thirty digits."""
    of = random_problem(build("rnn", loss="squared_error", wiring=wiring), steps=2, hidden=1, inputs=1, outputs=1)
    found = Unroller(assembled(of.model))(of.sizes)
    loss, *entries = to_sympy(found.roots)
    symbols = sorted(loss.free_symbols, key=str)
    named = {str(symbol).partition("[")[0]: symbol for symbol in symbols}
    exact = [sp.diff(loss, named[name]) for name in found.gradients]
    both = sp.lambdify(symbols, [*exact, *entries], "mpmath", cse=True)
    with mpmath.workdps(30):
        numbers = both(*(mpmath.mpf((-1) ** place * (1 + place)) / 7 for place in range(len(symbols))))
        for wanted, ours in zip(numbers[: len(exact)], numbers[len(exact) :], strict=True):
            assert wanted != 0 and abs(wanted - ours) <= abs(wanted) * mpmath.mpf(10) ** -25


def test_a_polynomial_network_in_fractions() -> None:
    """No rounding at all: the loss moved by a rational h in one weight is a polynomial in h, of degree 2(T + 1)."""
    of = random_problem(build("rnn", variant="identity", loss="squared_error"), steps=3, hidden=2, inputs=1, outputs=1)
    found = Unroller(assembled(of.model), ("W_h",))(of.sizes)
    at = {node: Fraction(number).limit_denominator(8) for node, number in leaves(found, of).items()}
    degree = 2 * 4
    for place, node in np.ndenumerate(found.given["parameter", "W_h"]):
        points = range(-degree, degree + 1)
        losses = [read([found.loss], {**at, node: at[node] + h}, Fractions())[0] for h in points]
        (ours,) = read([found.gradients["W_h"][place]], at, Fractions())
        assert ours == slope(dict(zip(points, losses, strict=True)))


def slope(at: Mapping[int, Fraction]) -> Fraction:
    """At 0, of the polynomial through some points: Σ_k f(k)/k ∏_{j≠k} j/(j − k), and for k = 0 the sum of −1/j."""
    found = Fraction(0)
    for k, value in at.items():
        others = [j for j in at if j != k]
        if k == 0:
            found += value * sum(Fraction(-1, j) for j in others)
            continue
        weight = Fraction(1, k)
        for j in others:
            weight *= Fraction(j, j - k) if j else 1
        found += value * weight
    return found


def test_an_error_in_a_step_is_an_error_in_the_expressions() -> None:
    names = Names("lstm")
    of, derivation = problem(names, **SMALL), derived(names)
    right = interpreted(names, of)
    planted = derivation.with_step("gradient.delta-c", rhs=scale(WRONG, derivation["gradient.delta-c"].rhs))
    found = values(Unroller(planted)(of.sizes), of)[1]
    assert max(apart(found, right).values()) > SEEN


def test_a_function_that_fractions_do_not_have() -> None:
    of = random_problem(model(Names("rnn")), steps=1, hidden=1, inputs=1, outputs=2)
    found = Unroller(derived(Names("rnn")))(of.sizes)
    with pytest.raises(InexactError, match=r"tanh|exp"):
        read(found.roots, {node: Fraction(1) for array in found.given.values() for node in array.flat}, Fractions())


def test_a_gradient_that_there_is_not() -> None:
    with pytest.raises(InputError, match="W_q"):
        Unroller(derived(Names("rnn")), ("W_q",))({})


def test_garbage_is_collected_afterwards() -> None:
    Unroller(derived(Names("rnn")))(problem(Names("rnn"), **SMALL).sizes)
    assert gc.isenabled()


def test_what_is_known_of_nought_and_one() -> None:
    graph = Graph()
    a, b = graph.symbol("a"), graph.symbol("b")
    assert a + 0 is a and a * 1 is a and a - 0 is a and a / 1 is a and 1 * a is a
    assert a * 0 == 0 and a - a == 0 and a / a == 1 and 0 / a == 0
    assert a + b is b + a and a * b is b * a and a - b is not b - a
    assert a * 0.5 is a * Fraction(1, 2) and a * 0.1 is a * Fraction(1, 10)
    assert len(graph.nodes) == len({(node.operation, *node.operands) for node in graph.nodes})
