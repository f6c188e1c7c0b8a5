"""The full gradient: every term has the weight one (Werbos 1990)."""

from __future__ import annotations

from dataclasses import dataclass

from derive.strategy import Links, Strategy


@dataclass(frozen=True)
class Full(Links):
    """Nothing is cut."""

    title = "full backpropagation: all terms"
    unbiased = True

    @classmethod
    def of_length(cls, length: int) -> Strategy:
        return cls()


STRATEGY = Full
TITLE = Full.title
