"""A matrix of matrices that is too large for a page, block by block."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from derive.derivation import Derivation, Step
from derive.expr import Block, Node, Var, is_zero
from reports.document.blocks import Line
from reports.formula.measure import width
from reports.formula.tree import Formula, Paren, Script, row
from reports.present import Leaf, prose, show
from reports.present.names import spelt

_LARGEST_EM = 150.0
"""Of all blocks side by side; more than that would not fit on a page, in whatever shape."""


@cache
def is_large(node: Node) -> bool:
    return isinstance(node, Block) and sum(width(show(part)) for part in node.parts) > _LARGEST_EM


def by_name(derivation: Derivation) -> Leaf:
    """A look for what a step before has computed and is too large to be printed again: its name."""
    known = {step.rhs: step.lhs for step in derivation if is_large(step.rhs)}

    def leaf(node: Node) -> Formula | None:
        return show(known[node]) if node in known else None

    return leaf


def opened(derivation: Derivation, step: Step) -> Iterator[Line]:
    """A line for every block that is not zero, and one for all that are."""
    assert isinstance(step.rhs, Block)
    phase = next(phase for phase in derivation.model.phases if phase.name == step.phase)
    zero: list[Formula] = []
    why = (*prose(step.because), " Block by block; a block is named by its state, and by the state before where the "
           "matrix has a column for each.")  # fmt: skip
    for state, blocks in zip(phase.states, step.rhs.rows, strict=True):
        before = phase.states if len(blocks) > 1 else ()
        for place, block in enumerate(blocks):
            name = _block(step.lhs, state, *before[place : place + 1])
            if is_zero(block):
                zero.append(name)
            else:
                yield Line(name, "=", show(block), why)
                why = ()
    if zero:
        yield Line(zero[0], "=", row(*(part for name in zero[1:] for part in (name, "=")), "0"))


def _block(whole: Node, *states: Var) -> Formula:
    named = [part for state in states for part in (",", spelt(state.name))][1:]
    return Script(Paren(show(whole), "[", "]"), row(*named))
