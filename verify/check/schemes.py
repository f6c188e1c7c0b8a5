"""How people name the parts of a vanilla network: a few schemes, each of one school, and what all of them share.

The keys are a letter with what stands in its subscript and is no index: ``W_hh``.  A caret marks an accent, ``y^`` for
ŷ.  Which scheme a file follows is guessed from the names in it, and printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from derive.model import Model
from verify.check.quantities import Quantity, own_names, roles

Names = Mapping[str, str]
"""From a name to a role of ``quantities.roles``."""
Table = Mapping[str, Quantity]

EVERYWHERE: Names = {"h": "state", "x": "source", "L": "total", "ℓ": "loss"}


@dataclass(frozen=True)
class Scheme:
    """``title`` says whose it is."""

    title: str
    names: Names


SCHEMES = (
    Scheme("W_h, W_i, W_o (this project; Zhang et al. with small letters)", {
        "W_h": "recurrent", "w_h": "recurrent", "w": "recurrent", "θ": "recurrent", "W_i": "input", "w_i": "input",
        "W_o": "output", "w_o": "output", "b_h": "bias", "b_o": "bias_out", "z": "inside", "s": "score", "o": "out",
        "y": "target",
    }),
    Scheme("W_hh, W_xh, W_hy", {
        "W_hh": "recurrent", "W_xh": "input", "W_hx": "input", "W_ih": "input", "W_x": "input", "W_hy": "output",
        "W_yh": "output", "W_ho": "output", "W_oh": "output", "W_y": "output", "b_h": "bias", "b_y": "bias_out",
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
    """One way to take the names of a file; ``missing`` are those that it does not know."""

    title: str
    table: Table
    missing: frozenset[str]


def readings(model: Model, used: frozenset[str], declared: Mapping[str, str]) -> Iterator[Reading]:
    """All schemes, those first that know most of the names used; ``declared`` says what single names stand for.

    A declared name stands for a role, or for a variable of the model by its own name.
    """
    own, by_role = own_names(model), roles(model)
    fixed = {name: by_role.get(meant) or own[meant] for name, meant in declared.items()}
    found = []
    for scheme in SCHEMES:
        named = {name: by_role[role] for name, role in {**EVERYWHERE, **scheme.names}.items() if role in by_role}
        table = {**own, **named, **fixed} if scheme is SCHEMES[0] else {**named, **fixed}
        if "recurrent" not in by_role:  # no vanilla cell: its own names
            table = {**named, **own, **fixed}
        found.append(Reading(scheme.title, table, frozenset(used - table.keys())))
    yield from sorted(found, key=lambda reading: len(reading.missing))
