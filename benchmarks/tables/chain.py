"""(d) The growth of a product chain: a step against the floor of any such method.

Given the factors c_t = diag(φ′) W, nothing that follows n directions can do with less than one matrix product and one
QR a step (dgeqrf and dorgqr): that is the floor.  The largest exponent alone needs a matrix-vector product.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator

import numpy as np
from scipy.linalg import lapack

from benchmarks.measuring.rounds import medians
from benchmarks.measuring.scale import Scale
from benchmarks.measuring.table import Table, judged, microseconds, ratio
from derive.assemble import derivation
from derive.growth import trajectory
from derive.growth.chain import Chain, chain_of
from derive.growth.factors import Factors
from derive.growth.frame import random_frame
from derive.growth.power import followed
from derive.growth.spectrum import exponents
from derive.growth.sweep import swept
from derive.growth.trajectory import Window
from derive.model import build
from verify.growth.drawing import network

GEMM, QR, FLOOR = "matrix product", "QR", "floor: both"
GIVEN, FORWARD, SWEEP = "all exponents, factors given", "with the forward pass", "a sweep for all singular values"
BARE, TOP = "matrix-vector product", "the largest exponent, factors given"
ALL = (GEMM, QR, FLOOR, GIVEN, FORWARD, SWEEP, BARE, TOP)
UNIT = {GIVEN: FLOOR, FORWARD: FLOOR, SWEEP: FLOOR, TOP: BARE}
WANTED, WANTED_AT = {GIVEN: 1.15, TOP: 1.5}, 64
Array = np.ndarray
Work = Callable[[], object]


class Ready:
    """A chain whose factors are all there."""

    def __init__(self, chain: Chain) -> None:
        self.steps, self.size, self.batch = chain.steps, chain.size, 1
        self.whole = list(chain.windows())

    def windows(self, *, backward: bool = False) -> Iterator[tuple[Window, Factors]]:
        return iter(self.whole[::-1] if backward else self.whole)


def tables(scale: Scale) -> Iterator[Table]:
    table = Table("(d) The product chain: microseconds a step", ("", *(f"n={n}" for n, _ in scale.chains)))
    ratios = Table("(d) The same, divided by the floor", table.columns)
    columns = [_measured(hidden, steps, scale) for hidden, steps in scale.chains]
    for name in ALL:
        table.add(name, *(microseconds(taken[name]) for taken in columns))
    for name, unit in UNIT.items():
        shown = (
            _ratio(name, taken[name] / taken[unit], n) for taken, (n, _) in zip(columns, scale.chains, strict=True)
        )
        ratios.add(f"{name} / {unit.partition(':')[0]}", *shown)
    ratios.notes.append(_memory(scale))
    yield table
    yield ratios


def _ratio(name: str, found: float, hidden: int) -> str:
    wanted = WANTED.get(name) if hidden == WANTED_AT else None
    return ratio(found, 1.0) if wanted is None else judged(found, wanted)


def _measured(hidden: int, steps: int, scale: Scale) -> dict[str, float]:
    """Seconds a step."""
    found = {name: taken / steps for name, taken in medians(_works(hidden, steps), scale.budget).items()}
    return found | {FLOOR: found[GEMM] + found[QR]}


def _chain(hidden: int, steps: int) -> Chain:
    model = build("rnn", loss="squared_error")
    problem = network(model, steps=steps, hidden=hidden, gain=1.5, drive=0.1)
    return chain_of(derivation(model), problem.given, problem.sizes)


def _works(hidden: int, steps: int) -> dict[str, Work]:
    ready = Ready(_chain(hidden, steps))
    weights = _chain(hidden, steps).trajectory.given["W_h", "parameter", None]
    scaled = weights / np.abs(np.linalg.eigvals(weights)).max()
    parts, start = [found.of(0) for _, found in ready.whole], random_frame(hidden)

    def top() -> None:
        vector = start[0]
        for found in parts:
            vector, _ = followed(found, vector)

    return {
        GEMM: _products(weights, steps),
        QR: _factorisations(weights, steps),
        GIVEN: lambda: exponents(ready),  # type: ignore[arg-type]
        FORWARD: lambda: exponents(_chain(hidden, steps)),
        SWEEP: lambda: swept(ready, {0: start}, (), False, lambda what: None),  # type: ignore[arg-type]
        BARE: _vectors(scaled, steps),
        TOP: top,
    }


def _products(weights: Array, steps: int) -> Work:
    source, target = np.asfortranarray(weights), np.empty_like(weights, order="F")

    def run() -> None:
        for _ in range(steps):
            np.matmul(source.T, weights.T, out=target.T)

    return run


def _factorisations(weights: Array, steps: int) -> Work:
    matrix, room = np.asfortranarray(weights), 64 * len(weights)

    def run() -> None:
        for _ in range(steps):
            packed, tau, _, _ = lapack.dgeqrf(matrix, lwork=room)
            lapack.dorgqr(packed, tau, lwork=room, overwrite_a=1)

    return run


def _vectors(weights: Array, steps: int) -> Work:
    start = np.ones(len(weights)) / len(weights) ** 0.5

    def run() -> None:
        vector = start
        for _ in range(steps):
            vector = weights @ vector

    return run


def _memory(scale: Scale) -> str:
    """What a pass holds at most beside its input; it reads every window once, and none is kept."""
    hidden, kept = min(64, max(n for n, _ in scale.chains)), trajectory.KEPT
    trajectory.KEPT = 0
    peaks = []
    steps = max(steps for _, steps in scale.chains)
    for length in (steps, 25 * steps):
        whole = _chain(hidden, length)
        tracemalloc.start()
        exponents(whole)
        peaks.append(f"{tracemalloc.get_traced_memory()[1] / 2**20:.1f} MB at {length:,} steps")
        tracemalloc.stop()
    trajectory.KEPT = kept
    return f"Peak memory of all exponents, n={hidden}: {', '.join(peaks)}."
