"""The value of an expression at given indices: one small rule a node, in floats or in SymPy scalars.

Arrays have shape (…, rows, columns); leading axes are a batch.  What a name stands for is the environment's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, singledispatch
from typing import Any, Protocol

import numpy as np
import sympy as sp

from derive import expr as ex
from derive.arithmetic import Arithmetic, Array
from derive.derivatives import Call, Derivative, Gradient
from derive.entries import Entry
from derive.indices import value
from derive.nonlinear import LogSumExp, Map, Softmax
from derive.sums import OrderedProduct, Sum

Binding = Mapping[sp.Symbol, int]


class Environment(Protocol):
    """Sizes, a kind of number, and the value of every leaf.

    ``chains`` remembers the last ordered product for each lower limit (and each value of the other indices in its
    factors), so that ∏_{j=i+1}^{t} costs one multiplication after ∏_{j=i+1}^{t−1}; and columns that are taken apart.
    """

    sizes: Mapping[sp.Symbol, int]
    arithmetic: Arithmetic
    chains: dict[Any, tuple[int, Array]]

    def leaf(self, node: ex.Node, at: Binding) -> Array: ...


def integer(expr: sp.Expr, env: Environment, at: Binding) -> int:
    """A dimension or an index as a number."""
    if expr.is_Integer:
        return int(expr)
    return at[expr] if expr in at else value(expr, {**env.sizes, **at})


@singledispatch
def evaluate(node: ex.Node, env: Environment, at: Binding) -> Array:
    """The value of ``node`` with its free indices bound by ``at``.

    Raises NotImplementedError for a node without a rule, KeyError for an index or size that is not bound.
    """
    raise NotImplementedError(f"no value rule for {type(node).__name__}")


@evaluate.register(ex.Var)
@evaluate.register(Call)
@evaluate.register(Derivative)
@evaluate.register(Gradient)
def _(node: ex.Node, env: Environment, at: Binding) -> Array:
    return env.leaf(node, at)


@evaluate.register
def _(node: ex.Fill, env: Environment, at: Binding) -> Array:
    rows, cols = (integer(size, env, at) for size in node.shape)
    return env.arithmetic.filled(_number(node.value, at), rows, cols)


def _number(factor: sp.Expr, at: Binding) -> sp.Expr:
    """A scalar with its indices and dimensions put in."""
    if factor.is_Number:
        return factor
    return factor.xreplace({symbol: sp.Integer(at[symbol]) for symbol in factor.free_symbols if symbol in at})


@evaluate.register
def _(node: ex.Identity, env: Environment, at: Binding) -> Array:
    return env.arithmetic.identity(integer(node.shape[0], env, at))


@evaluate.register
def _(node: ex.Add, env: Environment, at: Binding) -> Array:
    first, *rest = (evaluate(term, env, at) for term in node.args)
    for term in rest:
        first = first + term
    return first


@evaluate.register
def _(node: ex.Scale, env: Environment, at: Binding) -> Array:
    factor = node.args[0] if node.args[0].is_Number else _number(node.args[0], {**env.sizes, **at})
    return env.arithmetic.scalar(factor) * evaluate(node.args[1], env, at)


@evaluate.register
def _(node: ex.MatMul, env: Environment, at: Binding) -> Array:
    """From the right when the product ends in a column: a matrix–vector product costs less."""
    factors = [evaluate(factor, env, at) for factor in node.args]
    if factors[-1].shape[-1] == 1:
        product = factors.pop()
        while factors:
            product = factors.pop() @ product
        return product
    product = factors[0]
    for factor in factors[1:]:
        product = product @ factor
    return product


@evaluate.register
def _(node: ex.Hadamard, env: Environment, at: Binding) -> Array:
    first, *rest = (evaluate(factor, env, at) for factor in node.args)
    for factor in rest:
        first = first * factor
    return first


@evaluate.register
def _(node: ex.Transpose, env: Environment, at: Binding) -> Array:
    return env.arithmetic.transpose(evaluate(node.args[0], env, at))


@evaluate.register
def _(node: ex.Block, env: Environment, at: Binding) -> Array:
    """Rows of blocks side by side, then on top of each other; the batch axes of all blocks are the same."""
    rows = [[evaluate(block, env, at) for block in row] for row in node.rows]
    batch = np.broadcast_shapes(*(block.shape[:-2] for row in rows for block in row))
    return join(
        [join([np.broadcast_to(block, (*batch, *block.shape[-2:])) for block in row], -1) for row in rows],
        -2,
    )


def join(arrays: list[Array], axis: int) -> Array:
    """Arrays joined along one axis; a single one is itself."""
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays, axis=axis)


@evaluate.register
def _(node: ex.Part, env: Environment, at: Binding) -> Array:
    """What is taken apart is remembered too: every part, and every parameter, asks for it again."""
    first, rows = integer(node.offset, env, at), integer(node.shape[0], env, at)
    whole = node.args[0]
    key = (whole, *((symbol, at[symbol]) for symbol in _free(whole) if symbol in at))
    if key not in env.chains:
        env.chains[key] = 0, evaluate(whole, env, at)
    return env.chains[key][1][..., first : first + rows, :]


@evaluate.register
def _(node: ex.Diag, env: Environment, at: Binding) -> Array:
    column = evaluate(node.args[0], env, at)
    return env.arithmetic.identity(column.shape[-2]) * column


@evaluate.register
def _(node: ex.Kron, env: Environment, at: Binding) -> Array:
    left, right = (evaluate(part, env, at) for part in node.args)
    product = left[..., :, None, :, None] * right[..., None, :, None, :]
    rows, cols = product.shape[-4] * product.shape[-3], product.shape[-2] * product.shape[-1]
    return product.reshape((*product.shape[:-4], rows, cols))


@evaluate.register
def _(node: ex.Vec, env: Environment, at: Binding) -> Array:
    return stack_columns(evaluate(node.args[0], env, at))


def stack_columns(matrix: Array) -> Array:
    """vec, over the last two axes."""
    return matrix.swapaxes(-1, -2).reshape((*matrix.shape[:-2], -1, 1))


@evaluate.register
def _(node: ex.Commutation, env: Environment, at: Binding) -> Array:
    rows, cols = (integer(size, env, at) for size in node.args)
    return env.arithmetic.identity(rows * cols)[_by_rows(rows, cols)]


def _by_rows(rows: int, cols: int) -> Array:
    """Positions in vec(X) of the entries of vec(Xᵀ)."""
    return np.arange(rows * cols).reshape(cols, rows).T.reshape(-1)


@evaluate.register
def _(node: Map, env: Environment, at: Binding) -> Array:
    return env.arithmetic.map(node.function, evaluate(node.body, env, at))


@evaluate.register
def _(node: Softmax, env: Environment, at: Binding) -> Array:
    return env.arithmetic.softmax(evaluate(node.body, env, at))


@evaluate.register
def _(node: LogSumExp, env: Environment, at: Binding) -> Array:
    return env.arithmetic.log_sum_exp(evaluate(node.body, env, at))


@evaluate.register
def _(node: Entry, env: Environment, at: Binding) -> Array:
    row, col = integer(node.row, env, at) - 1, integer(node.col, env, at) - 1
    return evaluate(node.body, env, at)[..., row : row + 1, col : col + 1]


@evaluate.register
def _(node: Sum, env: Environment, at: Binding) -> Array:
    lower, upper = integer(node.lower, env, at), integer(node.upper, env, at)
    total = None
    for step in range(lower, upper + 1):
        term = evaluate(node.body, env, {**at, node.index: step})
        total = term if total is None else total + term
    return evaluate(ex.zeros(*node.shape), env, at) if total is None else total


@lru_cache(maxsize=4096)
def _free(node: ex.Node) -> tuple[sp.Symbol, ...]:
    return tuple(sorted(node.free_symbols, key=str))


@evaluate.register
def _(node: OrderedProduct, env: Environment, at: Binding) -> Array:
    lower, upper = integer(node.lower, env, at), integer(node.upper, env, at)
    others = tuple((symbol, at[symbol]) for symbol in _free(node.body) if symbol in at and symbol != node.index)
    key = (node.body, node.index, others, lower)
    reached, product = env.chains.get(key, (lower - 1, None))
    if product is None or reached > upper:
        reached, product = lower - 1, env.arithmetic.identity(integer(node.shape[0], env, at))
    for step in range(reached + 1, upper + 1):
        product = evaluate(node.body, env, {**at, node.index: step}) @ product
    if upper >= lower:
        env.chains[key] = (upper, product)
    return product
