"""The gradient by an initial state of its own for every sequence, where the program has that of one for all."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from derive.compiled.reduction import BATCH
from derive.compiled.stages import Stage
from derive.compiled.three_address import Extent, Instruction, needed


def by_sequence(stage: Stage, starts: Iterable[str]) -> Stage:
    """The stage of the gradients, with those of the initial states as rows (B, n): their sum was the gradient.

    Raises NotImplementedError where such a gradient is no sum over the sequences, and not nought.
    """
    results = stage.results | {name: _apart(stage.results[name]) for name in starts}
    after, found = needed(results.values(), _Outside({*stage.after, *results.values()}))
    inputs = [own for own in stage.inputs if own in found or own not in stage.results.values()]
    outputs = dict.fromkeys([*results.values(), *(own for own in stage.outputs if own not in stage.results.values())])
    return replace(stage, inputs=inputs, after=after, results=results, outputs=list(outputs))


def _apart(of_all: Instruction) -> Instruction:
    """A number times a sum over the rows: the number times the rows, under the same name."""
    match of_all.operation, of_all.operands:
        case "multiply", (number, Instruction(operation="over_rows") as total):
            return replace(of_all, operands=(number, *total.operands), extent=Extent.LAST)
        case "full", (Instruction() as number, *_) if number.operands[0] == 0:  # no loss depends on it
            shape = (BATCH, of_all.width)
            return replace(of_all, operands=(replace(number, shape=shape), *shape), shape=shape)
    raise NotImplementedError(f"the gradient by an initial state is {of_all}")


class _Outside:
    """All instructions but some."""

    def __init__(self, inside: Collection[Instruction]) -> None:
        self.inside = inside

    def __contains__(self, instruction: object) -> bool:
        return instruction not in self.inside
