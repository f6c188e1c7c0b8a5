"""The sources of the study of truncation, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.cell import Reference
from derive.truncation.study import families

if TYPE_CHECKING:
    from reports.truncation.material import Truncation

SOURCES = (
    Reference(
        "aicher2019", "C. Aicher, N. J. Foti, E. B. Fox", 2019,
        "Adaptively truncating backpropagation through time to control gradient bias",
        "UAI 2019", "https://arxiv.org/abs/1905.07473",
    ),
)  # fmt: skip


def references(truncation: Truncation) -> tuple[Reference, ...]:
    """What the study cites, each once: the strategies' sources, its own, and those of the tasks that it trained on."""
    from reports.truncation.training import references as of_training

    strategies = (reference for family in families() for reference in family.references)
    found = (*strategies, *SOURCES, *of_training(truncation.experiments))
    return tuple({own.key: own for own in found}.values())
