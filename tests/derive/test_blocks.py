"""Matrices of matrices: their constructors, transposes, sums and products have the value of the whole."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from derive import build
from derive.differential import differential
from derive.errors import ShapeError
from derive.evaluate import evaluate
from derive.expr import Block, Identity, Node, Part, Scale, Var, zeros
from derive.indices import dimension
from derive.linear import Linear
from derive.plain import plain
from derive.unroll import Place, Table, place

N, M, Q = dimension("n"), dimension("m"), dimension("q")
SIZES = {N: 2, M: 3, Q: 1}
HEIGHTS = (N, M, Q)
Array = np.ndarray
SEEDS = st.integers(0, 1000)


def variable(name: str, rows: sp.Expr, cols: sp.Expr) -> Var:
    return Var(f"{name}_{rows}{cols}", rows, cols, kind="parameter")


def size(shape: tuple[sp.Expr, ...]) -> tuple[int, ...]:
    return tuple(int(part.xreplace({s: sp.Integer(v) for s, v in SIZES.items()})) for part in shape)


def table(seed: int, batch: tuple[int, ...] = ()) -> Table:
    rng = np.random.default_rng(seed)
    values: dict[Place, Array] = {
        place(v): rng.normal(size=(*batch, *size(v.shape)))
        for name in "ABuv"
        for a in HEIGHTS
        for b in (*HEIGHTS, sp.Integer(1))
        for v in [variable(name, a, b)]
    }
    return Table(SIZES, values)


def value_of(node: Node, env: Table) -> Array:
    return evaluate(node, env, {})


@st.composite
def grids(draw: st.DrawFn, rows: tuple[sp.Expr, ...], cols: tuple[sp.Expr, ...], name: str) -> list[list[Node]]:
    """Blocks of one partition, some of them zero or scaled."""

    def one(a: sp.Expr, b: sp.Expr) -> Node:
        kinds = ["plain", "plain", "zero", "scaled"] + ["identity"] * (a == b)
        kind, own = draw(st.sampled_from(kinds)), variable(name, a, b)
        found = {"plain": own, "zero": zeros(a, b), "scaled": Scale(sp.Rational(-3, 2), own)}
        return Identity(a) if kind == "identity" else found[kind]

    return [[one(a, b) for b in cols] for a in rows]


PARTITIONS = st.lists(st.sampled_from(HEIGHTS), min_size=1, max_size=3).map(tuple)


def joined(grid: list[list[Node]], env: Table) -> Array:
    return np.block([[value_of(part, env) for part in row] for row in grid])


def block(grid: list[list[Node]]) -> Node:
    return build.block(*map(tuple, grid))


@settings(deadline=None, max_examples=60)
@given(st.data(), PARTITIONS, PARTITIONS, PARTITIONS, SEEDS)
def test_blocks_are_added_multiplied_and_transposed_as_the_whole(
    data: st.DataObject, rows: tuple[sp.Expr, ...], middle: tuple[sp.Expr, ...], cols: tuple[sp.Expr, ...], seed: int
) -> None:
    left, right = data.draw(grids(rows, middle, "A")), data.draw(grids(middle, cols, "B"))
    other, env = data.draw(grids(rows, middle, "B")), table(seed)
    a, b, c = joined(left, env), joined(right, env), joined(other, env)
    pairs = [
        (block(left), a),
        (block(left).T, a.T),
        (block(left) @ block(right), a @ b),
        ((block(left) @ block(right)).T, (a @ b).T),
        (block(left) + block(other), a + c),
        (3 * block(left) - block(other), 3 * a - c),
        (block(left).T @ block(other), a.T @ c),
    ]
    for node, wanted in pairs:
        found = value_of(node, env)
        assert found.shape == wanted.shape == size(node.shape), plain(node)
        assert np.max(np.abs(found - wanted)) <= 1e-14 * max(np.max(np.abs(wanted)), np.max(np.abs(a)) ** 2, 1.0)


@settings(deadline=None, max_examples=40)
@given(PARTITIONS, SEEDS, st.booleans())
def test_a_part_is_the_rows_of_its_variable(heights: tuple[sp.Expr, ...], seed: int, batch: bool) -> None:
    env = table(seed, (2,) if batch else ())
    columns = [variable("u", h, sp.Integer(1)) for h in heights]
    whole, tall = build.stack(*columns), Var("w", sum(heights), 1)
    rows = sum(size((h,))[0] for h in heights)
    env.values[place(tall)] = np.random.default_rng(seed + 1).normal(size=(rows, 1))
    first = 0
    for place_, (column, height) in enumerate(zip(columns, heights, strict=True)):
        last = first + size((height,))[0]
        assert build.part(whole, "x", sp.Tuple(*heights), place_) == column
        for body in (tall, 2 * tall, tall + 3 * whole):
            found = value_of(build.part(body, "x", sp.Tuple(*heights), place_), env)
            assert np.array_equal(found, value_of(body, env)[..., first:last, :])
        first = last


def test_what_is_alone_is_itself_and_what_is_zero_is_zero() -> None:
    a, u = variable("A", N, M), variable("u", N, sp.Integer(1))
    assert build.block((a,)) == a and build.stack(u) == u
    assert build.part(u, "u", sp.Tuple(N), 0) == u
    assert build.block((zeros(N, M), zeros(N, N)), (zeros(M, M), zeros(M, N))) == zeros(N + M, M + N)
    assert build.part(zeros(N + M, 1), "u", sp.Tuple(N, M), 1) == zeros(M, 1)
    assert isinstance(build.block((a, zeros(N, N))), Block)


def test_blocks_of_other_partitions_are_left_alone() -> None:
    one = build.block((variable("A", N, N), variable("A", N, M)), (variable("A", M, N), variable("A", M, M)))
    other = build.block((variable("B", M, M), variable("B", M, N)), (variable("B", N, M), variable("B", N, N)))
    env = table(0)
    assert not isinstance(one + other, Block) and not isinstance(one @ other, Block)
    for node, wanted in ((one + other, value_of(one, env) + value_of(other, env)),
                         (one @ other, value_of(one, env) @ value_of(other, env))):  # fmt: skip
        assert np.allclose(value_of(node, env), wanted, rtol=1e-14, atol=1e-14)
    assert isinstance(build.part(other @ variable("u", N + M, sp.Integer(1)), "x", sp.Tuple(N, M), 0), Part)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (lambda: Block(2, variable("A", N, N)), "do not make 2 rows"),
        (lambda: Block(1, variable("A", N, N), variable("A", M, N)), "A_mn"),
        (lambda: Block(2, variable("A", N, N), variable("A", N, M)), "A_nm"),
        (lambda: Part(variable("A", N, N), "x", sp.Tuple(N, M), 0), "not a stack of heights n, m"),
    ],
)
def test_what_does_not_fit_is_refused(wrong: object, named: str) -> None:
    with pytest.raises(ShapeError, match=named):
        wrong()  # type: ignore[operator]


def test_there_is_no_differential_of_a_block_or_part() -> None:
    """Cells are written without them; an equation with one is refused, not differentiated wrongly."""
    u, v = variable("u", N, sp.Integer(1)), variable("v", M, sp.Integer(1))
    for node, source in (
        (Block(2, u, v), u),
        (Part(variable("u", N + M, sp.Integer(1)), "x", sp.Tuple(N, M), 0), None),
    ):
        with pytest.raises(NotImplementedError, match=r"no differential rule for (Block|Part)"):
            differential(node, [source or node.parts[0]])
    assert isinstance(differential(u, [u])[u], Linear)
