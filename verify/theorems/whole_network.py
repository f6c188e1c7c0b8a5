"""The whole tanh network with softmax and cross-entropy: the gradient of each parameter, all others held."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from derive.cell import Equation, lag
from derive.derivatives import Gradient
from derive.expr import Node, Var
from derive.functions import log, tanh
from derive.indices import t
from derive.nonlinear import Map, Softmax
from derive.run import name_of
from derive.sums import Sum
from derive.theory import Theory
from verify.theorem import Covering, Statement

_NAMES = ("W_h", "W_i", "b_ih", "b_hh", "W_o", "b_o", "h_0")


def _is_the_network(theory: Theory) -> bool:
    """Whether the equations are those of the theorems, letter by letter, and the loss the mean over all steps."""
    named = {name_of(source): source for source in (*theory.model.parameters, *theory.model.initial_states)}
    if set(named) != set(_NAMES) or theory.weight != 1 / theory.length or len(theory.phase.inputs) != 1:
        return False
    W_h, W_i, b_ih, b_hh, W_o, b_o, _ = (named[name] for name in _NAMES)
    (x,), h, y = theory.phase.inputs, theory.state, theory.model.readout.target
    z, s, o = (
        Var(name, size, 1, t, "inner") for name, size in (("z", h.shape[0]), ("s", y.shape[0]), ("o", y.shape[0]))
    )
    ell = theory.model.readout.loss.target
    return (*theory.equations, *theory.model.after) == (
        Equation(z, W_h @ lag(h) + W_i @ x + b_ih + b_hh), Equation(h, Map(tanh, z)),
        Equation(s, W_o @ h + b_o), Equation(o, Softmax(s)), Equation(ell, -(y.T @ Map(log, o))),
    )  # fmt: skip


def gradient_of(theory: Theory, name: str) -> Iterator[Statement]:
    """With e_t = z̄_t = (1 − h_t²) ∘ δ_t and s̄_t = o_t − y_t, what the theorem ``gradient_of_name`` says."""
    if not _is_the_network(theory):
        return
    (x,), h = theory.phase.inputs, theory.state
    readout = theory.model.readout
    z, s = (Var(of.name, *of.shape, t, "adjoint") for of in (theory.equations[0].target, readout.score.target))
    sources = {name_of(source): source for source in (*theory.model.parameters, *theory.model.initial_states)}
    terms: dict[str, Node] = {
        "W_h": z @ lag(h).T, "W_i": z @ x.T, "b_ih": z, "b_hh": z, "W_o": s @ h.T, "b_o": s,
    }  # fmt: skip
    if name == "h_0":
        rhs = theory.weight * (sources["W_h"].T @ z.at(1))
    else:
        rhs = theory.weight * Sum(terms[name], t, 1, theory.length)
    premises = ("gradient.last", "gradient.delta", "gradient.z-bar", "seed.assumption", "seed.shortcut")
    yield Statement(f"gradient.{name}", Gradient(theory.model.total, sources[name]), rhs, premises=premises)


COVERINGS = tuple(Covering(f"Gradients.gradient_of_{name}", partial(gradient_of, name=name)) for name in _NAMES)
