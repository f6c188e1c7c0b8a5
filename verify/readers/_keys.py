"""Which key of a weight file is which parameter; a key too many, too few or in doubt is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from derive.arithmetic import Array
from derive.errors import InputError
from verify.readers._checks import shown, where
from verify.readers._dimensions import shape_text
from verify.state_dict import ALONE, READOUT, Slot

LAYER = re.compile(r"_l(\d+)(_reverse)?$")
Assumed = Mapping[Slot, str]
"""Slots that a file may leave out, with what is then said."""


def match(
    slots: Sequence[Slot], arrays: Mapping[str, Array], path: Path, optional: Assumed
) -> tuple[dict[Slot, str], tuple[str, ...]]:
    """The key of each slot, and what was assumed of those without one.  Raises InputError for any doubt."""
    found = {slot: [key for key in arrays if slot.fits(key)] for slot in slots}
    _refuse_extra([key for key in arrays if not any(slot.fits(key) for slot in slots)], slots, path)
    notes = []
    for slot, keys in found.items():
        if len(keys) > 1:
            raise InputError(f"{_names(keys)} could each be '{_called(slot)}'", where(path), "keep one of them")
        if keys:
            continue
        bias = f"no '{slot.name}' in the {slot.module} (bias=False): taken as zeros"
        said = bias if _bias_free(slot, found) else optional.get(slot)
        if said is None:
            raise InputError(
                f"has no '{_called(slot)}', shape {shape_text(slot.shape)}; it has {_names(arrays)}",
                where(path), _mend(slots, arrays),
            )  # fmt: skip
        notes.append(said)
    return {slot: keys[0] for slot, keys in found.items() if keys}, tuple(notes)


def _refuse_extra(extra: list[str], slots: Sequence[Slot], path: Path) -> None:
    backward = [key for key in extra if key.endswith("_reverse")]
    if backward:
        raise InputError(
            f"{_names(backward)} belong(s) to a second direction, expected one direction",
            where(path), "train with bidirectional=False",
        )  # fmt: skip
    layers = _layers(slot.name for slot in slots)
    later = [key for key in extra if _layers([key]) > layers > 0]
    if later:
        raise InputError(
            f"{_names(later)} belong(s) to a later layer, expected {layers} layer(s)",
            where(path), f"use --layers {_layers(later)}",
        )  # fmt: skip
    if extra:
        named = any(slot.module not in (ALONE, READOUT) for slot in slots)
        raise InputError(
            f"{_names(extra)} is no parameter of the model, which has {_names(map(_called, slots))}",
            where(path), "begin keys with encoder. or decoder." if named else "drop the key(s), or choose another cell",
        )  # fmt: skip


def _called(slot: Slot) -> str:
    """A name as the key ends; the module in front of it is the file's business, unless there are two recurrences."""
    return slot.name if slot.module in (ALONE, READOUT) else slot.label


def _layers(names: Iterable[str]) -> int:
    """How many layers such names are of; 0 for names that are not PyTorch's."""
    numbers = (LAYER.search(name) for name in names)
    return max((int(found[1][:6]) + 1 for found in numbers if found), default=0)


def _mend(slots: Sequence[Slot], arrays: Mapping[str, Array]) -> str:
    """What may help who lacks a key."""
    layers = _layers(arrays)
    if 0 < layers < _layers(slot.name for slot in slots):
        return f"use --layers {layers}"
    return "save the state_dict of the recurrent layer(s) and of the linear readout"


def _bias_free(slot: Slot, found: Mapping[Slot, list[str]]) -> bool:
    """A layer made with bias=False has none of its biases; one alone is a lost key."""
    return slot.name.startswith("bias") and not any(
        keys for other, keys in found.items() if other.module == slot.module and other.name.startswith("bias")
    )


def _names(keys: Iterable[str]) -> str:
    return ", ".join(f"'{shown(key)}'" for key in keys)
