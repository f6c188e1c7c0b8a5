"""Names with marks, blocks and parts, and the colours of the letters, as LaTeX and as terminal text."""

from __future__ import annotations

import pytest
import sympy as sp

from derive.build import block, part, stack
from derive.derivatives import Call, Derivative
from derive.entries import Entry
from derive.expr import Diag, Hadamard, MatMul, Node, Transpose, Var, zeros
from derive.indices import entry_index, t
from reports.formula.to_latex import latex
from reports.formula.to_speech import spoken
from reports.formula.to_text import text
from reports.formula.to_typst import typst_math
from reports.formula.tree import Role
from reports.present import show

n, m = sp.symbols("n m", positive=True, integer=True)
ROW, COL = entry_index("i"), entry_index("j")
H1, H2 = (Var(f"h^{layer}", n, 1, t, "state") for layer in (1, 2))
X = Var("x^1", 1, 1, t, "input")
W1, WE = (Var(f"W_h^{mark}", n, n, kind="parameter") for mark in ("1", "e"))
STACK = Var("H", 2 * n, 1, t, "stack")
GENERAL = Var("Delta", 2 * n, 1, t, "unknown")
UPPER = part(GENERAL, "h^1", sp.Tuple(n, n), 0)

SHOWN: dict[str, tuple[Node, str, str]] = {
    "layer": (H1, "h_t^{(1)}", "hₜ⁽¹⁾"),
    "encoder": (Var("h^e", n, 1, t - 1, "state"), r"h_{t - 1}^{\mathrm{e}}", "hₜ₋₁ᵉ"),
    "word": (Var("h^dec", n, 1, t, "state"), r"h_t^{\mathrm{dec}}", "hₜᵈᵉᶜ"),
    "both": (Var("h^1,e", n, 1, t, "state"), r"h_t^{(1) , \mathrm{e}}", "hₜ^{(1),e}"),
    "weight": (W1, "W_h^{(1)}", "Wₕ⁽¹⁾"),
    "no subscript": (Var("W^e", n, n, kind="parameter"), r"W^{\mathrm{e}}", "Wᵉ"),
    "unknown": (Var("delta_h^1", n, 1, t, "unknown"), r"\delta_{h , t}^{(1)}", "δ_{h,t}⁽¹⁾"),
    "adjoint": (Var("z^1", n, 1, t, "adjoint"), r"\bar{z}_t^{(1)}", "z̄ₜ⁽¹⁾"),
    "transposed": (Transpose(W1), r"W_h^{(1) \top}", "Wₕ⁽¹⁾ᵀ"),
    "transposed encoder": (Transpose(WE), r"W_h^{\mathrm{e} \top}", "Wₕᵉᵀ"),
    "power": (Hadamard(X, X), "(x_t^{(1)})^2", "(xₜ⁽¹⁾)²"),
    "unit": (Entry(H1, ROW, sp.Integer(1)), "h_{t , i}^{(1)}", "h_{t,i}⁽¹⁾"),
    "entry": (Entry(W1, ROW, COL), "(W_h^{(1)})_{i j}", "(Wₕ⁽¹⁾)ᵢⱼ"),
    "block": (
        block((W1, zeros(n, n)), (WE, W1)),
        r"\begin{pmatrix} W_h^{(1)} & 0 \\[4pt] W_h^{\mathrm{e}} & W_h^{(1)} \end{pmatrix}",
        "[Wₕ⁽¹⁾, 0; Wₕᵉ, Wₕ⁽¹⁾]",
    ),
    "factor": (
        MatMul(Transpose(block((W1, WE))), H1),
        r"\begin{pmatrix} W_h^{(1)} & W_h^{\mathrm{e}} \end{pmatrix}^{\top} \, h_t^{(1)}",
        "[Wₕ⁽¹⁾, Wₕᵉ]ᵀ hₜ⁽¹⁾",
    ),
    "diagonal": (
        Diag(stack(H1, H2)),
        r"\operatorname{diag}\begin{pmatrix} h_t^{(1)} \\[4pt] h_t^{(2)} \end{pmatrix}",
        "diag([hₜ⁽¹⁾; hₜ⁽²⁾])",
    ),
    "part": (UPPER, r"\lbrack \Delta_t\rbrack_{h^{(1)}}", "[Δₜ]_{h⁽¹⁾}"),
    "part transposed": (
        Transpose(part(GENERAL, "h", sp.Tuple(n, n), 1)), r"\lbrack \Delta_t\rbrack_h^{\top}", "[Δₜ]ₕᵀ"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SHOWN)
def test_looks(name: str) -> None:
    node, in_latex, in_text = SHOWN[name]
    assert latex(show(node), colour=False) == in_latex
    assert text(show(node)) == in_text


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (H1, "h sub t superscript 1"),
        (Transpose(WE), "W sub h superscript e transpose"),
        (Var("h^1,e", n, 1, t, "state"), "h sub t superscript 1 comma e"),
        (Hadamard(X, X), "open x sub t superscript 1 close squared"),
    ],
)
def test_a_mark_is_not_read_as_a_power(node: Node, words: str) -> None:
    assert spoken(show(node)) == words


def test_upright_marks_in_typst() -> None:
    assert typst_math(show(Var("h^e", n, 1, t, "state"))) == "attach(h, b: t, t: upright(e))"


@pytest.mark.parametrize("letter", ["a", "A", "B", "C", "Phi", "Psi", "gamma", "Delta_h^2"])
@pytest.mark.parametrize("kind", ["local", "jacobian", "unknown", "seed"])
def test_the_colour_is_that_of_the_kind(letter: str, kind: str) -> None:
    shown = show(Var(letter, n, n, t, kind))
    assert (shown.role if isinstance(shown, Role) else "seed") == kind


@pytest.mark.parametrize("state", [STACK, H1])
@pytest.mark.parametrize("name", ["f", "F", "Phi"])
def test_derivatives_of_the_step_are_coloured_whatever_its_name(state: Var, name: str) -> None:
    step = Call(name, state, state.at(t - 1), W1)
    shown = [show(Derivative(target, source)) for target, source in ((step, W1), (step, state.at(t - 1)), (state, W1))]
    assert [part.role for part in shown if isinstance(part, Role)] == ["local", "jacobian", "unknown"]


def test_the_loss_is_not_a_step() -> None:
    loss = Call("ell", Var("ell", 1, 1, t, "loss"), H1)
    assert not isinstance(show(Derivative(loss, H1)), Role)
