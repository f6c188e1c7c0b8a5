"""Chains to test with: of real networks, and of matrices that are given; and products of them in many digits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import flint
import numpy as np

from derive.growth.chain import Chain, chain_of
from derive.growth.factors import Diagonal, Factors, as_array
from derive.growth.trajectory import Window
from tests.derive.models import CELLS, Names, derived
from verify.growth.drawing import network
from verify.problem import Problem

Array = np.ndarray
NETWORKS = (
    *(Names(cell, variant) for cell, variant in CELLS),
    Names("rnn", layers=2), Names("lstm", layers=2), Names("rnn", feedback=True), Names("gru", feedback=True),
    Names("lstm", feedback=True), Names("rnn", wiring="seq2seq"), Names("lstm", wiring="seq2seq", bridge="softmax"),
    Names("rnn", wiring="seq2seq", feedback=True), Names("rnn", wiring="last"), Names("gru", wiring="last", layers=2),
)  # fmt: skip
"""Every cell and activation, and every way in which a phase is put together."""


def drawn(names: Names, **how: Any) -> Problem:
    return network(derived(names).model, **{"steps": 12, "hidden": 4, "drive": 1.0, **how})


def chain(names: Names, **how: Any) -> Chain:
    problem = drawn(names, **how)
    return chain_of(derived(names), problem.given, problem.sizes)


@dataclass(frozen=True)
class Given:
    """What ``spectra`` reads of a chain, for factors that are given: a tuple of links for every step."""

    factors: Sequence[tuple[Any, ...]]
    width: int = 7
    batch: int = 1

    @property
    def steps(self) -> int:
        return len(self.factors)

    @property
    def size(self) -> int:
        first = self.factors[0][0]
        return len(first.column if isinstance(first, Diagonal) else first)

    def windows(self, *, backward: bool = False) -> Iterator[tuple[Window, Factors]]:
        starts = range(0, self.steps, self.width)
        for start in reversed(starts) if backward else starts:
            some = self.factors[start : start + self.width]
            links = tuple(_stacked(own) for own in zip(*some, strict=True))
            yield Window({}, start + 1, start + len(some), {}, {}), Factors(start + 1, len(some), links)

    def links(self, *, sequence: int = 0, backward: bool = False) -> Iterator[tuple[int, tuple[Any, ...]]]:
        steps = range(self.steps)
        return ((k + 1, self.factors[k]) for k in (reversed(steps) if backward else steps))


def _stacked(links: Sequence[Any]) -> Any:
    """(steps, 1, …), as a window has them."""
    if isinstance(links[0], Diagonal):
        return Diagonal(np.array([link.column for link in links])[:, None])
    return np.array(links)[:, None]


def given(matrices: Sequence[Array], **how: Any) -> Given:
    """Dense factors, the first one first."""
    return Given([(np.asarray(matrix, dtype=float),) for matrix in matrices], **how)


def dense(of: Chain | Given, *, sequence: int = 0) -> list[Array]:
    """Every factor, multiplied out in floats."""
    found = []
    for _, links in of.links(sequence=sequence):
        product = np.eye(of.size)
        for link in links:
            product = product @ as_array(link)
        found.append(product)
    return found


def exact(of: Chain | Given, lag: int | None = None, *, sequence: int = 0, bits: int = 3000) -> Array:
    """log σ_k of P(T, T − lag), from a product in ``bits`` bits of the very floats that the links hold.

    The singular values are roots of the eigenvalues of PᵀP, so a number below σ_1 / 2^(bits/2) counts as zero: that has
    to be far below every other.  The factors that are multiplied are those that the code under test is given, and
    nothing else of it.
    """
    with _precision(bits):
        product = _arb(np.eye(of.size))
        for _, links in list(of.links(sequence=sequence))[-(lag or of.steps) :]:
            for link in reversed(links):
                product = _middle(_arb(as_array(link)) * product)
        eigenvalues = flint.acb_mat(product.transpose() * product).eig(algorithm="approx")
        sizes = [abs(number).mid() for number in eigenvalues]
        floor = max(sizes) * flint.arb(2) ** (-bits * 9 // 10)
        logs = [float(size.log().mid()) / 2 if size > floor else -np.inf for size in sizes]
    return np.sort(np.array(logs))[::-1]


class _precision:  # noqa: N801
    def __init__(self, bits: int) -> None:
        self.bits = bits

    def __enter__(self) -> None:
        self.before = flint.ctx.prec
        flint.ctx.prec = self.bits

    def __exit__(self, *what: object) -> None:
        flint.ctx.prec = self.before


def _arb(matrix: Array) -> flint.arb_mat:
    return flint.arb_mat([[flint.arb(float(number)) for number in row] for row in np.atleast_2d(matrix)])


def _middle(matrix: flint.arb_mat) -> flint.arb_mat:
    """Without the radii, which would only say that 2^−bits is small."""
    return flint.arb_mat(matrix.nrows(), matrix.ncols(), [entry.mid() for entry in matrix.entries()])


def error(found: Array, wanted: Array) -> float:
    """The largest difference of two logarithms; infinite where only one of them is that of zero."""
    if not np.array_equal(np.isneginf(found), np.isneginf(wanted)):
        return float("inf")
    finite = np.isfinite(wanted)
    return float(np.abs(found[finite] - wanted[finite]).max(initial=0.0))
