"""Exported modules of every target, loaded, and what the compiled program says of the same arrays."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Any

import pytest

from derive import registry
from derive.arithmetic import Array
from tests.compiled.models import CROSSING, EVERY, EXTRAS, VARIANTS, apart, program
from tests.derive.models import Names, derived

PACKAGE = "reports.exported.targets"
TARGETS = registry.names(PACKAGE)
QUICK = (
    Names("rnn", "tanh"),
    Names("lstm", ""),
    Names("gru", "", loss="squared_error", wiring="last"),
    Names("gru", "", wiring="seq2seq", bridge="softmax"),
)
SOME = (*QUICK, *(pytest.param(names, marks=pytest.mark.slow) for names in (*EVERY, *EXTRAS, *VARIANTS, *CROSSING)))
STEPS = 5


def target(name: str) -> ModuleType:
    return registry.load(PACKAGE, name, "target")


@cache
def text(of: str, names: Names) -> str:
    return target(of).written(derived(names), "bptt export")


def importorskip(of: str) -> None:
    """Skip the test where something is not installed that the module needs."""
    for needed in target(of).NEEDS:
        pytest.importorskip(needed)


def module(source: str) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": "exported"}
    exec(compile(source, "exported.py", "exec"), space)
    return space


def example(own: Mapping[str, Any]) -> dict[str, Array]:
    return own["example"](T=STEPS, B=2, seed=1)


def of_all_sequences(own: Mapping[str, Any], given: Mapping[str, Array]) -> dict[str, Array]:
    """With the same initial states for all sequences."""
    return {name: array[0] if own["AXES"][name].startswith("B") else array for name, array in given.items()}


def compiled(names: Names, given: Mapping[str, Array], dtype: str = "float64") -> dict[str, Array]:
    """The gradient of the compiled program, of the same arrays: by an initial state, that of all sequences."""
    own = program(names)
    kinds = {name: kind for kind, name in own.wanted.axes}

    def of(*wanted: str) -> dict[str, Array]:
        return {name: array for name, array in given.items() if kinds[name] in wanted}

    (targets,) = of("target").values()
    run = own.run_arrays(of("parameter", "constant"), of("start"), of("input"), targets, steps=STEPS, dtype=dtype)
    return run.gradient()


def far(names: Names, given: Mapping[str, Array], found: Mapping[str, Array]) -> float:
    """How far gradients, each in the shape of its array, are from those of the compiled program."""
    assert all(found[name].shape == given[name].shape for name in found)
    wanted = compiled(names, given)
    summed = {name: own.sum(axis=0) if own.size > wanted[name].size else own for name, own in found.items()}
    return max(apart({name: own.reshape(wanted[name].shape) for name, own in summed.items()}, wanted).values())
