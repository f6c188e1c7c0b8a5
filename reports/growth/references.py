"""The sources of the study, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.cell import Reference
from reports.chapters.growth_formulas import REFERENCES as FORMULAS

if TYPE_CHECKING:
    from reports.growth.material import Growth

SOURCES = (
    Reference(
        "pascanu2013", "R. Pascanu, T. Mikolov, Y. Bengio", 2013,
        "On the difficulty of training recurrent neural networks", "ICML 2013", "https://arxiv.org/abs/1211.5063",
    ),
    Reference(
        "benettin1980", "G. Benettin, L. Galgani, A. Giorgilli, J.-M. Strelcyn", 1980,
        "Lyapunov characteristic exponents for smooth dynamical systems and for Hamiltonian systems",
        "Meccanica 15, 9–30", "https://doi.org/10.1007/BF02128236",
    ),
    Reference(
        "demmel1992", "J. Demmel, K. Veselić", 1992, "Jacobi's method is more accurate than QR",
        "SIAM Journal on Matrix Analysis and Applications 13(4), 1204–1245", "https://doi.org/10.1137/0613074",
    ),
    Reference(
        "engelken2023", "R. Engelken, F. Wolf, L. F. Abbott", 2023,
        "Lyapunov spectra of chaotic recurrent neural networks",
        "Physical Review Research 5, 043044", "https://arxiv.org/abs/2006.02427",
    ),
    Reference(
        "trefethen2005", "L. N. Trefethen, M. Embree", 2005,
        "Spectra and Pseudospectra: The Behavior of Nonnormal Matrices and Operators",
        "Princeton University Press, sections 14 and 18",
    ),
)  # fmt: skip


def references(growth: Growth) -> tuple[Reference, ...]:
    """What the study cites: its own sources and those of the remedies, each once."""
    found = (*SOURCES, *FORMULAS, *(own.reference for own in growth.remedies))
    return tuple({own.key: own for own in found}.values())
