"""The few functions that generated code calls besides NumPy's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import CodeType, MappingProxyType
from typing import Any

import numpy as np

from derive.arithmetic import Array
from derive.compiled.buffers import FUNCTIONS
from derive.compiled.scalars import COMPARISONS


def joined(*columns: Array) -> Array:
    """Columns on top of each other: rows (…, n1) and (…, n2) become (…, n1 + n2)."""
    rows = np.broadcast_shapes(*(column.shape[:-1] for column in columns))
    return np.concatenate([np.broadcast_to(column, (*rows, column.shape[-1])) for column in columns], axis=-1)


def blocks(width: int, *parts: Array) -> Array:
    """A matrix of matrices, given row by row, ``width`` of them in a row."""
    rows = np.broadcast_shapes(*(part.shape[:-2] for part in parts))
    wide = [np.broadcast_to(part, (*rows, *part.shape[-2:])) for part in parts]
    lines = (wide[first : first + width] for first in range(0, len(wide), width))
    return np.concatenate([np.concatenate(line, axis=-1) for line in lines], axis=-2)


def kron(left: Array, right: Array) -> Array:
    """The Kronecker product of matrices (…, a, b) and (…, c, d)."""
    whole = left[..., :, None, :, None] * right[..., None, :, None, :]
    return whole.reshape((*whole.shape[:-4], whole.shape[-4] * whole.shape[-3], whole.shape[-2] * whole.shape[-1]))


def commutation(rows: int, cols: int, kind: np.dtype) -> Array:
    """K with vec(Xᵀ) = K vec(X) for X of rows × cols."""
    places = np.arange(rows * cols).reshape(cols, rows).T.reshape(-1)
    return np.eye(rows * cols, dtype=kind)[places]


_OF_NUMPY = ("array", "empty", "full", "ones", "eye", "broadcast_to", "inf", "nan", "where", "matmul")
NAMESPACE: dict[str, Any] = {name: getattr(np, name) for name in (*_OF_NUMPY, *FUNCTIONS, *COMPARISONS)}
NAMESPACE |= {"joined": joined, "blocks": blocks, "kron": kron, "commutation": commutation, "zip": zip, "range": range}
NAMESPACE["list"] = list
"""All that generated code may call."""


def loaded(
    source: str | CodeType, other: Mapping[str, Any] = MappingProxyType({})
) -> dict[str, Callable[..., tuple[Array, ...]]]:
    """The functions of generated source, which knows nothing but ``NAMESPACE``, or what some of it is for ``other``
    kinds of numbers."""
    space = {**NAMESPACE, **other, "__builtins__": {}}
    exec(ready(source) if isinstance(source, str) else source, space)
    return {name: found for name, found in space.items() if name not in NAMESPACE and name != "__builtins__"}


def ready(source: str) -> CodeType:
    """Generated source, to be loaded more than once."""
    return compile(source, "<compiled derivation>", "exec")
