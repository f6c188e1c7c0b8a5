"""A difference that can be read: one entry, after a few steps of a small network, in small rational numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

from derive.derivation import Derivation
from derive.explicit import sizes_for
from derive.indices import by_name
from derive.run import Form
from verify.generated.code import Code
from verify.jets.claims import Compared, Point, entry_by_entry, of_gradients, of_lags
from verify.jets.field import Element, Rationals
from verify.jets.free import Free
from verify.jets.generated import of_code
from verify.verdicts import Witness

_STEPS, _SEEDS = (1, 2, 3, 4, 5), (0, 1)
_READABLE = 40


@dataclass
class Small:
    """All claims of a derivation, entry by entry; what was computed is kept for the next claim."""

    derivation: Derivation
    forms: tuple[Form, ...]
    code: Code | None = None
    known: dict[tuple[int, int], dict[tuple[str, str], Compared]] = field(default_factory=dict)

    def witness(self, claim: str, form: str) -> Witness | None:
        """The first entry that differs, after as few steps as possible; None where none does."""
        for steps, seed in product(_STEPS, _SEEDS):
            found = self.drawn(steps, seed).get((claim, form))
            where = _differing(found) if found else None
            if found and where is not None:
                row, col = divmod(where, found.shape[1])
                told = f"entry ({row + 1}, {col + 1}), {self._told(steps)}"
                return Witness(told, _shown(found.ours[where]), _shown(found.truth[where]))
        return None

    def drawn(self, steps: int, seed: int) -> dict[tuple[str, str], Compared]:
        """Everything that there is to compare after so many steps; nothing where something is divided by zero."""
        if (steps, seed) not in self.known:
            self.known[steps, seed] = self._compared(steps, seed)
        return self.known[steps, seed]

    def _compared(self, steps: int, seed: int) -> dict[tuple[str, str], Compared]:
        model = self.derivation.model
        point = Point(model, sizes_for(model, steps), Free(Rationals(seed)), entry_by_entry)
        try:
            found = [*of_gradients(point, self.derivation, self.forms), *of_lags(point, self.derivation)]
            if self.code is not None:
                found += of_code(point, self.code)
        except ZeroDivisionError:
            return {}
        return {(compared.claim, compared.form): compared for compared in found}

    def _told(self, steps: int) -> str:
        sizes = by_name(sizes_for(self.derivation.model, steps))
        told = ", ".join(f"{name} = {size}" for name, size in sizes.items())
        return f"at {told}, with small numbers for everything that is free"


def _differing(found: Compared) -> int | None:
    pairs = zip(found.ours, found.truth, strict=True)
    return next((position for position, (ours, truth) in enumerate(pairs) if ours != truth), None)


def _shown(number: Element) -> str:
    """A fraction; where that is too long to be read, its digits."""
    text = str(number)
    return text if len(text) <= _READABLE else f"{int(number.p) / int(number.q):.17g}"
