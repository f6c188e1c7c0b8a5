"""What somebody's function is given, and how what it returns is read.

    def backward(parameters, inputs, targets):
        return {"W_h": …, "W_i": …, …, "h_0": …}

``parameters`` has every parameter and every initial state by name: matrices (rows, columns), vectors (size,).
``inputs`` is (T, batch, features), as in PyTorch: without a feature, (T, batch, 0), where the model reads no sequence,
and a dict of such arrays where it reads several.  ``targets`` is (T, batch, outputs), or (batch, outputs) where only
the last step has a loss.

The gradient is that of L = (1/T) Σ_t ℓ_t, averaged over the batch, in the shape of its parameter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from derive.arithmetic import Array
from derive.expr import Var
from derive.indices import N_OUTPUT, t, value
from derive.model import Model
from derive.run import name_of
from derive.unroll import place
from verify.problem import Problem


@dataclass(frozen=True)
class Arguments:
    """One set of arguments.  Every call gets a copy, so that a function that changes them cannot spoil the next."""

    parameters: dict[str, Array]
    inputs: Any
    targets: Array

    def copy(self) -> Arguments:
        inputs = self.inputs
        inputs = {name: array.copy() for name, array in inputs.items()} if isinstance(inputs, dict) else inputs.copy()
        parameters = {name: array.copy() for name, array in self.parameters.items()}
        return Arguments(parameters, inputs, self.targets.copy())

    @property
    def arrays(self) -> dict[str, Array]:
        """All arrays, as they would be written in the function: ``parameters["W_h"]``."""
        found = {f'parameters["{name}"]': array for name, array in self.parameters.items()}
        if isinstance(self.inputs, dict):
            found |= {f'inputs["{name}"]': array for name, array in self.inputs.items()}
        else:
            found["inputs"] = self.inputs
        return {**found, "targets": self.targets}


def arguments(problem: Problem) -> Arguments:
    """A problem as somebody's function gets to see it."""
    model, given = problem.model, problem.given
    shared = (*problem.sources, *model.constants)
    parameters = {name_of(w): as_given(w, given[place(w)]) for w in shared}
    sequences = {x.name: _sequence(problem, x, 1, steps) for x, steps in _inputs(problem)}
    nothing = np.zeros((problem.steps, problem.label["batch"], 0))
    inputs = next(iter(sequences.values()), nothing) if len(sequences) < 2 else sequences
    first = value(model.wiring.first, problem.sizes)
    targets = _sequence(problem, model.readout.target, first, problem.steps)
    return Arguments(parameters, inputs, targets[0] if model.wiring.single else targets)


def as_given(variable: Var, array: Array) -> Array:
    """A column loses its second axis: a vector is (size,)."""
    return np.array(array[:, 0] if is_vector(variable) else array)


def is_vector(variable: Var) -> bool:
    return bool(variable.shape[1] == 1)


def _inputs(problem: Problem) -> list[tuple[Var, int]]:
    """Every sequence that is read, in the order of the phases, with its length."""
    model, sizes = problem.model, problem.sizes
    return [(x, value(phase.length, sizes)) for phase in model.phases for x in model.inputs_of(phase)]


def _sequence(problem: Problem, variable: Var, first: int, last: int) -> Array:
    """(steps, batch, features)."""
    steps = [problem.given[place(variable, {t: step})][..., 0] for step in range(first, last + 1)]
    return np.stack(steps)


def signature(model: Model) -> list[tuple[str, str]]:
    """Every argument with its shape, in words, for help and reports."""
    shared = [(name_of(w), _shape(w)) for w in (*model.parameters, *model.initial_states, *model.constants)]
    given = [(f'parameters["{name}"]', shape) for name, shape in shared]
    read = [(phase, x) for phase in model.phases for x in model.inputs_of(phase)]
    for phase, x in read:
        name = "inputs" if len(read) == 1 else f'inputs["{x.name}"]'
        given.append((name, f"({phase.length}, batch, {x.shape[0]})"))
    if not read:
        given.append(("inputs", "(T, batch, 0)"))
    steps = "" if model.wiring.single else "T, "
    return [*given, ("targets", f"({steps}batch, {N_OUTPUT})")]


def _shape(variable: Var) -> str:
    rows, cols = variable.shape
    return f"({rows},)" if is_vector(variable) else f"({rows}, {cols})"


def template(model: Model) -> str:
    """The function to write, with every argument and every gradient that is wanted."""
    given = [f"    {name}: {shape}" for name, shape in signature(model)]
    wanted = [f'        "{name_of(w)}": ...,  # {_shape(w)}' for w in (*model.parameters, *model.initial_states)]
    steps = "ℓ_T" if model.wiring.single else "(1/T) Σ_t ℓ_t"
    lines = (
        "def backward(parameters, inputs, targets):",
        f'    """The gradients of L = {steps}, averaged over the batch.', "", *given, '    """',
        "    return {", *wanted, "    }",
    )  # fmt: skip
    return "\n".join(lines) + "\n"
