"""The model: what it is, and the unrolled network as a picture."""

from __future__ import annotations

from derive.expr import Var
from derive.model import Model
from reports.document.blocks import Block, Heading, para
from reports.document.diagrams import Diagram, Edge, Node
from reports.formula.tree import Atom, Formula, Script, row
from reports.material import Material
from reports.present import show

_SHOWN = 3


def blocks(material: Material) -> list[Block]:
    """A sentence and a diagram; the equations are the first steps of the derivation."""
    model = material.model
    return [
        Heading(1, "The model", label="sec:model"),
        para(
            f"The {model.cell.name.upper()} cell with {model.wiring.title}: {model.title}. ",
            "The dimensions are ", row("n"), " (state), ", row("m"), " (input) and ", row("q"), " (output); ",
            "the sequence has ", row("T"), " steps. One set of weights serves every step.",
        ),
        unrolled(model),
    ]  # fmt: skip


def unrolled(model: Model) -> Diagram:
    """Three steps of the network: states in a row, inputs below, losses above."""
    state, inputs = model.cell.seen, model.cell.inputs[0]
    ell = model.readout.loss.target
    carried = _weight(model, state) or Script(Atom("c"), Atom("t"))
    nodes = [Node("h0", 0.0, 0.0, show(state.at(0)), "circle", "unknown")]
    edges: list[Edge] = []
    for step in range(1, _SHOWN + 1):
        nodes += [
            Node(f"h{step}", step, 0.0, show(state.at(step)), "circle", "unknown"),
            Node(f"x{step}", step, -1.0, show(inputs.at(step)), "box"),
            Node(f"l{step}", step, 1.0, show(ell.at(step)), "box"),
        ]
        first = step == 1
        edges += [
            Edge(f"h{step - 1}", f"h{step}", carried, "jacobian", 1.4),
            Edge(f"x{step}", f"h{step}", _weight(model, inputs) if first else None, "local", 1.0),
            Edge(f"h{step}", f"l{step}", show(model.readout.weight) if first else None, None, 0.8),
        ]
    return Diagram(
        tuple(nodes), tuple(edges),
        caption="The network unrolled over its first three steps. The same weights stand on every arrow of one kind.",
        label="fig:unrolled",
        alt="A row of states, each fed by the state before it and by an input from below, each feeding a loss above.",
        unit_mm=22.0,
    )  # fmt: skip


def _weight(model: Model, source: Var) -> Formula | None:
    """The one parameter that can take ``source`` to the state; None when several fit, or none."""
    size = (model.cell.seen.shape[0], source.shape[0])
    fitting = [w for w in model.cell.parameters if w.shape == size]
    return show(fitting[0]) if len(fitting) == 1 else None
