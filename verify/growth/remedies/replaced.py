"""Recurrent weights replaced by others: what two remedies, and the steps of others, have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from derive.arithmetic import Array
from derive.expr import Var
from derive.growth.recurrent import recurrent
from derive.unroll import Place, place
from verify.growth.remedies.case import Case
from verify.growth.remedies.measure import table
from verify.growth.remedies.remarks import compared
from verify.growth.remedies.remedy import Remedy

_NONE = "No square matrix that is a parameter by itself multiplies a state of the step before."


def with_weights(given: Mapping[Place, Array], new: Mapping[Var, Array]) -> dict[Place, Array]:
    """The same values with some parameters replaced."""
    return {**given, **{place(w): array for w, array in new.items()}}


def replaced(case: Case, about: Remedy, new: Callable[[Var, Array], Array]) -> Remedy:
    """Before and after every recurrent weight w has become ``new(w, value)``; all other parameters stay.

    ``about`` has the name, title, source, and the sentence of what is changed, with {names} in it.
    """
    chosen = recurrent(case.model)
    if not chosen:
        return replace(about, changed="", reason=_NONE)
    given = case.problem.given
    after = case.changed(with_weights(given, {w: new(w, given[place(w)]) for w in chosen}))
    return replace(
        about, changed=about.changed.format(names=", ".join(w.name for w in chosen)), reason="",
        columns=("before", "after"), rows=table({"before": case.baseline, "after": after}),
        remarks=tuple(compared(case.baseline, after)), window=case.sentence,
    )  # fmt: skip
