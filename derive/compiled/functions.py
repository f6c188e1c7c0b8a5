"""The source of a stage: a Python function of arrays, with its loop over the steps where it has one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import sympy as sp

from derive.compiled.emit import Body, Names, row
from derive.compiled.reduction import STEPS
from derive.compiled.stages import Loop, Stage
from derive.compiled.three_address import Extent, Instruction
from derive.indices import T

INDENT = "    "
Rows = Mapping[Instruction, str]
Pairs = Sequence[tuple[str, str]]
"""A name in a loop, and the array whose rows it goes through."""


def source(stage: Stage, sizes: Mapping[sp.Symbol, str], workspace: bool = False, steps: sp.Symbol = T) -> str:
    """``def forward(n0, n1, …, kind, v0, v1, …)``: sizes, the kind of number, and what the stage is given.

    With a ``workspace``, ``room`` comes behind the kind: memory that is kept between calls, by number and shape.
    Where ``sizes`` does not say how many ``STEPS`` there are, they are ``steps``.
    """
    names = Names({STEPS: sizes[steps], **sizes}, stage.columns, workspace=workspace)
    kept = {*stage.outputs, *_read_by(stage.loop)}
    lines = Body(stage.before, kept).statements(names)
    if stage.loop is not None:
        lines += _backward(stage.loop, names) if stage.loop.backward else _forward(stage, stage.loop, names)
    lines += Body(stage.after, kept).statements(names)
    lines.append(f"return ({''.join(names.operand(value) + ', ' for value in stage.outputs)})")
    common = [*sizes.values(), "kind", *(["room"] if workspace else [])]
    arguments = ", ".join([*common, *(value.target for value in stage.inputs)])
    return "\n".join([f"def {stage.name}({arguments}):", *(INDENT + line for line in lines), ""])


def _read_by(loop: Loop | None) -> Iterable[Instruction]:
    """What a loop reads of what stands before it."""
    if loop is None:
        return ()
    return chain(*(loop.body(replaced)[1] for replaced in (loop.regular, loop.last)))


def _forward(stage: Stage, loop: Loop, names: Names) -> list[str]:
    """In the order of time.  The states of all steps stand in one array each, behind the initial one."""
    body, outside = loop.body({})
    results = [carry.result for carry in loop.carries]
    kept = [value for value in stage.outputs if value in body and value not in results]
    read = [value for value in outside if _is_read_by_row(value, loop)]
    lines = [line for number in range(len(results)) for line in _states(number, loop, names)]
    lines += [_empty(value, names) for value in kept]
    pairs = [(f"p{number}", f"s{number}[1:]") for number in range(len(results))]
    pairs += [_by_row("o", value, names) for value in kept] + [_by_row("r", value, names) for value in read]
    rows = {value: _out(value) for value in kept}
    for number, value in enumerate(results):
        if value in body:
            rows.setdefault(value, f"p{number}")
    constants: dict[str, str] = {}
    inner = names.within({}, [*read, *(carry.leaf for carry in loop.carries)], constants)
    statements = Body(body, results, rows, "r").statements(inner)
    elsewhere = [number for number, value in enumerate(results) if rows.get(value) != f"p{number}"]
    statements += [f"p{number}[...] = {inner.operand(results[number])}" for number in elsewhere]
    statements += _handed_on(loop, [f"p{number}" for number in range(len(results))])
    lines += [*_named(constants), *_memory(inner.rooms), *_repeated(pairs, statements, names.steps)]
    return lines + [line for number in range(len(results)) for line in _flat(number, loop, names)]


def _states(number: int, loop: Loop, names: Names) -> list[str]:
    carry = loop.carries[number]
    assert carry.start is not None
    shape = names.shape(carry.leaf, [f"{names.steps} + 1", names.batch])
    states = f"s{number}"
    return [
        f"{states} = room({carry.leaf.target[1:]}, {shape})" if names.workspace else f"{states} = empty({shape}, kind)",
        f"{states}[0] = {carry.start.target}",
        f"{row(carry.leaf)} = {states}[0]",
    ]


def _flat(number: int, loop: Loop, names: Names) -> list[str]:
    """The states before and after every step, a row for each step and sequence."""
    carry = loop.carries[number]
    shape = names.shape(carry.leaf, [f"{names.steps} * {names.batch}"])
    lines = [f"{carry.leaf.target} = s{number}[:-1].reshape({shape})"]
    if carry.result in loop.body({})[0]:
        lines.append(f"{carry.result.target} = s{number}[1:].reshape({shape})")
    return lines


def _backward(loop: Loop, names: Names) -> list[str]:
    """From the last step to the first: the last one stands alone, since the letters may be something else there.

    With a piece behind it, it is a step like the others.
    """
    rows = {value: _out(value) for value in loop.stored}
    lines = [_empty(value, names) for value in loop.stored]
    if loop.open:
        return lines + _all_alike(loop, rows, names)
    lines += [f"{out} = {value.target}[-{names.batch}:]" for value, out in rows.items()]
    at_last = [value for value in loop.body(loop.last)[1] if _is_read_by_row(value, loop)]
    lines += [f"{row(value)} = {value.target}[-{names.batch}:]" for value in at_last]
    constants: dict[str, str] = {}
    rooms: dict[str, str] = {}
    at_end = _swept(loop, loop.last, at_last, rows, names, constants, rooms)
    read = [value for value in loop.body(loop.regular)[1] if _is_read_by_row(value, loop)]
    pairs = [_by_row("o", value, names, "[-2::-1]") for value in loop.stored]
    pairs += [_by_row("r", value, names, "[-2::-1]") for value in read]
    before = _swept(loop, loop.regular, read, rows, names, constants, rooms)
    lines += [*_named(constants), *_memory(rooms), *at_end, *_repeated(pairs, before, f"{names.steps} - 1")]
    names.of |= {carry.leaf: row(carry.leaf) for carry in loop.carries}
    return lines


def _all_alike(loop: Loop, rows: Rows, names: Names) -> list[str]:
    """All steps from the last to the first, from what is handed on by the piece behind them."""
    constants: dict[str, str] = {}
    rooms: dict[str, str] = {}
    leaves = [carry.leaf for carry in loop.carries]
    lines = [f"{row(leaf)} = {leaf.target}" for leaf in leaves]
    read = [value for value in loop.body(loop.regular)[1] if _is_read_by_row(value, loop)]
    pairs = [_by_row("o", value, names, "[::-1]") for value in loop.stored]
    pairs += [_by_row("r", value, names, "[::-1]") for value in read]
    statements = _swept(loop, loop.regular, read, rows, names, constants, rooms)
    lines += [*_named(constants), *_memory(rooms), *_repeated(pairs, statements, names.steps)]
    names.of |= {leaf: row(leaf) for leaf in leaves}
    return lines


def _swept(loop: Loop, replaced: Mapping[Instruction, Instruction], read: Iterable[Instruction], rows: Rows,
           names: Names, constants: dict[str, str], rooms: dict[str, str]) -> list[str]:  # fmt: skip
    """One step of the sweep."""
    body = loop.body(replaced)[0]
    results = [carry.result for carry in loop.carries]
    inner = names.within(replaced, [*read, *(carry.leaf for carry in loop.carries)], constants)
    made = {replaced.get(value, value): out for value, out in rows.items() if replaced.get(value, value) in body}
    lines = Body(body, [*results, *loop.stored], made, "r").statements(inner)
    rooms |= inner.rooms or {}
    lines += [f"{out}[...] = {inner.operand(value)}" for value, out in rows.items() if out not in made.values()]
    return lines + _handed_on(loop, [inner.operand(value) for value in results])


def _is_read_by_row(value: Instruction, loop: Loop) -> bool:
    """Whether it is there for all steps, and a step reads its own row of it."""
    return value.extent == Extent.STEPS and value not in [carry.leaf for carry in loop.carries]


def _out(value: Instruction) -> str:
    return "o" + value.target[1:]


def _empty(value: Instruction, names: Names) -> str:
    return f"{value.target} = {names.empty(value, [f'{names.steps} * {names.batch}'])}"


def _by_row(prefix: str, value: Instruction, names: Names, order: str = "") -> tuple[str, str]:
    whole = f"{value.target}.reshape({names.shape(value, [names.steps, names.batch])})"
    return prefix + value.target[1:], whole + order


def _named(constants: Mapping[str, str]) -> list[str]:
    return [f"{name} = array({number}, kind)" for number, name in constants.items()]


def _memory(rooms: Mapping[str, str] | None) -> list[str]:
    """What the steps of a loop share."""
    return [f"{name} = {room}" for name, room in (rooms or {}).items()]


def _handed_on(loop: Loop, values: Sequence[str]) -> list[str]:
    leaves = [row(carry.leaf) for carry in loop.carries]
    return [f"{', '.join(leaves)} = {', '.join(values)}"] if leaves else []


def _repeated(pairs: Pairs, statements: Sequence[str], times: str) -> list[str]:
    if not statements:
        return []
    if not pairs:
        head = f"for _ in range({times}):"
    elif len(pairs) == 1:
        head = f"for {pairs[0][0]} in {pairs[0][1]}:"
    else:
        head = f"for {', '.join(name for name, _ in pairs)} in zip({', '.join(array for _, array in pairs)}):"
    return [head, *(INDENT + line for line in statements)]
