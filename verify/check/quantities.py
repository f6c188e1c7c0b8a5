"""The quantities of a network that the letters of a derivation may stand for, by role."""

from __future__ import annotations

import re
from dataclasses import dataclass

from derive.expr import Var
from derive.growth.recurrent import recurrent_of
from derive.model import Model
from derive.phase import Phase
from derive.theory import theories
from derive.unroll import Place
from verify.check.reading.letters import GREEK

Letter = tuple[str, str]
OF_ENCODER = " of the encoder"


@dataclass(frozen=True)
class Quantity:
    """``letters`` are the variables that it is the sum of, since two biases are often told as one; ``timed``: it has a
    step in its subscript; ``about`` says what it is."""

    letters: tuple[Letter, ...]
    timed: bool
    about: str

    def places(self, time: int | None) -> tuple[Place, ...]:
        """Where its values are kept, at a step or without one."""
        return tuple((name, kind, time) for name, kind in self.letters)


def quantity(about: str, *variables: Var) -> Quantity:
    return Quantity(tuple(v.letter for v in variables), variables[0].time is not None, about)


def roles(model: Model) -> dict[str, Quantity]:
    """What every network has, and the weights by role where the cell is a vanilla one: one recurrent matrix."""
    main, readout = model.main, model.readout
    shows_its_state = readout.output.target.letter == main.states[0].letter
    found = {
        "state": quantity("the state", main.states[0]),
        "score": quantity("the score, before the output function", readout.score.target),
        "out": quantity("the state" if shows_its_state else "the output", readout.output.target),
        "target": quantity("the target", readout.target),
        "loss": quantity("the loss of one step", readout.loss.target),
        "total": quantity("the loss", model.total),
    }
    if model.cell.inputs:
        found["source"] = quantity("the input", model.cell.inputs[0])
    elif main.cell.feedback is not None:
        found["source"] = quantity("the input", main.equations[0].target)
    return {**found, **_weights(model)}


def _weights(model: Model) -> dict[str, Quantity]:
    main = model.main
    recurrent = recurrent_of(main)
    found: dict[str, Quantity] = {}
    if len(recurrent) == 1:
        columns = [w for w in main.parameters if w.shape[1] == 1]
        matrices = [w for w in main.parameters if w not in (*recurrent, *columns)]
        found["recurrent"] = quantity("the recurrent weights", recurrent[0])
        if len(matrices) == 1:
            found["input"] = quantity("the input weights", matrices[0])
        if columns:
            found["bias"] = quantity("the bias of the state", *columns)
        if len(main.equations) == 2:
            found["inside"] = quantity("what the activation is applied to", main.equations[0].target)
    for w in model.parameters_after:
        found["bias_out" if w.shape[1] == 1 else "output"] = quantity("of the readout", w)
    return found


def own_names(model: Model) -> dict[str, Quantity]:
    """Every variable by the name that this project prints."""
    named: list[Var] = [*model.parameters, model.total, model.readout.target]
    for phase in model.phases:
        named += [*phase.states, *phase.inputs, *(e.target for e in phase.equations)]
    named += [e.target for e in model.after]
    found = {v.name: quantity("as in the model", v) for v in named}
    told = {role.letters: role for role in (*roles(model).values(), *_of_encoder(model).values())}
    return {**_stacks_and_weights(model), **{printed(name): told.get(own.letters, own) for name, own in found.items()}}


def _stacks_and_weights(model: Model) -> dict[str, Quantity]:
    """All states of a step in one column, H_t; and w_h, which may be any parameter of the recurrence."""
    found: dict[str, Quantity] = {}
    for theory in theories(model):
        of = "" if theory.is_main else OF_ENCODER
        found[theory.state.name] = quantity(f"the state{of}", theory.state)
        if theory.phase.parameters:
            found[theory.w.name] = quantity(f"the recurrent weights{of}", any_weights(theory.phase))
    return found


def _of_encoder(model: Model) -> dict[str, Quantity]:
    """What an encoder reads, and its first state."""
    found: dict[str, Quantity] = {}
    for phase in model.phases[:-1]:
        found |= {x.name: quantity(f"the input{OF_ENCODER}", x) for x in phase.inputs}
        found[phase.states[0].name] = quantity(f"the state{OF_ENCODER}", phase.states[0])
    return found


def any_weights(phase: Phase) -> Var:
    """The one parameter that w_h stands for, which may be any of the phase."""
    return next(iter(recurrent_of(phase)), phase.parameters[0])


def letters_of_theory(model: Model) -> dict[str, str]:
    """a_t, b_t, c_t, g_t and δ_t as this project prints them, with their meanings in ``letters.LETTERS``."""
    found: dict[str, str] = {}
    for theory in theories(model):
        of = f":{theory.phase.name}" if theory.phase.name else ""
        named = {"a": theory.a(), "b": theory.b(), "c": theory.c(), "seed": theory.g(), "summed": theory.delta()}
        found |= {printed(own.name): f"{meant}{of}" for meant, own in named.items()}
    return found


def parts_of_adjoint(model: Model) -> dict[str, str]:
    """δ_{h,t} for each of several states, and the phase and the state that it is of, as ``letters.letter`` wants it."""
    return {
        printed(theory.delta_of(state).name): f":{theory.phase.name}:{state.name}"
        for theory in theories(model)
        if len(theory.phase.states) > 1
        for state in theory.phase.states
    }


def printed(name: str) -> str:
    """A name of this project as it is read back: δ_h for delta_h."""
    stem = re.split("[_^]", name, maxsplit=1)[0]
    return GREEK.get(stem, stem) + name[len(stem) :]
