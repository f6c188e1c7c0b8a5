"""A forward pass of something else: our own gradients, right, but of an altered problem or of another model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache

import numpy as np

from derive import registry
from derive.arithmetic import Array
from derive.assemble import derivation
from derive.derivation import Derivation
from derive.errors import BpttError
from derive.expr import Var
from derive.model import Model, cell_named
from derive.run import gradients, name_of
from derive.unroll import Place, place, unroll
from verify.gradcheck.case import ADJOINT, Case
from verify.gradcheck.result import Mistake
from verify.gradcheck.suspicion import Gradients, Seen, Suspicion
from verify.problem import Problem

ORDER = 4
Altered = Callable[[Problem], Mapping[Place, Array]]


def mistakes(seen: Seen) -> Iterator[Mistake]:
    for suspicion in (*_altered(seen.cases[0].problem), *_other_models(seen.cases[0].problem.model)):
        found = seen.judged(suspicion)
        if found:
            yield found


def _altered(problem: Problem) -> Iterator[Suspicion]:
    for w in problem.sources:
        name = name_of(w)
        phrase = f"{'with' if w.time is None else 'started at'} {name} = 0"
        yield _of(f"forgot {name}", phrase, _zeroed(w), f"does the forward pass use {name}?")
        if w.shape[0] == w.shape[1] != 1:
            hint = f"the forward pass multiplies by the transpose: with rows, it is h @ {name}.T"
            yield _of("transposed matrix in the forward pass", f"with {name} transposed", _turned(w), hint)
    compared, read = "ℓ_t compares o_t with y_t", "step t reads x_t"
    yield _of(
        "targets as labels",
        "with one-hot targets",
        _one_hot,
        "a target is a probability vector: do not take its argmax",
    )
    yield _of("shifted targets", "with the targets one step late", _shifted("target", 1), compared)
    yield _of("shifted targets", "with the targets one step early", _shifted("target", -1), compared)
    yield _of("shifted inputs", "with the inputs one step late", _shifted("input", 1), read)
    yield _of("shifted inputs", "with the inputs one step early", _shifted("input", -1), read)
    yield _of("inputs backwards", "with the inputs backwards in time", _backwards, "arrays are (T, batch, features)")
    hint = "is there a loop over the batch that ends early?"
    yield _of("first sequence only", "for the first sequence of the batch alone", _alone, hint)


def _of(kind: str, phrase: str, alter: Altered, hint: str) -> Suspicion:
    def predict(case: Case) -> Gradients:
        given = {**case.problem.given, **alter(case.problem)}
        with np.errstate(all="ignore"):
            return gradients(case.derivation, unroll(case.problem.model, given, case.problem.sizes), ADJOINT)

    return Suspicion(kind, phrase, predict, hint)


def _zeroed(w: Var) -> Altered:
    return lambda problem: {place(w): np.zeros_like(problem.given[place(w)])}


def _turned(w: Var) -> Altered:
    return lambda problem: {place(w): problem.given[place(w)].T}


def _one_hot(problem: Problem) -> Mapping[Place, Array]:
    return {where: _hard(array) for where, array in problem.given.items() if where[1] == "target"}


def _hard(array: Array) -> Array:
    return (array == array.max(axis=-2, keepdims=True)).astype(float)


def _shifted(kind: str, by: int) -> Altered:
    """Every step gets what belongs to another; at the end, round the corner."""

    def alter(problem: Problem) -> Mapping[Place, Array]:
        return _moved(problem, kind, lambda step, count: (step - 1 - by) % count)

    return alter


def _backwards(problem: Problem) -> Mapping[Place, Array]:
    return _moved(problem, "input", lambda step, count: count - step)


def _moved(problem: Problem, kind: str, source: Callable[[int, int], int]) -> Mapping[Place, Array]:
    names = {where[0] for where in problem.given if where[1] == kind}
    moved: dict[Place, Array] = {}
    for name in names:
        steps = sorted(step for own, k, step in problem.given if (own, k) == (name, kind) and step is not None)
        for step in steps:
            other = steps[source(steps.index(step) + 1, len(steps))]
            moved[name, kind, step] = problem.given[name, kind, other]
    return moved


def _alone(problem: Problem) -> Mapping[Place, Array]:
    return problem.one_sequence().given


def _other_models(model: Model) -> Iterator[Suspicion]:
    """The same parameters in another network: another activation, or losses at other steps."""
    for what, other in _alternatives(model):
        if _names(other) == _names(model):
            hint = f"it was to be compared with {_own(model, what)}: --{what} says otherwise"
            yield Suspicion("another model", f"of the model with {what}", _with(other), hint)


def _own(model: Model, what: str) -> str:
    return f"wiring {model.wiring.name}" if what.startswith("wiring") else f"activation {model.cell.variant}"


def _alternatives(model: Model) -> Iterator[tuple[str, Model]]:
    if model.wiring.before is None:
        for name in ("every", "last"):
            if name != model.wiring.name:
                wiring = registry.load("derive.wirings", name, "wiring").WIRING
                yield f"wiring {name}", replace(model, wiring=wiring)
    if model.cell.layers > 1 or model.cell.name not in registry.names("derive.cells") or model.cell.plain is not None:
        return
    for variant in registry.load("derive.cells", model.cell.name, "cell").VARIANTS:
        if variant != model.cell.variant:
            yield f"activation {variant}", replace(model, cell=cell_named(model.cell.name, variant))


def _names(model: Model) -> set[str]:
    return {name_of(w) for w in (*model.parameters, *model.initial_states)}


def _with(other: Model) -> Callable[[Case], Gradients]:
    @cache
    def derived() -> Derivation:
        return derivation(other)

    def predict(case: Case) -> Gradients:
        try:
            return gradients(derived(), unroll(other, case.problem.given, case.problem.sizes), ADJOINT)
        except (BpttError, KeyError):
            return {}  # it reads something that was not given

    return predict
