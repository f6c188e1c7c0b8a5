"""The same network with its recurrent weights scaled to several spectral radii."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from derive.arithmetic import Array
from derive.growth.chain import chain_of
from derive.growth.norms import log_norms
from derive.growth.recurrent import recurrent
from derive.growth.weights_bound import weights_bound
from derive.indices import T
from derive.nonlinear import Map
from derive.unroll import place
from reports.document.blocks import Block, Heading, para
from reports.document.charts import Plot, Series, style
from reports.document.heatmaps import HeatMap
from reports.document.inline import Inline
from reports.formula.tree import row
from reports.growth.letters import LAG, LOG10, chain_norm
from reports.growth.material import Growth
from reports.growth.numbers import DECADES
from verify.growth.drawing import with_radius
from verify.problem import Problem

GRID = tuple(tenths / 10 for tenths in range(5, 16))
RADII = (0.5, 0.9, 1.0, 1.1, 1.5)
_STEPS, _SHOWN = 40, (1, 2, 3, 5, 8, 12, 18, 27, 40)
_ABOVE = 6.0


@dataclass(frozen=True)
class Scaled:
    """log₁₀ ‖P(T, T − lag)‖₂ at ``lags`` for one spectral radius, and of the bound by the weights, if there is one."""

    radius: float
    lags: tuple[int, ...]
    log_norms: Array
    log_bounds: Array | None


def blocks(growth: Growth) -> list[Block]:
    weights = [w for w in recurrent(growth.problem.model) if growth.problem.given[place(w)].shape[1] > 1]
    if not weights:
        return []
    heading = Heading(2, "At several spectral radii", label="sec:growth-radii")
    if not all(np.any(np.abs(np.linalg.eigvals(growth.problem.given[place(w)])) > 0) for w in weights):
        return [heading, para("A recurrent matrix has spectral radius zero here, at every scale: there is nothing to "
                              "compare.")]  # fmt: skip
    found = scaled(growth)
    curves = [own for own in found if own.radius in RADII]
    return [heading, para(*_said(growth, found)), figure(growth, curves), heat(growth, found)]


def scaled(growth: Growth, radii: Sequence[float] = GRID) -> list[Scaled]:
    """Every recurrent matrix at each of the radii, on the first steps of the first sequence."""
    problem, found = growth.problem, []
    steps = min(problem.steps, _STEPS)
    lags = tuple(range(1, steps + 1))
    for radius in radii:
        given = {**problem.given, **_at(problem, radius)}
        sizes = {**problem.sizes, T: steps}
        with np.errstate(all="ignore"):  # the readout is not asked for, but a linear state may be huge
            chain = chain_of(growth.study.derivation, given, sizes)
            norms = log_norms(chain, lags) * DECADES
        bound = weights_bound(growth.study.derivation, given, sizes)
        bounds = None if bound is None else np.array(lags) * bound.log * DECADES
        found.append(Scaled(radius, lags, norms, bounds))
    return found


def _at(problem: Problem, radius: float) -> dict[tuple[str, str, int | None], Array]:
    return {place(w): with_radius(w, problem.given[place(w)], radius) for w in recurrent(problem.model)}


def figure(growth: Growth, found: Sequence[Scaled]) -> Plot:
    return Plot(
        tuple(series for number, own in enumerate(found) for series in _curves(number, own)), LAG,
        (row(LOG10, chain_norm(growth.study)), " (decades)"),
        caption="Measured norms (solid, marked)" + (" and bounds by the weights (dashed, up to a million)"
                if found[0].log_bounds is not None else "") + " for five spectral radii.",
        label="fig:growth-radii",
        alt="The norm of the chain falls for small spectral radii and grows for large ones; each curve stays below its "
        "bound.",
    )  # fmt: skip


def _curves(number: int, own: Scaled) -> Iterator[Series]:
    lags = tuple(map(float, own.lags))
    yield Series((row("rho"), f" = {own.radius:.1f}"), lags, tuple(own.log_norms), style(number))
    if own.log_bounds is not None:
        inside = [(x, y) for x, y in zip(lags, own.log_bounds, strict=True) if y < _ABOVE]
        dashed = style(number, dash="dashed", marker="none")
        yield Series((), tuple(x for x, _ in inside), tuple(float(y) for _, y in inside), dashed)


def _said(growth: Growth, found: list[Scaled]) -> Inline:
    several = len(recurrent(growth.problem.model)) > 1
    which = "Every recurrent matrix is" if several else "The recurrent matrix is"
    one = " (the first sequence)" if growth.problem.label["batch"] > 1 else ""
    said = (
        f"{which} scaled to several spectral radii, on the same input{one}, over {len(found[0].lags)} steps. The "
        "spectral radius is not what bounds the chain: even below one it may grow at first."
    )
    held = " And a chain that could explode is held back once its units saturate, where the slope falls."
    return (said + held,) if _saturates(growth) else (said,)


def _saturates(growth: Growth) -> bool:
    """Only a bounded activation, one whose slope falls towards the ends of its range, holds an explosion back."""
    equations = growth.problem.model.cell.equations
    found = [e.expression.function for e in equations if isinstance(e.expression, Map)]
    return bool(found) and all(f.output_form is not None and not f.slope.is_number for f in found)


def heat(growth: Growth, found: Sequence[Scaled]) -> HeatMap:
    """log₁₀ of the norm over radius and lag."""
    lags = [lag for lag in _SHOWN if lag <= len(found[0].lags)]
    return HeatMap(
        tuple(own.radius for own in found), tuple(lags),
        tuple(tuple(float(own.log_norms[lag - 1]) for own in found) for lag in lags),
        ("spectral radius ", row("rho")), LAG, (row(LOG10, chain_norm(growth.study)), " (decades)"), threshold=0.0,
        caption="The norm of the chain over spectral radius and lag. The heavy line parts chains that have shrunk from "
        "those that have grown.",
        label="fig:growth-grid", alt="A heat map of the logarithm of the norm over spectral radius and lag.",
    )  # fmt: skip
