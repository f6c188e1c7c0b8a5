"""The gradient of a derivation as fast NumPy: what a training loop calls.

    gradient = compile_gradient(derivation(build("lstm")))
    loss, by_name = gradient.loss_and_gradient(parameters, starts, inputs, targets)

Everything that is run was derived: an error in a step of the derivation is an error in what comes out.  How it is made
fast is in ``derive.compiled``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from derive.arithmetic import Array
from derive.compiled.bound.calls import BoundProgram
from derive.compiled.bound.recognised import Recognised
from derive.compiled.cache import Cache
from derive.compiled.given import Arrays, Inputs, Wanted
from derive.compiled.pair import Pair, pairs_of
from derive.compiled.passes import fused
from derive.compiled.pieces import pieces
from derive.compiled.program import Program, compiled, names_of_sizes
from derive.compiled.reduction import STEPS
from derive.compiled.roots import roots_of
from derive.compiled.track import CompiledTrack
from derive.compiled.whole import Whole
from derive.derivation import Derivation
from derive.errors import InputError
from derive.indices import T
from derive.strategy import Strategy
from derive.track import estimate
from derive.truncation.decisions import drawn

Named = Mapping[str, Array]


class Gradient:
    """The loss and the gradient of one derivation, for any sizes, in float64 or float32.

    Arrays are (T, batch, features) for inputs and targets, or (1, batch, features) for targets where only the last step
    has a loss; an axis of length 1 behind the features is welcome.  Matrices are (rows, columns), vectors (n,) or
    (n, 1), initial states the same, or (batch, n, 1).  What is given is never changed, and may be read-only or not
    contiguous; what is returned belongs to the caller.  Raises InputError for what is missing or does not fit.
    """

    def __init__(self, derivation: Derivation) -> None:
        self.derivation = derivation
        self.wanted = Wanted(derivation.model)

    @cached_property
    def bound(self) -> BoundProgram:
        """Loss and gradient in one."""
        return BoundProgram(Whole(fused(roots_of(self.derivation))), names_of_sizes(self.derivation.model))

    @cached_property
    def recognised(self) -> Recognised:
        """The same for arrays whose shapes are known from an earlier call."""
        return Recognised(self.bound, self._given)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The recurrence of every phase by itself."""
        return pairs_of(self.derivation)

    @property
    def pair(self) -> Pair:
        """The recurrence by itself.  Raises InputError for an encoder with a decoder, which are two."""
        if len(self.pairs) > 1:
            what = "an encoder with a decoder has two recurrences, and no forward and backward pass of one"
            raise InputError(what, mend="choose --wiring every or last, or ask for loss and gradient")
        return self.pairs[0]

    @cached_property
    def program(self) -> Program:
        """Stage by stage: what is sent back can be changed on its way."""
        return compiled(self.derivation)

    def loss_and_gradient(
        self,
        parameters: Named,
        starts: Named,
        inputs: Inputs,
        targets: Array,
        *,
        steps: int | None = None,
        dtype: Any = np.float64,
        piece: int | None = None,
        memory: int | None = None,
    ) -> tuple[float, dict[str, Array]]:
        """The mean loss of a batch, and its gradient by the name of every parameter and initial state (``h_0``).

        A gradient is (rows, columns), one of a vector (n, 1).  With ``piece`` or ``memory`` only the states at the
        borders of pieces of so many steps, or as many as fit into so many bytes, are kept, and the rest is computed
        twice; ``piece=0`` takes √T steps.  ``steps`` is T where no array tells it.
        """
        if piece is not None or memory is not None:
            given = self._given(parameters, starts, inputs, targets, steps)
            return pieces(self.pairs, given, np.dtype(dtype), piece or None, memory).gradient()
        return self.recognised(parameters, starts, inputs, targets, steps, np.dtype(dtype))

    def estimate(
        self,
        parameters: Named,
        starts: Named,
        inputs: Inputs,
        targets: Array,
        strategy: Strategy,
        *,
        rng: np.random.Generator | int = 0,
        steps: int | None = None,
        dtype: Any = np.float64,
    ) -> tuple[float, dict[str, Array]]:
        """The mean loss, and what a strategy of truncation makes of its gradient, in one draw of its decisions.

        That of the parameters behind the recurrence is exact: nothing on its way goes back in time.  ``rng`` is a
        generator, or the seed of one; strategies that leave nothing to chance do not use it.  Raises InputError as
        ``loss_and_gradient`` does, and for an encoder with a decoder.
        """
        run = self.program.run_given(self._given(parameters, starts, inputs, targets, steps), dtype)
        decisions = drawn(strategy, run.length, 1, np.random.default_rng(rng))
        factors = decisions.factors[0].tolist()
        return run.loss, {
            **estimate(CompiledTrack(run), strategy.machine(run.length), factors),
            **run.readout_gradients(),
        }

    def forward(
        self,
        parameters: Named,
        starts: Named,
        inputs: Inputs,
        *,
        steps: int | None = None,
        batch: int | None = None,
        dtype: Any = np.float64,
    ) -> Cache:
        """The states of all steps, and what the way back needs of them; all parameters are asked for."""
        kind = np.dtype(dtype)
        given = self._given(parameters, starts, inputs, None, steps, batch)
        known = {read.target: given.rows(read, kind) for read in self.pair.reads if read.key in given.of}
        return Cache(self.pair, known, {**given.sizes, STEPS: given.sizes[T]}, kind)

    def backward(
        self, cache: Cache, seeds: Named, carry: Named | None = None
    ) -> tuple[dict[str, Array], dict[str, Array]]:
        """Σ_t b_tᵀ δ_t by the name of every parameter of the recurrence, and ∂/∂(state before the first step), (B, n).

        ``seeds`` (T, B, n) are the gradients of anything by the states of each step, by name; ``carry`` (B, n) is what
        comes back from behind the last step.
        """
        return cache.backward(seeds, carry)

    def _given(
        self,
        parameters: Named,
        starts: Named,
        inputs: Inputs,
        targets: Array | None,
        steps: int | None,
        batch: int | None = None,
    ) -> Arrays:
        if isinstance(inputs, Mapping):
            inputs = {name: _features(array) for name, array in inputs.items()}
        elif inputs is not None:
            inputs = _features(inputs)
        targets = None if targets is None else _features(targets)
        return self.wanted.of_arrays(_columns(parameters), _columns(starts), inputs, targets, steps, batch)


def compile_gradient(derivation: Derivation) -> Gradient:
    """Raises NotImplementedError for a node without an instruction."""
    gradient = Gradient(derivation)
    assert gradient.bound.source
    return gradient


def _columns(arrays: Named) -> dict[str, Array]:
    """Vectors as columns."""
    return {name: array if np.ndim(array) > 1 else np.asarray(array)[..., None] for name, array in arrays.items()}


def _features(array: Array) -> Array:
    """Features as the column that they are."""
    array = np.asarray(array)
    return array[..., None] if array.ndim == 3 else array
