"""Instructions as Python source: one statement an instruction, in generated names, into NumPy.

Within a loop over the steps, ``v7`` of all steps is ``r7`` of one; a value that is kept is written into its row ``o7``.
An intermediate that is not needed again is overwritten.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import sympy as sp
from sympy.printing.pycode import pycode

from derive.compiled.buffers import FUNCTIONS, PRODUCTS, in_workspace, placed
from derive.compiled.reduction import BATCH, STEPS
from derive.compiled.scalars import COMPARISONS
from derive.compiled.three_address import Extent, Instruction, Operand

TEMPLATES = {
    "dot": "{0}.dot({1})",
    "matmul": "matmul({0}, {1})",
    "transpose": "{0}.swapaxes(-1, -2)",
    "total": "add.reduce({0}, axis=-1, keepdims=True)",
    "highest": "maximum.reduce({0}, axis=-1, keepdims=True)",
    "where": "where({0}, {1}, {2})",
    "as_column": "{0}[..., None]",
    "as_row": "{0}[..., None, :]",
    "first_column": "{0}[..., 0]",
    "first_row": "{0}[..., 0, :]",
    "eye": "eye({0}, dtype=kind)",
    "part": "{0}[..., {1}:{2}]",
    "part_of_rows": "{0}[..., {1}:{2}, :]",
    "entry": "{0}[..., {1}, {2}][..., None]",
    "joined": "joined({all})",
    "blocks": "blocks({all})",
    "kron": "kron({0}, {1})",
    "vec": "{0}.swapaxes(-1, -2).reshape((*{0}.shape[:-2], {1}))",
    "commutation": "commutation({0}, {1}, kind)",
    "last": "{0}[-{batch}:]",
    "over_rows": "add.reduce({0}, axis=-2)",
    "over_matrices": "add.reduce({0}, axis=-3)",
    "gram": "{0}.T.dot({1})",
    "copy": "{0}.copy()",
    **{name: name + "({0}, {1})" for name in COMPARISONS},
}
WITH_COLUMNS = {**TEMPLATES, "dot": "matmul({0}, {1})", "gram": "matmul({0}.swapaxes(-1, -2), {1})"}
"""Where there may be more axes in front of the rows."""


@dataclass
class Names:
    """What instructions and sizes are called, in a function or in its loop."""

    sizes: Mapping[sp.Symbol, str]
    columns: bool = False
    of: dict[Instruction, str] = field(default_factory=dict)
    replaced: Mapping[Instruction, Instruction] = field(default_factory=dict)
    """What some reads stand for."""
    constants: dict[str, str] | None = None
    """In a loop: what numbers are called.  NumPy takes an array without axes faster than a number of Python's."""
    workspace: bool = False
    """Whether ``room(7, shape)`` gives memory that is kept between calls."""
    rooms: dict[str, str] | None = None
    """In a loop: memory for the values of a step, by name, with what has to stand before the loop."""

    def size(self, expr: sp.Expr) -> str:
        expr = sp.sympify(expr)
        return pycode(expr.xreplace({symbol: sp.Symbol(name) for symbol, name in self.sizes.items()}))

    def operand(self, operand: Operand) -> str:
        if not isinstance(operand, Instruction):
            return operand if isinstance(operand, str) else self.size(operand)
        operand = self.replaced.get(operand, operand)
        if not operand.is_number:
            return self.of.get(operand, operand.target)
        text = self._number(operand.operands[0])
        return text if self.constants is None else self.constants.setdefault(text, f"c{len(self.constants)}")

    def _number(self, expr: Operand) -> str:
        assert isinstance(expr, sp.Expr)
        return f"({self.size(expr)})" if expr.free_symbols else _shown(float(expr))

    def shape(self, value: Instruction, rows: Sequence[str]) -> str:
        """The shape of an array with so many rows."""
        own = [self.size(value.width)] if value.is_vector else [self.size(size) for size in value.shape]
        return f"({', '.join([*rows, *own])},)"

    def within(
        self, replaced: Mapping[Instruction, Instruction], rows: Iterable[Instruction], constants: dict[str, str]
    ) -> Names:
        """For a step of a loop, in which some values are rows of what is there for all steps."""
        of = self.of | {value: row(value) for value in rows}
        return Names(self.sizes, self.columns, of, replaced, constants, self.workspace, {} if self.workspace else None)

    def empty(self, value: Instruction, rows: Sequence[str]) -> str:
        """New memory for the values of so many rows, or that of the last call."""
        shape = self.shape(value, rows)
        return f"room({value.target[1:]}, {shape})" if self.workspace else f"empty({shape}, kind)"

    def room(self, value: Instruction) -> str:
        """Where a value without a place goes; "" where NumPy makes the memory.  In a loop it is there before it."""
        if not self.workspace or self.columns or not in_workspace(value):
            return ""
        if self.rooms is None:
            rows = [f"{self.steps} * {self.batch}"] if value.extent == Extent.STEPS else [self.batch]
            return self.empty(value, rows)
        name = "w" + value.target[1:]
        self.rooms[name] = self.empty(value, [self.batch])
        return name

    @property
    def steps(self) -> str:
        return self.sizes[STEPS]

    @property
    def batch(self) -> str:
        return self.sizes[BATCH]


