"""Every node that the interpreter knows: the same value as instructions, for each sequence or once for all."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from derive import expr as ex
from derive.arithmetic import Array
from derive.compiled.functions import source
from derive.compiled.lowering import dense, lowered
from derive.compiled.reduction import BATCH, over_rows
from derive.compiled.scalars import formula
from derive.compiled.stages import straight
from derive.compiled.support import NAMESPACE, loaded
from derive.compiled.three_address import Extent, Instruction, Listing, Rank, needed
from derive.entries import Entry
from derive.expr import Node, Var
from derive.functions import ACTIVATIONS, Elementwise, Z, exp, log, reciprocal, tanh
from derive.indices import T
from derive.nonlinear import Map
from derive.sums import OrderedProduct
from derive.unroll import Place
from tests.compiled.models import EVERY, EXTRAS, program
from tests.derive.models import Names
from tests.derive.trees import SIZES, VARIABLES, P, Q, Tree, products_with_diagonals, same, trees, value_of

ROWS = 3
NAMES = {T: "n0", BATCH: "n1", P: "n2", Q: "n3"}


@dataclass
class Leaves:
    """Variables that are read: those whose name begins with a letter of ``varying`` have a row for each sequence."""

    listing: Listing
    varying: str = ""

    def value(self, node: Node) -> Instruction:
        return lowered(node, self)

    def variable(self, variable: Var) -> Instruction:
        extent = Extent.STEPS if variable.name[0] in self.varying else Extent.SHARED
        rank = Rank.GIVEN if extent else Rank.FIXED
        return self.listing.read("parameter", variable.name, variable.shape, extent, rank)


def stored(array: Array, shape: tuple[sp.Expr, sp.Expr]) -> Array:
    """As generated code keeps it: without the axis of a column's or a row's length one."""
    if shape[1] == ex.ONE:
        return array[..., 0]
    return array[..., 0, :] if shape[0] == ex.ONE else array


def run(root: Instruction, values: dict[Place, Array]) -> Array:
    """The value of an instruction, by generated code."""
    stage = straight("f", {"": root}, ())
    stage.outputs = [root]
    by_name = {name: stored(array, _shape(name)) for (name, _, _), array in values.items()}
    arguments = [by_name[str(read.operands[1])] for read in stage.inputs]
    kind = next(iter(values.values())).dtype
    (found,) = loaded(source(stage, NAMES))["f"](1, ROWS, SIZES[P], SIZES[Q], kind, *arguments)
    return np.asarray(found)


def _shape(name: str) -> tuple[sp.Expr, sp.Expr]:
    return next(variable.shape for variable in VARIABLES if variable.name == name)


def compiled_value(node: Node, values: dict[Place, Array], varying: str = "") -> Array:
    leaves = Leaves(Listing(), varying)
    return run(leaves.listing.array(dense(leaves.listing, leaves.value(node))), values)


def in_rows(values: dict[Place, Array], varying: str, seed: int) -> dict[Place, Array]:
    rng = np.random.default_rng(seed)
    return {
        where: rng.normal(size=(ROWS, *array.shape)).astype(array.dtype) if where[0][0] in varying else array
        for where, array in values.items()
    }


@given(st.one_of(trees(), products_with_diagonals()), st.integers(0, 999))
@settings(max_examples=100, deadline=None)
def test_the_value_of_an_expression(tree: Tree, seed: int) -> None:
    shape = tree.node.shape
    assert same(lambda v: compiled_value(tree.node, dict(v)), lambda v: stored(value_of(tree.node, v), shape), seed)


@given(trees(), st.sampled_from(["X", "Y", "XY"]), st.integers(0, 999))
@settings(max_examples=100, deadline=None)
def test_the_value_of_an_expression_in_rows(tree: Tree, varying: str, seed: int) -> None:
    """A value for each sequence; one that is the same for all of them has no axis for them."""
    shape = tree.node.shape

    def interpreted(v: dict[Place, Array]) -> Array:
        return stored(value_of(tree.node, in_rows(v, varying, seed)), shape)

    def compiled(v: dict[Place, Array]) -> Array:
        found = compiled_value(tree.node, in_rows(v, varying, seed), varying)
        return np.broadcast_to(found, np.broadcast_shapes(found.shape, interpreted(v).shape))

    assert same(compiled, interpreted, seed)


@given(trees(), st.sampled_from(["X", "Y", "XY"]), st.integers(0, 999))
@settings(max_examples=100, deadline=None)
def test_the_sum_over_the_rows(tree: Tree, varying: str, seed: int) -> None:
    shape = tree.node.shape

    def interpreted(v: dict[Place, Array]) -> Array:
        value = value_of(tree.node, in_rows(v, varying, seed))
        return stored(np.broadcast_to(value, (ROWS, *value.shape[-2:])).sum(axis=0), shape)

    def compiled(v: dict[Place, Array]) -> Array:
        leaves = Leaves(Listing(), varying)
        total = over_rows(tree.node, leaves, BATCH)
        return run(leaves.listing.array(dense(leaves.listing, total)), in_rows(v, varying, seed))

    assert same(compiled, interpreted, seed)


X, Y = (next(v for v in VARIABLES if v.name == name) for name in ("X_pq", "Y_qp"))
U = next(v for v in VARIABLES if v.name == "X_p1")
STACK = Map(tanh, ex.Block(2, U, ex.ones(Q)))
OVERWRITTEN = Map(exp, STACK)
RARE = (
    ex.Add(*(ex.Part(whole, "a", sp.Tuple(P, Q), 0) for whole in (STACK, OVERWRITTEN))),
    ex.Kron(X, Y),
    ex.Kron(U, U),
    ex.Vec(X),
    ex.Vec(ex.MatMul(X, Y)),
    ex.MatMul(ex.Commutation(P, Q), ex.Vec(X)),
    ex.Block(2, ex.Identity(P), X, Y, ex.zeros(Q, Q)),
    ex.Block(2, U, ex.ones(Q)),
    ex.Block(1, ex.Transpose(U), ex.ones(1, Q)),
    ex.Part(ex.Block(2, U, ex.ones(Q)), "a", sp.Tuple(P, Q), 1),
    ex.Part(ex.Block(2, X, ex.Identity(Q)), "a", sp.Tuple(P, Q), 1),
    ex.Add(ex.Identity(P), ex.Diag(U)),
    ex.Scale(P / sp.Integer(3), X),
    Entry(X, sp.Integer(2), sp.Integer(3)),
)


@pytest.mark.parametrize("varying", ["", "X", "XY"])
@pytest.mark.parametrize("node", RARE, ids=str)
def test_nodes_that_cells_seldom_have(node: Node, varying: str) -> None:
    assert same(
        lambda v: compiled_value(node, in_rows(dict(v), varying, 0), varying),
        lambda v: stored(value_of(node, in_rows(dict(v), varying, 0)), node.shape),
        seed=1,
    )


FUNCTIONS = (
    *ACTIVATIONS.values(),
    *(function.derivative for function in ACTIVATIONS.values()),
    exp,
    Elementwise("log", sp.log(1 + Z**2)),
    Elementwise("reciprocal", 1 / (2 + Z**2)),
    Elementwise("root", sp.sqrt(1 + Z**2) / 3),
    Elementwise("cube", Z**3 - sp.Rational(2, 3) * Z**-2),
    Elementwise("waves", sp.sin(Z) * sp.cos(2 * Z) + sp.atan(Z) + sp.pi),
    Elementwise("swish", Z / (1 + sp.exp(-Z))),
    Elementwise("steps", sp.Piecewise((-1, Z < -1), (Z, Z <= 1), (1, True))),
    Elementwise("band", sp.Piecewise((Z, sp.And(Z > -1, Z < 1)), (0, True))),
    Elementwise("softplus", sp.log(1 + sp.exp(Z))),
)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_functions_of_entries(function: Elementwise) -> None:
    node = Map(function, X)
    assert same(lambda v: compiled_value(node, dict(v)), lambda v: np.asarray(value_of(node, v)), seed=2)


def test_what_has_no_rule_is_named() -> None:
    with pytest.raises(NotImplementedError, match="OrderedProduct"):
        compiled_value(OrderedProduct(ex.Identity(P), sp.Symbol("j", integer=True), 1, 2), {})
    with pytest.raises(NotImplementedError, match="gamma"):
        formula(sp.gamma(Z), Listing().number(sp.Integer(1)), Listing())


def test_a_common_part_is_found_once() -> None:
    leaves = Leaves(Listing())
    both = ex.MatMul(X, Y, U)
    root = leaves.value(ex.Add(both, ex.Hadamard(both, Map(log, both)), Map(reciprocal, both)))
    operations = [instruction.operation for instruction in needed([root])[0]]
    assert operations.count("dot") == 2


GENERATED = re.compile(r"[a-z]\d+|kind|room")
WORDS = {"def", "for", "in", "return", "_", "reshape", "swapaxes", "dot", "T", "copy", "shape", "None", "axis", "dtype"}
WORDS |= {"keepdims", "True", "reduce", "type"}


@pytest.mark.parametrize("names", (*EVERY, *EXTRAS), ids=str)
def test_the_source_has_generated_names_only(names: Names) -> None:
    text = program(names).source
    found = set(re.findall(r"[A-Za-z_]\w*", re.sub(r"\d+\.?\d*e[-+]?\d+", "", text)))
    known = WORDS | NAMESPACE.keys() | program(names).stages.keys()
    assert not {word for word in found - known if not GENERATED.fullmatch(word)}
