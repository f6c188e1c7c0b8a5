"""Short ways to the reader for the tests."""

from __future__ import annotations

from verify.check.reading.document import ClaimLine, Reading, read
from verify.check.reading.tree import Tree
from verify.check.reading.unparse import unparse


def tree(formula: str) -> Tree:
    """The tree of a formula without relations, which must be read whole."""
    reading = read(f"$${formula}$$", "latex")
    assert not reading.unread, reading.unread
    [claim] = reading.claims
    [member] = claim.chain
    return member.tree


def said(claim: ClaimLine) -> str:
    """A claim in plain text."""
    text = unparse(claim.chain[0].tree)
    for relation, member in zip(claim.relations, claim.chain[1:], strict=True):
        text += f" {relation} {unparse(member.tree)}"
    return text


def claims(source: str, kind: str = "latex") -> list[str]:
    """All claims of a text that must be read whole."""
    reading = read(source, kind)
    assert not reading.unread, reading.unread
    return [said(claim) for claim in reading.claims]


def unread(source: str, kind: str = "latex") -> list[tuple[int, int, str]]:
    return [(one.line, one.column, one.reason) for one in reading_of(source, kind).unread]


def reading_of(source: str, kind: str = "latex") -> Reading:
    return read(source, kind)
