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
from derive.arithmetic import Array
from derive.compile import compile_gradient
from derive.run import FORMS, gradients
from derive.unroll import place, unroll

PLACE = 4
REVERSE, PRINTED = "reverse pass, compiled", "reverse pass, as printed"
PASSES = (REVERSE, PRINTED)
MOST_ERROR = 1e-14
FEW, MANY = 200, 3000
"""Numbers, at which the targets are stated."""
PASSES_FEW, PASSES_MANY, PASSES_CERTIFIED = 10.0, 60.0, 170.0
WORST = 1e-3
"""An error of a checker above which it does not look at the same gradient."""
ERRORS = (
    "Beside the time: in compiled reverse passes, and in passes that are run formula by formula as they are printed, "
    "both with the forward pass. Error: of the numbers that a gradient is compared with, to the largest entry of each "
    "array, against a complex step in long double."
)
ENCLOSED = (
    f"{balls.TITLE}: balls enclose every entry of the derived gradient and, by an independent way, one direction for "
    "each array; the error is the certified bound."
)
TARGETS = (
    f"Wanted of {forward_mode.TITLE}: at most {PASSES_FEW:g} compiled passes at {FEW} numbers, {PASSES_MANY:g} at "
    f"{MANY}, and an error of {MOST_ERROR:g}; of {balls.TITLE}: {PASSES_CERTIFIED:g} passes."
)


def tables(scale: Scale) -> Iterator[Table]:
    """A table a size (T, n)."""
    everybody = competitors("checks")
    for steps, hidden in scale.checks:
        setting = _setting.drawn(steps, hidden)
        title = f"(c) Checking a gradient of an rnn: T = {steps}, n = {hidden}, {setting.count} numbers"
        table = Table(title, ("", "looks at", "ms", "compiled", "printed", "error"), words=2)
        errors, works = agreed(everybody, setting)
        taken = medians(passes(setting) | works, scale.budget)
        for name in PASSES:
            table.add(name, "", milliseconds(taken[name]), *(ratio(taken[name], taken[one]) for one in PASSES), "")
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
    """Loss and gradient, compiled; and the derivation as it is printed, formula by formula, behind its forward pass."""
    problem, model = setting.problem, setting.derivation.model
    parameters = {w.name: problem.given[place(w)] for w in model.parameters}
    starts = {"h_0": setting.point["h_0"]}
    x, y, of = setting.x[:, None], setting.y[:, None], compile_gradient(setting.derivation)

    def compiled() -> tuple[float, dict[str, Array]]:
        return of.loss_and_gradient(parameters, starts, x, y)

    def printed() -> dict[str, Array]:
        return gradients(setting.derivation, unroll(model, problem.given, problem.sizes), FORMS[-1])

    agree(REVERSE, compiled(), (setting.loss, setting.truth))
    agree(PRINTED, (None, printed()), (setting.loss, setting.truth))
    return {REVERSE: compiled, PRINTED: printed}


def _row(own: Competitor, taken: Mapping[str, float], errors: Mapping[str, float], count: int) -> tuple[str, ...]:
    if own.absent:
        return ABSENT, "", "", ""
    cost, printed = (taken[own.title] / taken[one] for one in PASSES)
    most = _most(own.title, count)
    error = f"{errors[own.title]:.0e}"
    if own.title in (forward_mode.TITLE, balls.TITLE) and errors[own.title] > MOST_ERROR:
        error += f" {MISSED}"
    passes_ = ratio(cost, 1.0) if most is None else judged(cost, most)
    return milliseconds(taken[own.title]), passes_, ratio(printed, 1.0), error


def _most(title: str, count: int) -> float | None:
    """Reverse passes that are wanted at most: between the two sizes that are spoken of, those of the larger."""
    if title == balls.TITLE:
        return PASSES_CERTIFIED
    if title != forward_mode.TITLE:
        return None
    return PASSES_FEW if count <= FEW else PASSES_MANY
