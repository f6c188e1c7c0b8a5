"""The dimensions of a trained network, solved from the shapes of its arrays: n, m, q, each with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import sympy as sp

from derive.errors import InputError
from derive.indices import value
from verify.readers._checks import shown, where
from verify.readers._kinds import Width

_MEND = "give the weights of this cell, in PyTorch's layout: a gru stacks 3 gates, an lstm 4"


@dataclass
class Dimensions:
    """The dimensions that shapes have fixed so far, each with the key that fixed it."""

    path: Path
    sizes: dict[sp.Symbol, int] = field(default_factory=dict)
    reasons: dict[sp.Symbol, str] = field(default_factory=dict)

    def add(self, key: str, found: tuple[int, ...], expected: tuple[sp.Expr, ...]) -> None:
        """Solve ``found == expected`` for what is not known yet.  Raises InputError for a contradiction."""
        before = dict(self.reasons)
        if len(found) != len(expected):
            raise self._contradiction(key, found, expected, before)
        for number, size in zip(found, expected, strict=True):
            rest = size.xreplace({symbol: sp.Integer(known) for symbol, known in self.sizes.items()})
            for symbol in rest.free_symbols:  # one at most, for the shapes of any cell so far
                solution = sp.solve(rest - number, symbol)
                if len(solution) != 1 or not solution[0].is_integer:
                    raise self._contradiction(key, found, expected, before)
                self.sizes[symbol] = int(solution[0])
                self.reasons[symbol] = f"{shown(key)} {found} makes {symbol} = {solution[0]}"
            if value(size, self.sizes) != number:
                raise self._contradiction(key, found, expected, before)

    def _contradiction(
        self, key: str, found: tuple[int, ...], expected: tuple[sp.Expr, ...], before: Mapping[sp.Symbol, str]
    ) -> InputError:
        symbols = sorted({symbol for size in expected for symbol in size.free_symbols}, key=str)
        reasons = "; ".join(before[symbol] for symbol in symbols if symbol in before)
        known = {symbol: sp.Integer(self.sizes[symbol]) for symbol in symbols if symbol in self.sizes}
        wanted = " = ".join(dict.fromkeys((shape_text(expected), shape_text(e.xreplace(known) for e in expected))))
        return InputError(
            f"has shape {found}, expected {wanted}" + (f", since {reasons}" if reasons else ""),
            where(self.path, key), _MEND,
        )  # fmt: skip

    def width(self, size: sp.Expr) -> Width:
        reasons = (self.reasons[symbol] for symbol in size.free_symbols)
        return Width(value(size, self.sizes), "; ".join(reasons))


def shape_text(sizes: Iterable[sp.Expr]) -> str:
    texts = [str(size) for size in sizes]
    return f"({texts[0]},)" if len(texts) == 1 else f"({', '.join(texts)})"
