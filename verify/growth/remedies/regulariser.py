"""Pascanu's regulariser as an expression, and its gradient as the engine derives it.

For the factor c_t of step t and the gradient δ_t of the loss with respect to the state, held fixed,

    Ω_t = (‖c_tᵀ δ_t‖ / ‖δ_t‖ − 1)² = (√(vᵀv) − 1)²,  v = c_tᵀ u,  u = δ_t / ‖δ_t‖,

since c_tᵀ is linear (Pascanu, Mikolov & Bengio 2013, section 3.3, equation 9; their index is k = t − 1).  v is what the
reverse sweep through the step makes of the seed u, so it is derived, not typed in; and as a list of equations it is
swept backwards once more.  The "immediate" derivative (their equation 10) holds h_{t−1} and δ_t: both are leaves here.

The paper's network is h_t = W φ(h_{t−1}) + …, where φ′ belongs to the state that is held.  In h_t = φ(W h_{t−1} + …)
the slope depends on W even so, and the derivative has a term with φ″.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from derive.accumulate import Backward, backward
from derive.build import add, apply, hadamard, matmul, transpose
from derive.cell import Equation, lag
from derive.expr import ONE, Diag, MatMul, Node, Var, ones
from derive.functions import Elementwise, Z
from derive.growth.recurrent import multiplying
from derive.indices import t
from derive.sums import rewrite
from derive.theory import Theory

DEVIATION = Elementwise("deviation", sp.Piecewise(((sp.sqrt(Z) - 1) ** 2, Z > 0), (1, True)))
"""(√z − 1)²; at z = 0, where the slope is infinite, its value 1 with the slope 0: such a step is left as it is."""


@dataclass(frozen=True)
class Regulariser:
    """Equations of one step, from h_{t−1}, the inputs and u to ``omega``; and the sweep back to the ``sources``.

    ``seeds`` are u, a part for every state; ``gradient`` has ∂⁺Ω_t/∂w for every recurrent weight w that Ω_t depends on.
    """

    theory: Theory
    equations: tuple[Equation, ...]
    omega: Var
    seeds: tuple[Var, ...]
    sweep: Backward

    @property
    def gradient(self) -> dict[Var, Node]:
        return self.sweep.at_sources


def regulariser(theory: Theory) -> Regulariser:
    """Ω_t of one phase, with its derivative with respect to every weight that multiplies a state of the step before."""
    phase = theory.phase
    carried = [Equation(_part(state), _plain(node)) for state, node in _arriving(theory)]
    square = Equation(_own("q"), add(*(transpose(e.target) @ e.target for e in carried)))
    omega = Equation(_own("Omega"), apply(DEVIATION, square.target))
    named = [Equation(_renamed(e.target), _plain(e.expression)) for e in theory.sweep.named]
    equations = (*phase.equations, *named, *carried, square, omega)
    return Regulariser(
        theory,
        equations,
        omega.target,
        tuple(theory.delta_of(state) for state in phase.states),
        backward(equations, {omega.target: ones(1)}, multiplying(phase)),
    )


def _arriving(theory: Theory) -> list[tuple[Var, Node]]:
    """The parts of c_tᵀ u; a state that no step reads back has none."""
    found = theory.sweep.at_sources
    return [(state, found[lag(state)]) for state in theory.phase.states if lag(state) in found]


def _own(name: str, rows: sp.Expr = ONE) -> Var:
    """A quantity of this file, in a namespace that no cell's own quantities are in."""
    return Var(name, rows, ONE, t, "seed")


def _part(state: Var) -> Var:
    return _own(f"v_{state.name}", state.shape[0])


def _renamed(adjoint: Var) -> Var:
    """An adjoint of the first sweep, under a name that the second sweep's adjoints leave free."""
    return _own(f"xi_{adjoint.name}", adjoint.shape[0])


def _plain(node: Node) -> Node:
    """In the names of the second sweep, and with diag(v) x as v ⊙ x: diag itself has no differential."""
    named = rewrite(node, lambda part: _renamed(part) if isinstance(part, Var) and part.kind == "adjoint" else None)
    return rewrite(named, _without_diag)


def _without_diag(node: Node) -> Node | None:
    """A product that ends in a column, from the right."""
    if not isinstance(node, MatMul) or node.shape[1] != ONE or not any(isinstance(f, Diag) for f in node.args):
        return None
    *factors, product = node.args
    for factor in reversed(factors):
        product = hadamard(factor.args[0], product) if isinstance(factor, Diag) else matmul(factor, product)
    return product
