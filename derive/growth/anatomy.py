"""Why the chain grows or shrinks: what each part of a factor does to the direction that survives.

P(T, 0) stretches its leading right singular vector v by σ₁.  Carried through the factors, v_t = c_t v_{t−1} / ‖…‖, it
splits the logarithm exactly, log σ₁ = Σ_t log ‖c_t v_{t−1}‖, and each step into what the links of c_t do one after the
other: for c_t = diag(φ′) W, log ‖W v‖ from the weights and log ‖diag(φ′) W v‖ − log ‖W v‖ from the slopes.

Where c_t is a sum (a gate, a leak, several states), c_t = Σ_k c_t^(k), the stretch is shared out instead:
‖c_t v‖ = Σ_k u·c_t^(k) v along u = c_t v / ‖c_t v‖, and the shares u·c_t^(k) v / ‖c_t v‖ add up to one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from derive.arithmetic import Array
from derive.expr import Add, Block, Diag, MatMul, Node, zeros
from derive.growth.chain import Chain
from derive.growth.factors import Diagonal, Value, as_array, matrix_value
from derive.growth.trajectory import Window


@dataclass(frozen=True)
class Part:
    """One link of a product, or one term of a sum; ``block`` (row, column) places a term in a matrix of blocks."""

    node: Node
    block: tuple[int, int] | None = None

    @property
    def is_slope(self) -> bool:
        """Whether it is a diagonal matrix, such as the slopes of an activation or a gate."""
        return isinstance(self.node, Diag)


@dataclass(frozen=True)
class Anatomy:
    """Of one sequence.  ``growth`` (T,) is log ‖c_t v_{t−1}‖ in nats; ``shares`` (parts, T) are logarithms that add up
    to it where ``logarithmic``, else shares that add up to one.  ``direction`` (n,) is v_T."""

    parts: tuple[Part, ...]
    logarithmic: bool
    growth: Array
    shares: Array
    direction: Array


def parts_of(jacobian: Node) -> tuple[tuple[Part, ...], bool]:
    """The links of a product, leftmost first, or the terms of a sum; and whether it is a product."""
    if isinstance(jacobian, MatMul):
        return tuple(Part(link) for link in jacobian.args), True
    if not isinstance(jacobian, Block):
        return tuple(Part(term) for term in _terms(jacobian)), not isinstance(jacobian, Add)
    found = (
        Part(term, (row, column))
        for row, blocks in enumerate(jacobian.rows)
        for column, block in enumerate(blocks)
        if block != zeros(*block.shape)
        for term in _terms(block)
    )
    return tuple(found), False


def _terms(node: Node) -> tuple[Node, ...]:
    return node.args if isinstance(node, Add) else (node,)


def anatomy(chain: Chain, right: Array, *, sequence: int = 0) -> Anatomy:
    """``right`` (n,): where the direction starts, the leading right singular vector of the whole chain."""
    parts, logarithmic = parts_of(chain.jacobian)
    growth, shares = np.full(chain.steps, -np.inf), np.full((len(parts), chain.steps), -np.inf)
    vector = np.asarray(right, dtype=np.float64)
    for window, _ in chain.windows():
        values = [_of(matrix_value(part.node, window), sequence) for part in parts]
        slices = _slices(chain, window, parts)
        for offset in range(window.steps):
            now = [_now(value, offset) for value in values]
            step = window.first - 1 + offset
            image, own = _through(now, vector) if logarithmic else _summed(now, slices, vector)
            length = float(np.linalg.norm(image))
            if length == 0.0:  # nothing survives from here on
                return Anatomy(parts, logarithmic, growth, shares, image)
            growth[step], vector = np.log(length), image / length
            shares[:, step] = own if logarithmic else own / length
    return Anatomy(parts, logarithmic, growth, shares, vector)


def _through(links: Sequence[Value], vector: Array) -> tuple[Array, Array]:
    """The image, and by how much each link changes the logarithm of the length."""
    own = np.empty(len(links))
    before = 0.0
    for place in reversed(range(len(links))):
        vector = _times(links[place], vector)
        with np.errstate(divide="ignore"):
            after = float(np.log(np.linalg.norm(vector)))
        own[place], before = after - before, after
    return vector, own


def _summed(terms: Sequence[Value], slices: Sequence[tuple[slice, slice]], vector: Array) -> tuple[Array, Array]:
    """The image, and the part of its length that each term contributes along it."""
    images = np.zeros((len(terms), len(vector)))
    for image, term, (rows, columns) in zip(images, terms, slices, strict=True):
        image[rows] = _times(term, vector[columns])
    whole = images.sum(axis=0)
    length = np.linalg.norm(whole)
    return whole, images @ (whole / length if length else whole)


def _slices(chain: Chain, window: Window, parts: Sequence[Part]) -> list[tuple[slice, slice]]:
    phase = chain.trajectory.phase
    rows = [phase.rows_of(state, window.sizes) for state in phase.states]
    return [(rows[p.block[0]], rows[p.block[1]]) if p.block else (slice(None), slice(None)) for p in parts]


def _of(value: Value, sequence: int) -> Value:
    """The part of one sequence: (steps, …), or the same at every step."""
    array = value.column if isinstance(value, Diagonal) else as_array(value)
    picked = array[:, sequence] if array.ndim == 4 else array
    return Diagonal(picked) if isinstance(value, Diagonal) else picked


def _now(value: Value, offset: int) -> Value:
    array = value.column if isinstance(value, Diagonal) else value
    picked = array[offset] if array.ndim == 3 else array
    return Diagonal(picked) if isinstance(value, Diagonal) else picked


def _times(value: Value, vector: Array) -> Array:
    return value.column[:, 0] * vector if isinstance(value, Diagonal) else value @ vector
