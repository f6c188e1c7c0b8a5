"""What the writer prints, the reader reads back as the same cell."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from derive import registry
from derive.build import apply, hadamard
from derive.cell import Cell, Equation, inner, lag, output, parameter, state
from derive.cell import given as input_
from derive.cellfile.reach import unused
from derive.cellfile.reader import read_cell
from derive.cellfile.writer import cell_toml
from derive.errors import InputError
from derive.expr import Identity, Node, Vec, ones
from derive.functions import Elementwise, Z, reciprocal, relu, sigmoid, tanh
from derive.indices import N_INPUT, N_OUTPUT, N_STATE
from derive.nonlinear import Softmax
from tests.cellfile.reading import EXAMPLES, SMALL, read

n, m = N_STATE, N_INPUT
h, x, z, b = state("h", n), input_("x", m), inner("z", n), parameter("b", n)
W, V, a = parameter("W", n, n), parameter("V", n, m), parameter("a", 1)
swish = Elementwise("swish", Z * (1 + sp.tanh(Z / 2)) / 2)


def built_in() -> Iterator[Cell]:
    for name in registry.names("derive.cells"):
        module = registry.load("derive.cells", name, "cell")
        yield from (module.cell(variant) for variant in module.VARIANTS)
        yield module.cell()


@pytest.mark.parametrize("cell", list(built_in()), ids=lambda cell: cell.label)
def test_a_built_in_cell(cell: Cell) -> None:
    assert read(cell_toml(cell)) == cell


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example(path: object) -> None:
    cell = read_cell(path)  # type: ignore[arg-type]
    assert read(cell_toml(cell)) == cell


def test_everything_that_a_cell_may_hold() -> None:
    """A readout that sees an inner quantity, the network's own output, a variant, PyTorch's names, λ as a name."""
    o, rate, U = output("o"), parameter("lambda", n), parameter("U", n, N_OUTPUT)
    equations = (
        Equation(z, W @ lag(h) + U @ lag(o) + V @ x + b),
        Equation(h, hadamard(rate, lag(h)) + apply(swish, z)),
        Equation(inner("u", n), Softmax(h)),
    )
    cell = Cell("all", 'a "title" \\ with λ', (h,), (x,), (W, U, V, b, rate), equations,
                variant="swish", pytorch={"W": "weight_hh_l0"},
                visible=inner("u", n), feedback=o)  # fmt: skip
    assert read(cell_toml(cell)) == cell


def test_numbers_are_printed_as_decimals_where_that_is_exact() -> None:
    cell = Cell("c", "c", (h,), (x,), (V,), (Equation(h, sp.Rational(3, 10) * lag(h) + sp.Rational(1, 3) * (V @ x)),))
    assert "h = 0.3 * h[t-1] + 1/3 * V @ x\n" in cell_toml(cell)


def test_a_cell_that_a_file_cannot_hold_is_refused() -> None:
    cell = Cell("c", "c", (h,), (x,), (V,), (Equation(h, Vec(lag(h) @ ones(1, 1)) + V @ x),))
    with pytest.raises(InputError, match="has no form in a cell file"):
        cell_toml(cell)


numbers = st.fractions(-3, 3, max_denominator=7).filter(bool).map(lambda q: sp.Rational(q.numerator, q.denominator))
matrices = st.sampled_from([W, W.T, W - W.T, Identity(n) + W, 2 * W, V @ V.T])


def deeper(columns: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        st.tuples(columns, columns).map(lambda pair: pair[0] + pair[1]),
        st.tuples(columns, columns).map(lambda pair: pair[0] - pair[1]),
        st.tuples(columns, columns).map(lambda pair: hadamard(*pair)),
        st.tuples(numbers, columns).map(lambda pair: pair[0] * pair[1]),
        st.tuples(matrices, columns).map(lambda pair: pair[0] @ pair[1]),
        st.tuples(columns, columns).map(lambda pair: pair[0] @ (pair[0].T @ pair[1])),
        columns.map(lambda u: u @ a),
        columns.map(lambda u: ones(n) - u),
        st.tuples(st.sampled_from([tanh, sigmoid, relu, reciprocal, swish]), columns).map(lambda p: apply(*p)),
        columns.map(Softmax),
    )


@settings(deadline=None, max_examples=80)
@given(st.recursive(st.sampled_from([lag(h), b, V @ x, ones(n)]), deeper, max_leaves=6))
def test_any_equation(column: Node) -> None:
    rest = W @ lag(h) + V @ x + b + ones(n) @ a
    cell = Cell("any", "any", (h,), (x,), (W, V, b, a), (Equation(h, column + rest),))
    assume(not any(unused(cell)))
    assert read(cell_toml(cell)) == cell


def test_another_cell_is_another_cell() -> None:
    """The comparison above is not blind."""
    assert read(SMALL) != read(SMALL.replace("V @ x + b", "V @ x - b"))
