"""What a file of the corpus claims, by its name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.derivations.networks import T
from tests.derivations.simulation import Array, Simulation

Side = Array | complex | Callable[[], Array] | None
"""None is a side that means nothing; a function is one whose shapes may not fit."""
Said = tuple[int, Side, Side] | tuple[int, Side, Side, str]
"""The claim's number among those of its file that are no definitions, from one; its sides; which of its readings."""
Claims = Callable[[Simulation, int], Iterator[Said]]
ALL, INNER = tuple(range(1, T + 1)), tuple(range(1, T))
"""The steps, and those that have a next one."""


@dataclass(frozen=True)
class Truth:
    """``claims`` are made of every step in ``steps``."""

    claims: Claims
    steps: tuple[int, ...]


TRUTHS: dict[str, Truth] = {}
RELATIVE = 1e-9
"""Complex steps are exact to rounding; what differs by more is different."""


def truth(file: str, steps: tuple[int, ...] = ALL) -> Callable[[Claims], Claims]:
    """Registers what a file claims."""

    def registered(claims: Claims) -> Claims:
        assert file not in TRUTHS, file
        TRUTHS[file] = Truth(claims, steps)
        return claims

    return registered


def _value(side: Side) -> Array | None:
    try:
        return None if side is None else np.asarray(side() if callable(side) else side)
    except ValueError:  # shapes that do not fit
        return None


def same(left: Side, right: Side) -> bool:
    """Whether both sides mean something, of one shape, and the same."""
    one, two = _value(left), _value(right)
    if one is None or two is None:
        return False
    if one.size != two.size or (one.size > 1 and one.shape != two.shape):
        return False
    scale = max(np.abs(one).max(), np.abs(two).max())
    return bool(np.abs(one - two).max() <= RELATIVE * scale)


def judged(truth: Truth, network: Simulation) -> dict[int, bool]:
    """For every claim whether it holds: in one of its readings, at every step."""
    found: dict[int, dict[str, bool]] = {}
    for step in truth.steps:
        for number, left, right, *reading in truth.claims(network, step):
            readings = found.setdefault(number, {})
            name = reading[0] if reading else ""
            readings[name] = readings.get(name, True) and same(left, right)
    return {number: any(readings.values()) for number, readings in found.items()}


def truths() -> dict[str, Truth]:
    """Of every file, from every module beside this one."""
    package = "tests.derivations.truth"
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        importlib.import_module(f"{package}.{module.name}")
    return TRUTHS
