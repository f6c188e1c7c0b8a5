"""The rows of arrays, one for every step, cut ahead of the call; and the loop that goes through them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from derive.compiled.bound.lines import Lines
from derive.compiled.bound.packing import packs_of
from derive.compiled.bound.segment import Rows, slot_of
from derive.compiled.stages import Loop
from derive.compiled.three_address import Extent, Instruction

INDENT = "    "
Pairs = list[tuple[str, str]]
"""A name in a loop, and the rows that it goes through."""


def within(
    lines: Lines,
    rows: Iterable[Instruction],
    told: Iterable[tuple[str, str]] = (),
    replaced: Mapping[Instruction, Instruction] | None = None,
) -> Lines:
    """For a step of a loop: what is made ahead is shared, the statements are its own."""
    constants = lines.names.constants
    assert constants is not None
    names = lines.names.within(replaced or {}, rows, constants)
    cut = frozenset(name for name, _ in told)
    return Lines(names, lines.ahead, [], lines.static, lines.ones, lines.of_a_step, cut)


def of_one_step(lines: Lines) -> Rows:
    """How many rows a value has in a loop."""
    return lambda value: [] if value.extent == Extent.SHARED else [lines.names.batch]


def is_by_row(value: Instruction, loop: Loop) -> bool:
    """Whether it is there for all steps, and a step reads its own row of it."""
    return value.extent == Extent.STEPS and value not in [carry.leaf for carry in loop.carries]


def listed(lines: Lines, value: Instruction, order: str = "", name: str = "", cut: str = "") -> str:
    """The rows of a value, or of a ``cut`` through all of them; a list where the value is there ahead."""
    name = name or lines.names.operand(value)
    shape = lines.names.shape(value, [lines.names.steps, lines.names.batch])
    rows = f"{name}.reshape({shape}){cut}{order}"
    own = _plain(f"l{'b' if order else ''}{name}{cut}")
    return lines.there(own, f"list({rows})") if name in lines.static else rows


def _plain(text: str) -> str:
    """A name that says the same."""
    return "".join(letter if letter.isalnum() else "_" for letter in text).strip("_")


def cut_of_packs(
    lines: Lines, body: Sequence[Instruction], outs: Mapping[Instruction, str], homes: Mapping[Instruction, str],
    order: str = "",
) -> Pairs:  # fmt: skip
    """The places in the rows of packs that are kept for all steps."""
    found = []
    for pack in packs_of(body, outs).values():
        if pack.whole in homes and pack.whole in outs:
            for place in range(len(pack.members)):
                first, end = (lines.names.size(own) for own in pack.span(place))
                rows = listed(lines, pack.whole, order, homes[pack.whole], f"[..., {first}:{end}]")
                found.append((slot_of(outs[pack.whole], place), rows))
    return found


def repeated(pairs: Sequence[tuple[str, str]], statements: Sequence[str]) -> list[str]:
    if len(pairs) == 1:
        head = f"for {pairs[0][0]} in {pairs[0][1]}:"
    else:
        head = f"for {', '.join(name for name, _ in pairs)} in zip({', '.join(rows for _, rows in pairs)}):"
    return [head, *(INDENT + line for line in statements)]
