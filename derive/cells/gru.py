"""The gated recurrent unit, in PyTorch's convention: the reset gate multiplies W_hn h_{t−1} + b_hn, bias included."""

from __future__ import annotations

from derive.build import hadamard
from derive.cell import Cell, Equation, Reference, given, inner, lag, parameter, state
from derive.expr import Node, Var, ones
from derive.functions import sigmoid, tanh
from derive.indices import N_INPUT, N_STATE
from derive.nonlinear import Map

TITLE = "gated recurrent unit (GRU), h_t = (1 − z_t) ⊙ n_t + z_t ⊙ h_{t−1}"
VARIANTS: tuple[str, ...] = ()
_GATES = ("r", "z", "n")  # reset, update, new: the order in which PyTorch stacks them


def cell(variant: str = "") -> Cell:
    n, m = N_STATE, N_INPUT
    h, x = state("h", n), given("x", m)
    r, z, new, v = (inner(name, n) for name in ("r", "z", "n", "v"))
    u_r, u_z, u_n = (inner(f"u_{gate}", n) for gate in _GATES)
    W_i = {gate: parameter(f"W_i{gate}", n, m) for gate in _GATES}
    W_h = {gate: parameter(f"W_h{gate}", n, n) for gate in _GATES}
    b_i = {gate: parameter(f"b_i{gate}", n) for gate in _GATES}
    b_h = {gate: parameter(f"b_h{gate}", n) for gate in _GATES}

    def summed(gate: str) -> Node:
        return W_i[gate] @ x + b_i[gate] + W_h[gate] @ lag(h) + b_h[gate]

    blocks: dict[str, dict[str, Var]] = {
        "weight_ih_l0": W_i, "weight_hh_l0": W_h, "bias_ih_l0": b_i, "bias_hh_l0": b_h,
    }  # fmt: skip
    return Cell(
        name="gru",
        title=TITLE,
        states=(h,),
        inputs=(x,),
        parameters=tuple(w for block in blocks.values() for w in block.values()),
        equations=(
            Equation(u_r, summed("r")),
            Equation(r, Map(sigmoid, u_r)),
            Equation(u_z, summed("z")),
            Equation(z, Map(sigmoid, u_z)),
            Equation(v, W_h["n"] @ lag(h) + b_h["n"]),
            Equation(u_n, W_i["n"] @ x + b_i["n"] + hadamard(r, v)),
            Equation(new, Map(tanh, u_n)),
            Equation(h, hadamard(ones(n) - z, new) + hadamard(z, lag(h))),
        ),
        references=(CHO,),
        pytorch={w.name: theirs for theirs, block in blocks.items() for w in block.values()},
        pytorch_module="GRU",
    )


CHO = Reference(
    "cho2014", "K. Cho et al.", 2014,
    "Learning phrase representations using RNN encoder–decoder for statistical machine translation", "EMNLP 2014",
    "https://arxiv.org/abs/1406.1078",
)  # fmt: skip
