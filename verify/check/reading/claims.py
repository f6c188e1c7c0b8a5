"""Claims: chains of members with the relations between them."""

from __future__ import annotations

from dataclasses import dataclass, field

from verify.check.reading.displays import Display
from verify.check.reading.text import Span
from verify.check.reading.tree import Tree


@dataclass(frozen=True)
class Member:
    """One side of an equality, with its place.  ``after_gap``: what stood before it in the chain could not be read."""

    tree: Tree
    span: Span
    after_gap: bool = False


@dataclass(frozen=True)
class ClaimLine:
    """A = B = C: a chain of three and two relations.  A formula without any relation is a chain of one."""

    chain: tuple[Member, ...]
    relations: tuple[str, ...]
    where: Span
    display: Display = field(repr=False)
    remarks: tuple[str, ...] = ()
