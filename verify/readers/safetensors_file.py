"""Weights as safetensors: a length, a JSON header, and the numbers.  https://github.com/huggingface/safetensors"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from derive.errors import InputError
from verify.readers._checks import content, numbers, shown, where

SUFFIX = ".safetensors"
TITLE = "safetensors: named weights, as PyTorch saves them"
KIND = "weights"
MEND = "write it again, in PyTorch: safetensors.torch.save_file(model.state_dict(), path)"
DTYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2",
    "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "<i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "<u1",
}  # fmt: skip


def read(path: Path) -> dict[str, np.ndarray]:
    """The arrays by name.  Raises InputError."""
    data = content(path)
    _check_length(data, path)
    from safetensors import SafetensorError, deserialize

    try:
        tensors = deserialize(data)  # type: ignore[no-untyped-call]
    except SafetensorError as error:
        reason = shown(str(error).removeprefix("Error while deserializing: "), 120)
        raise InputError(f"is truncated or corrupt: {reason}", where(path), MEND) from None
    if not tensors:
        raise InputError("the file has no arrays", where(path), MEND)
    return {name: numbers(_array(tensor, path, name), path, name) for name, tensor in tensors}


def _check_length(data: bytes, path: Path) -> None:
    """The header's length, the first eight bytes, is compared with the file before anyone believes it."""
    claimed = int.from_bytes(data[:8], "little")
    if claimed > len(data) - 8:
        raise InputError(
            f"is not safetensors, or is truncated: a header of {claimed} bytes in a file of {len(data)}",
            where(path), MEND,
        )  # fmt: skip


def _array(tensor: dict[str, Any], path: Path, name: str) -> np.ndarray:
    """One tensor in its own dtype; bfloat16, which NumPy lacks, is the upper half of a float32."""
    kind = tensor["dtype"]
    if kind not in DTYPES:
        raise InputError(f"holds {kind}, expected one of {', '.join(DTYPES)}", where(path, name), "use float64")
    flat = np.frombuffer(tensor["data"], dtype=DTYPES[kind])
    if kind == "BF16":
        flat = (flat.astype("<u4") << 16).view("<f4")
    if len(tensor["shape"]) > 32:
        raise InputError(f"has {len(tensor['shape'])} axes, expected at most 32", where(path, name), MEND)
    return flat.reshape(tensor["shape"])
