"""The loop in the order of time.  The states of all steps stand in one array each, behind the initial one."""

from __future__ import annotations

from derive.compiled.bound.lines import Lines
from derive.compiled.bound.rows import Pairs, cut_of_packs, is_by_row, listed, of_one_step, repeated, within
from derive.compiled.bound.segment import Segment
from derive.compiled.stages import Carry, Loop
from derive.compiled.three_address import Instruction
from derive.compiled.whole import PARTS, Whole


def forward(lines: Lines, whole: Whole, loop: Loop, mark: int) -> None:
    """Statements of all steps; what later parts read is then known by where it is.  ``mark`` tells the loops apart."""
    names = lines.names
    body, outside = loop.body({})
    homes = {value: lines.room(value, lines.rows(value)) for value in whole.kept(loop)}
    outs = {value: "o" + value.target[1:] for value in homes}
    parts = [value for value in body if value.operation in PARTS and value.arguments[0] in homes]
    pairs: Pairs = []
    for number, carry in enumerate(loop.carries):
        pairs.append((f"p{number}", _states(lines, f"s{mark}_{number}", carry)))
        if carry.result in body and carry.result not in parts:
            outs.setdefault(carry.result, f"p{number}")
    pairs += [(outs[value], listed(lines, value, name=home)) for value, home in homes.items()]
    pairs += cut_of_packs(lines, body, outs, homes)
    cut = {value: _cut(lines, value, homes) for value in parts}
    read = {value: listed(lines, value) for value in outside if is_by_row(value, loop, lines)}
    pairs += [("r" + value.target[1:], rows) for value, rows in {**cut, **read}.items()]
    inner = within(lines, [*read, *cut, *(carry.leaf for carry in loop.carries)], pairs)
    Segment(inner, [value for value in body if value not in cut], of_one_step(lines), [*outs], outs).write()
    lines.own += repeated(pairs, [*inner.own, *_handed_on(inner, loop.carries, outs)])
    for number, carry in enumerate(loop.carries):
        rows = names.shape(carry.leaf, lines.rows(carry.leaf))
        names.of[carry.leaf] = lines.there(carry.leaf.target, f"s{mark}_{number}[:-1].reshape({rows})")
        if carry.result in body and carry.result not in homes:
            names.of[carry.result] = lines.there(carry.result.target, f"s{mark}_{number}[1:].reshape({rows})")
    names.of |= homes


def _states(lines: Lines, states: str, carry: Carry) -> str:
    """The array of a state with the initial one in front; where the rows of the others are."""
    assert carry.start is not None
    names = lines.names
    shape = names.shape(carry.leaf, [f"{lines.steps(carry.leaf)} + 1", names.batch])
    lines.there(states, f"room({carry.leaf.target[1:]}, {shape})")
    first = lines.there(f"f{states}", f"{states}[0]")
    lines.own += [f"{first}[...] = {names.operand(carry.start)}", f"r{carry.leaf.target[1:]} = {first}"]
    return lines.there(f"l{states}", f"list({states}[1:])")


def _cut(lines: Lines, part: Instruction, homes: dict[Instruction, str]) -> str:
    """The rows of a part of something that is kept for all steps."""
    (base,) = part.arguments
    first, end = (lines.names.operand(operand) for operand in part.operands[1:])
    return listed(lines, base, name=homes[base], cut=f"[..., {first}:{end}]")


def _handed_on(inner: Lines, carries: tuple[Carry, ...], outs: dict[Instruction, str]) -> list[str]:
    elsewhere = [number for number, carry in enumerate(carries) if outs.get(carry.result) != f"p{number}"]
    leaves = ", ".join("r" + carry.leaf.target[1:] for carry in carries)
    return [
        *(f"p{number}[...] = {inner.names.operand(carries[number].result)}" for number in elsewhere),
        f"{leaves} = {', '.join(f'p{number}' for number in range(len(carries)))}",
    ]
