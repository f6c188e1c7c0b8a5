"""Matrix expressions as instructions: one small rule a node, as the interpreter in ``derive.evaluate`` has one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch
from typing import Protocol

from derive import expr as ex
from derive.build import split_factor, transpose
from derive.compiled.algebra import as_matrix, column_of, multiplied, product, scaled, summed, transposed
from derive.compiled.scalars import formula
from derive.compiled.three_address import Instruction, Listing
from derive.entries import Entry
from derive.expr import ONE
from derive.indices import Shape
from derive.nonlinear import LogSumExp, Map, Softmax


class Meaning(Protocol):
    """What a variable stands for, and the listing to write into."""

    listing: Listing

    def value(self, node: ex.Node) -> Instruction: ...
    def variable(self, variable: ex.Var) -> Instruction: ...


def lowered(node: ex.Node, scope: Meaning) -> Instruction:
    """The value of a node.  A row is computed as the column that it is the transpose of.

    Raises NotImplementedError for a node without a rule.
    """
    if node.shape[0] == ONE and node.shape[1] != ONE and not isinstance(node, ex.Var | ex.Fill):
        column = transpose(node)
        if column != ex.Transpose(node):
            return transposed(scope.listing, scope.value(column))
    return _lowered(node, scope)


@singledispatch
def _lowered(node: ex.Node, scope: Meaning) -> Instruction:
    raise NotImplementedError(f"no instruction for {type(node).__name__}")


@_lowered.register
def _(node: ex.Var, scope: Meaning) -> Instruction:
    return scope.variable(node)


@_lowered.register
def _(node: ex.Fill, scope: Meaning) -> Instruction:
    return scope.listing.number(node.value, node.shape)


@_lowered.register
def _(node: ex.Identity, scope: Meaning) -> Instruction:
    """The diagonal matrix of ones."""
    one = scope.listing.number(ONE, (node.shape[0], ONE))
    return one if node.shape[0] == ONE else scope.listing.add("diagonal", (one,), node.shape)


@_lowered.register
def _(node: ex.Add, scope: Meaning) -> Instruction:
    """A number in front of a term is multiplied by, −1 is subtracted."""
    terms = []
    for term in node.args:
        factor, body = split_factor(term)
        terms.append((factor == -1, _dense(scope, body if factor == -1 else term)))
    return summed(scope.listing, terms, node.shape)


def _dense(scope: Meaning, node: ex.Node) -> Instruction:
    """With all its entries, where it is a diagonal matrix."""
    return dense(scope.listing, scope.value(node))


def dense(listing: Listing, value: Instruction) -> Instruction:
    if value.operation != "diagonal":
        return value
    column = listing.array(column_of(listing, value))
    return listing.add("multiply", (as_matrix(listing, column), eye(listing, value.shape)), value.shape)


def eye(listing: Listing, shape: Shape) -> Instruction:
    return listing.add("eye", (shape[0],), shape)


@_lowered.register
def _(node: ex.Scale, scope: Meaning) -> Instruction:
    """The number goes to what is known early."""
    factor, body = node.args
    number = scope.listing.number(factor)
    if isinstance(body, ex.Hadamard):
        factors = [_dense(scope, part) for part in body.args]
        return multiplied(scope.listing, [scope.listing.number(factor, node.shape), *factors], node.shape)
    return scaled(scope.listing, number, _dense(scope, body))


@_lowered.register
def _(node: ex.MatMul, scope: Meaning) -> Instruction:
    return product(scope.listing, [scope.value(factor) for factor in node.args])


@_lowered.register
def _(node: ex.Hadamard, scope: Meaning) -> Instruction:
    return multiplied(scope.listing, [_dense(scope, factor) for factor in node.args], node.shape)


@_lowered.register
def _(node: ex.Transpose, scope: Meaning) -> Instruction:
    return transposed(scope.listing, scope.value(node.args[0]))


@_lowered.register
def _(node: ex.Block, scope: Meaning) -> Instruction:
    """A stack of columns is joined along their entries; any other is put together row by row."""
    listing = scope.listing
    if node.shape[1] == ONE:
        return listing.add("joined", tuple(_arrays(scope, node.args[1:])), node.shape)
    parts = tuple(as_matrix(listing, part) for part in _arrays(scope, node.args[1:]))
    return listing.add("blocks", (str(len(node.widths)), *parts), node.shape)


def _arrays(scope: Meaning, nodes: Iterable[ex.Node]) -> Iterable[Instruction]:
    return (scope.listing.array(_dense(scope, node)) for node in nodes)


@_lowered.register
def _(node: ex.Part, scope: Meaning) -> Instruction:
    whole = scope.listing.array(_dense(scope, node.args[0]))
    operation = "part" if node.shape[1] == ONE else "part_of_rows"
    return scope.listing.add(operation, (whole, node.offset, node.offset + node.shape[0]), node.shape)


@_lowered.register
def _(node: ex.Diag, scope: Meaning) -> Instruction:
    column = scope.value(node.args[0])
    return column if node.shape[0] == ONE else scope.listing.add("diagonal", (column,), node.shape)


@_lowered.register
def _(node: ex.Kron, scope: Meaning) -> Instruction:
    parts = tuple(as_matrix(scope.listing, part) for part in _arrays(scope, node.args))
    whole = scope.listing.add("kron", parts, node.shape)
    return scope.listing.add("first_column", (whole,), node.shape) if node.shape[1] == ONE else whole


@_lowered.register
def _(node: ex.Vec, scope: Meaning) -> Instruction:
    whole = as_matrix(scope.listing, _dense(scope, node.args[0]))
    return scope.listing.add("vec", (whole, node.shape[0]), node.shape)


@_lowered.register
def _(node: ex.Commutation, scope: Meaning) -> Instruction:
    return scope.listing.add("commutation", node.args, node.shape)


@_lowered.register
def _(node: Map, scope: Meaning) -> Instruction:
    return formula(node.function.stable, _dense(scope, node.body), scope.listing)


@_lowered.register
def _(node: Softmax, scope: Meaning) -> Instruction:
    _, weights, total = _exponentials(scope, node.body)
    return scope.listing.add("divide", (weights, total), node.shape)


@_lowered.register
def _(node: LogSumExp, scope: Meaning) -> Instruction:
    highest, _, total = _exponentials(scope, node.body)
    return scope.listing.add("add", (highest, scope.listing.add("log", (total,), node.shape)), node.shape)


def _exponentials(scope: Meaning, body: ex.Node) -> tuple[Instruction, Instruction, Instruction]:
    """The largest entry m, exp(z − m), which cannot overflow, and the sum of that."""
    listing = scope.listing
    z = listing.array(scope.value(body))
    highest = listing.add("highest", (z,), (ONE, ONE))
    weights = listing.add("exp", (listing.add("subtract", (z, highest), z.shape),), z.shape)
    return highest, weights, listing.add("total", (weights,), (ONE, ONE))


@_lowered.register
def _(node: Entry, scope: Meaning) -> Instruction:
    whole = as_matrix(scope.listing, _dense(scope, node.body))
    return scope.listing.add("entry", (whole, node.row - 1, node.col - 1), node.shape)
