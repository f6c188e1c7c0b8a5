"""How people name the parts of a vanilla network: a few schemes, each of one school, and what all of them share.

The keys are a letter with what stands in its subscript and is no index: ``W_hh``.  A caret marks an accent, ``y^`` for
ŷ.  Which scheme a file follows is guessed from the names in it, and printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from derive.errors import InputError
from derive.model import Model
from verify.check.naming import split
from verify.check.quantities import Quantity, own_names, roles
from verify.check.reading.tree import Name
from verify.check.vocabulary import is_name, known_as

Names = Mapping[str, str]
"""From a name to a role of ``quantities.roles``."""
Table = Mapping[str, Quantity]

EVERYWHERE: Names = {
    "h": "state", "x": "source", "L": "total", "J": "total", "E": "total", "ℓ": "loss", "l": "loss", "y": "target",
    "w": "recurrent", "θ": "recurrent",
}  # fmt: skip


@dataclass(frozen=True)
class Scheme:
    """``title`` says whose it is."""

    title: str
    names: Names


_OF_THIS: Names = {
    "W_h": "recurrent", "w_h": "recurrent", "W": "recurrent", "W_i": "input", "w_i": "input", "u": "input",
    "W_o": "output", "w_o": "output", "b": "bias", "b_h": "bias", "b_o": "bias_out", "s": "score", "o": "out",
}  # fmt: skip
_DOUBLE: Names = {
    "W_hh": "recurrent", "W_xh": "input", "W_hx": "input", "W_ih": "input", "W_x": "input", "W_hy": "output",
    "W_yh": "output", "W_ho": "output", "W_oh": "output", "W_o": "output", "W_y": "output", "W_qh": "output",
    "W_hq": "output", "b_h": "bias", "b": "bias", "b_y": "bias_out", "b_o": "bias_out", "b_q": "bias_out",
    "z": "inside",
}  # fmt: skip
_SINGLE: Names = {
    "U": "input", "W": "recurrent", "V": "output", "b": "bias", "c": "bias_out", "b_o": "bias_out", "z": "inside",
    "y^": "out",
}  # fmt: skip

SCHEMES = (
    Scheme("W_h, W_i, W_o (this project; Zhang et al. with small letters)", {**_OF_THIS, "z": "inside"}),
    Scheme("W_h, W_i, W_o with pre-activations a", {**_OF_THIS, "a": "inside", "z": "score"}),
    Scheme("W_hh, W_xh, W_hy", {**_DOUBLE, "a": "inside", "s": "score", "o": "score", "y^": "out", "p": "out"}),
    Scheme("W_hh, W_xh, W_hy with the output o (Zhang et al.)", {**_DOUBLE, "a": "inside", "s": "score", "o": "out"}),
    Scheme(
        "W_hh, W_xh, W_hy with scores y, probabilities p and targets k",
        {**_DOUBLE, "a": "inside", "y": "score", "p": "out", "k": "target"},
    ),
    Scheme("U, W, V with pre-activations a (Goodfellow, Bengio & Courville)", {
        **_SINGLE, "a": "inside", "o": "score",
    }),
    Scheme("U, W, V with pre-activations a and the output o", {**_SINGLE, "a": "inside", "s": "score", "o": "out"}),
    Scheme("U, W, V with states s", {**_SINGLE, "s": "state", "o": "score"}),
    Scheme("U, W, V with states s and scores z", {**_SINGLE, "s": "state", "z": "score"}),
    Scheme("W for the input, U for the state", {**_SINGLE, "W": "input", "U": "recurrent", "o": "score"}),
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """One way to take the names of a file; ``missing`` are those that it does not know, ``used`` those that it does."""

    title: str
    table: Table
    missing: frozenset[str]
    used: frozenset[str]

    @property
    def doubled(self) -> int:
        """How many of the names used stand for what another one stands for: nobody has two letters for one thing."""
        return len(self.used) - len({self.table[name].letters for name in self.used})


LETTERS = frozenset("abcgδP")
"""Letters of the theory, which need no declaration where they have a step."""


def readings(model: Model, used: Sequence[Name], declared: Mapping[str, str]) -> Iterator[Reading]:
    """All schemes, those first that know most of the names used, and each for another thing.

    ``declared`` says what single names stand for: each for a role, or for a variable of the
    model by its own name.  Raises InputError for another.
    """
    own, by_role = own_names(model), roles(model)
    fixed = {plain(name): _meant(name, meant, own, by_role) for name, meant in declared.items()}
    found = []
    for scheme in SCHEMES:
        named = {name: by_role[role] for name, role in {**EVERYWHERE, **scheme.names}.items() if role in by_role}
        table = {**named, **own} if scheme is SCHEMES[0] else {**_of_all(own, model), **named}
        if "recurrent" not in by_role or len(model.main.equations) != 2:  # no vanilla cell: its own names
            table = {**named, **own}
        found.append(_reading(scheme.title, {**table, **fixed}, used))
    yield from sorted(found, key=lambda reading: len(reading.missing) + reading.doubled)


def plain(name: str) -> str:
    """W_{hh} as W_hh."""
    return name.replace("{", "").replace("}", "")


def _meant(name: str, meant: str, own: Table, by_role: Table) -> Quantity:
    chosen = by_role.get(meant) or own.get(plain(meant))
    if chosen is None:
        known = ", ".join(sorted({*by_role, *own}))
        raise InputError(f"'{name}' cannot stand for '{meant}': there is none", mend=f"choose one of: {known}")
    return next((role for role in by_role.values() if role.letters == chosen.letters), chosen)


def _of_all(own: Table, model: Model) -> dict[str, Quantity]:
    """What has the same name in all schools: the encoder's, and weights with words in their subscripts."""
    weights = {w.name for w in model.parameters if "_" in w.name}
    return {name: quantity for name, quantity in own.items() if "^" in name or name in weights}


def _reading(title: str, table: Table, used: Sequence[Name]) -> Reading:
    known = {*table, *LETTERS}
    keys = {name: known_as(name, known) for name in used if is_name(name)}
    missing = frozenset(name.base for name, key in keys.items() if not key)
    lone = {name: key for name, key in keys.items() if key in table}
    return Reading(title, table, missing, frozenset(_used(lone, table)))


def _used(keys: Mapping[Name, str], table: Table) -> Iterator[str]:
    """Those that are used as what they are in the table: b_t is no bias."""
    for name, key in keys.items():
        indices = split(name, table).indices
        if table[key].timed or not indices or len(indices) == 2 or key not in LETTERS:
            yield key
