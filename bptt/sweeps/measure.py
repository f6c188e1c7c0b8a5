"""What a sweep measures at a point: the growth of the product chain, its bound, and how saturated the units are."""

from __future__ import annotations

import numpy as np

from bptt.sweeps.network import network
from bptt.sweeps.task import Task, Value
from derive.growth.chain import Chain, chain_of
from derive.growth.norms import log_norms
from derive.growth.power import top_exponent
from derive.growth.recurrent import as_matrix, recurrent
from derive.growth.saturation import saturations
from derive.growth.weights_bound import weights_bound
from derive.unroll import place
from verify.problem import Problem

_TO_DECADES = float(1 / np.log(10))


def measure(task: Task) -> dict[str, Value]:
    """One row, by the columns of ``QUANTITIES``.  Raises InputError for a network whose state overflows."""
    with np.errstate(all="ignore"):  # what overflows is found by looking at the states
        derivation, problem = network(task)
        chain = chain_of(derivation, problem.given, problem.sizes)
        saturation = _saturation(chain)
        last, whole = (float(log) * _TO_DECADES for log in log_norms(chain, (1, chain.steps)))
        exponent = float(top_exponent(chain)[0])
        bound = weights_bound(derivation, problem.given, problem.sizes)
    return {
        "log10_norm": whole,
        "log10_norm_per_step": whole / chain.steps,
        "log10_norm_last": last,
        "exponent": exponent,
        "log10_bound": None if bound is None else chain.steps * bound.log * _TO_DECADES,
        "sigma_1": _sigma(problem),
        "saturation": saturation,
    }


def _sigma(problem: Problem) -> float | None:
    """σ₁ of the recurrent parameter that has the largest."""
    values = (problem.given[place(w)] for w in recurrent(problem.model))
    return max((float(np.linalg.norm(as_matrix(value), 2)) for value in values), default=None)


def _saturation(chain: Chain) -> float | None:
    """The mean |φ′| of all functions of the recurrence whose slope is not constant."""
    means = [found.mean for found in saturations(chain)]
    return sum(means) / len(means) if means else None
