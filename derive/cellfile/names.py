"""Which names a cell file may give, and to one thing only."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass, field

from derive.cellfile.document import Document
from derive.cellfile.positions import Place
from derive.cellfile.source import shown
from derive.errors import InputError
from derive.functions import ACTIVATIONS, exp, log, reciprocal

KNOWN_FUNCTIONS = {**ACTIVATIONS, **{function.name: function for function in (exp, log, reciprocal)}}
NODES = ("softmax", "ones", "eye")
"""What an equation calls besides elementwise functions."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*")
_TITLE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_LONGEST = 30
_RESERVED = {"t": "the time", "T": "the number of steps", **dict.fromkeys((*KNOWN_FUNCTIONS, *NODES), "a function")}
"""Sizes are not among them: the candidate of the GRU is called n, and no place can hold both."""
_ALLOWED_KEYWORDS = ("lambda",)  # a Greek letter first


@dataclass
class Names:
    """The names that are taken, and where."""

    document: Document
    taken: dict[str, int] = field(default_factory=dict)

    def claim(self, name: str, offset: int) -> None:
        """Raises InputError for a name that is no name, means something else, or is taken."""
        if not _NAME.fullmatch(name) or len(name) > _LONGEST:
            mend = f"use up to {_LONGEST} ASCII letters and digits with single _ between, such as W_h or lambda"
            raise self._error(offset, f"'{shown(name)}' is not a name", mend)
        if keyword.iskeyword(name) and name not in _ALLOWED_KEYWORDS:
            raise self._error(offset, f"'{name}' is a word of Python", "choose another name")
        if name in _RESERVED:
            raise self._error(offset, f"'{name}' is the name of {_RESERVED[name]}", "choose another name")
        if name in self.taken:
            other = self.document.source.position(self.taken[name])
            raise self._error(offset, f"two things have the name '{name}', the other in {other}", "rename one of them")
        self.taken[name] = offset

    def key(self, place: Place) -> None:
        """Claim the name that a key of the document gives."""
        self.claim(str(place[-1]), self.document.positions.at(place))

    def free_of_initial_states(self, states: tuple[str, ...]) -> None:
        """h_0 is the value of h before the first step; its gradient is printed under that name."""
        for name in states:
            if f"{name}_0" in self.taken:
                what = f"'{name}_0' is the name of the state {name} before the first step"
                raise self._error(self.taken[f"{name}_0"], what, "choose another name")

    def _error(self, offset: int, what: str, mend: str) -> InputError:
        return self.document.source.error(offset, what, mend)


def label(document: Document, place: Place, default: str | None = None) -> str:
    """The name of a cell or of a variant, which also names files."""
    text = document.line(place, default)
    if text and (not _TITLE.fullmatch(text) or len(text) > _LONGEST):
        mend = f"use up to {_LONGEST} ASCII letters, digits, - and _, such as minimal-gated"
        raise document.error(place, f"'{shown(text)}' is not a name", mend)
    return text
