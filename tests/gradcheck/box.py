"""A derivation as somebody's function: arrays in, gradients out, a black box to gradcheck."""

from __future__ import annotations

from typing import Any

import numpy as np

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.indices import N_INPUT, N_OUTPUT, N_STATE, S, T, t, value
from derive.run import FORMS, gradients, name_of
from derive.unroll import Place, place, unroll
from verify.gradcheck.calling import Backward
from verify.gradcheck.convention import is_vector


def box(derivation: Derivation) -> Backward:
    """``backward(parameters, inputs, targets)`` that runs a derivation, whatever is in it."""
    model = derivation.model

    def backward(parameters: dict[str, Array], inputs: Any, targets: Array) -> dict[str, Array]:
        given: dict[Place, Array] = {}
        for w in (*model.parameters, *model.initial_states, *model.constants):
            array = parameters[name_of(w)]
            given[place(w)] = array[:, None] if is_vector(w) else array
        sizes = {N_STATE: 0, N_INPUT: 0, N_OUTPUT: targets.shape[-1]}
        for w in (*model.parameters, *model.initial_states):
            for symbol, number in zip(w.shape, np.shape(given[place(w)]), strict=True):
                sizes |= {symbol: number} if symbol in sizes else {}
        wanted = [(phase, x) for phase in model.phases for x in model.inputs_of(phase)]
        sequences = inputs if isinstance(inputs, dict) else {x.name: inputs for _, x in wanted}
        steps = {x.name: phase.length for phase, x in wanted}
        sizes |= {S: 0, T: len(inputs) if model.wiring.single else len(targets)}
        for name, sequence in sequences.items():
            sizes[steps[name]] = len(sequence)
            for step, row in enumerate(sequence, start=1):
                given[name, "input", step] = row[..., None]
        lasts = targets[None] if model.wiring.single else targets
        first = value(model.wiring.first, sizes)
        for step, row in enumerate(lasts, start=first):
            given[place(model.readout.target, {t: step})] = row[..., None]
        forward = unroll(model, given, sizes)
        found = gradients(derivation, forward, FORMS[-1])
        vectors = {name_of(w) for w in (*model.parameters, *model.initial_states) if is_vector(w)}
        return {name: array[:, 0] if name in vectors else array for name, array in found.items()}

    return backward
