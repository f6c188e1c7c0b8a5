"""Work that is timed, and how its result is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.measuring.case import Case, derived

Array = np.ndarray
Named = Mapping[str, Array]


@dataclass(frozen=True)
class Prepared:
    work: Callable[[], Any]
    read: Callable[[Any], tuple[float, Named]] | None


def stacked(case: Case) -> dict[str, Array]:
    """The parameters as PyTorch keeps them: the gates of a side on top of each other, vectors (n,)."""
    slots: dict[str, list[Array]] = {}
    for name, slot in derived(case.cell).model.cell.pytorch.items():
        slots.setdefault(slot.removesuffix("_l0"), []).append(case.parameters[name])
    found = {slot: np.concatenate(parts) for slot, parts in slots.items()}
    readout = {"weight_o": case.parameters["W_o"], "bias_o": case.parameters["b_o"]}
    return {slot: array if "weight" in slot else array[:, 0] for slot, array in (found | readout).items()}


def unstacked(case: Case, found: Named) -> dict[str, Array]:
    """A gradient under the names of the cell."""
    names: dict[str, list[str]] = {}
    for name, slot in derived(case.cell).model.cell.pytorch.items():
        names.setdefault(slot.removesuffix("_l0"), []).append(name)
    own = {"W_o": found["weight_o"], "b_o": found["bias_o"]}
    for slot, gates in names.items():
        own |= zip(gates, np.split(found[slot], len(gates)), strict=True)
    return own


def starts(case: Case) -> dict[str, Array]:
    """The initial states, (n,), by state."""
    return {name.removesuffix("_0"): array[:, 0] for name, array in case.starts.items()}


def classes(case: Case) -> Array:
    """The targets (T · batch,) by their number, for those who need no row of zeros with a one."""
    return case.y.reshape(case.rows, -1).argmax(axis=1)
