"""The sources of the study of truncation, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.cell import Reference
from verify.training.tasks.balancing import TALLEC

if TYPE_CHECKING:
    from reports.truncation.material import Truncation

SOURCES = (
    TALLEC,
    Reference(
        "aicher2019", "C. Aicher, N. J. Foti, E. B. Fox", 2019,
        "Adaptively truncating backpropagation through time to control gradient bias",
        "UAI 2019", "https://arxiv.org/abs/1905.07473",
    ),
    Reference(
        "williams1990", "R. J. Williams, J. Peng", 1990,
        "An efficient gradient-based algorithm for on-line training of recurrent network trajectories",
        "Neural Computation 2(4), 490–501", "https://doi.org/10.1162/neco.1990.2.4.490",
    ),
    Reference(
        "zhang2023", "A. Zhang, Z. C. Lipton, M. Li, A. J. Smola", 2023, "Dive into Deep Learning",
        "section 9.7, Backpropagation Through Time", "https://d2l.ai",
    ),
)  # fmt: skip


def references(truncation: Truncation) -> tuple[Reference, ...]:
    """What the study cites, each once: its own sources, and those of the tasks that it trained on."""
    from reports.truncation.training import references as of_training

    found = (*SOURCES, *of_training(truncation.experiments))
    return tuple({own.key: own for own in found}.values())