def row(value: Instruction) -> str:
    """A value at the running step."""
    return "r" + value.target[1:]


def _shown(number: float) -> str:
    """As Python writes it; inf and nan are NumPy's names for them too."""
    return repr(number) if number >= 0 else f"({number!r})"


def expression(instruction: Instruction, names: Names, out: str = "") -> str:
    """The right-hand side of a statement; ``out`` is where the result goes, for a function that can be told."""
    operands = [names.operand(operand) for operand in instruction.operands]
    if instruction.operation == "blocks":
        operands[0] = str(instruction.operands[0])
    if instruction.operation in FUNCTIONS:
        return f"{instruction.operation}({', '.join([*operands, *([out] if out else [])])})"
    if instruction.operation == "full":
        number = instruction.arguments[0]
        return f"full({names.shape(number, [])}, {operands[0]}, kind)"
    if instruction.operation == "in_rows":
        return f"broadcast_to({operands[0]}, {names.shape(instruction, [names.batch])})"
    if instruction.operation == "where":
        operands[1:] = _typed(instruction.arguments[1:], operands[1:]) if names.constants is None else operands[1:]
    templates = WITH_COLUMNS if names.columns else TEMPLATES
    text = templates[instruction.operation].format(*operands, all=", ".join(operands), batch=names.batch)
    return f"{text[:-1]}, {out})" if out and instruction.operation == "dot" and not names.columns else text


def _typed(values: Iterable[Instruction], texts: list[str]) -> list[str]:
    """Two numbers to choose between: they have no precision of their own."""
    return [f"kind.type({text})" for text in texts] if all(value.is_number for value in values) else texts


@dataclass(frozen=True)
class Body:
    """Statements to be written: ``kept`` are needed afterwards, ``rows`` names where some values are to be written."""

    instructions: Sequence[Instruction]
    kept: Collection[Instruction]
    rows: Mapping[Instruction, str] = field(default_factory=dict)
    prefix: str = "v"

    def statements(self, names: Names) -> list[str]:
        places = placed(self.instructions, {*self.kept, *names.replaced.values()}, self.rows)
        lines: list[str] = []
        for instruction in self.instructions:
            own = places.get(instruction)
            out = self.rows.get(instruction, "")
            if own is not None and own.over is not None:
                out = names.operand(own.over)
            elif own is not None and not (own.buffer.leaves and names.rooms is not None):
                out = names.room(instruction)
            name = self.prefix + instruction.target[1:]
            lines += _assigned(name, instruction, names, out, in_row=instruction in self.rows)
            names.of[instruction] = name
        return lines


def _assigned(name: str, instruction: Instruction, names: Names, out: str, in_row: bool) -> list[str]:
    takes = instruction.operation in FUNCTIONS or (instruction.operation in PRODUCTS and not names.columns)
    if in_row and not takes:
        return [f"{name} = {out}", f"{name}[...] = {expression(instruction, names)}"]
    return [f"{name} = {expression(instruction, names, out if takes else '')}"]
