"""What the steps of the sweep may write over: what was handed to them, and rows that nobody reads again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from derive.compiled.bound.lines import MADE, VIEWS, Lines
from derive.compiled.bound.packing import packs_of
from derive.compiled.bound.rows import is_by_row
from derive.compiled.buffers import FUNCTIONS, same_size
from derive.compiled.stages import Carry, Loop
from derive.compiled.three_address import Instruction, plain
from derive.compiled.whole import Whole

Replaced = Mapping[Instruction, Instruction]


def now(value: Instruction, replaced: Replaced) -> Instruction:
    """What stands for a value at a step."""
    return plain(replaced.get(plain(value), value))


def handed_on_in_place(loop: Loop) -> set[Instruction]:
    """The leaves whose memory the next one may be written into: every step has read them all before it writes there."""
    return {
        carry.leaf for carry in loop.carries if all(_in_time(carry, loop, own) for own in (loop.regular, loop.last))
    }


def _in_time(carry: Carry, loop: Loop, replaced: Replaced) -> bool:
    body, result = loop.body(replaced)[0], now(carry.result, replaced)
    stored = {now(own, replaced) for own in loop.stored}
    if result not in body or result.operation not in MADE or result in stored or _is_packed(result, body):
        return False
    if any(now(other.result, replaced) is carry.leaf for other in loop.carries):
        return False  # it is handed on once more, as something else
    return all(_may_write(result, other.leaf, body, replaced) for other in loop.carries if _shares(other, carry, loop))


def _shares(one: Carry, other: Carry, loop: Loop) -> bool:
    """Whether both hand on one value, at any step."""
    return any(now(one.result, own) is now(other.result, own) for own in (loop.regular, loop.last))


def over_what_is_read(lines: Lines, whole: Whole, loop: Loop) -> dict[Instruction, str]:
    """Homes for what is kept for all steps: memory of values that every step reads first, and nobody later."""
    found: dict[Instruction, str] = {}
    read = [value for value in loop.body(loop.regular)[1] if is_by_row(value, loop, lines)]
    free = [value for value in read if _is_free(value, lines, whole, loop)]
    for value in loop.stored:
        home = next((own for own in free if same_size(own, value) and _may_be_over(value, own, loop)), None)
        if home is not None:
            free.remove(home)
            found[value] = lines.names.operand(home)
    return found


def _is_free(value: Instruction, lines: Lines, whole: Whole, loop: Loop) -> bool:
    """Whether it has memory of its own that only the sweep reads."""
    looks = [own for own in whole.straight if own.operation in VIEWS and value in own.arguments]
    made = value in whole.straight and value.operation in MADE and lines.is_static(value)
    return made and not looks and value not in whole.used_after(loop)


def _may_be_over(value: Instruction, read: Instruction, loop: Loop) -> bool:
    for replaced in (loop.regular, loop.last):
        body, own = loop.body(replaced)[0], now(value, replaced)
        if own not in body or own.operation not in FUNCTIONS or _is_packed(own, body):
            return False
        if not _may_write(own, read, body, replaced):
            return False
    return read not in (now(carry.result, own) for own in (loop.regular, loop.last) for carry in loop.carries)


def _may_write(result: Instruction, over: Instruction, body: Sequence[Instruction], replaced: Replaced) -> bool:
    """Whether a step has read all of ``over`` when it writes the result there, and looks at it in no other way."""
    written = body.index(result)
    for place, own in enumerate(body):
        if any(now(argument, replaced) is over for argument in own.arguments):
            in_time = place < written or (place == written and own.operation in FUNCTIONS)
            if not in_time or own.operation not in MADE:
                return False
    return True


def _is_packed(value: Instruction, body: Sequence[Instruction]) -> bool:
    return any(value in pack.members for pack in packs_of(body).values())
