"""The names that a derivation uses, and what in it describes the network."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from verify.check.indices import is_count
from verify.check.naming import INDICES, split, with_bar
from verify.check.reading.document import ClaimLine, Member
from verify.check.reading.tree import (
    Applied,
    Derivative,
    Gradient,
    Indexed,
    Matrix,
    Name,
    Number,
    Power,
    Product,
    Sum,
    Tree,
)
from verify.check.reading.walking import children, walk


def outer_names(tree: Tree) -> Iterator[Name]:
    """The names themselves: not those in their scripts, nor functions, nor indices of sums and their limits."""
    if isinstance(tree, Name):
        yield tree
        return
    parts: Sequence[Tree] = tuple(children(tree))
    if isinstance(tree, Applied):
        parts = tree.arguments
    elif isinstance(tree, Sum | Product | Indexed):
        parts = (tree.body,)
    elif isinstance(tree, Power):
        parts = (tree.base,)
    for part in parts:
        yield from outer_names(part)


def names_in(claims: Sequence[ClaimLine]) -> tuple[Name, ...]:
    """Every name of a file, once."""
    found = (name for claim in claims for member in claim.chain for name in outer_names(member.tree))
    return tuple(dict.fromkeys(found))


def functions_in(claims: Sequence[ClaimLine]) -> frozenset[str]:
    """What stands before an argument."""
    trees = (own for claim in claims for member in claim.chain for own in walk(member.tree))
    return frozenset(own.function.base for own in trees if isinstance(own, Applied))


def is_name(name: Name) -> bool:
    """Rather a name than a number: an index by itself, how many there are, or a bold one, are no names."""
    if name.subscripts or name.superscript is not None:
        return True
    return name.base not in ("1", "I") and name.base not in INDICES and not is_count(name)


def known_as(name: Name, known: Collection[str]) -> str:
    """The key under which a name is known; nothing where it is not."""
    if name.accent == "bar":
        known = {*known, *(with_bar(own) for own in known)}
    key = split(name, known).key
    return key if key in known else ""


def chooses(left: Tree, right: Tree) -> bool:
    """Whether an equation picks a value for an example, T = 8 or W = 0.9: there is nothing in it to be wrong.

    That something of a step is nought or one may well be a claim; an index may be said to be another.
    """
    if not isinstance(left, Name) or left.primes or left.accent:
        return False
    bare = not left.subscripts and left.superscript is None
    if bare and left.base in INDICES and isinstance(right, Name) and not right.subscripts:
        return True
    leaves = [own for own in walk(right) if not any(True for _ in children(own))]
    numbers = [own.value for own in leaves if isinstance(own, Number)]
    if len(numbers) < len(leaves):
        return False
    return (bare and isinstance(right, Number)) or isinstance(right, Matrix) or not set(numbers) <= {0, 1}


def describes(left: Member, right: Member) -> bool:
    """Whether an equation may say what the network is: a name is so and so, with no derivative anywhere."""
    if not isinstance(left.tree, Name):
        return False
    return not any(isinstance(own, Derivative | Gradient) for own in walk(right.tree))
