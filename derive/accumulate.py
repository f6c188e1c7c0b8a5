"""The chain rule through a list of equations, forwards and backwards.

``forward`` gives Jacobians (c_t, b_t); ``backward`` gives the adjoint equations that a program would run, with a name
for every intermediate, so that nothing is computed or printed twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from derive.build import add
from derive.cell import Equation
from derive.differential import differential
from derive.expr import Fill, Node, Var
from derive.linear import Linear

Local = Mapping[Var, Mapping[Node, Linear]]
"""The partial differentials of each equation's target, with respect to sources and to names set before it."""


def local_differentials(equations: Sequence[Equation], sources: Sequence[Var]) -> dict[Var, dict[Node, Linear]]:
    """Each equation's own partial differentials with respect to ``sources`` and to the names set before it."""
    wanted = {*sources, *(equation.target for equation in equations)}
    return {
        equation.target: differential(equation.expression, wanted - {equation.target}, equation.target)
        for equation in equations
    }


def forward(equations: Sequence[Equation], source: Var, local: Local | None = None) -> dict[Var, Linear]:
    """∂(every target)/∂source through all paths: ∂v/∂s = Σ_u (∂v/∂u) (∂u/∂s), in the order of the equations.

    ``local``, where it is known already, may have more sources than this one.
    """
    local = local or local_differentials(equations, [source])
    total: dict[Node, Linear] = {source: Linear.identity(source.shape)}
    for equation in equations:
        for used, change in local[equation.target].items():
            if used in total:
                through = change @ total[used]
                known = total.get(equation.target)
                total[equation.target] = known + through if known else through
    return {target: change for target, change in total.items() if isinstance(target, Var) and target != source}


def bar(variable: Var) -> Var:
    """The adjoint of a variable: the gradient of the summed loss with respect to it, in its shape."""
    return Var(variable.args[0], *variable.shape, variable.args[3], "adjoint")


@dataclass(frozen=True)
class Backward:
    """``named``: the adjoint equations in the order to run them; ``at_sources``: what arrives at each source."""

    named: tuple[Equation, ...]
    at_sources: dict[Var, Node]


def backward(
    equations: Sequence[Equation], seeds: Mapping[Var, Node], sources: Sequence[Var], local: Local | None = None
) -> Backward:
    """The reverse sweep: v̄ = Σ_w (∂w/∂v)* w̄ over all that use v, from the last equation to the first.

    A cotangent that is a plain symbol or a constant keeps its name; every other gets one, its variable's bar.
    ``local`` are the differentials with respect to ``sources``, where they are known already.
    """
    local = local or local_differentials(equations, sources)
    arriving: dict[Node, Node] = dict(seeds)
    named: list[Equation] = []
    for equation in reversed(equations):
        cotangent = arriving.get(equation.target)
        if cotangent is None:
            continue
        if not isinstance(cotangent, Var | Fill):
            named.append(Equation(bar(equation.target), cotangent))
            cotangent = bar(equation.target)
        for used, change in local[equation.target].items():
            share = change.pull_back(cotangent)
            arriving[used] = add(arriving[used], share) if used in arriving else share
    return Backward(tuple(named), {source: arriving[source] for source in sources if source in arriving})
