"""The dot test: ⟨G, V⟩ of our gradient, which runs backward, against the derivative along V, which runs forward.

For a linear map and its adjoint ⟨Aᵀ1, V⟩ = ⟨1, AV⟩ (Claerbout 1992, section 5.2).  Here G is the printed gradient, in
every order of evaluation, and the derivative along V is one forward pass in dual numbers (``verify.duals``), with the
directions of all parameters side by side: it stays cheap where a gradient has millions of entries.

Errors: V is Gaussian and has length one, and is independent of the rounding errors δ of G, so ⟨δ, V⟩ has the variance
‖δ‖²/N, at most the spread² of an entry: the tolerance of an entry is that of the product.

It cannot see
- which entry is wrong, nor a lag: it is one number for a parameter;
- an error in one entry among N below √N times the tolerance;
- an error at a right angle to all V: of an error above a thousand tolerances (‖δ‖/√N), less than one in 10⁹ is missed.
A dot test of two modes of one tool misses a rule that both have wrong; these two have none in common.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from derive.arithmetic import Array
from verify.comparison import OwnRounding, Subject, near_a_kink
from verify.duals import Dual, Duals
from verify.perturbation import along, directions
from verify.program import LossFunction, Measured, Point, Program
from verify.rungs import Rung
from verify.tangents import Tangent
from verify.verdicts import Finding

RUNG = Rung.FLOATING
TITLE = "dot test (backward against forward, along random directions)"
NAME = "dot_test"
ANY_LENGTH = True
_DRAWS, _SEED = 3, 20010


def missing() -> str:
    """Why this oracle cannot run here; empty when it can."""
    return ""


def derivatives(function: LossFunction, point: Point, units: dict[str, Array]) -> dict[str, Array]:
    """The derivative of the sum of the losses along every direction, by the array that it moves: one forward pass."""
    count = len(next(iter(units.values())))
    moved: Point = {}
    for place, (name, own) in enumerate(units.items()):
        tangent = np.zeros((*point[name].shape, count * len(units)))
        tangent[..., place * count : (place + 1) * count] = np.moveaxis(own, 0, -1)
        moved[name] = Dual(point[name], Tangent(tangent))
    losses = function({**point, **moved}, Duals())
    found = losses.directions.sum(axis=0) if isinstance(losses, Dual) else np.zeros(count * len(units))
    return dict(zip(units, found.reshape(len(units), count), strict=True))


def judge(subject: Subject) -> Iterator[Finding]:
    problem = subject.problem
    kink = near_a_kink(problem, NAME)
    if kink:
        yield kink
        return
    units = directions(Program(problem).point, _DRAWS, _SEED)

    def measured(rounding: int | None = None) -> dict[str, Measured]:
        program = Program(problem, rounding=rounding)
        rows = {name: row[None] for name, row in derivatives(program, program.point, units).items()}
        return {f"gradient.{name}": Measured(row, np.zeros_like(row)) for name, row in rows.items()}

    own = OwnRounding(measured)
    for block in subject.blocks:
        if block.claim in own.truth:
            unit = units[block.claim.partition(".")[2]]
            yield _told(own.judged(replace(block, value=along(block.value, unit)[None]), NAME, problem))


def _told(finding: Finding) -> Finding:
    """A witness is a direction here, not an entry."""
    if finding.witness is None:
        return finding
    return replace(finding, witness=replace(finding.witness, where="the derivative along a random direction"))
