"""(c) What a gradient check costs, and how near it comes to the truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from benchmarks.competitors.checks import _setting, balls, forward_mode
from benchmarks.competitors.checks._setting import Check, Setting
from benchmarks.competitors.listing import Competitor, competitors
from benchmarks.measuring.agreement import DisagreementError, agree
from benchmarks.measuring.rounds import Work, medians
from benchmarks.measuring.scale import Scale
from benchmarks.measuring.table import ABSENT, MISSED, Table, judged, milliseconds, ratio
from derive.compile import compile_gradient
from derive.run import FORMS, gradients
from derive.unroll import place

PLACE = 4
REVERSE, SWEEP = "one reverse pass, compiled", "the same, formula by formula"
MOST_ERROR = 1e-14
FEW, MANY = 200, 3000
"""Numbers, at which the targets are stated."""
PASSES_FEW, PASSES_MANY, PASSES_CERTIFIED = 10.0, 60.0, 170.0
WORST = 1e-3
"""An error of a checker above which it does not look at the same gradient."""
ERRORS = (
    "Passes: times that of a compiled reverse pass. Error: of the numbers that a gradient is compared with, to the "
    "largest entry of each array, against a complex step in long double."
)
ENCLOSED = (
    f"{balls.TITLE}: balls enclose every entry of the derived gradient and, by an independent way, one direction for "
    "each array; the error is the certified bound."
)
TARGETS = (
    f"Wanted of {forward_mode.TITLE}: at most {PASSES_FEW:g} passes at {FEW} numbers, {PASSES_MANY:g} at {MANY}, and "
    f"an error of {MOST_ERROR:g}; of {balls.TITLE}: {PASSES_CERTIFIED:g} passes."
)


def tables(scale: Scale) -> Iterator[Table]:
    """A table a size (T, n)."""
    everybody = competitors("checks")
    for steps, hidden in scale.checks:
        setting = _setting.drawn(steps, hidden)
        title = f"(c) Checking a gradient of an rnn: T = {steps}, n = {hidden}, {setting.count} numbers"
        table = Table(title, ("", "looks at", "ms", "passes", "error"), words=2)
        errors, works = agreed(everybody, setting)
        taken = medians(passes(setting) | works, scale.budget)
        for name in (REVERSE, SWEEP):
            table.add(name, "", milliseconds(taken[name]), ratio(taken[name], taken[REVERSE]), "")
        for own in everybody:
            table.add(own.title, own.module.LOOKS_AT, *_row(own, taken, errors, setting.count))
        table.notes += [ERRORS, ENCLOSED, TARGETS]
        yield table


def agreed(everybody: tuple[Competitor, ...], setting: Setting) -> tuple[dict[str, float], dict[str, Work]]:
    """Errors, and what is timed.  Raises DisagreementError for another network, or for wrong numbers."""
    prepared: dict[str, Check] = {own.title: own.module.prepare(setting) for own in everybody if not own.absent}
    errors = {}
    for title, own in prepared.items():
        if own.claimed is not None:
            agree(title, own.claimed(), (setting.loss, setting.truth))
        errors[title] = own.error()
        if not errors[title] <= WORST:
            raise DisagreementError(f"{title} compares with numbers that are {errors[title]:.1e} from the truth")
    return errors, {title: own.work for title, own in prepared.items()}


def passes(setting: Setting) -> dict[str, Work]:
    """Loss and gradient, compiled; and the derivation as it is printed, formula by formula, after a forward pass."""
    problem, model = setting.problem, setting.derivation.model
    parameters = {w.name: problem.given[place(w)] for w in model.parameters}
    starts = {"h_0": setting.point["h_0"]}
    x, y, of = setting.x[:, None], setting.y[:, None], compile_gradient(setting.derivation)
    works: dict[str, Work] = {
        REVERSE: lambda: of.loss_and_gradient(parameters, starts, x, y),
        SWEEP: lambda: gradients(setting.derivation, problem.forward, FORMS[-1]),
    }
    agree(REVERSE, of.loss_and_gradient(parameters, starts, x, y), (setting.loss, setting.truth))
    agree(SWEEP, (None, gradients(setting.derivation, problem.forward, FORMS[-1])), (setting.loss, setting.truth))
    return works


def _row(own: Competitor, taken: Mapping[str, float], errors: Mapping[str, float], count: int) -> tuple[str, ...]:
    if own.absent:
        return ABSENT, "", ""
    cost, most = taken[own.title] / taken[REVERSE], _most(own.title, count)
    error = f"{errors[own.title]:.0e}"
    if own.title in (forward_mode.TITLE, balls.TITLE) and errors[own.title] > MOST_ERROR:
        error += f" {MISSED}"
    return milliseconds(taken[own.title]), ratio(cost, 1.0) if most is None else judged(cost, most), error


def _most(title: str, count: int) -> float | None:
    """Reverse passes that are wanted at most: between the two sizes that are spoken of, those of the larger."""
    if title == balls.TITLE:
        return PASSES_CERTIFIED
    if title != forward_mode.TITLE:
        return None
    return PASSES_FEW if count <= FEW else PASSES_MANY
