"""The long short-term memory, in PyTorch's convention: two states, h_t and c_t."""

from __future__ import annotations

from derive.build import hadamard
from derive.cell import Cell, Equation, Reference, given, inner, lag, parameter, state
from derive.expr import Var
from derive.functions import sigmoid, tanh
from derive.indices import N_INPUT, N_STATE
from derive.nonlinear import Map

TITLE = "long short-term memory (LSTM), c_t = f_t ⊙ c_{t−1} + i_t ⊙ g_t, h_t = o_t ⊙ tanh(c_t)"
VARIANTS: tuple[str, ...] = ()
_GATES = {"i": sigmoid, "f": sigmoid, "g": tanh, "o": sigmoid}  # in the order in which PyTorch stacks them


def cell(variant: str = "") -> Cell:
    n, m = N_STATE, N_INPUT
    h, c, x, r = state("h", n), state("c", n), given("x", m), inner("r", n)
    gate = {name: inner(name, n) for name in _GATES}
    W_i = {name: parameter(f"W_i{name}", n, m) for name in _GATES}
    W_h = {name: parameter(f"W_h{name}", n, n) for name in _GATES}
    b_i = {name: parameter(f"b_i{name}", n) for name in _GATES}
    b_h = {name: parameter(f"b_h{name}", n) for name in _GATES}

    def gates() -> tuple[Equation, ...]:
        found = []
        for name, function in _GATES.items():
            u = inner(f"u_{name}", n)
            found.append(Equation(u, W_i[name] @ x + b_i[name] + W_h[name] @ lag(h) + b_h[name]))
            found.append(Equation(gate[name], Map(function, u)))
        return tuple(found)

    blocks: dict[str, dict[str, Var]] = {
        "weight_ih_l0": W_i, "weight_hh_l0": W_h, "bias_ih_l0": b_i, "bias_hh_l0": b_h,
    }  # fmt: skip
    return Cell(
        name="lstm",
        title=TITLE,
        states=(h, c),
        inputs=(x,),
        parameters=tuple(w for block in blocks.values() for w in block.values()),
        equations=(
            *gates(),
            Equation(c, hadamard(gate["f"], lag(c)) + hadamard(gate["i"], gate["g"])),
            Equation(r, Map(tanh, c)),
            Equation(h, hadamard(gate["o"], r)),
        ),
        references=(HOCHREITER, GERS),
        pytorch={w.name: theirs for theirs, block in blocks.items() for w in block.values()},
        pytorch_module="LSTM",
    )


HOCHREITER = Reference(
    "hochreiter1997", "S. Hochreiter, J. Schmidhuber", 1997, "Long short-term memory",
    "Neural Computation 9(8), 1735–1780", "https://doi.org/10.1162/neco.1997.9.8.1735",
)  # fmt: skip
GERS = Reference(
    "gers2000", "F. A. Gers, J. Schmidhuber, F. Cummins", 2000, "Learning to forget: continual prediction with LSTM",
    "Neural Computation 12(10), 2451–2471", "https://doi.org/10.1162/089976600300015015",
)  # fmt: skip
