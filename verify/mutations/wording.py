"""Quantities and indices as people write them in a line of text: h_{t−1}, the adjoint of z_t."""

from __future__ import annotations

import sympy as sp

from derive.derivatives import Call, Derivative
from derive.expr import Add, Fill, Hadamard, MatMul, Node, Scale, Transpose, Var
from derive.sums import OrderedProduct, Sum

_LONG = {OrderedProduct: "the product", Sum: "the sum"}
_GREEK = {"delta": "δ"}


def index_text(index: sp.Expr) -> str:
    return str(index).replace(" ", "").replace("-", "−")


def timed(name: str, time: sp.Expr | None) -> str:
    """``h_t``, ``h_{t−1}``, ``u_{f,t}``."""
    if time is None:
        return name
    text, (first, _, rest) = index_text(time), name.partition("_")
    if rest:
        return f"{first}_{{{rest},{text}}}"
    return f"{name}_{text}" if len(text) == 1 else f"{name}_{{{text}}}"


def called(node: Node) -> str:
    """A quantity by its name; of a longer expression, what it is."""
    if isinstance(node, Var):
        first, *rest = node.name.split("_", 1)
        name = "_".join([_GREEK.get(first, first), *rest])
        return f"the adjoint of {timed(name, node.time)}" if node.kind == "adjoint" else timed(name, node.time)
    if isinstance(node, Transpose):
        return (
            f"{called(node.args[0])}ᵀ" if isinstance(node.args[0], Var) else f"the transpose of {called(node.args[0])}"
        )
    if isinstance(node, Derivative):
        return f"∂{called(node.target)}/∂{called(node.source)}"
    if isinstance(node, Call):
        return timed(node.name, node.output.time)
    if isinstance(node, Fill):
        return str(node.value)
    if isinstance(node, Scale):
        return f"{'−' if node.args[0] == -1 else node.args[0]}{called(node.args[1])}"
    if isinstance(node, Add):
        return " + ".join(map(called, node.args)).replace("+ −", "− ")
    if isinstance(node, Hadamard):
        return " ⊙ ".join(map(called, node.args))
    if isinstance(node, MatMul):
        return " ".join(f"({called(a)})" if isinstance(a, Add | Hadamard) else called(a) for a in node.args)
    return _LONG.get(type(node), str(node))
