"""One module of NumPy and JAX: the generated gradient as a ``jax.custom_vjp``, and ``check_grads`` of it.

The work is done by NumPy, in a ``jax.pure_callback``: a loop over the steps in ``jax.numpy`` would be traced, and
compiled, a step at a time, for every length anew; and what runs would no longer be the lines that were checked.
"""

from __future__ import annotations

from pathlib import Path

from derive.derivation import Derivation
from reports.exported.module import module

TITLE = "one module of NumPy and JAX: a jax.custom_vjp for jit and grad, checked by check_grads"
SUFFIX = ".py"
NEEDS = ("numpy", "jax")
_OWN = Path(__file__).with_suffix(".txt")
_USE = "`loss(given)` is what it is for; `python` and the name of this file checks it by `jax.test_util.check_grads`."
_LIBRARY = (
    "from functools import partial\n\nimport jax\nimport jax.numpy as jnp\nfrom jax.test_util import check_grads\n"
)


def written(derivation: Derivation, command: str) -> str:
    needs = "NumPy and JAX are needed, and nothing else."
    return module(derivation, command, _OWN, NEEDS=needs, USE=_USE, LIBRARY=_LIBRARY)
