"""One function for loss and gradient, made ready for some sizes: memory, views and rows are there before it is called.

    def bind(n0, n1, …, kind, room):
        w7 = room(7, (n0 * n1, n3,))         # ahead: depends on the sizes alone
        …
        def whole(v5, v9, …):                # what is given
            …
            return (…)
        return whole

A value that is written into memory made ahead goes by the name of that memory.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from derive.compiled.bound.backward import backward
from derive.compiled.bound.forward import forward
from derive.compiled.bound.lines import Lines
from derive.compiled.bound.rows import INDENT
from derive.compiled.bound.segment import Segment
from derive.compiled.emit import Names
from derive.compiled.reduction import STEPS
from derive.compiled.three_address import Extent
from derive.compiled.whole import Whole
from derive.indices import T


def bound_source(whole: Whole, sizes: Mapping[sp.Symbol, str]) -> str:
    """The source of ``bind``; the function within returns the values of ``whole.results``, the loss first."""
    names = Names({STEPS: sizes[T], **sizes}, constants={}, workspace=True)
    lines = Lines(names, of_a_step=frozenset(carry.leaf for carry in whole.roots.sent))
    _straight(lines, whole, "before")
    forward(lines, whole)
    _straight(lines, whole, "between")
    backward(lines, whole)
    _straight(lines, whole, "after")
    results = "".join(names.operand(value) + ", " for value in whole.results)
    constants = [f"{name} = array({number}, kind)" for number, name in (names.constants or {}).items()]
    given = ", ".join(read.target for read in whole.reads)
    inner = [f"def whole({given}):", *(INDENT + line for line in [*lines.own, f"return ({results})"])]
    head = f"def bind({', '.join([*sizes.values(), 'kind', 'room'])}):"
    return "\n".join([head, *(INDENT + line for line in [*constants, *lines.ahead, *inner, "return whole"]), ""])


def _straight(lines: Lines, whole: Whole, part: str) -> None:
    """Statements outside of the loops.  What the caller gets is new memory."""
    often = [own for own in whole.read_by_steps if own.operation == "transpose" and own.extent == Extent.SHARED]
    Segment(lines, getattr(whole, part), lines.rows, whole.used_after(part), {}, whole.leaving, often).write()
