"""The two loops over the steps: rows that were cut ahead, and memory that the steps share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from derive.compiled.bound.lines import MADE, Lines
from derive.compiled.bound.packing import packs_of
from derive.compiled.bound.segment import Rows, Segment, slot_of
from derive.compiled.buffers import PRODUCTS
from derive.compiled.stages import Carry, Loop
from derive.compiled.three_address import Extent, Instruction, plain
from derive.compiled.whole import PARTS, Whole

INDENT = "    "


def forward(lines: Lines, whole: Whole) -> None:
    """In the order of time.  The states of all steps stand in one array each, behind the initial one."""
    loop, names = whole.forward, lines.names
    body, outside = loop.body({})
    pairs: list[tuple[str, str]] = []
    outs = {value: "o" + value.target[1:] for value in whole.stored}
    for number, carry in enumerate(loop.carries):
        pairs.append((f"p{number}", _states(lines, number, carry)))
        if carry.result in body:
            outs.setdefault(carry.result, f"p{number}")
    for value in whole.stored:
        lines.room(value, lines.rows(value))
        pairs.append((outs[value], _list(lines, value, "w" + value.target[1:])))
    pairs += _parts(lines, body, outs, whole.stored, "")
    cut = [value for value in body if value.operation in PARTS and value.arguments[0] in whole.stored]
    pairs += [("r" + value.target[1:], _cut(lines, value)) for value in cut]
    read = [value for value in outside if _by_row(value, loop)]
    pairs += [("r" + value.target[1:], _listed(lines, value)) for value in read]
    inner = _within(lines, [*read, *cut, *(carry.leaf for carry in loop.carries)], pairs)
    body = [value for value in body if value not in cut]
    Segment(inner, body, _one_step(lines), [*outs], outs).write()
    for number, carry in enumerate(loop.carries):
        if outs.get(carry.result) != f"p{number}":
            inner.own.append(f"p{number}[...] = {inner.names.operand(carry.result)}")
    leaves = ", ".join("r" + carry.leaf.target[1:] for carry in loop.carries)
    handed = ", ".join(f"p{number}" for number in range(len(loop.carries)))
    lines.own += _repeated(pairs, [*inner.own, f"{leaves} = {handed}"])
    for number, carry in enumerate(loop.carries):
        rows = names.shape(carry.leaf, lines.rows(carry.leaf))
        names.of[carry.leaf] = lines.there(carry.leaf.target, f"s{number}[:-1].reshape({rows})")
        if carry.result in body and carry.result not in whole.stored:
            names.of[carry.result] = lines.there(carry.result.target, f"s{number}[1:].reshape({rows})")
    names.of |= {value: "w" + value.target[1:] for value in whole.stored}


def _states(lines: Lines, number: int, carry: Carry) -> str:
    """The array of a state with the initial one in front; where the rows of the others are."""
    assert carry.start is not None
    names, states = lines.names, f"s{number}"
    shape = names.shape(carry.leaf, [f"{names.steps} + 1", names.batch])
    lines.there(states, f"room({carry.leaf.target[1:]}, {shape})")
    first = lines.there(f"f{number}", f"{states}[0]")
    lines.own += [f"{first}[...] = {names.operand(carry.start)}", f"r{carry.leaf.target[1:]} = {first}"]
    return lines.there(f"l{states}", f"list({states}[1:])")


def backward(lines: Lines, whole: Whole) -> None:
    """From the last step to the first.  The last one stands alone: the letters may be something else there."""
    loop, names = whole.backward, lines.names
    for value in loop.stored:
        lines.room(value, lines.rows(value))
    memory = _memory(lines, loop)
    leaves = {carry.leaf: memory.get(carry.leaf) or "r" + carry.leaf.target[1:] for carry in loop.carries}
    at_last = _step(lines, loop, loop.last, leaves, memory)
    lines.own += at_last.own
    pairs, inner = _rows_back(lines, loop, leaves, memory)
    lines.own += _repeated(pairs, inner.own)
    names.of |= leaves
    names.of |= {value: "w" + value.target[1:] for value in loop.stored}


def _memory(lines: Lines, loop: Loop) -> dict[Instruction, str]:
    """The memory of what is handed on, where a step has read it before it writes it again."""
    found: dict[Instruction, str] = {}
    for carry in loop.carries:
        rewritten = [carry for carry in loop.carries]
        same = [own.leaf for own in rewritten if _both(own, loop) & _both(carry, loop)]
        if all(_in_time(carry, leaf, loop, replaced) for leaf in same for replaced in (loop.regular, loop.last)):
            found[carry.leaf] = lines.room(carry.leaf, [lines.names.batch])
    return found


def _both(carry: Carry, loop: Loop) -> set[Instruction]:
    return {_now(carry.result, loop.regular), _now(carry.result, loop.last)}


def _now(value: Instruction, replaced: Mapping[Instruction, Instruction]) -> Instruction:
    return plain(replaced.get(plain(value), value))


def _in_time(carry: Carry, leaf: Instruction, loop: Loop, replaced: Mapping[Instruction, Instruction]) -> bool:
    """Whether the result may be written where the leaf is."""
    body = loop.body(replaced)[0]
    result = _now(carry.result, replaced)
    if result not in body or result.operation not in MADE or result in {_now(own, replaced) for own in loop.stored}:
        return False
    if any(result in pack.in_place for pack in packs_of(body, [result]).values()):
        return False
    written = body.index(result)
    uses = [place for place, own in enumerate(body) for a in own.arguments if _now(a, replaced) is leaf]
    return all(use < written or (use == written and result.operation not in PRODUCTS) for use in uses)


def _rows_back(
    lines: Lines, loop: Loop, leaves: Mapping[Instruction, str], memory: Mapping[Instruction, str]
) -> tuple[list[tuple[str, str]], Lines]:
    """The step before the last, and all before it."""
    body, outside = loop.body(loop.regular)
    pairs = [("o" + value.target[1:], _list(lines, value, "w" + value.target[1:], "[-2::-1]")) for value in loop.stored]
    outs = _outs(loop, loop.regular, body)
    pairs += _parts(lines, body, outs, loop.stored, "[-2::-1]")
    read = [value for value in outside if _by_row(value, loop)]
    pairs += [("r" + value.target[1:], _listed(lines, value, "[-2::-1]")) for value in read]
    return pairs, _step(lines, loop, loop.regular, leaves, memory, pairs)


def _outs(loop: Loop, replaced: Mapping[Instruction, Instruction], body: Sequence[Instruction]) -> dict[Instruction, str]:
    """The rows that are kept for all steps."""
    of = {_now(value, replaced): "o" + value.target[1:] for value in loop.stored}
    return {value: out for value, out in of.items() if value in body}


def _step(
    lines: Lines,
    loop: Loop,
    replaced: Mapping[Instruction, Instruction],
    leaves: Mapping[Instruction, str],
    memory: Mapping[Instruction, str],
    told: Sequence[tuple[str, str]] | None = None,
) -> Lines:
    """One step of the sweep: the last one, unless it is ``told`` what the loop goes through."""
    last = told is None
    body, outside = loop.body(replaced)
    read = [value for value in outside if _by_row(value, loop)]
    inner = _within(lines, read, told or (), replaced)
    inner.names.of |= leaves
    outs = _outs(loop, replaced, body)
    if last:
        names = lines.names
        for value in read:
            name = names.operand(value)
            text = f"{name}[-{names.batch}:]"
            inner.names.of[value] = lines.there(f"e{name}", text) if name in lines.static else text
        ends = {value: lines.there(f"e{value.target[1:]}o", f"w{value.target[1:]}[-{names.batch}:]") for value in loop.stored}
        outs = {_now(value, replaced): ends[value] for value in loop.stored if _now(value, replaced) in body}
    for carry in loop.carries:
        result = _now(carry.result, replaced)
        if carry.leaf in memory and result not in outs:
            outs[result] = memory[carry.leaf]
    own_rows = {value: ends[value] if last else "o" + value.target[1:] for value in loop.stored}
    for value, row in own_rows.items():  # before what was handed on is written over
        if _now(value, replaced) not in body:
            inner.own.append(f"{row}[...] = {inner.names.operand(_now(value, replaced))}")
    results = [_now(carry.result, replaced) for carry in loop.carries]
    Segment(inner, body, _one_step(lines), [*results, *(_now(v, replaced) for v in loop.stored), *outs], outs).write()
    for value, row in own_rows.items():
        now = _now(value, replaced)
        if now in body and outs.get(now) != row:
            inner.own.append(f"{row}[...] = {inner.names.operand(now)}")
    _hand_on(inner, loop, replaced, leaves)
    return inner


def _hand_on(
    inner: Lines, loop: Loop, replaced: Mapping[Instruction, Instruction], leaves: Mapping[Instruction, str]
) -> None:
    pairs = [(leaves[c.leaf], inner.names.operand(_now(c.result, replaced))) for c in loop.carries]
    copied = [(name, value) for name, value in pairs if name != value and name in inner.static]
    named = [(name, value) for name, value in pairs if name != value and name not in inner.static]
    if named:
        inner.own.append(f"{', '.join(n for n, _ in named)} = {', '.join(v for _, v in named)}")
    inner.own += [f"{name}[...] = {value}" for name, value in copied]


def _within(
    lines: Lines,
    rows: Iterable[Instruction],
    told: Iterable[tuple[str, str]] = (),
    replaced: Mapping[Instruction, Instruction] | None = None,
) -> Lines:
    """For a step of a loop: what is made ahead is shared, the statements are its own."""
    constants = lines.names.constants
    assert constants is not None
    names = lines.names.within(replaced or {}, rows, constants)
    return Lines(names, lines.ahead, [], lines.static, lines.ones, lines.of_a_step, frozenset(name for name, _ in told))


def _one_step(lines: Lines) -> Rows:
    return lambda value: [] if value.extent == Extent.SHARED else [lines.names.batch]


def _parts(
    lines: Lines, body: Sequence[Instruction], outs: Mapping[Instruction, str], stored: Iterable[Instruction], order: str
) -> list[tuple[str, str]]:
    """The places in the rows of packs that are kept for all steps, cut ahead."""
    found = []
    for pack in packs_of(body, outs).values():
        if pack.whole not in outs or pack.whole not in stored:
            continue
        for place in range(len(pack.members)):
            first, end = (lines.names.size(own) for own in pack.span(place))
            slot = slot_of(outs[pack.whole], place)
            name, memory = f"l{slot}", f"w{pack.whole.target[1:]}"
            shape = lines.names.shape(pack.whole, [lines.names.steps, lines.names.batch])
            text = f"list({memory}.reshape({shape})[..., {first}:{end}]{order})"
            found.append((slot, lines.there(name, text)))
    return found


def _cut(lines: Lines, part: Instruction) -> str:
    """The rows of a part of something that is kept for all steps, cut ahead."""
    (base,) = part.arguments
    first, end = (lines.names.operand(operand) for operand in part.operands[1:])
    shape = lines.names.shape(base, [lines.names.steps, lines.names.batch])
    return lines.there(f"l{part.target}", f"list(w{base.target[1:]}.reshape({shape})[..., {first}:{end}])")


def _by_row(value: Instruction, loop: Loop) -> bool:
    """Whether it is there for all steps, and a step reads its own row of it."""
    return value.extent == Extent.STEPS and value not in [carry.leaf for carry in loop.carries]


def _listed(lines: Lines, value: Instruction, order: str = "") -> str:
    """The rows of a value, cut ahead where it is there ahead."""
    name = lines.names.operand(value)
    return _list(lines, value, name, order)


def _list(lines: Lines, value: Instruction, name: str, order: str = "") -> str:
    shape = lines.names.shape(value, [lines.names.steps, lines.names.batch])
    rows = f"{name}.reshape({shape}){order}"
    back = "b" if order else ""
    return lines.there(f"l{back}{name}", f"list({rows})") if name in lines.static else rows


def _repeated(pairs: Sequence[tuple[str, str]], statements: Sequence[str]) -> list[str]:
    if len(pairs) == 1:
        head = f"for {pairs[0][0]} in {pairs[0][1]}:"
    else:
        head = f"for {', '.join(name for name, _ in pairs)} in zip({', '.join(rows for _, rows in pairs)}):"
    return [head, *(INDENT + line for line in statements)]
