"""bptt: derives the gradients of recurrent networks, proves and checks every step, and prints the derivation.

>>> import bptt
>>> derivation = bptt.derive(bptt.model("rnn"))
>>> derivation["adjoint.recursion"].rhs
g[t] + c[t + 1].T @ delta[t + 1]

The public names are loaded when they are first used, so that ``import bptt`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PUBLIC = {
    "Derivation": ("derive.derivation", "Derivation"),
    "Gradcheck": ("verify.gradcheck.result", "Gradcheck"),
    "Model": ("derive.model", "Model"),
    "Step": ("derive.derivation", "Step"),
    "Verdict": ("verify.verdicts", "Verdict"),
    "derive": ("derive.assemble", "derivation"),
    "evidence": ("verify.judge", "evidence"),
    "gradcheck": ("verify.gradcheck.check", "gradcheck"),
    "gradients": ("derive.run", "gradients"),
    "model": ("derive.model", "build"),
    "random_problem": ("verify.problem", "random_problem"),
    "read_cell": ("derive.cellfile.reader", "read_cell"),
    "report": ("reports.report", "report"),
    "study": ("derive.growth.study", "study"),
}
__all__ = sorted(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'bptt' has no attribute {name!r}")
    import_module("reports.present")  # so that expressions print as LaTeX, in notebooks too
    module, attribute = _PUBLIC[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return __all__
