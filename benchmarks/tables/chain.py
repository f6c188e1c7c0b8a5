"""(d) The growth of a product chain: a step against one matrix product and one QR, and its memory.

Given the factors c_t = diag(φ′) W, nothing that follows n directions can do with less than one matrix product and one
QR a step (dgeqrf and dorgqr): that is the floor.  The largest exponent alone needs a matrix–vector product.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from scipy.linalg import lapack

from benchmarks.measuring.agreement import agree
from benchmarks.measuring.rounds import Budget, medians
from benchmarks.measuring.scale import Scale
from benchmarks.measuring.table import Table, judged, microseconds, ratio
from derive.assemble import derivation
from derive.growth import trajectory
from derive.growth.chain import Chain, chain_of
from derive.growth.factors import Factors, as_array, times
from derive.growth.frame import random_frame
from derive.growth.power import followed
from derive.growth.spectrum import exponents
from derive.growth.sweep import swept
from derive.growth.trajectory import Window
from derive.model import build
from verify.growth.drawing import network

PLACE = 5

GEMM, QR, BARE = "GEMM", "QR", "GEMV"
GIVEN, FORWARD = "all exponents", "… and the forward pass"
SWEEP, TOP = "a sweep, for σ", "largest exponent"
WANTED = {GIVEN: 1.15, FORWARD: None, SWEEP: None, TOP: 1.5}
"""At most, to the floor; the largest exponent, to a matrix–vector product."""
WANTED_AT = 64
ALLOWED = 1e-8
"""Of the largest exponent: a chaotic chain magnifies what roundings make of its frames."""
MANY = 64
"""Units of the network whose memory is measured."""
Method = Callable[[], object]


class Ready:
    """A chain whose factors are all there."""

    def __init__(self, chain: Chain) -> None:
        self.steps, self.size, self.batch = chain.steps, chain.size, 1
        self.whole = list(chain.windows())

    def windows(self, *, backward: bool = False) -> Iterator[tuple[Window, Factors]]:
        return iter(self.whole[::-1] if backward else self.whole)

    def factors(self) -> Iterator[np.ndarray]:
        """c_1, c_2, …, (n, n)."""
        for _, found in self.whole:
            for offset in range(found.steps):
                *others, last = found.of(0)[offset]
                for link in reversed(others):
                    last = times(link, last)
                yield as_array(last)


def tables(scale: Scale) -> Iterator[Table]:
    columns = ("a step, in µs; ratios", *(f"n={n}" for n, _ in scale.chains))
    table = Table("(d) The growth of a product chain", columns)
    taken = [measured(n, steps, scale.budget) for n, steps in scale.chains]
    for name in (GEMM, QR, BARE):
        table.add(name, *(microseconds(at[name]) for at in taken))
    for name, wanted in WANTED.items():
        unit = BARE if name == TOP else f"({GEMM} + {QR})"
        table.add(
            f"{name} / {unit}", *(_ratio(name, at, n, wanted) for (n, _), at in zip(scale.chains, taken, strict=True))
        )
    table.notes.append(
        f"Wanted at n = {WANTED_AT}: at most {WANTED[GIVEN]} for {GIVEN}, {WANTED[TOP]} for the {TOP}. "
        "The factors are given, where no forward pass is named; a sweep is half of what all singular values take."
    )
    yield table
    yield memory(scale)


def measured(n: int, steps: int, budget: Budget) -> dict[str, float]:
    """Seconds a step."""
    taken = medians(agreed(n, steps), budget)
    return {name: own / steps for name, own in taken.items()}


def agreed(n: int, steps: int) -> dict[str, Method]:
    """What is timed: all exponents are those of a plain loop of ``numpy.linalg.qr``, from the same frame."""
    fresh = chaotic(n, steps)
    whole = fresh()
    ready, start = Ready(whole), random_frame(n)
    weights = np.asarray(whole.trajectory.given["W_h", "parameter", None])
    first, every = plain(ready, start)
    works: dict[str, Method] = {
        GIVEN: lambda: exponents(ready),  # type: ignore[arg-type]
        FORWARD: lambda: exponents(fresh()),
        SWEEP: lambda: swept(ready, {0: start}, (), False, lambda what: None),  # type: ignore[arg-type]
        TOP: lambda: _followed(ready, start[:, 0]),
    }
    reads: dict[str, tuple[Callable[[Any], np.ndarray], np.ndarray]] = {
        GIVEN: (lambda found: found[0], every),
        FORWARD: (lambda found: found[0], every),
        SWEEP: (lambda found: np.sort(found[0].graded.diagonal / steps)[::-1], every),
        TOP: (lambda found: np.array([found / steps]), first),
    }
    for name, (read, wanted) in reads.items():
        agree(name, (None, {"exponents": read(works[name]())}), (0.0, {"exponents": wanted}), ALLOWED)
    return works | {
        GEMM: _products(weights, steps),
        QR: _factorisations(weights, steps),
        BARE: _vectors(weights / np.abs(np.linalg.eigvals(weights)).max(), steps),
    }


def chaotic(hidden: int, steps: int) -> Callable[[], Chain]:
    """A chain of a network whose states wander, whose forward pass has not been run yet."""
    model = build("rnn", loss="squared_error")
    problem, derived = network(model, steps=steps, hidden=hidden, gain=1.5, drive=0.1), derivation(model)
    return lambda: chain_of(derived, problem.given, problem.sizes)


def plain(ready: Ready, frame: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """λ_k = (1/T) Σ_t log|R_t,kk| (Benettin et al. 1980): of the first column (1,), and of all of them, descending."""
    total = np.zeros(ready.size)
    for factor in ready.factors():
        frame, upper = np.linalg.qr(factor @ frame)
        total += np.log(np.abs(np.diagonal(upper)))
    return total[:1] / ready.steps, np.sort(total / ready.steps)[::-1]


def _followed(ready: Ready, vector: np.ndarray) -> float:
    """By how much it grows, in logarithms."""
    total = 0.0
    for _, found in ready.whole:
        vector, log = followed(found.of(0), vector)
        total += log
    return total


def memory(scale: Scale) -> Table:
    """What a pass holds at most beside its input; it reads every window once, and none is kept."""
    table = Table(f"(d) Memory of all exponents, n = {MANY}", ("T", "peak, MB"))
    kept, trajectory.KEPT = trajectory.KEPT, 0
    try:
        for steps in scale.growing:
            whole = chaotic(MANY, steps)()
            tracemalloc.start()
            exponents(whole)
            table.add(f"{steps:,}", ratio(tracemalloc.get_traced_memory()[1], 1e6))
            tracemalloc.stop()
    finally:
        trajectory.KEPT = kept
    return table


def _ratio(name: str, at: Mapping[str, float], n: int, wanted: float | None) -> str:
    found = at[name] / (at[BARE] if name == TOP else at[GEMM] + at[QR])
    return judged(found, wanted) if wanted is not None and n == WANTED_AT else ratio(found, 1.0)


def _products(weights: np.ndarray, steps: int) -> Method:
    source, target = np.asfortranarray(weights), np.empty_like(weights, order="F")

    def run() -> None:
        for _ in range(steps):
            np.matmul(source.T, weights.T, out=target.T)

    return run


def _factorisations(weights: np.ndarray, steps: int) -> Method:
    matrix, room = np.asfortranarray(weights), 64 * len(weights)

    def run() -> None:
        for _ in range(steps):
            packed, tau, _, _ = lapack.dgeqrf(matrix, lwork=room)
            lapack.dorgqr(packed, tau, lwork=room, overwrite_a=1)

    return run


def _vectors(weights: np.ndarray, steps: int) -> Method:
    start = np.ones(len(weights)) / len(weights) ** 0.5

    def run() -> None:
        vector = start
        for _ in range(steps):
            vector = weights @ vector

    return run
