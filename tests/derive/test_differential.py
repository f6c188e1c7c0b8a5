"""The differential engine against complex steps of the value rules, which know nothing of differentials."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import singledispatch

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from derive import differential as module
from derive.accumulate import backward, forward, local_differentials
from derive.cell import Equation
from derive.differential import differential
from derive.entries import Entry, entry, summation_names
from derive.evaluate import evaluate
from derive.expr import ONE, Commutation, Fill, Node, Var, Vec, is_zero
from derive.functions import exp, relu, tanh
from derive.indices import dimension, entry_index
from derive.linear import Linear
from derive.nonlinear import LogSumExp, Map, Softmax
from derive.sums import Sum, walk
from derive.unroll import place
from tests.derive.trees import (
    DIMENSIONS,
    SIZES,
    VARIABLES,
    Array,
    P,
    Q,
    Tree,
    Values,
    like,
    products_with_diagonals,
    same,
    saturated,
    size,
    table,
    trees,
    value_of,
    variable,
)

SEEDS = st.integers(0, 10_000)
TREES = st.one_of(trees(depth=4), trees(depth=3))
STEP = 1e-30


def moved(node: Node, source: Var, direction: Array) -> Callable[[Values], Array]:
    """d/dε node(X + ε D), by a complex step."""
    return lambda v: (
        np.imag(value_of(node, {**v, place(source): v[place(source)] + 1j * STEP * like(v, direction)})) / STEP
    )


def cases(tree: Tree, seed: int) -> Iterator[tuple[Var, Linear, Array]]:
    """Every variable that an expression contains, its differential, and a direction."""
    present = [v for v in VARIABLES if v in set(walk(tree.node))]
    found = differential(tree.node, present)
    assert set(found) == set(present)
    rng = np.random.default_rng(seed)
    for source in present:
        yield source, found[source], rng.normal(size=size(source.shape))


def applied(change: Linear, direction: Array) -> Callable[[Values], Array]:
    name = Var("direction", *change.domain)
    image = change.apply(name)
    assert image.shape == change.codomain
    return lambda v: value_of(image, {**v, place(name): like(v, direction)})


def stacked(matrix: Array) -> Array:
    return matrix.reshape(-1, 1, order="F")


def tangents_agree(tree: Tree, seed: int) -> bool:
    return all(same(applied(change, d), moved(tree.node, x, d), seed) for x, change, d in cases(tree, seed))


@settings(deadline=None, max_examples=100)
@given(TREES, SEEDS)
def test_the_tangent_is_the_complex_step(tree: Tree, seed: int) -> None:
    assume(not saturated(tree.node, seed))
    assert tangents_agree(tree, seed)


@settings(deadline=None, max_examples=100)
@given(TREES, SEEDS)
def test_the_jacobian_acts_on_stacked_columns(tree: Tree, seed: int) -> None:
    """The matrices X are true matrices here, so a transposed one needs the commutation matrix."""
    for _, change, direction in cases(tree, seed):
        jacobian = change.matrix()
        assert jacobian.shape == tuple(rows * cols for rows, cols in (change.codomain, change.domain))
        image = applied(change, direction)
        assert same(
            lambda v, j=jacobian, d=direction: value_of(j, v) @ stacked(like(v, d)),  # type: ignore[misc]
            lambda v, f=image: stacked(f(v)),  # type: ignore[misc]
            seed,
        )


@settings(deadline=None, max_examples=100)
@given(TREES, SEEDS)
def test_the_gradient_flows_back_by_the_adjoint(tree: Tree, seed: int) -> None:
    """⟨G, L(X)⟩ = ⟨L*(G), X⟩."""
    cotangent = np.random.default_rng(seed + 1).normal(size=size(tree.node.shape))
    for _, change, direction in cases(tree, seed):
        image = applied(change, direction)
        name = Var("cotangent", *change.codomain)
        pulled = change.pull_back(name)
        assert pulled.shape == change.domain
        assert same(
            lambda v, f=image: np.sum(cotangent * f(v)).reshape(1, 1),  # type: ignore[misc]
            lambda v, p=pulled, d=direction: np.sum(  # type: ignore[misc]
                value_of(p, {**v, place(name): like(v, cotangent)}) * d  # noqa: B023
            ).reshape(1, 1),
            seed,
        )


def test_the_commutation_matrix_is_used_and_needed() -> None:
    x = variable("X", (P, Q))
    change = differential(variable("Y", (P, Q)) @ x.T, [x])[x]
    assert any(isinstance(part, Commutation) for part in walk(change.matrix()))


def test_the_commutation_matrix_swaps_rows_and_columns() -> None:
    x = variable("X", (P, Q))
    given_ = {place(x): np.arange(6.0).reshape(2, 3)}
    assert np.array_equal(value_of(Commutation(P, Q), given_) @ value_of(Vec(x), given_), value_of(Vec(x.T), given_))


def _wrong_rules() -> dict[str, tuple[type[Node], Callable[..., object], Node]]:
    from derive.expr import Hadamard, Identity, MatMul, Transpose
    from derive.linear import Sandwich, entrywise

    x, y = variable("X", (P, P)), variable("Y", (P, P))
    one = Identity(P)
    return {
        "product on the wrong side": (MatMul, lambda e, k, v: Sandwich(one, e.args[1 - k]), x @ y),
        "transpose forgotten": (Transpose, lambda e, k, v: Sandwich(one, one), x.T),
        "own factor kept": (Hadamard, lambda e, k, v: entrywise(e.args[k]), x * y),
        "slope of the value": (Map, lambda e, k, v: entrywise(v), Map(tanh, x)),
    }


@pytest.mark.parametrize("name", _wrong_rules())
def test_a_wrong_rule_would_be_seen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests above can fail: each wrong rule is planted and caught."""
    cls, rule, node = _wrong_rules()[name]
    right = module.link

    @singledispatch
    def link(expr: Node, position: int, value: Node) -> object:
        return right(expr, position, value)

    link.register(cls)(rule)
    tree = Tree(node, lambda v: value_of(node, v))
    assert tangents_agree(tree, 0)
    monkeypatch.setattr(module, "link", link)
    assert not tangents_agree(tree, 0)


