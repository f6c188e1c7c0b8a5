"""One module of NumPy and PyTorch: the generated gradient as a ``torch.autograd.Function``, and ``gradcheck`` of it."""

from __future__ import annotations

from pathlib import Path

from derive.derivation import Derivation
from reports.exported.module import module

TITLE = "one module of NumPy and PyTorch: a torch.autograd.Function, checked by gradcheck"
SUFFIX = ".py"
NEEDS = ("numpy", "torch")
_OWN = Path(__file__).with_suffix(".txt")
_USE = "`loss(given)` is what it is for; `python` and the name of this file checks it by `torch.autograd.gradcheck`."


def written(derivation: Derivation, command: str) -> str:
    needs = "NumPy and PyTorch are needed, and nothing else."
    return module(derivation, command, _OWN, NEEDS=needs, USE=_USE, LIBRARY="import torch\n")
