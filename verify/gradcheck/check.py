"""Somebody's backward pass, checked: right or wrong, where, and which known mistake it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.assemble import derivation
from derive.derivation import Derivation
from derive.errors import InputError
from derive.model import Model, build
from derive.run import name_of
from verify.gradcheck.calling import Backward
from verify.gradcheck.case import Case, confirming
from verify.gradcheck.explanation import example, located, mistakes, seen_in
from verify.gradcheck.result import EVIDENCE, Fault, Gradcheck
from verify.gradcheck.trial import Progress, Sizes, Trial, Trials, first_wrong, repeatable, shrunk
from verify.verdicts import Finding, Verdict

_CALM = 0.5
"""Inputs of half the size: units that are less saturated let more of the early steps through."""
_LONGEST = 8
"""Up to here every length is tried, to find the shortest sequence that shows what is wrong."""


def gradcheck(
    function: Backward,
    model: str | Model | Derivation = "rnn",
    *,
    steps: int = 6,
    source_steps: int = 0,
    hidden: int = 4,
    inputs: int = 2,
    outputs: int = 3,
    batch: int = 3,
    seed: int = 0,
    leave_out: Sequence[str] = (),
    name: str = "",
    progress: Progress = lambda what: None,
) -> Gradcheck:
    """Compare ``function(parameters, inputs, targets)`` with the derived gradient (verify.gradcheck.convention).

    It is called on random problems of these sizes and of a few others.  ``leave_out`` names gradients that are not
    wanted.  Raises UserCodeError for what the function raises on the first problem, InputError for a name that there
    is not.
    """
    derived = _derivation(model)
    sizes = {"steps": steps, "hidden": hidden, "inputs": inputs, "outputs": outputs, "batch": batch, "seed": seed}
    if len(derived.model.phases) > 1:
        sizes["source_steps"] = source_steps or max(steps - 1, 1)
    _known(leave_out, derived.model)
    trials = Trials(function, derived, tuple(leave_out))
    progress("your gradients, and ours")
    first = trials.on(sizes)
    label = name or getattr(function, "__name__", "the function")
    doubt = first.case.doubt()
    if doubt:
        return Gradcheck(label, first.case.problem, (), unsettled=doubt, problems=(first.case.problem.label,))
    changing = repeatable(trials, first)
    if changing:
        return _result(label, trials, [first], [changing])
    progress("other sizes")
    others = [trial for other in _others(sizes) if (trial := trials.tried(other, noted=True)) is not None]
    compared = [first, *others]
    if not any(trial.wrong for trial in compared):
        return _result(label, trials, compared)
    return _explained(label, trials, compared, progress)


def _derivation(model: str | Model | Derivation) -> Derivation:
    if isinstance(model, Derivation):
        return model
    return derivation(build(model) if isinstance(model, str) else model)


def _known(leave_out: Sequence[str], model: Model) -> None:
    names = [name_of(w) for w in (*model.parameters, *model.initial_states)]
    for name in leave_out:
        if name not in names:
            raise InputError(f"there is no gradient of '{name}' to leave out", mend=f"choose from: {', '.join(names)}")
    if len(set(leave_out)) == len(names):
        raise InputError("every gradient is left out", mend="leave one to be checked")


def _others(sizes: Sizes) -> Iterator[Sizes]:
    """Other lengths and batches: a factor T or 1/batch shows when they change, a loop's edge at a single step."""
    seed, steps, batch = sizes["seed"], sizes["steps"], sizes["batch"]
    yield {**sizes, "steps": steps + 1, "batch": batch + 1, "seed": seed + 1}
    yield {**sizes, "batch": 1, "seed": seed + 2, "drive": _CALM}
    yield {**sizes, "steps": 1, "seed": seed + 3}


def _result(
    label: str, trials: Trials, compared: Sequence[Trial], faults: Sequence[Fault] = (), **more: object
) -> Gradcheck:
    """All parameters in order, each by its worst finding; every fault once."""
    first = compared[0]
    own = [fault for trial in compared for fault in trial.returned.faults]
    failed = [
        Fault("raises", f"{said} (at {at}): not compared there", wrong=False) for said, at in trials.failed.items()
    ]
    unique = {(fault.kind, fault.parameter): fault for fault in reversed([*own, *faults, *failed])}
    return Gradcheck(
        label, first.case.problem, tuple(_worst(name, compared) for name in _asked(trials, first.case)),
        tuple(reversed(unique.values())), problems=tuple(trial.case.problem.label for trial in compared),
        confirmed_by=confirming(), loss=_loss(compared), **more,  # type: ignore[arg-type]
    )  # fmt: skip


def _asked(trials: Trials, case: Case) -> list[str]:
    return [name for name in case.names if name not in trials.left_out]


def _worst(name: str, compared: Sequence[Trial]) -> Finding:
    found = [trial.findings[name] for trial in compared if name in trial.findings]
    if not found or len(found) < len(compared):
        kinds = {fault.kind for trial in compared for fault in trial.returned.faults if fault.parameter in ("", name)}
        reason = "not returned" if kinds & {"missing", "nothing"} else "cannot be compared"
        return Finding(
            f"gradient.{name}", EVIDENCE, Verdict.REFUTED, reason=reason, sizes=compared[0].case.problem.label
        )
    grades = (Verdict.REFUTED, Verdict.NOT_RUN, Verdict.AGREED)
    return min(found, key=lambda finding: (grades.index(finding.verdict), -(finding.error or 0.0)))


def _loss(compared: Sequence[Trial]) -> Finding | None:
    found = [t.case.loss(t.returned.loss, t.returned.eps) for t in compared if t.returned.loss is not None]
    return next((f for f in found if f.verdict is not Verdict.AGREED), found[0]) if found else None


def _explained(label: str, trials: Trials, compared: Sequence[Trial], progress: Progress) -> Gradcheck:
    """The result, with where and why."""
    progress("where it goes wrong")
    start = next(trial for trial in compared if trial.wrong)
    seen = seen_in(compared)
    where = located(seen, compared, first_wrong(trials, start, _LONGEST))
    smallest = example(shrunk(trials, start))
    progress("known mistakes")
    return _result(label, trials, compared, where=where, mistakes=mistakes(seen), example=smallest)
