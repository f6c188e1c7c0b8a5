"""How long a check will take and how much memory: work that would never end is refused before it starts.

The constants are measured on two cores and rough; they decide between minutes and days, not between minutes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import sympy as sp

from derive.errors import InputError
from derive.expr import Var
from derive.indices import N_OUTPUT, N_STATE, T, value

if TYPE_CHECKING:
    from derive.model import Model

SECONDS = 1200.0
BYTES = 4e9
_WINDOW = 48  # of the last steps, all forms and lags are judged; of the whole sequence only the adjoint sweep
_POINTS = 256  # perturbed at a time
_TAPES = 16  # numbers kept for each quantity of a step, where all steps are kept
_COMPLEX = 16  # bytes
_PER_BYTE = 5e-10  # seconds to make and read a byte
_PER_PRODUCT = 4e-10  # seconds to multiply two numbers in a matrix product, and for what goes with it
_PER_STEP = 2e-3  # seconds that an oracle needs for a step of the whole sequence, however small the network
_PER_PAIR = {"autograd_reverse": 6e-7}  # seconds for each pair of steps: a tape of T steps, with sums as long
_UNITS = ((31556952.0, "years"), (86400.0, "days"), (3600.0, "hours"), (60.0, "minutes"), (1.0, "seconds"))


@dataclass(frozen=True)
class Work:
    """A check of ``steps`` steps, after the ``source`` steps of an encoder: numbers in all parameters, in those of the
    cell, and in one step's quantities.  ``thorough``: every oracle judges the lags, not forward mode alone."""

    steps: int
    source: int
    batch: int
    hidden: int
    entries: int
    cell_entries: int
    per_step: int
    oracles: int
    per_pair: float
    thorough: bool

    @property
    def length(self) -> int:
        return self.steps + self.source

    @property
    def window(self) -> int:
        """How many steps are judged in all forms; an encoder and its decoder are, whole."""
        return self.length if self.source else min(self.steps, _WINDOW)

    @property
    def bytes(self) -> float:
        """Of the largest pass: a copy of the weights for each point, for the lags at each step, and what it remembers.

        Of many points a pass remembers two steps, and writes a third; a tape, and the few problems that are computed
        side by side to measure rounding, have all steps.
        """
        copies = _POINTS * (self.window if self.thorough else 1) * self.hidden**2
        remembered = (3 * min(_POINTS, self.entries) + _TAPES * self.length) * self.batch * self.per_step
        rows = self.length * self.entries + self.window**2 * self.cell_entries
        return float(_COMPLEX * (2 * copies + remembered + rows))

    @property
    def seconds(self) -> float:
        copies = self.cell_entries * self.window**2 * self.hidden**2 if self.thorough else 0
        products = (self.window * self.cell_entries) ** 2  # of all steps' matrices with the tangents of all copies
        remembered = self.entries * self.length * self.batch * self.per_step
        moved = _PER_BYTE * _COMPLEX * (copies + remembered)
        passes = self.oracles * (1 + self.entries / _POINTS)
        per_step = _PER_STEP * self.length * passes + self.per_pair * self.length**2
        return moved + _PER_PRODUCT * products + per_step

    @property
    def fits(self) -> bool:
        return self.seconds <= SECONDS and self.bytes <= BYTES

    @property
    def longest(self) -> int:
        """The most steps that fit; 0 when not even one does."""
        low, high = 0, self.steps
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if replace(self, steps=middle).fits else (low, middle - 1)
        return low

    def __str__(self) -> str:
        size, unit = next((pair for pair in _UNITS if self.seconds >= 2 * pair[0]), _UNITS[-1])
        return f"about {self.seconds / size:,.0f} {unit} and {self.bytes / 1e9:,.1f} GB"


def refuse_endless(
    model: Model,
    sizes: Mapping[sp.Symbol, int],
    batch: int,
    oracles: Sequence[str],
    where: str,
    *,
    thorough: bool = True,
) -> None:
    """Raises InputError for a check that would take more than minutes, with the length that would do.

    ``thorough`` is that of the ``Subject``: whether the oracles were asked for by name.
    """
    work = _work(model, sizes, batch, oracles, thorough)
    if work.fits:
        return
    longest = work.longest
    mend = f"take at most {longest} steps" if longest else "take a smaller state, fewer parameters or a smaller batch"
    if work.source and not longest:
        mend += ", or a shorter sequence for the encoder"
    other = ", or name only an --oracle that is not reverse mode" if replace(work, per_pair=0.0).fits else ""
    named = ", ".join(f"{symbol.name}={number}" for symbol, number in sizes.items())
    raise InputError(f"a check at {named}, batch={batch} would take {work}", where, mend + other)


def _work(model: Model, sizes: Mapping[sp.Symbol, int], batch: int, oracles: Sequence[str], thorough: bool) -> Work:
    def count(variables: Sequence[Var]) -> int:
        return sum(value(v.shape[0], sizes) * value(v.shape[1], sizes) for v in variables)

    return Work(
        steps=sizes[T], source=sum(sizes.get(phase.length, 0) for phase in model.phases[:-1]),
        batch=batch, hidden=sizes[N_STATE],
        entries=count(model.parameters), cell_entries=count(model.recurrent_parameters),
        per_step=len(model.cell.equations) * sizes[N_STATE] + 3 * sizes[N_OUTPUT],
        oracles=len(oracles),
        per_pair=max((_PER_PAIR.get(name, 0.0) for name in oracles), default=0.0),
        thorough=thorough,
    )  # fmt: skip
