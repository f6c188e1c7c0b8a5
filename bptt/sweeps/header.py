"""The first line of a journal: what is swept, of what model, by what versions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bptt.sweeps.grid import Grid
from bptt.sweeps.task import ModelWords
from bptt.sweeps.versions import difference, versions

FORMAT = 1
_MAGIC = b'{"bptt_sweep_journal": '
_CLIPPED = 120


@dataclass(frozen=True)
class Header:
    """What makes two runs the same sweep: equal grids (however they are written), models and versions."""

    model: ModelWords
    grid: Grid

    @cached_property
    def line(self) -> bytes:
        found = {
            "bptt_sweep_journal": FORMAT,
            "model": dict(sorted(self.model.items())),
            "sweep": list(self.grid.words),
            "fixed": self.grid.fixed,
            "grid": self.grid.digest,
            "versions": versions(),
        }
        return (json.dumps(found) + "\n").encode("ascii")

    def is_torn(self, first: bytes) -> bool:
        """Whether a file's first line is a piece of ours, or nothing: the run that wrote it was killed there."""
        return len(first) < len(self.line) and self.line.startswith(first)

    def is_ours(self, first: bytes) -> bool:
        """Whether a first line is the header of a journal, of whatever sweep."""
        return first.startswith(_MAGIC)

    def difference(self, first: bytes) -> str:
        """In what another header differs, in words; empty for one of the same sweep."""
        found = _parsed(first)
        if found is None:
            return "its header is damaged"
        if found.get("bptt_sweep_journal") != FORMAT:
            return f"its format is {found.get('bptt_sweep_journal')}, not {FORMAT}"
        if found.get("model") != dict(self.model):
            return f"its model is {_model_text(found.get('model'))}"
        if found.get("grid") != self.grid.digest:
            return f"it sweeps {_grid_text(found)[:_CLIPPED]}"
        other = difference(found.get("versions"), versions())
        return f"it was written with {other}" if other else ""


def _parsed(first: bytes) -> Mapping[str, Any] | None:
    try:
        found = json.loads(first)
    except ValueError:
        return None
    return found if isinstance(found, Mapping) and first.endswith(b"\n") else None


def _grid_text(found: Mapping[str, Any]) -> str:
    words, fixed = found.get("sweep"), found.get("fixed")
    if not isinstance(words, list) or not isinstance(fixed, Mapping):
        return "something else"
    held = (f"{name}={value}" for name, value in fixed.items() if value is not None)
    return f"{' '.join(map(str, words))} at {' '.join(held)}"


def _model_text(model: object) -> str:
    if not isinstance(model, Mapping):
        return "unknown"
    words = (f"{name}={value}" for name, value in model.items() if name not in ("cell", "equations") and value)
    return " ".join((str(model.get("cell", "unknown")), *words))[:_CLIPPED]
