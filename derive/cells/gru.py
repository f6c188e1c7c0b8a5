"""The gated recurrent unit in PyTorch's convention: the reset gate acts on W_hn h_{t−1} + b_hn, bias included."""

from __future__ import annotations

from derive.build import hadamard
from derive.cell import Cell, Equation, Reference, given, inner, lag, parameter, state
from derive.expr import ones
from derive.functions import sigmoid, tanh
from derive.indices import N_INPUT, N_STATE
from derive.nonlinear import Map

TITLE = "gated recurrent unit (PyTorch's gates, b_hn inside the reset)"
VARIANTS: tuple[str, ...] = ()
GATES = ("r", "z", "n")


def cell(variant: str = "") -> Cell:
    """r, z = σ(…), n = tanh(W_in x + b_in + r ⊙ (W_hn h + b_hn)), h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}."""
    n, m = N_STATE, N_INPUT
    h, x = state("h", n), given("x", m)
    W_i = {gate: parameter(f"W_i{gate}", n, m) for gate in GATES}
    W_h = {gate: parameter(f"W_h{gate}", n, n) for gate in GATES}
    b_i = {gate: parameter(f"b_i{gate}", n) for gate in GATES}
    b_h = {gate: parameter(f"b_h{gate}", n) for gate in GATES}
    reset, update, new = inner("r", n), inner("z", n), inner("n", n)
    a_r, a_z, a_n, recurrent = inner("a_r", n), inner("a_z", n), inner("a_n", n), inner("u", n)

    def driven(gate: str) -> Equation:
        target = a_r if gate == "r" else a_z
        return Equation(target, W_i[gate] @ x + b_i[gate] + W_h[gate] @ lag(h) + b_h[gate])

    return Cell(
        name="gru",
        title=TITLE,
        states=(h,),
        inputs=(x,),
        parameters=tuple(w for group in (W_h, W_i, b_i, b_h) for w in group.values()),
        equations=(
            driven("r"),
            Equation(reset, Map(sigmoid, a_r)),
            driven("z"),
            Equation(update, Map(sigmoid, a_z)),
            Equation(recurrent, W_h["n"] @ lag(h) + b_h["n"]),
            Equation(a_n, W_i["n"] @ x + b_i["n"] + hadamard(reset, recurrent)),
            Equation(new, Map(tanh, a_n)),
            Equation(h, hadamard(ones(n) - update, new) + hadamard(update, lag(h))),
        ),
        references=(CHO,),
        pytorch={
            **{f"W_h{g}": "weight_hh_l0" for g in GATES},
            **{f"W_i{g}": "weight_ih_l0" for g in GATES},
            **{f"b_i{g}": "bias_ih_l0" for g in GATES},
            **{f"b_h{g}": "bias_hh_l0" for g in GATES},
        },
    )


CHO = Reference(
    "cho2014", "K. Cho, B. van Merriënboer, Ç. Gülçehre, D. Bahdanau, F. Bougares, H. Schwenk, Y. Bengio", 2014,
    "Learning phrase representations using RNN encoder–decoder for statistical machine translation",
    "EMNLP 2014, section 2.3", "https://arxiv.org/abs/1406.1078",
)  # fmt: skip
