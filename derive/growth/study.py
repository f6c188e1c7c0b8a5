"""The whole study of a product chain, computed once: what the document, the terminal and the data are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import sympy as sp
from threadpoolctl import threadpool_limits

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.expr import Var
from derive.growth.anatomy import Anatomy, anatomy
from derive.growth.bounds import log_step_determinants, log_step_norms
from derive.growth.chain import Chain, chain_of
from derive.growth.memory import FRACTIONS, Memory, memory, reach
from derive.growth.recurrent import as_matrix, recurrent_of
from derive.growth.saturation import Saturation, saturations
from derive.growth.spectrum import Spectrum, spectra
from derive.growth.transient import Transient, transient
from derive.growth.weights_bound import WeightsBound, weights_bound
from derive.indices import value
from derive.unroll import Place, place

MOST_SEQUENCES = 16
MOST_LAGS = 48
SETTLED = 1e-6
_SMALL = 256


@dataclass(frozen=True)
class Study:
    """Of one phase on the chosen ``sequences`` of a batch (numbers, from zero); arrays have a row for each of them.

    ``log_step_norms`` and ``log_step_determinants`` are (sequences, T).  ``transients`` and ``radii`` are those of the
    recurrent parameters.  ``weights`` is None where the weights alone do not bound a factor.
    """

    derivation: Derivation
    chain: Chain
    sequences: tuple[int, ...]
    batch: int
    lags: tuple[int, ...]
    spectra: tuple[Spectrum, ...]
    log_step_norms: Array
    log_step_determinants: Array
    anatomies: tuple[Anatomy, ...]
    memories: tuple[Memory, ...]
    saturations: tuple[tuple[Saturation, ...], ...]
    weights: WeightsBound | None
    transients: Mapping[Var, Transient]

    @property
    def steps(self) -> int:
        return self.chain.steps

    @property
    def settled(self) -> bool:
        """Whether the sweeps agreed in the end: to six digits of every logarithm."""
        return all(own.agreement <= SETTLED for own in self.spectra)

    @property
    def log_norms(self) -> Array:
        """log ‖P(T, T − lag)‖₂, (sequences, lags)."""
        return np.array([own.by_lag[:, 0] for own in self.spectra])

    @property
    def log_products(self) -> Array:
        """The bound Σ log ‖c_j‖₂ over the same factors, (sequences, lags)."""
        sums = np.cumsum(self.log_step_norms[:, ::-1], axis=1)
        return sums[:, np.array(self.lags) - 1]

    @property
    def log_weights(self) -> Array | None:
        """The bound from the weights alone, lag · log(γσ₁), (lags,)."""
        return None if self.weights is None else np.array(self.lags) * self.weights.log

    @property
    def determinant_error(self) -> float:
        """|Σ_k log σ_k − Σ_t log|det c_t||, relative to the larger of it and one: the largest over the sequences whose
        factors are all regular; NaN where there is none."""
        sums = self.log_step_determinants.sum(axis=1)
        pairs = [(own.log_singular_values.sum(), total) for own, total in zip(self.spectra, sums, strict=True)]
        errors = [abs(a - b) / max(1.0, abs(b)) for a, b in pairs if np.isfinite(a) and np.isfinite(b)]
        return max(errors, default=float("nan"))

    def reach(self, fraction: float) -> Array:
        """The effective memory of every followed loss, all sequences together."""
        return np.concatenate([np.zeros(0, int), *(reach(own.log_whole, fraction) for own in self.memories)])


def study(
    derivation: Derivation,
    given: Mapping[Place, Array],
    sizes: Mapping[sp.Symbol, int],
    *,
    most: int = MOST_SEQUENCES,
    lags: int = MOST_LAGS,
    seed: int = 0,
    losses: bool = True,
    progress: Callable[[str], None] = lambda what: None,
) -> Study:
    """Study the phase with the losses on up to ``most`` sequences, at up to ``lags`` lags from 1 to T.

    ``given`` is as for ``unroll``; without ``losses`` nothing is followed back from them, and targets mean nothing.
    Raises InputError when a state is not finite.  One thread of BLAS multiplies small matrices: several would only
    wait for one another.
    """
    batch = _batch(given)
    with threadpool_limits(limits=1 if _is_small(derivation, sizes) else None, user_api="blas"):
        return _studied(derivation, given, sizes, batch, (most, lags, seed, losses), progress)


def _is_small(derivation: Derivation, sizes: Mapping[sp.Symbol, int]) -> bool:
    return value(derivation.model.main.state.shape[0], sizes) <= _SMALL


def _studied(
    derivation: Derivation,
    given: Mapping[Place, Array],
    sizes: Mapping[sp.Symbol, int],
    batch: int,
    options: tuple[int, int, int, bool],
    progress: Callable[[str], None],
) -> Study:
    most, lags, seed, losses = options
    chosen = tuple(int(k) for k in np.unique(np.linspace(0, batch - 1, min(most, batch)).astype(int)))
    chain = chain_of(derivation, _picked(given, chosen, batch), sizes)
    at = spread_lags(chain.steps, lags)
    found = spectra(chain, at, seed=seed, progress=progress)
    numbers = range(chain.batch)
    return Study(
        derivation=derivation,
        chain=chain,
        sequences=chosen,
        batch=batch,
        lags=at,
        spectra=found,
        log_step_norms=log_step_norms(chain, progress=progress),
        log_step_determinants=log_step_determinants(chain, progress=progress),
        anatomies=tuple(anatomy(chain, found[k].right, sequence=k) for k in numbers),
        memories=tuple(memory(derivation, chain, sequence=k, progress=progress) for k in numbers if losses),
        saturations=tuple(saturations(chain, sequence=k) for k in numbers),
        weights=weights_bound(derivation, given, sizes),
        transients=_transients(chain, given, progress),
    )


def spread_lags(steps: int, count: int) -> tuple[int, ...]:
    """Up to ``count`` lags from 1 to T: all of them, or evenly spread on a logarithmic axis."""
    if steps <= count:
        return tuple(range(1, steps + 1))
    return tuple(int(lag) for lag in np.unique(np.rint(np.geomspace(1, steps, count)).astype(int)))


def _batch(given: Mapping[Place, Array]) -> int:
    return max((len(array) for where, array in given.items() if where[2] is not None and np.ndim(array) > 2), default=1)


def _picked(given: Mapping[Place, Array], chosen: tuple[int, ...], batch: int) -> dict[Place, Array]:
    """The chosen sequences alone."""
    rows = list(chosen)
    return {
        where: array[rows] if where[2] is not None and np.ndim(array) > 2 and len(array) == batch else array
        for where, array in given.items()
    }


def _transients(
    chain: Chain, given: Mapping[Place, Array], progress: Callable[[str], None]
) -> dict[Var, Transient]:  # fmt: skip
    found = {}
    for w in recurrent_of(chain.trajectory.phase):
        progress(f"the powers of {w.name}")
        matrix = as_matrix(given[place(w)])
        if np.any(matrix):
            found[w] = transient(matrix)
    return found


__all__ = ["FRACTIONS", "Study", "spread_lags", "study"]
