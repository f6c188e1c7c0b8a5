"""One module of NumPy and nothing else: the generated gradient in readable names, and a check of itself."""

from __future__ import annotations

from pathlib import Path

from derive.derivation import Derivation
from reports.exported.module import module

TITLE = "one module that needs nothing but NumPy, with a gradient check of its own"
SUFFIX = ".py"
NEEDS = ("numpy",)
_OWN = Path(__file__).with_suffix(".txt")
_USE = (
    "`loss_and_gradient(given)` is what it is for; `python` and the name of this file checks it by central differences."
)


def written(derivation: Derivation, command: str) -> str:
    return module(derivation, command, _OWN, NEEDS="nothing but NumPy is needed.", USE=_USE, LIBRARY="")
