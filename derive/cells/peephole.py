"""The LSTM whose gates see the cell state (Gers & Schmidhuber 2000): the output gate the new, the others the old."""

from __future__ import annotations

from derive.build import hadamard
from derive.cell import Cell, Equation, Reference, given, inner, lag, parameter, state
from derive.expr import Node, Var
from derive.functions import sigmoid, tanh
from derive.indices import N_INPUT, N_STATE
from derive.nonlinear import Map

TITLE = "LSTM with peepholes, i_t = σ(W_ii x_t + W_hi h_{t−1} + p_i ⊙ c_{t−1} + b_i) and so on"
VARIANTS: tuple[str, ...] = ()


def cell(variant: str = "") -> Cell:
    n, m = N_STATE, N_INPUT
    h, c, x, r = state("h", n), state("c", n), given("x", m), inner("r", n)
    i, f, g, o = (inner(name, n) for name in "ifgo")
    u = {name: inner(f"u_{name}", n) for name in "ifgo"}
    W_i = {name: parameter(f"W_i{name}", n, m) for name in "ifgo"}
    W_h = {name: parameter(f"W_h{name}", n, n) for name in "ifgo"}
    p = {name: parameter(f"p_{name}", n) for name in "ifo"}
    b = {name: parameter(f"b_{name}", n) for name in "ifgo"}

    def summed(name: str, seen: Var | None = None) -> Node:
        plain = W_i[name] @ x + W_h[name] @ lag(h) + b[name]
        return plain if seen is None else plain + hadamard(p[name], seen)

    return Cell(
        name="peephole",
        title=TITLE,
        states=(h, c),
        inputs=(x,),
        parameters=(*W_i.values(), *W_h.values(), *p.values(), *b.values()),
        equations=(
            Equation(u["i"], summed("i", lag(c))),
            Equation(i, Map(sigmoid, u["i"])),
            Equation(u["f"], summed("f", lag(c))),
            Equation(f, Map(sigmoid, u["f"])),
            Equation(u["g"], summed("g")),
            Equation(g, Map(tanh, u["g"])),
            Equation(c, hadamard(f, lag(c)) + hadamard(i, g)),
            Equation(u["o"], summed("o", c)),
            Equation(o, Map(sigmoid, u["o"])),
            Equation(r, Map(tanh, c)),
            Equation(h, hadamard(o, r)),
        ),
        references=(
            Reference(
                "gers2000peephole", "F. A. Gers, J. Schmidhuber", 2000, "Recurrent nets that time and count",
                "IJCNN 2000, 189–194", "https://doi.org/10.1109/IJCNN.2000.861302",
            ),
        ),
    )  # fmt: skip
