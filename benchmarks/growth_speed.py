"""What the growth of a product chain costs: per step against the floor of any such method, and in memory.

Given the factors c_t = diag(φ′) W, nothing that follows n directions can do with less than one matrix product and one
QR a step (dgeqrf and dorgqr): that is the floor.  The largest exponent alone needs a matrix–vector product.  One
process, one BLAS thread, processor time, medians of interleaved rounds: compare the ratios.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator

os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import numpy as np
import scipy
from scipy.linalg import lapack

from derive.assemble import derivation
from derive.derivation import Derivation
from derive.growth import trajectory
from derive.growth.chain import Chain, chain_of
from derive.growth.factors import Factors
from derive.growth.frame import random_frame
from derive.growth.power import followed
from derive.growth.spectrum import exponents
from derive.growth.study import study
from derive.growth.sweep import swept
from derive.growth.trajectory import Window
from derive.model import build
from verify.growth.drawing import network
from verify.problem import Problem

ROUNDS = 9
STEPS = {16: 2000, 64: 1000, 128: 250, 256: 60}
"""How many factors a round has, by the number of units."""
GEMM, QR, FLOOR = "matrix product", "QR", "floor: both"
GIVEN, FORWARD, SWEEP = (
    "all exponents, factors given",
    "all exponents, with the forward pass",
    "sweep for all singular values",
)
BARE, TOP = "matrix-vector product", "largest exponent, factors given"
WANTED = {GIVEN: (FLOOR, 1.15), TOP: (BARE, 1.5)}
MEMORY = (2_000, 50_000)
Method = Callable[[], object]


class Ready:
    """A chain whose factors are all there."""

    def __init__(self, chain: Chain) -> None:
        self.steps, self.size, self.batch = chain.steps, chain.size, 1
        self.whole = list(chain.windows())

    def windows(self, *, backward: bool = False) -> Iterator[tuple[Window, Factors]]:
        return iter(self.whole[::-1] if backward else self.whole)


def chaotic(hidden: int, steps: int) -> tuple[Derivation, Problem]:
    model = build("rnn", loss="squared_error")
    return derivation(model), network(model, steps=steps, hidden=hidden, gain=1.5, drive=0.1)


def chain(hidden: int, steps: int) -> Chain:
    derived, problem = chaotic(hidden, steps)
    return chain_of(derived, problem.given, problem.sizes)


def products(weights: np.ndarray, steps: int) -> Method:
    source, target = np.asfortranarray(weights), np.empty_like(weights, order="F")

    def run() -> None:
        for _ in range(steps):
            np.matmul(source.T, weights.T, out=target.T)

    return run


def factorisations(weights: np.ndarray, steps: int) -> Method:
    matrix, room = np.asfortranarray(weights), 64 * len(weights)

    def run() -> None:
        for _ in range(steps):
            packed, tau, _, _ = lapack.dgeqrf(matrix, lwork=room)
            lapack.dorgqr(packed, tau, lwork=room, overwrite_a=1)

    return run


def vectors(weights: np.ndarray, steps: int) -> Method:
    start = np.ones(len(weights)) / len(weights) ** 0.5

    def run() -> None:
        vector = start
        for _ in range(steps):
            vector = weights @ vector

    return run


def methods(hidden: int) -> dict[str, Method]:
    steps = STEPS[hidden]
    whole = chain(hidden, steps)
    ready = Ready(whole)
    weights = whole.trajectory.given["W_h", "parameter", None]
    scaled = weights / np.abs(np.linalg.eigvals(weights)).max()
    parts, start = [found.of(0) for _, found in ready.whole], random_frame(hidden)

    def top() -> None:
        vector = start[0]
        for found in parts:
            vector, _ = followed(found, vector)

    return {
        GEMM: products(weights, steps),
        QR: factorisations(weights, steps),
        GIVEN: lambda: exponents(ready),  # type: ignore[arg-type]
        FORWARD: lambda: exponents(chain(hidden, steps)),
        SWEEP: lambda: swept(ready, {0: start}, (), False, lambda what: None),  # type: ignore[arg-type]
        BARE: vectors(scaled, steps),
        TOP: top,
    }


def seconds(method: Method) -> float:
    start = time.process_time()
    method()
    return time.process_time() - start


def compare(hidden: int) -> None:
    every, steps = methods(hidden), STEPS[hidden]
    taken: dict[str, list[float]] = {name: [] for name in every}
    for method in every.values():
        method()  # imports, caches
    for _ in range(ROUNDS):
        for name, method in every.items():
            taken[name].append(seconds(method) / steps * 1e6)
    taken[FLOOR] = [a + b for a, b in zip(taken[GEMM], taken[QR], strict=True)]
    print(f"\nn = {hidden}, {steps} factors{'':24}{'µs a step':>12}{'ratio':>8}")
    for name in (GEMM, QR, FLOOR, GIVEN, FORWARD, SWEEP, BARE, TOP):
        unit, wanted = WANTED.get(name, (BARE if name == BARE else FLOOR, None))
        ratio = statistics.median(a / b for a, b in zip(taken[name], taken[unit], strict=True))
        note = f" of {unit} (wanted <= {wanted})" if wanted else ""
        print(f"{name:44}{statistics.median(taken[name]):12.1f}{ratio:8.2f}{note}")


def whole_study() -> None:
    """All that ``bptt grow`` computes before it prints."""
    print(f"\na whole study{'':31}{'seconds':>12}{'sweeps':>8}")
    for hidden, steps in ((16, 1000), (64, 1000), (128, 200)):
        derived, problem = chaotic(hidden, steps)
        start = time.process_time()
        found = study(derived, problem.given, problem.sizes)
        name = f"n = {hidden}, {steps} steps"
        print(f"{name:44}{time.process_time() - start:12.2f}{found.spectra[0].sweeps:8}")


def peak(steps: int) -> float:
    """What a pass holds at most beside its input, in MB; it reads every window once, and none is kept."""
    whole = chain(64, steps)
    tracemalloc.start()
    exponents(whole)
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found / 2**20


def memory() -> None:
    kept, trajectory.KEPT = trajectory.KEPT, 0
    print(f"\nall exponents, n = 64{'':23}{'peak, MB':>12}")
    for steps in MEMORY:
        name = f"{steps} steps"
        print(f"{name:44}{peak(steps):12.1f}")
    trajectory.KEPT = kept


if __name__ == "__main__":
    print(f"Python {sys.version.split()[0]}, NumPy {np.__version__}, SciPy {scipy.__version__}, one BLAS thread")
    for size in STEPS:
        compare(size)
    whole_study()
    memory()