def test_a_value_that_has_a_name_is_called_by_it() -> None:
    """With y = tanh(z) the differential is 1 − y ⊙ y, and z is not mentioned again."""
    z, y = variable("X", (P, ONE)), Var("y", P)
    jacobian = differential(Map(tanh, z), [z], y)[z].matrix()
    assert y in set(walk(jacobian)) and z not in set(walk(jacobian))
    soft = differential(Softmax(z), [z], y)[z].matrix()
    assert y in set(walk(soft)) and z not in set(walk(soft))


@pytest.mark.parametrize("node", [Softmax(variable("X", (Q, ONE))), LogSumExp(variable("X", (Q, ONE)))])
def test_a_defined_node_has_the_value_of_its_definition(node: Node) -> None:
    numbers = {place(v): np.random.default_rng(0).normal(size=size(v.shape)) for v in VARIABLES}
    left, right = value_of(node, numbers), value_of(node.definition, numbers)  # type: ignore[attr-defined]
    assert np.max(np.abs(left - right)) < 1e-14 * np.max(np.abs(left))


def test_a_node_without_a_rule_is_refused() -> None:
    x = variable("X", (P, ONE))
    with pytest.raises(NotImplementedError, match="no differential rule for Sum"):
        differential(Sum(x, sp.Symbol("i", integer=True), 1, 2), [x])
    with pytest.raises(NotImplementedError, match="diag"):
        from derive.expr import Diag

        differential(Diag(x), [x])


def test_an_absent_variable_has_no_differential() -> None:
    assert differential(variable("X", (P, Q)), [variable("Y", (P, Q))]) == {}
    none = Linear((P, Q), (Q, Q), ())
    assert is_zero(none.apply(variable("X", (P, Q)))) and none.matrix() == Fill(0, Q * Q, P * Q)


# --- chains of equations


def _equations() -> tuple[list[Equation], Var]:
    """A diamond: u feeds both v and w, so the paths have to be added."""
    x, w = Var("x", P, kind="input"), Var("W", P, P, kind="parameter")
    u, v, y, ell = Var("u", P), Var("v", P), Var("y", P), Var("ell", 1, kind="loss")
    return [
        Equation(u, w @ x),
        Equation(v, Map(tanh, u)),
        Equation(y, u * v + w @ (w.T @ v)),
        Equation(ell, y.T @ v),
    ], w


