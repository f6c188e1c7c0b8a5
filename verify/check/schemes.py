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

EVERYWHERE: Names = {"h": "state", "x": "source", "L": "total", "ℓ": "loss", "J": "total", "y": "target"}


@dataclass(frozen=True)
class Scheme:
    """``title`` says whose it is."""

    title: str
    names: Names


SCHEMES = (
    Scheme("W_h, W_i, W_o (this project; Zhang et al. with small letters)", {
        "W_h": "recurrent", "w_h": "recurrent", "w": "recurrent", "W": "recurrent", "θ": "recurrent", "W_i": "input",
        "w_i": "input", "u": "input", "W_o": "output", "w_o": "output", "b": "bias", "b_h": "bias", "b_o": "bias_out",
        "z": "inside", "s": "score", "o": "out", "y": "target",
    }),
    Scheme("W_hh, W_xh, W_hy", {
        "W_hh": "recurrent", "W_xh": "input", "W_hx": "input", "W_ih": "input", "W_x": "input", "W_hy": "output",
        "W_yh": "output", "W_ho": "output", "W_oh": "output", "W_o": "output", "W_y": "output", "b_h": "bias",
        "b": "bias", "b_y": "bias_out",
        "b_o": "bias_out", "z": "inside", "a": "inside", "s": "score", "o": "score", "y^": "out", "p": "out",
        "y": "target", "l": "loss",
    }),
    Scheme("W_hh, W_hx, W_qh with the output o (Zhang et al.)", {
        "W_hh": "recurrent", "W_hx": "input", "W_xh": "input", "W_qh": "output", "W_hq": "output", "b_h": "bias",
        "b_q": "bias_out", "z": "inside", "o": "out", "y": "target", "l": "loss",
    }),
    Scheme("U, W, V with pre-activations a (Goodfellow, Bengio & Courville)", {
        "U": "input", "W": "recurrent", "V": "output", "a": "inside", "b": "bias", "c": "bias_out", "o": "score",
        "y^": "out", "y": "target", "z": "inside",
    }),
    Scheme("U, W, V with states s", {
        "U": "input", "W": "recurrent", "V": "output", "s": "state", "o": "score", "y^": "out", "y": "target",
        "E": "total", "z": "inside", "b": "bias", "c": "bias_out",
    }),
    Scheme("W for the input, U for the state", {
        "W": "input", "U": "recurrent", "V": "output", "b": "bias", "c": "bias_out", "z": "inside", "o": "score",
        "y^": "out", "y": "target",
    }),
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """One way to take the names of a file; ``missing`` are those that it does not know, ``used`` those that it does."""

    title: str
    table: Table
    missing: frozenset[str]
    used: frozenset[str]


LETTERS = frozenset("abcgδP")
"""Letters of the theory, which need no declaration where they have a step."""


def readings(model: Model, used: Sequence[Name], declared: Mapping[str, str]) -> Iterator[Reading]:
    """All schemes, those first that know most of the names used; ``declared`` says what single names stand for.

    A declared name stands for a role, or for a variable of the model by its own name.  Raises InputError for another.
    """
    own, by_role = own_names(model), roles(model)
    fixed = {plain(name): _meant(name, meant, own, by_role) for name, meant in declared.items()}
    found = []
    for scheme in SCHEMES:
        named = {name: by_role[role] for name, role in {**EVERYWHERE, **scheme.names}.items() if role in by_role}
        table = {**named, **own} if scheme is SCHEMES[0] else {**_marked(own), **named}
        if "recurrent" not in by_role or len(model.main.equations) != 2:  # no vanilla cell: its own names
            table = {**named, **own}
        found.append(_reading(scheme.title, {**table, **fixed}, used))
    yield from sorted(found, key=lambda reading: len(reading.missing))


def plain(name: str) -> str:
    """W_{hh} as W_hh."""
    return name.replace("{", "").replace("}", "")


def _meant(name: str, meant: str, own: Table, by_role: Table) -> Quantity:
    chosen = by_role.get(meant) or own.get(plain(meant))
    if chosen is None:
        known = ", ".join(sorted({*by_role, *own}))
        raise InputError(f"'{name}' cannot stand for '{meant}': there is none", mend=f"choose one of: {known}")
    return next((role for role in by_role.values() if role.letters == chosen.letters), chosen)


def _marked(own: Table) -> dict[str, Quantity]:
    """The names of an encoder: they are the same in all schools."""
    return {name: quantity for name, quantity in own.items() if "^" in name and not name.endswith("^")}


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
