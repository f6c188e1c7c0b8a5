"""Random expressions over small symbolic shapes, each beside a plain NumPy computation of the same thing.

The NumPy side never sees the simplifying constructors: a law that does not hold shows as a difference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import sympy as sp
from hypothesis import strategies as st

from derive import build
from derive.evaluate import evaluate
from derive.expr import ONE, Identity, Node, Var, ones, zeros
from derive.functions import exp, sigmoid, tanh
from derive.indices import dimension
from derive.nonlinear import LogSumExp, Map, Softmax
from derive.sums import walk
from derive.unroll import Place, Table, place

P, Q = dimension("p"), dimension("q")
SIZES = {P: 2, Q: 3}
DIMENSIONS = (ONE, P, Q)
Array = np.ndarray
Shape = tuple[sp.Expr, sp.Expr]
Values = Mapping[Place, Array]


@dataclass(frozen=True)
class Tree:
    """The expression, built with the simplifying constructors, and how NumPy computes it."""

    node: Node
    naive: Callable[[Values], Array]


def variable(name: str, shape: Shape) -> Var:
    """One name a shape: X of p×q and X of q×p are different variables."""
    return Var(f"{name}_{shape[0]}{shape[1]}", *shape, kind="parameter")


VARIABLES = tuple(variable(name, (a, b)) for name in "XY" for a in DIMENSIONS for b in DIMENSIONS)


def size(shape: Shape) -> tuple[int, int]:
    rows, cols = (int(part.xreplace({s: sp.Integer(v) for s, v in SIZES.items()})) for part in shape)
    return rows, cols


def values(seed: int) -> dict[Place, Array]:
    rng = np.random.default_rng(seed)
    return {place(v): rng.normal(size=size(v.shape)) for v in VARIABLES}


def table(given: Values) -> Table:
    return Table(SIZES, dict(given))


def value_of(node: Node, given: Values) -> Array:
    return evaluate(node, table(given), {})


def _leaf(draw: st.DrawFn, shape: Shape) -> Tree:
    kinds = ["X", "Y", "X", "Y", "ones", "zeros"] + (["identity"] if shape[0] == shape[1] else [])
    kind = draw(st.sampled_from(kinds))
    if kind == "identity":
        return Tree(Identity(shape[0]), lambda v: np.eye(size(shape)[0]))
    if kind in ("ones", "zeros"):
        number = float(kind == "ones")
        return Tree((ones if kind == "ones" else zeros)(*shape), lambda v: np.full(size(shape), number))
    leaf = variable(kind, shape)
    return Tree(leaf, lambda v: v[place(leaf)])


def _matmul(draw: st.DrawFn, shape: Shape, depth: int) -> Tree:
    middle = draw(st.sampled_from(DIMENSIONS))
    a, b = _tree(draw, (shape[0], middle), depth), _tree(draw, (middle, shape[1]), depth)
    return Tree(a.node @ b.node, lambda v: a.naive(v) @ b.naive(v))


def _add(draw: st.DrawFn, shape: Shape, depth: int) -> Tree:
    a, b = _tree(draw, shape, depth), _tree(draw, shape, depth)
    return Tree(a.node + b.node, lambda v: a.naive(v) + b.naive(v))


def _subtract(draw: st.DrawFn, shape: Shape, depth: int) -> Tree:
    a, b = _tree(draw, shape, depth), _tree(draw, shape, depth)
    return Tree(a.node - b.node, lambda v: a.naive(v) - b.naive(v))


def _hadamard(draw: st.DrawFn, shape: Shape, depth: int) -> Tree:
    a, b = _tree(draw, shape, depth), _tree(draw, shape, depth)
    return Tree(a.node * b.node, lambda v: a.naive(v) * b.naive(v))


def _scale(draw: st.DrawFn, shape: Shape, depth: int) -> Tree:
    factor = draw(st.sampled_from([sp.Integer(-1), sp.Integer(2), sp.Rational(-3, 4)]))
    a = _tree(draw, shape, depth)
    return Tree(factor * a.node, lambda v: float(factor) * a.naive(v))


def _transpose(draw: st.DrawFn, shape: Shape, depth: int) -> Tree:
    a = _tree(draw, (shape[1], shape[0]), depth)
    return Tree(a.node.T, lambda v: a.naive(v).T)


def _map(draw: st.DrawFn, shape: Shape, depth: int) -> Tree:
    function, plain = draw(
        st.sampled_from([(tanh, np.tanh), (sigmoid, lambda z: 1 / (1 + np.exp(-z))), (exp, lambda z: np.exp(z))])
    )
    a = _tree(draw, shape, depth)
    # an exponential of an exponential leaves the range of floats: squash its argument
    inner = Map(tanh, a.node) if function == exp else a.node
    return Tree(build.apply(function, inner), lambda v: plain(np.tanh(a.naive(v)) if function == exp else a.naive(v)))


def _diag(draw: st.DrawFn, shape: Shape, depth: int) -> Tree:
    a = _tree(draw, (shape[0], ONE), depth)
    return Tree(build.diag(a.node), lambda v: np.diag(a.naive(v)[:, 0]))


def _softmax(draw: st.DrawFn, shape: Shape, depth: int) -> Tree:
    a = _tree(draw, shape, depth)

    def naive(v: Values) -> Array:
        z = a.naive(v)
        return np.exp(z - z.max()) / np.exp(z - z.max()).sum()

    return Tree(Softmax(a.node), naive)


def _log_sum_exp(draw: st.DrawFn, shape: Shape, depth: int) -> Tree:
    a = _tree(draw, (draw(st.sampled_from(DIMENSIONS)), ONE), depth)

    def naive(v: Values) -> Array:
        z = a.naive(v)
        return np.full((1, 1), z.max() + np.log(np.exp(z - z.max()).sum()))

    return Tree(LogSumExp(a.node), naive)


def _tree(draw: st.DrawFn, shape: Shape, depth: int) -> Tree:
    if depth == 0:
        return _leaf(draw, shape)
    grow = [_leaf, _matmul, _matmul, _add, _subtract, _hadamard, _scale, _transpose, _map]
    grow += [_softmax] if shape[1] == ONE else []
    grow += [_log_sum_exp] if shape == (ONE, ONE) else []
    chosen = draw(st.sampled_from(grow))
    return _leaf(draw, shape) if chosen is _leaf else chosen(draw, shape, depth - 1)  # type: ignore[operator]


@st.composite
def trees(draw: st.DrawFn, depth: int = 4) -> Tree:
    """An expression of any of the nine shapes that 1, p and q make."""
    shape = (draw(st.sampled_from(DIMENSIONS)), draw(st.sampled_from(DIMENSIONS)))
    return _tree(draw, shape, depth)


@st.composite
def products_with_diagonals(draw: st.DrawFn) -> Tree:
    """Diagonal matrices beside their neighbours: the laws diag(u) diag(v), diag(u) v and vᵀ diag(u)."""
    first = draw(st.sampled_from(DIMENSIONS))
    product = _tree(draw, (first, P), 1)
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["diag", "diag", "square", "right"]))
        right = _diag(draw, (P, P), 1) if kind == "diag" else _tree(draw, (P, P), 1)
        left = product
        product = Tree(left.node @ right.node, lambda v, a=left, b=right: a.naive(v) @ b.naive(v))
    last = _tree(draw, (P, draw(st.sampled_from(DIMENSIONS))), 1)
    left = product
    return Tree(left.node @ last.node, lambda v: left.naive(v) @ last.naive(v))


def saturated(node: Node, seed: int) -> bool:
    """Whether some tanh or sigmoid is so near its limit that 1 − y² has no digit left, even in extended precision."""
    given = values(seed)
    functions = [part for part in walk(node) if isinstance(part, Map) and part.function in (tanh, sigmoid)]
    return any(bool(np.max(np.abs(value_of(part.body, given))) > 12) for part in functions)


def like(given: Values, array: Array) -> Array:
    """A constant in the precision of the given values."""
    return array.astype(next(iter(given.values())).dtype)


def close(left: Array, right: Array, relative: float) -> bool:
    """At the scale of what is compared; nothing absolute decides, so two zeros have to be exactly zero."""
    if left.shape != right.shape:
        return False
    scale = max(np.max(np.abs(left), initial=0.0), np.max(np.abs(right), initial=0.0))
    return bool(np.all(np.isfinite(left)) and np.max(np.abs(left - right), initial=0.0) <= relative * scale)


def same(left: Callable[[Values], Array], right: Callable[[Values], Array], seed: int) -> bool:
    """Whether two computations agree at a seeded point, in extended precision.

    What is allowed is what rounding is seen to do: to either of them in double precision, and when the inputs are off
    by a rounding.  A difference of two equal terms is thereby judged by its terms.
    """
    given, rng = values(seed), np.random.default_rng(seed + 1)
    finer = {key: array.astype(np.longdouble) for key, array in given.items()}
    both = [(compute, compute(given), compute(finer)) for compute in (left, right)]
    (_, _, a), (_, _, b) = both
    if a.shape != b.shape:
        return False
    spread = 0.0
    for compute, coarse, fine in both:
        spread = max(spread, float(np.max(np.abs(coarse - fine))))
        for _ in range(3):
            shaken = {key: array * (1 + 1e-15 * rng.uniform(-1, 1, array.shape)) for key, array in given.items()}
            spread = max(spread, float(np.max(np.abs(compute(shaken) - coarse))))
    scale = float(max(np.max(np.abs(a)), np.max(np.abs(b))))
    return bool(np.max(np.abs(a - b)) <= 100 * spread + 1e-13 * scale)
