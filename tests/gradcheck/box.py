"""A derivation as somebody's function: arrays in, gradients out, a black box to gradcheck."""

from __future__ import annotations

from typing import Any

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.indices import N_INPUT, N_OUTPUT, N_STATE, S, T, value
from derive.model import Model
from derive.run import FORMS, gradients, name_of
from derive.unroll import Place, place
from verify.gradcheck.calling import Backward
from verify.gradcheck.convention import is_vector
from verify.problem import Problem


def box(derivation: Derivation) -> Backward:
    """``backward(parameters, inputs, targets)`` that runs a derivation, whatever is in it."""
    model = derivation.model

    def backward(parameters: dict[str, Array], inputs: Any, targets: Array) -> dict[str, Array]:
        found = gradients(derivation, problem(model, parameters, inputs, targets).forward, FORMS[-1])
        vectors = {name_of(w) for w in (*model.parameters, *model.initial_states) if is_vector(w)}
        return {name: array[:, 0] if name in vectors else array for name, array in found.items()}

    return backward


def problem(model: Model, parameters: dict[str, Array], inputs: Any, targets: Array) -> Problem:
    """The problem that somebody's function has been given."""
    given: dict[Place, Array] = {}
    sizes = {N_STATE: 0, N_INPUT: 0, N_OUTPUT: targets.shape[-1], S: 0}
    for w in (*model.parameters, *model.initial_states, *model.constants):
        array = parameters[name_of(w)]
        given[place(w)] = array[:, None] if is_vector(w) else array
        sizes |= {size: n for size, n in zip(w.shape, given[place(w)].shape, strict=True) if size in sizes}
    wanted = [(phase, x) for phase in model.phases for x in model.inputs_of(phase)]
    sequences = inputs if isinstance(inputs, dict) else {x.name: inputs for _, x in wanted}
    sizes[T] = len(inputs) if model.wiring.single else len(targets)
    for phase, x in wanted:
        sizes[phase.length] = len(sequences[x.name])
        given |= {(x.name, x.kind, t): row[..., None] for t, row in enumerate(sequences[x.name], start=1)}
    target = model.readout.target
    first = value(model.wiring.first, sizes)
    rows = enumerate(targets[None] if model.wiring.single else targets, start=first)
    given |= {(target.name, target.kind, t): row[..., None] for t, row in rows}
    return Problem(model, sizes, given)
