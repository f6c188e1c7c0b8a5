"""Readers: one file a format.  Weights come as named arrays, a sequence as one array, perhaps with names.

A reader module has ``SUFFIX``, ``TITLE``, ``KIND`` ("weights" or "sequence") and ``read``.  Whatever bytes
the file has, ``read`` returns finite float64 numbers or raises InputError; nothing is unpickled.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np

from derive import registry
from derive.errors import InputError
from verify.readers._checks import Sequence, shown, where
from verify.readers._targets import Task, Wanted, inputs_alone, task

__all__ = [
    "Sequence", "Task", "Wanted", "formats", "inputs_alone", "read_sequence", "read_weights", "shown", "task", "where",
]  # fmt: skip

MENDS = {
    "weights": "in PyTorch: safetensors.torch.save_file(model.state_dict(), 'weights.safetensors')",
    "sequence": "one row a time step, one column a feature",
}


def formats(kind: str) -> dict[str, ModuleType]:
    """The readers of one kind, by suffix."""
    package = "verify.readers"
    modules = (registry.load(package, name, "reader") for name in registry.names(package))
    return {module.SUFFIX: module for module in modules if kind == module.KIND}


def read_weights(path: Path) -> dict[str, np.ndarray]:
    """Named float64 arrays.  Raises InputError for any file that is not a weight file."""
    weights: dict[str, np.ndarray] = _reader(path, "weights").read(path)
    return weights


def read_sequence(path: Path, *, batch_first: bool = False) -> Sequence:
    """A sequence (T, m) or (T, B, m); ``batch_first``: the file has (B, T, m), if it has three axes.

    Raises InputError for any file that is not one.
    """
    sequence: Sequence = _reader(path, "sequence").read(path)
    if batch_first and sequence.values.ndim == 3:
        return replace(sequence, values=np.ascontiguousarray(sequence.values.swapaxes(0, 1)), batch_first=True)
    return sequence


def _reader(path: Path, kind: str) -> ModuleType:
    known = formats(kind)
    suffix = path.suffix.lower()
    if suffix not in known:
        raise InputError(
            f"the suffix '{shown(suffix)}' is not one of a {kind} file: {', '.join(sorted(known))}",
            where(path), MENDS[kind],
        )  # fmt: skip
    return known[suffix]
