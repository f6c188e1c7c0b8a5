"""Somebody's backward pass, checked: right or wrong, where, and which known mistake it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive import registry
from derive.assemble import derivation
from derive.derivation import Derivation
from derive.errors import InputError
from derive.model import Model, build
from derive.run import name_of
from verify.gradcheck.calling import Backward, UserCodeError
from verify.gradcheck.case import Case, confirming
from verify.gradcheck.lags import said
from verify.gradcheck.patterns import Difference, pattern
from verify.gradcheck.result import EVIDENCE, Example, Fault, Gradcheck, Mistake, Where
from verify.gradcheck.suspicion import Seen
from verify.gradcheck.trial import Progress, Sizes, Trial, Trials, first_wrong, repeatable, smallest
from verify.verdicts import Finding, Verdict

MISTAKES = "verify.gradcheck.mistakes"
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
    changing = repeatable(trials, first, sizes)
    if changing:
        return _result(label, trials, [first], [changing])
    progress("other sizes")
    others = [trial for other in _others(sizes) if (trial := trials.tried(other, noted=True)) is not None]
    compared = [first, *others]
    if not any(trial.wrong for trial in compared):
        return _result(label, trials, compared)
    return _explained(label, trials, compared, sizes, progress)


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


def _explained(label: str, trials: Trials, compared: Sequence[Trial], sizes: Sizes, progress: Progress) -> Gradcheck:
    """The result, with where and why."""
    progress("where it goes wrong")
    wrong = tuple(name for name in compared[0].case.names if any(name in trial.wrong for trial in compared))
    finite = [trial for trial in compared if set(wrong) <= set(trial.comparable)]
    eps = max(trial.returned.eps for trial in compared)
    seen = Seen([t.case for t in finite], [t.comparable for t in finite], wrong, eps)
    lengths = first_wrong(trials, sizes, min(sizes["steps"], _LONGEST))
    where = {name: _where(name, seen, compared, lengths) for name in wrong}
    example = _example(smallest(trials, sizes))
    progress("known mistakes")
    mistakes = tuple(_best(_suspected(seen), wrong)) if finite else ()
    return _result(label, trials, compared, where=where, mistakes=mistakes, example=example)


def _where(name: str, seen: Seen, compared: Sequence[Trial], lengths: dict[str, int]) -> Where:
    trial = next(trial for trial in compared if name in trial.wrong)
    theirs, ours = trial.returned.gradients[name], trial.case.ours[name]
    difference = Difference(name, theirs, ours, trial.case.allowed(name, theirs, trial.returned.eps))
    kind, text = pattern(difference)
    known = seen.shares(name)
    first = {"T": lengths[name]} if name in lengths else {}
    return Where(
        int(difference.wrong.sum()), difference.wrong.size, kind, text, first,
        known.weights if known else (), said(known) if known else "",
    )  # fmt: skip


def _example(found: tuple[Trial, Sizes] | None) -> Example | None:
    if found is None:
        return None
    trial, _ = found
    name = trial.wrong[0]
    problem = trial.case.problem
    yours, ours = (tuple(map(tuple, a.tolist())) for a in (trial.returned.gradients[name], trial.case.ours[name]))
    return Example(problem.label, name, yours, ours, problem)


def _suspected(seen: Seen) -> list[Mistake]:
    """All that account for something, the preferred reasons first, up to one that accounts for everything."""
    modules = [registry.load(MISTAKES, name, "mistake") for name in registry.names(MISTAKES)]
    found: list[Mistake] = []
    for module in sorted(modules, key=lambda module: module.ORDER):
        found.extend(module.mistakes(seen))
        if any(mistake.whole for mistake in found):
            break
    return found


def _best(suspected: Sequence[Mistake], wrong: Sequence[str]) -> Iterator[Mistake]:
    """As few as account for as much as possible: first the one that predicts everything, or accounts for most."""
    left = list(suspected)
    open_ = set(wrong)
    while left and open_:
        best = max(left, key=lambda mistake: (mistake.whole, len(open_ & set(mistake.explains))))
        if not open_ & set(best.explains):
            return
        yield best
        open_ -= set(best.explains)
        left.remove(best)


__all__ = ["Gradcheck", "UserCodeError", "gradcheck"]
