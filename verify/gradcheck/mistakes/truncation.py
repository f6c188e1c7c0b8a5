"""The double sum cut short: after a number of lags, or at the ends of windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from derive.arithmetic import Array
from derive.indices import T
from derive.model import Model
from derive.run import gradients
from derive.theory import theories
from derive.unroll import Place, place, unroll
from verify.gradcheck.case import ADJOINT, Case
from verify.gradcheck.result import Mistake
from verify.gradcheck.suspicion import Gradients, Seen, Suspicion
from verify.problem import Problem

ORDER = 3


def mistakes(seen: Seen) -> Iterator[Mistake]:
    yield from _after_lags(seen)
    model = seen.cases[0].problem.model
    if len(model.phases) == 1 and not model.wiring.single:
        for length in range(2, max(case.problem.steps for case in seen.cases)):
            found = seen.judged(_windows(length))
            if found:
                yield found


def _after_lags(seen: Seen) -> Iterator[Mistake]:
    """Those gradients whose later lags are missing, by the number of lags that are there."""
    cut: dict[int, list[str]] = {}
    for name in seen.wrong:
        weights = seen.shares(name)
        if weights is not None and weights.kept is not None:
            cut.setdefault(weights.kept, []).append(name)
    for kept, names in sorted(cut.items()):
        found = seen.judged(_truncated(seen, kept, names)) if kept else None
        if found:
            yield found


def _truncated(seen: Seen, kept: int, names: Sequence[str]) -> Suspicion:
    def predict(case: Case) -> Gradients:
        lags = seen.lags[seen.cases.index(case)]
        parts = {name: list(lags.of(name).values())[:kept] for name in names}
        return {name: sum(part[1:], part[0]) for name, part in parts.items()}

    if kept == 1 and _from_the_end(seen.cases[0].problem.model, names):
        return Suspicion(
            "only the last step", "with the last step's share alone", predict,
            "the parameters are shared by all steps, so every step adds its share",
        )  # fmt: skip
    if kept == 1:
        return Suspicion(
            "detached state", "with each step's own loss only", predict,
            "what comes back from the later steps through the state is missing",
        )  # fmt: skip
    steps = "1 step" if kept == 2 else f"{kept - 1} steps"
    return Suspicion(
        "truncated",
        f"truncated after {kept} steps",
        predict,
        f"the error of a loss is carried back {steps}, then dropped",
    )


def _from_the_end(model: Model, names: Sequence[str]) -> bool:
    """Whether lags are counted from the last step: of a recurrence whose last step alone leads to the loss."""
    single = {w.name for theory in theories(model) if theory.single for w in theory.phase.parameters}
    return single.issuperset(names)


def _windows(length: int) -> Suspicion:
    return Suspicion(
        "windows", f"cut into windows of {length} steps", _cut(length),
        "the state is handed on from window to window, the error is not",
    )  # fmt: skip


def _cut(length: int) -> Callable[[Case], Gradients]:
    def predict(case: Case) -> Gradients:
        total: dict[str, Any] = {}
        for start in range(0, case.problem.steps, length):
            part = window(case.problem, start, min(length, case.problem.steps - start))
            weight = part.steps / case.problem.steps
            for name, array in gradients(case.derivation, unroll(part.model, part.given, part.sizes), ADJOINT).items():
                if not start or name not in _starts(part):
                    total[name] = total.get(name, 0.0) + weight * array
        return total

    return predict


def _starts(problem: Problem) -> set[str]:
    return {f"{state.name}_0" for state in problem.model.initial_states}


def window(problem: Problem, skipped: int, count: int) -> Problem:
    """``count`` steps after the first ``skipped``, every sequence started from the state that it reached."""
    timed: dict[Place, Array] = {
        (name, kind, step - skipped): array
        for (name, kind, step), array in problem.given.items()
        if kind in ("input", "target") and step is not None and skipped < step <= skipped + count
    }
    kept = {where: array for where, array in problem.given.items() if where[2] is None}
    values = problem.forward.values
    reached = {place(state.at(0)): values[place(state.at(skipped))] for state in problem.model.main.states}
    return replace(problem, sizes={**problem.sizes, T: count}, given={**kept, **timed, **reached})
