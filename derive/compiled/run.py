"""One run of a compiled program: the loss at once, everything else when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from derive.arithmetic import Array
from derive.compiled.given import Arrays
from derive.compiled.reduction import BATCH
from derive.compiled.three_address import Extent, Instruction
from derive.errors import InputError
from derive.indices import T, value

if TYPE_CHECKING:
    from derive.compiled.program import Program


_COEFFICIENTS = "coefficients"


class Run:
    """The values of one forward pass, and what the sweep back makes of them.

    An initial state that is given for each sequence still has one gradient, the mean over them.
    Arrays that are handed out are columns, (…, batch, rows, 1), and belong to the caller.
    """

    def __init__(self, program: Program, given: Arrays, kind: np.dtype) -> None:
        self.program, self.sizes, self.kind = program, given.sizes, kind
        self.length, self.batch = given.sizes[T], given.sizes[BATCH]
        self.size = sum(value(height, given.sizes) for height in program.model.main.heights)
        self._room = program.workspaces.take(kind)
        self._numbers = [*(given.sizes[symbol] for symbol in program.sizes), kind, self._room]
        self._known = {read.target: given.rows(read, kind) for read in program.reads}
        self._ready = False
        for name in program.plan.there:
            self._call(name)
        self.loss = float(self._known[program.stages["loss"].results["loss"].target][0])

    def __del__(self) -> None:
        """Its memory is free for another run."""
        room = self.__dict__.get("_room")
        if room is not None:
            self.program.workspaces.give_back(room)

    def _call(self, name: str) -> None:
        """Run a stage on what is known, and know what it returns."""
        stage = self.program.stages[name]
        known = self._known
        found = self.program.functions[name](*self._numbers, *(known[v.target] for v in stage.inputs))
        known |= zip((v.target for v in stage.outputs), found, strict=True)

    @cached_property
    def states(self) -> dict[str, Array]:
        """Every state after every step, (T, batch, rows, 1), by name."""
        results = self.program.stages["forward"].results
        return {name: self._columns(self._known[v.target]).copy() for name, v in results.items()}

    def _columns(self, rows: Array) -> Array:
        return rows.reshape(-1, self.batch, rows.shape[-1], 1)

    def gradient(self) -> dict[str, Array]:
        """The gradient of the loss, of every parameter and initial state by name, by the sweep back."""
        for name in self.program.plan.back:
            if name != _COEFFICIENTS or not self._ready:
                self._call(name)
        self._ready = True
        return self._shaped(self.program.plan.back, self._known)

    def readout_gradients(self) -> dict[str, Array]:
        """That of the parameters after the recurrence."""
        self._need_coefficients()
        self._call("readout")
        return self._shaped(("readout",), self._known)

    def seed(self, step: int) -> Array:
        """g_t of the stacked state, (batch, n, 1): zero where the step has no loss."""
        self._check(step)
        place = step - 1 - (self.length - len(self._seeds))
        return self._seeds[place].copy() if place >= 0 else np.zeros((self.batch, self.size, 1), self.kind)

    @cached_property
    def _seeds(self) -> Array:
        """Those of the steps with a loss, which are the last ones."""
        self._need_coefficients()
        self._call("seed")
        results = self.program.stages["seed"].results
        steps = 1 if self.program.model.wiring.single else self.length
        found = np.zeros((steps, self.batch, self.size, 1), self.kind)
        for name, of in results.items():
            seed = self._known[of.target]
            found[:, :, self.rows[name]] = self._columns(np.broadcast_to(seed, (steps * self.batch, seed.shape[-1])))
        return found

    def back(self, step: int, columns: Array) -> Array:
        """Columns (…, batch, n, K) carried back through a step, c_tᵀ columns, in the same shape."""
        self._check(step)
        columns = np.asarray(columns, self.kind)
        if columns.ndim < 3 or columns.shape[-3:-1] != (self.batch, self.size):
            raise InputError(f"the columns are {columns.shape}", mend=f"give (…, {self.batch}, {self.size}, K)")
        single = columns.shape[-1] == 1
        rows = columns[..., 0] if single else np.moveaxis(columns, -1, -3)
        given = [row if letter is None else rows[..., letter] for row, letter in self._rows_of_steps[step - 1]]
        function, order = self._back
        found = function(*self._numbers, *given)
        if len(order) == 1 and found[0].shape == rows.shape:
            out = found[0]
        else:
            out = np.empty_like(rows)
            for part, place in order:
                out[..., part] = found[place]
        return out[..., None] if single else np.moveaxis(out, -3, -1)

    def gradients(self, deltas: Sequence[Array]) -> dict[str, Array]:
        """weight · Σ_t b_tᵀ δ_t for every parameter of the recurrence, from δ_1 … δ_T, each (…, batch, n, 1)."""
        if len(deltas) != self.length:
            raise InputError(f"there are {len(deltas)} deltas", mend=f"give one for each of the {self.length} steps")
        whole = np.stack([np.asarray(delta, self.kind)[..., 0] for delta in deltas], axis=-3)
        rows = whole.reshape((*whole.shape[:-3], -1, whole.shape[-1]))
        self._need_coefficients()
        stage = self.program.stages["gradients"]
        given = [
            self._known[v.target] if (place := self._letter(v)) is None else rows[..., place] for v in stage.inputs
        ]
        found = self.program.functions["gradients"](*self._numbers, *given)
        return self._shaped(("gradients",), dict(zip((v.target for v in stage.outputs), found, strict=True)))

    def _letter(self, of: Instruction) -> slice | None:
        """The rows of the stacked state, of a δ that is given."""
        if not of.is_read or of.operands[0] != "letter":
            return None
        return list(self.rows.values())[int(str(of.operands[1]))]

    @cached_property
    def rows(self) -> dict[str, slice]:
        """The rows of the stacked state that belong to each state, by name."""
        main = self.program.model.main
        return {state.name: main.rows_of(state, self.sizes) for state in main.states}

    @cached_property
    def _back(self) -> tuple[Callable[..., tuple[Array, ...]], list[tuple[slice, int]]]:
        stage = self.program.stages["back"]
        order = [(self.rows[name], stage.outputs.index(v)) for name, v in stage.results.items()]
        return self.program.functions["back"], order

    @cached_property
    def _rows_of_steps(self) -> list[list[tuple[Array | None, slice | None]]]:
        """For every step, what carrying back through it is given: its rows of an array, or which of the columns."""
        self._need_coefficients()
        columns: list[list[tuple[Array | None, slice | None]]] = []
        for v in self.program.stages["back"].inputs:
            letter = self._letter(v)
            array = None if letter is not None else self._known[v.target]
            if array is not None and v.extent == Extent.STEPS:
                columns.append([(row, None) for row in array.reshape(self.length, self.batch, *array.shape[1:])])
            else:
                columns.append([(array, letter)] * self.length)
        return [list(step) for step in zip(*columns, strict=True)] or [[] for _ in range(self.length)]

    def _check(self, step: int) -> None:
        if not 1 <= step <= self.length:
            raise InputError(f"there is no step {step}", mend=f"choose one from 1 to {self.length}")

    def _need_coefficients(self) -> None:
        """What all pieces of the backward pass share.  Raises InputError for an encoder with a decoder."""
        if len(self.program.model.phases) > 1:
            what = "the backward pass of an encoder with a decoder is not taken apart yet"
            raise InputError(what, mend="choose --wiring every or last, or ask for the gradient as a whole")
        if not self._ready:
            self._call(_COEFFICIENTS)
            self._ready = True

    def _shaped(self, stages: tuple[str, ...], known: Mapping[str, Array]) -> dict[str, Array]:
        """Gradients in the shape of their parameters, no two in the same memory."""
        found: dict[str, Array] = {}
        seen: set[str] = set()
        for of, target, axes, shape in self.program.shapes(stages, self.sizes):
            array = known[target].copy() if target in seen else known[target]
            found[of] = array.reshape((*array.shape[: array.ndim - axes], *shape))
            seen.add(target)
        return found
