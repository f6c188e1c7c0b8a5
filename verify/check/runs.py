"""What stands in the place of dots: b_t + c_t b_{t−1} + ⋯ + c_t⋯c_2 b_1, written out for given numbers.

The neighbours decide.  In a product the factors before the dots are a run of blocks, each of one factor or of several
(D_t W D_{t−1} W ⋯ D_1 W); the step from block to block is that of the last two before the dots, or one towards the
block after them.  In a sum a term grows out of the one before it as that did: its last factor moves on, and the factors
before it continue their own run.
"""

from __future__ import annotations

from collections.abc import Sequence

from verify.check.indices import numbers, with_numbers
from verify.check.reading.tree import Run, Times, Tree
from verify.check.scope import OutOfRangeError
from verify.check.values import MeaningError

_MOST = 64
_UNCLEAR = "what the dots stand for is not clear"
_LONGEST = 6
"""Factors of a block."""

Block = list[Tree]


def factors_of(tree: Tree) -> Block:
    """The factors of a grounded term, dots written out."""
    return filled(list(tree.factors)) if isinstance(tree, Times) else [tree]


def filled(parts: Block) -> Block:
    """Grounded factors with the dots among them written out."""
    parts = flat(parts)
    while any(isinstance(part, Run) for part in parts):
        place = next(k for k, part in enumerate(parts) if isinstance(part, Run))
        parts = _written_out(parts, place)
    return parts


def flat(parts: Block) -> Block:
    """Products among the factors are factors themselves."""
    found: Block = []
    for part in parts:
        found += flat(list(part.factors)) if isinstance(part, Times) and not _is_mixed(part) else [part]
    return found


def _is_mixed(part: Times) -> bool:
    return any(kind in "⊙∘⊗⊘" and kind for kind in part.kinds)


def _written_out(parts: Block, place: int) -> Block:
    """The run begins where the blocks before the dots do, and ends with the block after them."""
    for size in range(1, _LONGEST + 1):
        blocks = _blocks_before(parts, place, size)
        last = parts[place + 1 : place + 1 + size]
        if not blocks or len(last) < size or not _alike(blocks[-1], last):
            continue
        rest = parts[place + 1 + size :]
        begun = parts[: place - size * len(blocks)]
        return [*begun, *_run(blocks, last), *rest]
    if not 0 < place < len(parts) - 1:
        raise MeaningError("dots without a neighbour on both sides")
    raise MeaningError(_UNCLEAR)


def _blocks_before(parts: Block, place: int, size: int) -> list[Block]:
    """The blocks of that size just before the dots, as far back as the same steps lead from one to the next."""
    found: list[Block] = []
    while place - size * (len(found) + 1) >= 0:
        start = place - size * (len(found) + 1)
        block = parts[start : start + size]
        if not _numbers(block) or any(isinstance(part, Run) for part in block):
            break
        if found and not _alike(block, found[0]):
            break
        if len(found) > 1 and _change(block, found[0]) != _change(found[0], found[1]):
            break
        found.insert(0, block)
    return found


def _run(blocks: list[Block], last: Block) -> Block:
    """From the first block to the last; none where the last is the one before the first."""
    start, end = _numbers(blocks[0]), _numbers(last)
    if start == end:
        return list(blocks[0])
    if len(blocks) == 1 and all(abs(b - a) <= 1 for a, b in zip(start, end, strict=True)):
        raise OutOfRangeError  # c_2 ⋯ c_3 may be both, or none: which way the run goes, these numbers do not tell
    step = _change(blocks[0], blocks[1]) if len(blocks) > 1 else _direction(start, end)
    if [value - change for value, change in zip(start, step, strict=True)] == end:
        return []
    found: Block = []
    now = start
    for _ in range(_MOST):
        found += _renumbered(blocks[0], now)
        if now == end:
            return found
        now = [value + change for value, change in zip(now, step, strict=True)]
    raise OutOfRangeError


