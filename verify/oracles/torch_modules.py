"""PyTorch's own modules: ``nn.RNN``, ``nn.GRU`` or ``nn.LSTM`` and ``nn.Linear`` with the same weights, run on the same
numbers.

It is the only witness that does not start from our forward equations: states, outputs and loss are compared as well,
and every gradient once under our name and once under PyTorch's, gates stacked.  PyTorch is an optional extra.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.util import find_spec

import numpy as np

from derive.arithmetic import Array
from derive.expr import Var
from derive.indices import t, value
from derive.model import Model
from derive.run import name_of
from derive.unroll import Place, place, unroll
from verify.comparison import Block, Subject, judged, near_a_kink, roundings
from verify.oracles._torch_network import LOSSES, MAPS, MODULES, Found, Network, one_thread
from verify.problem import Problem
from verify.program import Measured
from verify.rounding import amplitude, spreads
from verify.rungs import Rung
from verify.state_dict import slots
from verify.verdicts import Finding

RUNG = Rung.FLOATING
TITLE = "PyTorch's nn.RNN, nn.GRU and nn.LSTM"
NAME = "torch_modules"
OPTIONAL = True
ANY_LENGTH = True


def missing() -> str:
    """Why this oracle cannot run here; empty when it can."""
    return "" if find_spec("torch") else "PyTorch is not installed (pip install 'bptt[torch]')"


def inapplicable(model: Model) -> str:
    """Why PyTorch has nothing like this model; empty when it has."""
    for phase in model.phases:
        own = {w for w in phase.cell.parameters if w.name not in phase.cell.pytorch}
        fed_back = {w for w in own if phase.cell.plain and w not in phase.cell.plain.parameters}
        if phase.cell.pytorch_module not in MODULES or own != fed_back:
            return f"PyTorch has no module with the equations of {model.cell.label}"
    if model.normalisation.name not in MAPS or model.bridge not in MAPS or model.loss.name not in LOSSES:
        return f"it is not known how PyTorch would compute a {model.title}"
    return ""


def judge(subject: Subject) -> Iterator[Finding]:
    """Forward values first; then every gradient, in all forms, by both names."""
    problem = subject.problem
    with one_thread():
        found = Network(problem).run()
    for block in forward(problem):
        yield judged(block, _exact(found.forward[block.claim.partition(".")[2]]), NAME, problem)
    kink = near_a_kink(problem, NAME)
    if kink:
        yield kink
        return
    for block, truth in (*_ours(subject, found), *_theirs(subject, found)):
        yield judged(block, _exact(truth), NAME, problem)


def forward(problem: Problem) -> Iterator[Block]:
    """Our states of every step, outputs and loss: rows × (steps · batch)."""

    def compute(values: Mapping[Place, Array]) -> dict[str, Array]:
        return dict(_forward(problem, values))

    def run(given: Mapping[Place, Array]) -> Mapping[Place, Array]:
        return unroll(problem.model, given, problem.sizes).values

    spread = spreads(compute, problem.given, amplitude(roundings(problem)), run)
    for name, rows in compute(problem.forward.values).items():
        yield Block(f"forward.{name}", "", rows, spread[name])


def _forward(problem: Problem, values: Mapping[Place, Array]) -> Iterator[tuple[str, Array]]:
    model, sizes, batch = problem.model, problem.sizes, problem.label["batch"]
    first, last = (value(limit, sizes) for limit in (model.wiring.first, model.wiring.last))

    def over(variable: Var, steps: range) -> Array:
        """All sequences of a step beside each other, step after step."""
        columns = (values[place(variable, {t: step})] for step in steps)
        return np.hstack([np.broadcast_to(c, (batch, *c.shape[-2:]))[..., 0].T for c in columns])

    for phase in model.phases:
        for state in phase.cell.states:
            yield state.name, over(state, range(1, value(phase.length, sizes) + 1))
    output = model.readout.output.target
    yield output.name, over(output, range(first, last + 1))
    yield "L", np.mean(values[place(model.total)]).reshape(1, 1)


def _ours(subject: Subject, found: Found) -> Iterator[tuple[Block, Array]]:
    """Every gradient under our name."""
    truth = {f"gradient.{name_of(source)}": array for source, array in found.gradients.items()}
    yield from ((block, truth[block.claim]) for block in subject.blocks if block.claim in truth)


def _theirs(subject: Subject, found: Found) -> Iterator[tuple[Block, Array]]:
    """Every gradient under PyTorch's name: our blocks on top of each other."""
    known = {(block.claim, block.form): block for block in subject.blocks}
    for slot in slots(subject.problem.model):
        if slot.name in {w.name for w in slot.parameters}:
            continue  # the matrix of a fed back output: PyTorch has no name for it
        for form in subject.forms:
            blocks = {w: known.get((f"gradient.{w.name}", form.name)) for w in slot.parameters}
            if all(blocks.values()):
                ours = slot.stacked({w: block.value for w, block in blocks.items() if block})
                spread = max(block.spread for block in blocks.values() if block)
                yield Block(f"torch.{slot.label}", form.name, ours, spread), slot.stacked(found.gradients)


def _exact(truth: Array) -> Measured:
    return Measured(truth, np.zeros_like(truth))
