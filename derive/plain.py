"""Expressions as one line of NumPy-like text: ``W_h @ h[t-1] + b``.

For messages and tests; documents have their own.
"""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from derive import expr as ex
from derive.derivatives import Call, Derivative, Gradient
from derive.entries import Entry
from derive.nonlinear import LogSumExp, Map, Softmax
from derive.sums import Bound, OrderedProduct


@singledispatch
def plain(node: Any) -> str:
    return f"{type(node).__name__}({', '.join(map(str, node.args))})"


def _join(operator: str, node: ex.Node, inside: tuple[type, ...]) -> str:
    return operator.join(f"({plain(a)})" if isinstance(a, inside) else plain(a) for a in node.args)


@plain.register
def _(node: ex.Var) -> str:
    name = f"bar({node.name})" if node.kind == "adjoint" else node.name
    return name if node.time is None else f"{name}[{node.time}]"


@plain.register
def _(node: ex.Fill) -> str:
    return str(node.value) if ex.is_scalar(node) else f"fill({node.value}, {node.shape[0]}, {node.shape[1]})"


@plain.register
def _(node: ex.Identity) -> str:
    return f"I({node.shape[0]})"


@plain.register
def _(node: ex.Add) -> str:
    return _join(" + ", node, ())


@plain.register
def _(node: ex.Scale) -> str:
    body = f"({plain(node.args[1])})" if isinstance(node.args[1], ex.Add) else plain(node.args[1])
    return f"{node.args[0]}*{body}"


@plain.register
def _(node: ex.MatMul) -> str:
    return _join(" @ ", node, (ex.Add, ex.Scale, ex.Hadamard))


@plain.register
def _(node: ex.Hadamard) -> str:
    return _join(" * ", node, (ex.Add, ex.MatMul, ex.Scale))


@plain.register
def _(node: ex.Transpose) -> str:
    return f"{plain(node.args[0])}.T" if not node.args[0].parts else f"({plain(node.args[0])}).T"


@plain.register
def _(node: Map) -> str:
    return f"{node.function.name}({plain(node.body)})"


@plain.register(Softmax)
@plain.register(LogSumExp)
@plain.register(ex.Diag)
@plain.register(ex.Vec)
def _(node: ex.Node) -> str:
    return f"{type(node).__name__.lower()}({plain(node.args[0])})"


@plain.register
def _(node: ex.Block) -> str:
    rows = (", ".join(map(plain, row)) for row in node.rows)
    return f"block([{'], ['.join(rows)}])"


@plain.register
def _(node: ex.Part) -> str:
    return f"rows({plain(node.args[0])}, {node.label})"


@plain.register
def _(node: Bound) -> str:
    sign = "prod" if isinstance(node, OrderedProduct) else "sum"
    return f"{sign}[{node.index}={node.lower}..{node.upper}]({plain(node.body)})"


@plain.register(Derivative)
@plain.register(Gradient)
def _(node: Derivative | Gradient) -> str:
    return f"d{plain(node.target)}/d{plain(node.source)}"


@plain.register
def _(node: Call) -> str:
    return f"{node.name}({', '.join(map(plain, node.arguments))})"


@plain.register
def _(node: Entry) -> str:
    return f"{plain(node.body)}[{', '.join(map(str, node.args[1:]))}]"
