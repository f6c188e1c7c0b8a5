"""The network at a point of a sweep, from plain words: what a worker is told is enough to draw it.

The random numbers depend on the seed and on the shapes alone, so that networks which differ in radius, gain or drive
have the same directions, and a longer sequence begins like a shorter one.
"""

from __future__ import annotations

import argparse
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bptt.options import MODEL, model
from bptt.sweeps.grid import Grid
from bptt.sweeps.task import ModelWords, Task
from derive.assemble import derivation
from derive.derivation import Derivation
from derive.errors import InputError
from derive.growth.recurrent import recurrent
from verify.growth.drawing import network as drawn
from verify.problem import Problem

_TEXT = "equations"
"""The text of a file of equations: a worker may not see the file."""


def network(task: Task) -> tuple[Derivation, Problem]:
    """The derivation, and the network with its one sequence.

    Words that are none of the model's are options of ``verify.growth.drawing.network``, like the settings of the point.
    Raises InputError as that function does.
    """
    derived = _derived(_model_words(task.model))
    options: dict[str, Any] = {**_others(task.model), **task.point}
    return derived, drawn(derived.model, **options)


def check(words: ModelWords, grid: Grid) -> None:
    """Raises InputError for words that name no model, and for scales of what the cell does not have."""
    of = _derived(_model_words(words)).model
    scaled = any(grid.values[name] != (None,) for name in ("radius", "gain"))
    if scaled and not recurrent(of):
        raise InputError(
            f"cell '{of.cell.label}' has no square parameter matrix that multiplies the state of the step before",
            "--sweep", "leave radius and gain out",
        )  # fmt: skip


def _model_words(words: ModelWords) -> tuple[tuple[str, str | int | bool], ...]:
    return tuple((name, words[name]) for name in ("cell", _TEXT, *MODEL) if name in words)


def _others(words: ModelWords) -> dict[str, str | int | bool]:
    return {name: value for name, value in words.items() if name not in ("cell", _TEXT, *MODEL)}


@lru_cache(maxsize=8)
def _derived(words: tuple[tuple[str, str | int | bool], ...]) -> Derivation:
    """Made once in a process."""
    named: dict[str, Any] = {**MODEL, **dict(words)}
    equations = named.pop(_TEXT, "")
    if not equations:
        return derivation(model(argparse.Namespace(**named)))
    with TemporaryDirectory() as folder:
        path = Path(folder) / Path(str(named["cell"])).name
        path.write_text(equations, encoding="utf-8")
        return derivation(model(argparse.Namespace(**{**named, "cell": str(path)})))
