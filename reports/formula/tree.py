"""The presentation-math tree: what a formula *looks like*, and nothing about what it means.

One tree feeds every emitter, so a formula is written once and reads the same in LaTeX, Typst and a terminal.
Operators are plain atoms inside a `Row`; the spacing around them comes from their kind in the symbol table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Style = Literal["italic", "upright", "bold"]
Mark = Literal["bar", "hat", "tilde"]


@dataclass(frozen=True)
class Formula:
    """Base of all nodes; only there to be dispatched on."""


@dataclass(frozen=True)
class Atom(Formula):
    """An identifier, number or operator: a key of the symbol table, or a literal (multi-letter: upright)."""

    name: str
    style: Style = "italic"


@dataclass(frozen=True)
class Words(Formula):
    """Ordinary text inside mathematics, printed exactly as given (bring your own spaces)."""

    text: str


@dataclass(frozen=True)
class Row(Formula):
    """Items side by side: juxtaposition is multiplication, operators space themselves."""

    items: tuple[Formula, ...]


@dataclass(frozen=True)
class Script(Formula):
    """A base with a subscript, a superscript or both."""

    base: Formula
    sub: Formula | None = None
    sup: Formula | None = None


@dataclass(frozen=True)
class Frac(Formula):
    """A fraction; derivatives ∂f/∂x are fractions too."""

    num: Formula
    den: Formula


@dataclass(frozen=True)
class Big(Formula):
    """A sum or product sign with limits, and the body it governs."""

    op: Literal["sum", "prod"]
    lo: Formula | None
    hi: Formula | None
    body: Formula


@dataclass(frozen=True)
class Paren(Formula):
    """Delimiters that grow with their body."""

    body: Formula
    left: str = "("
    right: str = ")"


@dataclass(frozen=True)
class Norm(Formula):
    """‖body‖."""

    body: Formula


@dataclass(frozen=True)
class Matrix(Formula):
    """A matrix in parentheses, row by row."""

    rows: tuple[tuple[Formula, ...], ...]

    def __post_init__(self) -> None:
        widths = {len(cells) for cells in self.rows}
        if len(widths) != 1 or 0 in widths:
            raise ValueError(f"a matrix needs rows of one non-zero length, not of lengths {sorted(widths)}")


@dataclass(frozen=True)
class Stacked(Formula):
    """One formula on several lines, where it is too wide for one: inside parentheses, in a cell of a matrix."""

    lines: tuple[Formula, ...]


@dataclass(frozen=True)
class Role(Formula):
    """A body coloured by the part it plays; the roles are listed in `reports.formula.symbols.ROLES`."""

    body: Formula
    role: str


@dataclass(frozen=True)
class Boxed(Formula):
    """A body in a frame."""

    body: Formula


@dataclass(frozen=True)
class Under(Formula):
    """A body with a brace and a note beneath it."""

    body: Formula
    note: Formula


@dataclass(frozen=True)
class Accent(Formula):
    """A body under a bar, hat or tilde."""

    body: Formula
    mark: Mark


@dataclass(frozen=True)
class Call(Formula):
    """A function applied to arguments: f(a, b)."""

    function: Formula
    args: tuple[Formula, ...]


Like = Formula | str | int


def as_formula(value: Like) -> Formula:
    """A formula as it is; a string or number as an atom."""
    return value if isinstance(value, Formula) else Atom(str(value))


def row(*values: Like) -> Formula:
    """Formulas, symbol names and numbers side by side; a single one stays itself."""
    items = tuple(as_formula(value) for value in values)
    return items[0] if len(items) == 1 else Row(items)
