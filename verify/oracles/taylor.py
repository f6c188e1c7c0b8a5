"""The Taylor remainder: the loss itself, along a line, against our gradient.

With φ(h) = L(w + hV) the remainder of order one, |φ(h) − φ(0)|, falls like h, and that of order two,
|φ(h) − φ(0) − h⟨G, V⟩|, like h², if and only if ⟨G, V⟩ = φ′(0); else like h (Griewank & Walther 2008, chapter 3; the
"Taylor test" of dolfin-adjoint).  No derivative is computed by anybody but us.

Errors: R(h) = φ(h) − φ(0) − h⟨G, V⟩ = δ h + c h² + O(h³) + rounding, with δ = φ′(0) − ⟨G, V⟩, and a loss that is off
by at most e, which is measured (``verify.rounding``; that w + hV is rounded is part of it).  From two steps
    δ(h) = (4 R(h/2) − R(h))/h = δ + O(h²),   off by 8e/h from rounding,
and by truncation of about a third of δ(2h) − δ(h); that difference is taken whole, and no smaller than its h² law
allows after those of 4h and 8h, lest it vanish by accident.  The h with the smallest sum of both decides: the gradient
is refuted when δ(h) is larger than that sum.  The orders that are observed are told with the verdict.

It cannot see
- which entry is wrong, nor a lag;
- an error of ⟨G, V⟩ below the e/h that differences of the loss resolve, often nine digits below φ′(0), and so nothing
  at all where the true gradient is zero or has vanished below the rounding of L: that is NOT RUN;
- an error at a right angle to V.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from derive.arithmetic import Array, Floating
from derive.unroll import Place, place, unroll
from verify.comparison import TOO_WIDE, Block, Subject, near_a_kink, roundings
from verify.perturbation import along, directions
from verify.problem import Problem
from verify.program import Program
from verify.rounding import SAMPLES, UNDECIDED, WORSE, Rounding, amplitude, change, shaken, tolerance
from verify.rungs import Rung
from verify.verdicts import Finding, Verdict, Witness

RUNG = Rung.FLOATING
TITLE = "Taylor remainder (orders one and two along random lines)"
NAME = "taylor"
ANY_LENGTH = True
_DRAWS, _SEED = 2, 20020
_HALVINGS = 28
_ABOVE = 16.0
"""How far above its rounding a remainder is when its order is told."""


def missing() -> str:
    """Why this oracle cannot run here; empty when it can."""
    return ""


def judge(subject: Subject) -> Iterator[Finding]:
    problem = subject.problem
    kink = near_a_kink(problem, NAME)
    if kink:
        yield kink
        return
    program, off = Program(problem), loss_rounding(problem)
    units = directions(program.point, _DRAWS, _SEED)
    lines = {name: lines_along(program, name, own, off) for name, own in units.items()}
    for block in subject.blocks:
        kind, _, name = block.claim.partition(".")
        if kind == "gradient":
            slopes = along(block.value, units[name])
            found = [_finding(block, *pair, problem) for pair in zip(lines[name], slopes, strict=True)]
            yield max(found, key=_badness)


def loss_rounding(problem: Problem) -> float:
    """e: how far rounding may carry the loss, that of the given numbers and that of each function."""
    size, rng = amplitude(roundings(problem)), np.random.default_rng(_SEED)
    total = place(problem.model.total)

    def loss(given: Mapping[Place, Array], arithmetic: Floating) -> Array:
        return np.mean(unroll(problem.model, given, problem.sizes, arithmetic=arithmetic).values[total], keepdims=True)

    exact = loss(problem.given, Floating())
    again = [loss(shaken(problem.given, size, rng), Rounding(WORSE, seed)) for seed in range(SAMPLES)]
    return tolerance(max(change(one, exact) for one in again), float(np.abs(exact).max()), size)


@dataclass(frozen=True)
class Line:
    """φ(h) − φ(0) at falling h, each half of the one before it; each φ is off by at most ``off``."""

    steps: Array
    changes: Array
    off: float

    def remainders(self, slope: float) -> Array:
        return self.changes - self.steps * slope

    def first_order(self, slope: float) -> tuple[float, float]:
        """δ, the part of the remainder that falls like h, and how far it may be off."""
        remainders, steps = self.remainders(slope), self.steps
        found = (4 * remainders[1:] - remainders[:-1]) / steps[:-1]
        if len(found) < 4:
            return 0.0, np.inf
        apart = np.abs(np.diff(found))
        truncation = np.maximum(np.maximum(apart[2:], apart[1:-1] / 4), apart[:-2] / 16)
        error = truncation + 8 * self.off / steps[3:-1]
        best = int(np.argmin(error))
        return float(found[3 + best]), float(error[best])

    def order(self, slope: float) -> float | None:
        """The power of h with which the remainder falls, where h is smallest and it is still above its rounding."""
        remainders = np.abs(self.remainders(slope))
        above = np.flatnonzero(remainders[1:] > _ABOVE * self.off)
        return float(np.log2(remainders[above[-1]] / remainders[above[-1] + 1])) if len(above) else None


def lines_along(program: Program, name: str, units: Array, off: float) -> list[Line]:
    """The loss along every direction, from a step as large as the parameter's largest entry down, in one pass."""
    point = program.point
    start = (float(np.max(np.abs(point[name]))) or 1.0) / np.max(np.abs(units), axis=(-2, -1))
    steps = start[:, None] * np.append(0.5 ** np.arange(1, _HALVINGS), 0.0)  # the last one stays where it is
    moved = {**point, name: point[name] + steps[..., None, None] * units[:, None]}
    losses, regions = program(moved)[..., 0], program.regions(moved)
    return [_line(*rows, off) for rows in zip(steps, losses, regions, strict=True)]


def _line(steps: Array, losses: Array, regions: Array, off: float) -> Line:
    """Only the steps from where on all arguments stay on the sides of their kinks, and the loss is a number."""
    usable = np.isfinite(losses) & np.all(regions == regions[-1], axis=-1)
    first = len(usable) - int(np.argmin(usable[::-1])) if not np.all(usable) else 0
    return Line(steps[first:-1], losses[first:-1] - losses[-1], off)


def _finding(block: Block, line: Line, slope: float, problem: Problem) -> Finding:
    found = partial(Finding, block.claim, NAME, form=block.form, sizes=problem.label)
    apart, allowed = line.first_order(slope)
    scale = max(abs(slope), abs(slope + apart))
    if not (np.isfinite(scale) and np.isfinite(allowed)) or allowed > UNDECIDED * scale or scale == 0.0:
        return found(Verdict.NOT_RUN, reason=TOO_WIDE)
    measured = partial(
        found, error=abs(apart) / scale, tolerance=allowed / scale, scale=scale, reason=_orders(line, slope)
    )
    if abs(apart) > allowed:
        return measured(Verdict.REFUTED, witness=Witness("the slope along a random line", slope, slope + apart))
    return measured(Verdict.AGREED)


def _orders(line: Line, slope: float) -> str:
    one, two = line.order(0.0), line.order(slope)
    first = "is below rounding" if one is None else f"falls like h^{one:.2f}"
    second = "is below rounding" if two is None else f"like h^{two:.2f}"
    return f"the change of the loss {first}, what the gradient leaves of it {second}"


def _badness(finding: Finding) -> tuple[int, float]:
    order = {Verdict.AGREED: 1, Verdict.NOT_RUN: 0, Verdict.REFUTED: 2}
    return order[finding.verdict], (finding.error or 0.0) / (finding.tolerance or 1.0)
