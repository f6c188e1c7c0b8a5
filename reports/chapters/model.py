"""The model: what it is made of, which conventions it follows, and the unrolled network as a picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import sympy as sp

from derive.expr import Var
from derive.indices import S, T, t
from derive.model import Model
from reports.chapters.unrolled import unrolled
from reports.dependencies import made_inputs
from reports.document.blocks import Block, Bullets, Heading, para
from reports.document.inline import Inline, Part, Strong
from reports.formula.tree import row
from reports.material import Material
from reports.present import index, show
from reports.wording import spoken_name


def blocks(material: Material) -> list[Block]:
    """What there is to know before the first equation; the equations are the first steps of the derivation."""
    model = material.model
    return [
        Heading(1, "The model", label="sec:model"),
        para(f"A network of this kind: the {spoken_name(model)}. One set of weights serves every step."),
        Bullets(tuple(_conventions(model))),
        unrolled(model),
    ]


def _conventions(model: Model) -> Iterator[Inline]:
    """One line for every choice that the model makes."""
    yield _wiring(model)
    yield from _layers(model)
    yield _inputs(model)
    yield from _bridge(model)
    yield _output(model)
    yield _loss(model)
    yield _sizes(model)


def _wiring(model: Model) -> Inline:
    head = (Strong("Wiring"), f": {model.wiring.title}.")
    if not model.wiring.single or not model.parameters_after:
        return head
    named = listed(model.parameters_after)
    return (*head, " The parameters of the readout, ", *named, ", are used at step ", row("T"),
            " alone and get their gradient there; all others get theirs through the states.")  # fmt: skip


def _layers(model: Model) -> Iterator[Inline]:
    if model.cell.layers > 1:
        text = (
            f": {model.cell.layers}, marked (1), (2) and so on. Only the first reads the input; a layer above another "
            "reads what that one shows at the same step; the readout sees the last."
        )
        yield (Strong("Layers"), text)


def _inputs(model: Model) -> Inline:
    """Given, made of the output, or none."""
    given = listed(variable for phase in model.phases for variable in model.inputs_of(phase))
    taught: Inline = (Strong("Inputs"), ": ", *given, " is given at every step" if len(given) == 1 else
                      " are given at every step") if given else (Strong("Inputs"), ": none is given")  # fmt: skip
    if model.cell.feedback is None:
        return (*taught, ", whatever the network said before; in a decoder this is called teacher forcing.")
    back = model.cell.feedback
    made = [show(variable) for variable in made_inputs(model.main)]
    how: Inline = (", and ", made[0], " is made of it") if made else ()
    inside = listed(w for w in model.readout.parameters if w in model.main.parameters)
    return (*taught, ". The output is fed back: a step reads ", show(back.at(t - 1)), *how, ", and ", show(back.at(0)),
            " is given. No target is put in its place (that would be teacher forcing), so the output is part of the "
            "state, and ", *inside, " belong to the recurrence.")  # fmt: skip


def _bridge(model: Model) -> Iterator[Inline]:
    for phase in model.phases:
        if phase.starts:
            equal = [row(show(e.target), "=", show(e.expression)) for e in phase.starts]
            yield (Strong("Bridge"), ": ", *joined(equal), ". The encoder has no output and no loss of its own. Its "
                   "quantities are marked e; its parameters, all its own, reach the loss through this one "
                   "place.")  # fmt: skip


def _output(model: Model) -> Inline:
    output = model.readout.output
    head = (
        Strong("Output"),
        f": {model.normalisation.title}, ",
        row(show(output.target), "=", show(output.expression)),
    )
    if not model.constants:
        return (*head, ".")
    return (*head, ". The vocabulary is given by ", *listed(model.constants),
            ", 0 for an output that belongs to it and ", row("-", "infinity"), " for any other. Such an output is 0 "
            "whatever its score is, its target is 0 too, and neither it nor its score gets or sends any "
            "gradient.")  # fmt: skip


_TARGETS = {
    "real": "any numbers",
    "simplex": "a probability vector, one-hot for a class label",
    "unit": "numbers between 0 and 1",
}


def _loss(model: Model) -> Inline:
    loss = model.readout.loss
    shown = row(show(loss.target), "=", show(loss.expression))
    return (Strong("Loss"), f": {model.loss.title}, ", shown, ". The target ", show(model.readout.target), " is ",
            f"{_TARGETS[model.loss.targets]}.")  # fmt: skip


def _sizes(model: Model) -> Inline:
    """Which quantities have how many entries, and how many steps there are."""
    by_size: dict[sp.Expr, list[Var]] = {}
    for phase in model.phases:
        for variable in (*phase.states, *made_inputs(phase), *model.inputs_of(phase)):
            by_size.setdefault(variable.shape[0], []).append(variable)
    for variable in (model.readout.output.target, model.readout.target):
        by_size.setdefault(variable.shape[0], []).append(variable)
    parts = [(*listed(dict.fromkeys(own)), f" {_have(own)} ", index(size), " entries") for size, own in by_size.items()]
    lengths = {T: "the decoder" if len(model.phases) > 1 else "the sequence", S: "the encoder"}
    steps = [(f"{lengths[phase.length]} has ", index(phase.length), " steps") for phase in reversed(model.phases)]
    return (Strong("Sizes"), ": ", *_separated(parts), "; ", *_separated(steps), ". All are arbitrary.")


def _have(variables: Sequence[Var]) -> str:
    return "have" if len(set(variables)) > 1 else "has"


def listed(variables: Iterable[Var]) -> Inline:
    """a, b and c."""
    return joined([show(variable) for variable in variables])


def joined(parts: Sequence[Part]) -> Inline:
    """Parts separated by commas, the last by "and"."""
    return _separated([(part,) for part in parts])


def _separated(parts: Sequence[tuple[Part, ...]]) -> Inline:
    found: list[Part] = []
    for place, part in enumerate(parts):
        if place:
            found.append(" and " if place == len(parts) - 1 else ", ")
        found.extend(part)
    return tuple(found)
