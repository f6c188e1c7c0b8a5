"""A recurrence by itself, compiled: a piece of a sequence forwards, and back from any seeds and any carry."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.compiled.pair import Pair
from derive.compiled.reduction import BATCH
from derive.compiled.three_address import Instruction

Sizes = Mapping[sp.Symbol, int]
Rows = Mapping[str, Array]


class Cache:
    """The forward pass of a piece of K steps, with what the way back reads of it.

    ``known`` are the rows of what is read, (K·B, m) or (1, n), by target, ``sizes`` all sizes: T is that of the whole
    sequence.  All arrays that are handed out are (K, B, n), or (B, n) of one step, and stay what they are.
    """

    def __init__(self, pair: Pair, known: Rows, sizes: Sizes, kind: np.dtype) -> None:
        self.pair, self.sizes, self.kind = pair, sizes, kind
        self.steps, self.batch = sizes[pair.length], sizes[BATCH]
        self._room = pair.workspaces.take(kind)
        self._numbers = [*(sizes[symbol] for symbol in pair.sizes), kind, self._room]
        self._known = dict(known)
        self._call("forward")

    def __del__(self) -> None:
        """Its memory is free for another piece."""
        room = self.__dict__.get("_room")
        if room is not None:
            self.pair.workspaces.give_back(room)

    @property
    def nbytes(self) -> int:
        """What the piece takes in memory."""
        return self._room.nbytes

    @cached_property
    def states(self) -> dict[str, Array]:
        results = self.pair.stages["forward"].results
        return {name: self._steps(self._rows(of)).copy() for name, of in results.items()}

    @cached_property
    def last(self) -> dict[str, Array]:
        """The states after the last step, (B, n)."""
        results = self.pair.stages["forward"].results
        return {name: self._rows(of)[-self.batch :].copy() for name, of in results.items()}

    def loss(self) -> tuple[float, dict[str, Array], dict[str, Array]]:
        """This piece's share of the mean loss, the seeds that it gives, and the gradients behind the recurrence."""
        self._call("loss")
        self._call("seeds")
        pair, known = self.pair, self._known
        found = {name: known[of.target] for name, of in pair.stages["seeds"].results.items()}
        seeds = {name: self._seeds(found.pop(name, None), name) for name in pair.states}
        return float(known[pair.stages["loss"].results["loss"].target][0]), seeds, self._columns(found)

    def _seeds(self, rows: Array | None, name: str) -> Array:
        """Those of all steps: nought where a step, or a state, has no loss."""
        found = np.zeros((self.steps, self.batch, self._width(name)), self.kind)
        if rows is not None and self.pair.model.wiring.single:
            found[-1] = rows
        elif rows is not None:
            found[:] = rows if rows.ndim == 1 else self._steps(rows)
        return found

    def backward(
        self, seeds: Mapping[str, Array], carry: Mapping[str, Array] | None = None
    ) -> tuple[dict[str, Array], dict[str, Array]]:
        """Σ_t b_tᵀ δ_t of every parameter of the recurrence, and what is sent back to the states before the first step.

        ``seeds`` (K, B, n) and ``carry`` (B, n), both by the name of a state; nothing is sent back by no next piece.
        """
        self._call("coefficients")
        pair = self.pair
        for name, of in pair.carries.items():
            given = np.zeros((self.batch, self._width(name))) if carry is None else carry[name]
            self._known[of.target] = np.asarray(given, self.kind)
        for of in pair.asked_for:
            self._known[of.target] = np.zeros((self.batch, self._size(of.width)), self.kind)
        for name, of in pair.seeds.items():
            self._known[of.target] = np.asarray(seeds[name], self.kind).reshape(self.steps * self.batch, -1)
        self._call("sweep")
        results = {name: self._known[of.target] for name, of in pair.stages["sweep"].results.items()}
        handed_on = {name: np.array(self._known[of.target]) for name, of in pair.carries.items()}
        return self._columns(results), handed_on

    def starting(self) -> dict[str, Array]:
        """The initial states of the next phase, (B, n) by the state, after the last step of this one."""
        self._call("starting")
        return {name: self._known[of.target].copy() for name, of in self.pair.stages["starting"].results.items()}

    def crossing(self, later: Cache) -> dict[str, Array]:
        """The seeds of this phase's last piece, after ``later``, the first piece of the next phase, went back."""
        stage = self.pair.stages["crossing"]
        asked = {v.target for v in stage.inputs} - set(self._known)
        self._known |= {target: later._known[target] for target in asked}
        self._call("crossing")
        seeds = {name: np.zeros((self.steps, self.batch, self._width(name)), self.kind) for name in self.pair.states}
        for name, of in stage.results.items():
            seeds[name][-1] = self._known[of.target]
        return seeds

    def starts(self) -> dict[str, Array]:
        """The gradients of the initial states, after ``backward``: this piece is the first one."""
        self._call("start")
        results = self.pair.stages["start"].results
        return self._columns({name: self._known[of.target] for name, of in results.items()})

    def _call(self, name: str) -> None:
        stage, known = self.pair.stages[name], self._known
        found = self.pair.functions[name](*self._numbers, *(known[v.target] for v in stage.inputs))
        known |= zip((v.target for v in stage.outputs), found, strict=True)

    def _rows(self, of: Instruction) -> Array:
        """Those of all steps and sequences; a state that is a parameter is the same in all of them."""
        found = self._known[of.target]
        return found if found.ndim > 1 else np.broadcast_to(found, (self.steps * self.batch, *found.shape))

    def _steps(self, rows: Array) -> Array:
        return rows.reshape(self.steps, self.batch, -1)

    def _width(self, name: str) -> int:
        return self._size(self.pair.widths[name])

    def _size(self, of: sp.Expr) -> int:
        return int(of.xreplace({symbol: sp.Integer(own) for symbol, own in self.sizes.items()}))

    def _columns(self, found: Rows) -> dict[str, Array]:
        """A vector as the column that it is; no two in the same memory."""
        return {name: np.array(array[:, None] if array.ndim == 1 else array) for name, array in found.items()}