def _run(equations: list[Equation], values: dict[tuple[str, str, None], Array]) -> dict[tuple[str, str, None], Array]:
    env = table(values)
    for equation in equations:
        env.values[place(equation.target)] = evaluate(equation.expression, env, {})
    return env.values  # type: ignore[return-value]


def test_forward_and_backward_accumulation_agree_with_complex_steps() -> None:
    equations, w = _equations()
    rng = np.random.default_rng(0)
    point = {("x", "input", None): rng.normal(size=(2, 1)), place(w): rng.normal(size=(2, 2))}
    values = _run(equations, point)  # type: ignore[arg-type]
    columns = []
    for q in range(4):
        direction = np.zeros(4)
        direction[q] = 1
        shifted = {**point, place(w): point[place(w)] + 1j * STEP * direction.reshape(2, 2, order="F")}
        columns.append(np.imag(_run(equations, shifted)["ell", "loss", None]) / STEP)  # type: ignore[arg-type]
    truth = np.array(columns).reshape(1, 4)
    jacobian = value_of(forward(equations, w)[equations[-1].target].matrix(), values)
    assert np.max(np.abs(jacobian - truth)) < 1e-13 * np.max(np.abs(truth))
    back = backward(equations, {equations[-1].target: Fill(1, 1, 1)}, [w])
    env = table(values)
    for equation in back.named:
        env.values[place(equation.target)] = evaluate(equation.expression, env, {})
    gradient = evaluate(back.at_sources[w], env, {})
    assert np.max(np.abs(gradient - truth.reshape(2, 2, order="F"))) < 1e-13 * np.max(np.abs(truth))
    names = [equation.target for equation in back.named]
    assert len(set(names)) == len(names) and {n.kind for n in names} == {"adjoint"}


def test_local_differentials_do_not_look_through_names() -> None:
    equations, w = _equations()
    local = local_differentials(equations, [w])
    assert set(local[Var("v", P)]) == {Var("u", P)}
    assert set(local[Var("y", P)]) == {Var("u", P), Var("v", P), w}


# --- the index form

ROW, COL = entry_index("i"), entry_index("j")


@settings(deadline=None, max_examples=80)
@given(st.one_of(trees(depth=3), products_with_diagonals()), SEEDS)
def test_every_entry_of_the_index_form_is_the_entry(tree: Tree, seed: int) -> None:
    node = entry(tree.node, ROW, COL, summation_names())
    assert node.shape == (1, 1)
    rows, cols = size(tree.node.shape)

    def by_entries(v: Values) -> Array:
        env = table(v)
        return np.array([[evaluate(node, env, {ROW: r, COL: c})[0, 0] for c in range(1, cols + 1)]
                         for r in range(1, rows + 1)])  # fmt: skip

    assert same(by_entries, lambda v: value_of(tree.node, v), seed)


@pytest.mark.parametrize("shape", [(a, b) for a in DIMENSIONS for b in DIMENSIONS])
def test_an_entry_of_a_product_sums_over_what_meets(shape: tuple[sp.Expr, sp.Expr]) -> None:
    x, y = variable("X", (shape[0], Q)), variable("Y", (Q, shape[1]))
    node = entry(x @ y, ROW, COL, summation_names())
    assert isinstance(node, Sum) and (node.lower, node.upper) == (1, Q)
    assert node.body == Entry(x, ROW, node.index) * Entry(y, node.index, COL)


def test_entry_indices_are_not_dimensions_or_times() -> None:
    from derive.indices import i

    assert entry_index("n") != dimension("n") and entry_index("i") != i
    assert set(SIZES) == {P, Q}


def test_the_slope_at_a_corner_is_the_lower_side() -> None:
    x = variable("X", (P, ONE))
    numbers = {place(x): np.array([[0.0], [2.0]])}
    jacobian = value_of(differential(Map(relu, x), [x])[x].matrix(), numbers)
    assert np.array_equal(jacobian, [[0, 0], [0, 1]])
    assert differential(Map(exp, x), [x], Var("y", P))[x].apply(x) == Var("y", P) * x
