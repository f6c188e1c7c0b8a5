"""Gates, found in the derived Jacobian: the terms diag(g_t) on the diagonal of c_t, g_t a quantity of the step.

Through such a term a unit hands its state on without any matrix in between: along it alone the chain is ∏ diag(g_t).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.errors import InputError
from derive.expr import Add, Block, Diag, Node, Var
from derive.growth.chain import chain_of
from derive.growth.factors import Diagonal, matrix_value
from derive.nonlinear import Map
from derive.theory import Theory
from verify.growth.remedies.remedy import Number
from verify.problem import Problem


@dataclass(frozen=True)
class Gate:
    """``block`` is ∂state_t/∂state_{t−1} as derived, ``term`` the additive diag(gate) in it."""

    state: Var
    block: Node
    term: Diag
    gate: Var

    @property
    def alone(self) -> bool:
        """Whether the block is this term and nothing else."""
        return self.block == self.term


def gates(derivation: Derivation) -> tuple[Gate, ...]:
    """Those of the phase with the losses, in the order of its states."""
    theory = Theory(derivation.model)
    jacobian = derivation[theory.key("local.c")].rhs
    blocks = jacobian.rows if isinstance(jacobian, Block) else ((jacobian,),)
    found = []
    for place, state in enumerate(theory.phase.states):
        block = blocks[place][place]
        for term in block.args if isinstance(block, Add) else (block,):
            gate = _gate(derivation, term)
            if gate is not None:
                found.append(Gate(state, block, term, gate))
    return tuple(found)


def _gate(derivation: Derivation, term: Node) -> Var | None:
    """The gate of a term diag(g_t) where g_t is computed at the step by an elementwise function."""
    column = term.args[0] if isinstance(term, Diag) else None
    computed = {e.target for e in derivation.model.main.equations if isinstance(e.expression, Map)}
    return column if isinstance(column, Var) and column in computed else None


def biases(derivation: Derivation, gate: Gate) -> tuple[Var, ...]:
    """The parameters that are added, by themselves, to what the gate is a function of."""
    equations = {e.target: e.expression for e in derivation.model.main.equations}
    function = equations[gate.gate]
    assert isinstance(function, Map)
    argument = equations.get(function.body, function.body)
    terms = argument.args if isinstance(argument, Add) else (argument,)
    return tuple(term for term in terms if isinstance(term, Var) and term.kind == "parameter")


def log_products(
    derivation: Derivation, problem: Problem, found: Sequence[Gate], lags: Sequence[int]
) -> tuple[Number, ...]:
    """log₁₀ ‖∏ diag(g_t)‖₂ over the last ``lag`` steps of the first sequence.

    The norm of a diagonal matrix is its largest entry; of several gates, that of all their blocks together.  None for
    every lag where the state is not finite.
    """
    one = problem.one_sequence()
    try:
        logs = np.concatenate(list(_logs(derivation, one, found)))
    except InputError:
        return (None,) * len(lags)
    totals = np.cumsum(logs[::-1], axis=0).max(axis=1)
    return tuple(float(totals[lag - 1]) for lag in lags)


def _logs(derivation: Derivation, one: Problem, found: Sequence[Gate]) -> Iterator[Array]:
    """log₁₀ of the gates' values, (steps, units), a window of steps after the other."""
    for window, _ in chain_of(derivation, one.given, one.sizes).windows():
        values = [matrix_value(gate.term, window) for gate in found]
        columns = [value.column[:, 0, :, 0] for value in values if isinstance(value, Diagonal)]
        with np.errstate(divide="ignore"):
            yield np.log10(np.concatenate(columns, axis=1))
