"""Expressions: the constructors that simplify give the value of what was written, and refuse what does not fit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from derive import build
from derive import expr as ex
from derive.errors import ShapeError
from derive.evaluate import evaluate
from derive.expr import Identity, MatMul, Node, Scale, Transpose, Var, ones, zeros
from derive.functions import exp, reciprocal, tanh
from derive.indices import dimension, i, j, t
from derive.nonlinear import LogSumExp, Map, Softmax
from derive.plain import plain
from derive.simplify import cancel_reciprocals
from derive.sums import OrderedProduct, Sum, reindex, rewrite, substitute
from derive.unroll import Table, place
from tests.derive.trees import P, Tree, close, products_with_diagonals, same, size, trees, value_of, values, variable

N, M = dimension("n"), dimension("m")
A, B, C = (Var(name, N, N) for name in "ABC")
U, V, W = (Var(name, N) for name in "uvw")
R = Var("R", N, M)
SEEDS = st.integers(0, 10_000)


def same_value(tree: Tree, seed: int) -> bool:
    return same(lambda v: value_of(tree.node, v), tree.naive, seed)


@settings(deadline=None, max_examples=150)
@given(trees(), SEEDS)
def test_what_is_simplified_has_the_value_of_what_was_written(tree: Tree, seed: int) -> None:
    assert same_value(tree, seed), plain(tree.node)
    assert tuple(size(tree.node.shape)) == tree.naive(values(seed)).shape


@settings(deadline=None, max_examples=60)
@given(products_with_diagonals(), SEEDS)
def test_diagonal_factors_merge_into_the_same_value(tree: Tree, seed: int) -> None:
    assert same_value(tree, seed), plain(tree.node)


def test_the_check_of_values_can_fail() -> None:
    """The oracle itself: a swapped product, a lost sign and a lost transpose are all seen."""
    x, y = variable("X", (P, P)), variable("Y", (P, P))
    swapped = Tree(y @ x, lambda v: v[place(x)] @ v[place(y)])
    negated = Tree(-x, lambda v: v[place(x)])
    turned = Tree(x.T, lambda v: v[place(x)])
    assert not any(same_value(tree, 1) for tree in (swapped, negated, turned))


def test_products_keep_their_order() -> None:
    assert (A @ B).args == (A, B)
    assert A @ B != B @ A
    assert ((A @ B) @ C) == (A @ (B @ C)) == MatMul(A, B, C)
    assert Scale(2, MatMul(A, B)) == (A @ (2 * B))
    assert build.matmul(A, Identity(N), B) == A @ B


def test_transposes_are_pushed_inwards() -> None:
    assert (A @ B).T == B.T @ A.T
    assert A.T.T == A
    assert (A + B).T == A.T + B.T
    assert (3 * A).T == 3 * A.T
    assert build.diag(U) == build.diag(U).T
    assert (A * B).T == A.T * B.T
    chain = OrderedProduct(Var("c", N, N, j), j, 1, t)
    assert Transpose(chain) == chain.T and chain == chain.T.T
    assert Sum(Var("c", N, M, i).T, i, 1, t) == Sum(Var("c", N, M, i), i, 1, t).T


def test_terms_are_collected_and_zeros_dropped() -> None:
    assert A + A == 2 * A
    assert zeros(N, N) == A - A
    assert A + zeros(N, N) == A
    assert A @ zeros(N, M) == zeros(N, M)
    assert zeros(M, N) @ R == zeros(M, M)
    assert zeros(N, M) == 0 * R
    assert build.scale(-1, -A) == A
    assert (B + A).args == (B, A)
    assert ones(N) + ones(N) == ex.Fill(2, N, 1)


def test_scalars_move_to_the_front() -> None:
    factor = sp.Symbol("alpha")
    assert (factor * A) @ (2 * B) == (2 * factor) * (A @ B)
    assert (factor * A) * (3 * B) == (3 * factor) * (A * B)
    assert A * ones(N, N) == A
    assert (V.T @ U).shape == (1, 1)
    assert ex.Fill(5, 1, 1) @ U.T == 5 * U.T
    assert U @ ex.Fill(5, 1, 1) == 5 * U
    assert build.matmul(ex.Fill(5, 1, 1), ex.Fill(2, 1, 1)) in (ex.Fill(10, 1, 1), 10 * Identity(1))


def test_diagonals_and_softmax() -> None:
    assert build.diag(U) @ build.diag(V) == build.diag(U * V)
    assert build.diag(U) @ V == U * V
    assert V.T @ build.diag(U) == (V * U).T
    assert build.diag(ones(N)) == Identity(N)
    weights = Map(exp, U)
    total = Map(reciprocal, ones(1, N) @ weights)
    assert total @ weights.T == Softmax(U).T
    assert total @ Map(exp, V).T != Softmax(U).T and total @ Map(exp, V).T != Softmax(V).T


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: A + R,
        lambda: A - R,
        lambda: R @ A,
        lambda: R @ R,
        lambda: A * R,
        lambda: ex.Add(U, R),
        lambda: ex.MatMul(U, R),
        lambda: ex.Hadamard(U, A),
        lambda: U + U.T,
    ],
)
def test_shapes_that_do_not_fit_are_refused_naming_both(wrong: Callable[[], Node]) -> None:
    with pytest.raises(ShapeError) as caught:
        wrong()
    text = str(caught.value)
    assert text.count("×") == 2, text
    assert any(name in text for name in "ARu") and any(shape in text for shape in ("(n×m)", "(n×n)", "(n×1)")), text


@pytest.mark.parametrize(
    "wrong", [lambda: ex.Diag(R), lambda: Softmax(R), lambda: LogSumExp(A), lambda: OrderedProduct(R, j, 1, t)]
)
def test_a_node_of_the_wrong_kind_of_matrix_is_refused(wrong: Callable[[], Node]) -> None:
    with pytest.raises(ShapeError, match=r"(n×m|n×n)"):
        wrong()


def test_kinds_are_part_of_a_name() -> None:
    assert Var("c", N, N, t, "jacobian") != Var("c", N, N, t, "state")
    assert Var("h", N, 1, t).head == Var("h", N, 1, t - 1).head
    assert Var("h", N, 1, t).at(t - 1) == Var("h", N, 1, t - 1)


# --- reindexing and substitution


def h(time: sp.Expr | int) -> Var:
    return Var("h", N, N, time)


def c(time: sp.Expr | int) -> Var:
    return Var("c", N, N, time)


def test_reindex_renames_a_bound_index_that_would_capture() -> None:
    shifted = reindex(Sum(h(i) @ c(t), i, 1, t), {t: i})
    assert isinstance(shifted, Sum)
    assert shifted.index != i and shifted.upper == i
    assert shifted.body == h(shifted.index) @ c(i)


def test_reindex_finds_a_fresh_name_when_the_first_choice_is_taken() -> None:
    primed = sp.Symbol("i'", integer=True)
    shifted = reindex(Sum(h(i) @ c(t) @ c(primed), i, 1, t), {t: i})
    assert isinstance(shifted, Sum)
    assert shifted.index not in (i, primed)
    assert shifted.body == h(shifted.index) @ c(i) @ c(primed)


def test_reindex_leaves_a_bound_index_alone_but_not_its_limits() -> None:
    assert reindex(Sum(h(i), i, 1, i), {i: t}) == Sum(h(i), i, 1, t)
    assert reindex(Sum(h(i), i, 1, t), {i: j}) == Sum(h(i), i, 1, t)


def test_reindex_swaps_at_once() -> None:
    assert reindex(h(i) @ c(j), {i: j, j: i}) == h(j) @ c(i)


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.sampled_from([i, j, t]), min_size=3, max_size=3),
    st.sampled_from([i, j, t]),
    st.sampled_from([i, j, t, i + 1, j - 1, sp.Integer(2)]),
    st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3)),
)
def test_reindex_is_the_value_at_the_shifted_index(
    names: list[sp.Symbol], old: sp.Symbol, new: sp.Expr, at: tuple[int, int, int]
) -> None:
    """⟦e[old := new]⟧(ρ) = ⟦e⟧(ρ[old := ⟦new⟧(ρ)]), the substitution lemma, with nested and shadowing indices."""
    first, second, third = names
    node = Sum(h(first) @ OrderedProduct(c(second) @ h(third), second, 1, third) @ c(t), first, 1, third)
    rng = np.random.default_rng(0)
    numbers = {(name, "inner", q): rng.integers(-2, 3, (2, 2)) for name in "hc" for q in range(-2, 7)}
    here = dict(zip((i, j, t), at, strict=True))
    there = {**here, old: int(new.xreplace({s: sp.Integer(v) for s, v in here.items()}))}
    left = evaluate(reindex(node, {old: new}), Table({N: 2}, dict(numbers)), here)
    right = evaluate(node, Table({N: 2}, dict(numbers)), there)
    assert np.array_equal(left, right)


def test_substitute_finds_a_product_inside_a_longer_one() -> None:
    assert substitute(A @ B @ C @ U, {B @ C: A}) == A @ A @ U
    assert substitute(A @ B @ A @ B, {A @ B: C}) == C @ C
    assert substitute(A @ C @ B, {A @ B: C}) == A @ C @ B  # not neighbours
    assert substitute(B @ A, {A @ B: C}) == B @ A  # not in this order
    assert substitute(Map(tanh, A @ B @ U), {B @ U: V}) == Map(tanh, A @ V)
    assert substitute(Sum(A @ B @ h(i), i, 1, t), {A @ B: C}) == Sum(C @ h(i), i, 1, t)


def test_rewrite_asks_from_the_top_down() -> None:
    seen: list[Node] = []
    rewrite(A @ B + C, lambda node: seen.append(node))
    assert seen[0] == A @ B + C and set(seen) >= {A, B, C, A @ B}


# --- evaluation of ordered products: what is remembered must not depend on an outer index


def _table() -> tuple[Table, dict[int, np.ndarray]]:
    rng = np.random.default_rng(3)
    numbers = {q: rng.integers(-3, 4, (2, 2)) for q in range(9)}
    return Table({N: 2}, {("c", "inner", q): m for q, m in numbers.items()}), numbers


def test_an_ordered_product_has_the_later_factor_on_the_left() -> None:
    env, m = _table()
    assert np.array_equal(evaluate(OrderedProduct(c(j), j, 2, 4), env, {}), m[4] @ m[3] @ m[2])
    assert np.array_equal(evaluate(OrderedProduct(c(j), j, 4, 3), env, {}), np.eye(2))
    assert np.array_equal(evaluate(OrderedProduct(c(j), j, 5, 2), env, {}), np.eye(2))


def test_factors_that_depend_on_an_outer_index_are_not_confused() -> None:
    """Σ_i ∏_{j=1}^{2} (c_j c_i): the product is another one for every i.  The misprint c_t for c_j is of this kind."""
    env, m = _table()
    node = Sum(OrderedProduct(c(j) @ c(i), j, 1, 2), i, 1, 3)
    wanted = sum(m[2] @ m[q] @ m[1] @ m[q] for q in (1, 2, 3))
    assert np.array_equal(evaluate(node, env, {}), wanted)


def test_one_body_under_two_indices_is_not_confused() -> None:
    env, m = _table()
    node = ex.Add(OrderedProduct(c(j), j, 1, 2), OrderedProduct(c(j), i, 1, 2))
    wanted = m[2] @ m[1] + m[5] @ m[5]
    assert np.array_equal(evaluate(node, env, {j: 5}), wanted)


# --- cancelling reciprocals


@settings(deadline=None, max_examples=60)
@given(trees(depth=2), SEEDS, st.sampled_from(["hadamard", "inner", "sum"]))
def test_cancelling_keeps_the_value_where_nothing_is_zero(tree: Tree, seed: int, kind: str) -> None:
    node = tree.node
    base = Map(exp, Map(tanh, node))  # nowhere zero
    inverse = Map(reciprocal, base)
    written = {
        "hadamard": (node * base) * inverse + node,
        "sum": (node + base) * inverse,
        "inner": (base.T @ (inverse * node)) if node.shape[1] == 1 else (base * inverse),
    }[kind]
    cancelled = cancel_reciprocals(written)
    assert same(lambda v: value_of(written, v), lambda v: value_of(cancelled, v), seed)


def test_cancelling_does_cancel_and_nothing_else() -> None:
    inverse = Map(reciprocal, U)
    assert cancel_reciprocals(U * inverse) == ones(N)
    assert cancel_reciprocals(V * inverse) == V * inverse
    assert cancel_reciprocals(U.T @ (V * inverse)) == ones(1, N) @ V
    assert cancel_reciprocals(U @ inverse.T) == U @ inverse.T  # an outer product keeps both
    assert close(np.ones(2), np.ones(2), 0.0) and not close(np.ones(2), -np.ones(2), 1.0)
