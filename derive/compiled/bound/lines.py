"""The source of a function that is made ready for some sizes, as it grows; and the text of one instruction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from derive.compiled.buffers import FUNCTIONS, PRODUCTS
from derive.compiled.emit import Names, expression
from derive.compiled.three_address import Extent, Instruction

VIEWS = frozenset({
    "transpose", "as_column", "as_row", "first_column", "first_row", "part", "part_of_rows", "last", "in_rows",
})  # fmt: skip
"""What only looks at an array in another way."""
REDUCTIONS = {
    "total": "add.reduce({0}, -1, None, {out}, True)",
    "highest": "maximum.reduce({0}, -1, None, {out}, True)",
}
SUMS = frozenset({"gram", "over_rows"})
MADE = FUNCTIONS | PRODUCTS | SUMS | {*REDUCTIONS}
"""What can be written into memory that is there; products and sums only where it has no gaps."""


@dataclass
class Lines:
    """``ahead`` is run once for some sizes, ``own`` at every call."""

    names: Names
    ahead: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    static: set[str] = field(default_factory=set)
    """The names that are there ahead."""
    ones: dict[str, str] = field(default_factory=dict)
    of_a_step: frozenset[Instruction] = frozenset()
    """What a loop hands on: it has the rows of one step only."""
    told: frozenset[str] = frozenset()
    """In a loop: what it goes through, cut ahead."""

    def there(self, name: str, text: str) -> str:
        """Something that is made ahead."""
        if name not in self.static:
            self.ahead.append(f"{name} = {text}")
            self.static.add(name)
        return name

    def room(self, value: Instruction, rows: Sequence[str], prefix: str = "w") -> str:
        """Memory for a value of so many rows."""
        number = value.target[1:]
        return self.there(prefix + number, f"room({number}, {self.names.shape(value, rows)})")

    def rows(self, value: Instruction) -> list[str]:
        """How many rows a value has outside of the loops."""
        names = self.names
        if value.extent == Extent.SHARED:
            return []
        of_all = value.extent == Extent.STEPS and value not in self.of_a_step
        return [f"{names.steps} * {names.batch}" if of_all else names.batch]

    def by_step(self, value: Instruction) -> str:
        """All rows of a value, with an axis for the steps."""
        name = self.names.operand(value)
        text = f"{name}.reshape({self.names.shape(value, [self.names.steps, self.names.batch])})"
        return self.there(f"b{name}", text) if name in self.static else text

    def is_static(self, value: Instruction) -> bool:
        return self.names.operand(value) in self.static

    def is_ahead(self, value: Instruction) -> bool:
        """Whether a value is a number everywhere, or only another look at what is there ahead: then it is, too."""
        is_view = value.operation in VIEWS and all(map(self.is_static, value.arguments))
        if not is_view and value.operation != "full":
            return False
        self.names.of[value] = self.there("v" + value.target[1:], expression(value, self.names))
        return True

    def text(self, value: Instruction, out: str = "") -> str:
        """The right-hand side, written into ``out`` where that is not empty."""
        operands = [self.names.operand(operand) for operand in value.operands]
        behind = f", {out}" if out else ""
        if value.operation in REDUCTIONS:
            return REDUCTIONS[value.operation].format(*operands, out=out or None)
        if value.operation == "gram":
            return f"{self._turned(operands[0])}.dot({operands[1]}{behind})"
        if value.operation == "over_rows":
            return f"{self._ones(value.arguments[0])}.dot({operands[0]}{behind})"
        return expression(value, self.names, out)

    def _turned(self, name: str) -> str:
        return self.there(f"{name}T", f"{name}.T") if name in self.static else f"{name}.T"

    def _ones(self, value: Instruction) -> str:
        """A sum over rows is a product with ones, which BLAS computes."""
        rows = " * ".join(self.rows(value))
        return self.there(self.ones.setdefault(rows, f"k{len(self.ones)}"), f"ones({rows}, kind)")