def _numbers(block: Sequence[Tree]) -> list[int]:
    return [value for factor in block for value in numbers(factor)]


def _change(one: Block, two: Block) -> list[int]:
    return [b - a for a, b in zip(_numbers(one), _numbers(two), strict=True)]


def _renumbered(block: Sequence[Tree], values: Sequence[int]) -> Block:
    given = iter(values)
    return [with_numbers(factor, given) for factor in block]


def _direction(start: list[int], end: list[int]) -> list[int]:
    """One towards the end, for all numbers at once; those that are equal stand still."""
    signs = {(b > a) - (b < a) for a, b in zip(start, end, strict=True)}
    signs.discard(0)
    if len(signs) > 1:
        raise MeaningError(_UNCLEAR)
    way = signs.pop() if signs else 0
    return [way if a != b else 0 for a, b in zip(start, end, strict=True)]


def _alike(one: Sequence[Tree], other: Sequence[Tree]) -> bool:
    """The same but for the numbers."""
    if len(one) != len(other) or len(_numbers(one)) != len(_numbers(other)):
        return False
    zeros = [0] * len(_numbers(one))
    return _renumbered(one, zeros) == _renumbered(other, zeros)


# ---- sums ----


def terms_filled(terms: list[Tree]) -> list[Tree]:
    """Grounded terms of a sum with the dots among them written out, each as a product of factors."""
    if not any(isinstance(term, Run) for term in terms):
        return terms
    place = next(k for k, term in enumerate(terms) if isinstance(term, Run))
    if place < 1 or place >= len(terms) - 1:
        raise MeaningError("dots without a neighbour on both sides")
    before = [factors_of(term) for term in terms[:place]]
    last = factors_of(terms[place + 1])
    if len(before) == 1:
        before = [*before, *_plain_next(before[0], last)]
    grown = _grown(before, last)
    rest = terms_filled(terms[place + 2 :])
    return [*(_product(one) for one in grown), *rest]


def _plain_next(first: Block, last: Block) -> list[Block]:
    """Where only one term stands before the dots: all its numbers move one towards the last."""
    if not _alike(first, last):
        raise MeaningError(_UNCLEAR)
    step = _direction(_numbers(first), _numbers(last))
    return [_moved(first, step)] if any(step) else []


def _grown(before: list[Block], last: Block) -> list[Block]:
    """Up to the last term as it is written: that with its last factor ends the run, whatever stands before that."""
    if before[-1] == last:
        return before
    for count, term in enumerate(before):
        if term[-1:] == last[-1:]:  # fewer terms than are written: these numbers are too small for the pattern
            return [*before[:count], last]
    found = list(before)
    for _ in range(_MOST):
        found.append(_next(found[-2], found[-1]) if len(found) > 1 else found[-1])
        if found[-1][-1:] == last[-1:]:
            return [*found[:-1], last]
    raise OutOfRangeError


def _next(one: Block, two: Block) -> Block:
    if len(one) == len(two):
        return _moved(two, _change(one, two))
    if len(two) != len(one) + 1 or not _alike(one[-1:], two[-1:]):
        raise MeaningError(_UNCLEAR)
    *chain, tail = two
    change = _change(one[-1:], two[-1:])
    step = _change(chain[-2:-1], chain[-1:]) if len(chain) > 1 else [_sign(change) for _ in numbers(chain[-1])]
    return [*chain, *_moved(chain[-1:], step), *_moved([tail], change)]


def _sign(change: list[int]) -> int:
    total = sum(change)
    return (total > 0) - (total < 0)


def _moved(term: Block, step: list[int]) -> Block:
    return _renumbered(term, [n + change for n, change in zip(_numbers(term), step, strict=True)])


def _product(factors: Block) -> Tree:
    return factors[0] if len(factors) == 1 else Times(tuple(factors), ("",) * (len(factors) - 1))
