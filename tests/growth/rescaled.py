"""The plainest way to the norm of a chain: c_t from the derivation one by one, the product rescaled at every step."""

from __future__ import annotations

import numpy as np

from derive.derivation import Derivation
from derive.indices import T
from derive.run import Derived
from derive.theory import Theory
from derive.unroll import Table


def log10_norms(derivation: Derivation, forward: Table) -> list[float]:
    """log₁₀ ‖c_T ⋯ c_{T−lag+1}‖₂ for lag = 1 … T, of the first sequence; −∞ from where it is zero."""
    env, theory = Derived(derivation, forward), Theory(derivation.model)
    product, log = np.eye(1), 0.0
    found: list[float] = []
    for time in range(env.sizes[T], 0, -1):
        factor = np.asarray(env.leaf(theory.c(time), {}))
        factor = factor.reshape(-1, *factor.shape[-2:])[0]
        product = product @ factor if len(found) else factor
        norm = float(np.linalg.norm(product, 2))
        if norm == 0.0:
            return found + [-np.inf] * time
        log += float(np.log10(norm))
        product = product / norm
        found.append(log)
    return found
