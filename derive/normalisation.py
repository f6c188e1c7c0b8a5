"""How the score s_t becomes the output o_t."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from derive.expr import Node, Var, zeros


def nothing(score: Var) -> Node:
    """No entry of the output is zero for good."""
    return zeros(*score.shape)


@dataclass(frozen=True)
class Normalisation:
    """``apply`` maps the score s_t to o_t.

    ``excluded`` is one for the entries of the output that are zero whatever the score is, and zero for all others: a
    loss that takes a logarithm adds it first, so that no logarithm of zero is taken.  ``constants`` are given vectors
    that ``apply`` uses.
    """

    name: str
    title: str
    apply: Callable[[Var], Node]
    excluded: Callable[[Var], Node] = nothing
    constants: tuple[Var, ...] = ()
