"""The grid of a sweep: the product of its axes, as points with stable keys.

A word is ``AXIS=VALUES``; VALUES are numbers and inclusive ranges LO:HI:STEP, separated by commas.  ``seeds=20`` means
the seeds 0 … 19.  The values of an axis are taken in ascending order, each once, and the axes in the order of ``AXES``,
the last one fastest, whatever the order of the words: that is the order of the table's rows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod

from bptt.sweeps.axes import AXES, BY_SETTING, EXAMPLE, SETTINGS, Axis, Number
from bptt.sweeps.items import MOST, amount, short, values
from derive.errors import InputError

_CLIPPED = 60


class Point(Mapping[str, Number | None]):
    """The settings of one measurement: all of ``SETTINGS``, of which those that change nothing are None."""

    __slots__ = ("_values",)

    def __init__(self, settings: Sequence[Number | None]) -> None:
        self._values = tuple(settings)

    def __getitem__(self, name: str) -> Number | None:
        if name not in BY_SETTING:
            raise KeyError(name)
        return self._values[SETTINGS.index(name)]

    def __iter__(self) -> Iterator[str]:
        return iter(SETTINGS)

    def __len__(self) -> int:
        return len(SETTINGS)

    def __hash__(self) -> int:
        return hash(self._values)

    def __reduce__(self) -> tuple[type[Point], tuple[tuple[Number | None, ...]]]:
        return Point, (self._values,)

    def __repr__(self) -> str:
        return f"Point({self.key})"

    @property
    def key(self) -> str:
        """The same text for the same settings, in every run: ``hidden=16 inputs=2 drive=1 radius=0.9 …``."""
        return " ".join(f"{name}={short(value)}" for name, value in self.items() if value is not None)


@dataclass(frozen=True)
class Grid:
    """``values`` holds those of every setting, in the order of ``SETTINGS``; ``words`` is what the user wrote."""

    values: Mapping[str, tuple[Number | None, ...]]
    words: tuple[str, ...] = ()

    def __len__(self) -> int:
        return prod(len(numbers) for numbers in self.values.values())

    def points(self) -> Iterator[Point]:
        return (Point(numbers) for numbers in product(*self.values.values()))

    @property
    def fixed(self) -> dict[str, Number | None]:
        """The settings that have one value."""
        return {name: numbers[0] for name, numbers in self.values.items() if len(numbers) == 1}

    @cached_property
    def digest(self) -> str:
        """A hash of all values: equal for words that mean the same."""
        plain = json.dumps({name: [short(number) for number in numbers] for name, numbers in self.values.items()})
        return hashlib.sha256(plain.encode()).hexdigest()


def grid(words: Sequence[str], fixed: Mapping[str, Number | None] | None = None) -> Grid:
    """The grid that words describe; ``fixed`` has settings that are not swept, and not what an axis has by default.

    Raises InputError for an axis that is unknown, given twice (as a word and in ``fixed``, too) or badly written.
    """
    found: dict[str, tuple[Number | None, ...]] = {}
    held = {name: value for name, value in (fixed or {}).items() if value != BY_SETTING[name].default}
    groups: dict[str, str] = {}
    for setting in held:
        _join(groups, BY_SETTING[setting], f"--{setting}", "--sweep")
    for word in words:
        name, axis, text = _split(word)
        where = _where(word)
        if axis.sets in found:
            raise InputError(f"the axis '{name}' is given twice", where, "write its values in one word, with commas")
        if axis.sets in held:
            raise InputError(f"'{name}' and --{axis.sets} are both given", where, f"leave --{axis.sets} out")
        _join(groups, axis, name, where)
        found[axis.sets] = values(axis, text, where)
    if not found:
        raise InputError("there is no axis to sweep", "--sweep", f"write {EXAMPLE}")
    whole = Grid(
        {axis.sets: found.get(axis.sets, (held.get(axis.sets, axis.default),)) for axis in AXES.values()}, tuple(words)
    )
    if len(whole) > MOST:
        sizes = " × ".join(f"{len(numbers)}" for numbers in whole.values.values() if len(numbers) > 1)
        raise InputError(
            f"there are {amount(len(whole))} points ({sizes})", "--sweep", f"at most {MOST:,}: take larger steps"
        )
    return whole


def _join(groups: dict[str, str], axis: Axis, name: str, where: str) -> None:
    """Raises InputError where another axis of the same group is there."""
    other = groups.get(axis.group)
    if other:
        raise InputError(f"'{name}' and '{other}' contradict each other", where, f"leave {name} or {other} out")
    if axis.group:
        groups[axis.group] = name


def _split(word: str) -> tuple[str, Axis, str]:
    name, equals, text = word.partition("=")
    name = name.strip()
    if not equals:
        raise InputError("there is no '='", _where(word), f"write AXIS=VALUES, such as {EXAMPLE}")
    if name not in AXES:
        known = ", ".join(AXES)
        raise InputError(f"there is no axis '{name[:_CLIPPED]}'", _where(word), f"choose one of: {known}")
    if not text.strip():
        raise InputError(f"the axis '{name}' has no values", _where(word), f"write AXIS=VALUES, such as {EXAMPLE}")
    return name, AXES[name], text


def _where(word: str) -> str:
    """The place of a complaint: the word, clipped."""
    return f"--sweep {word if len(word) <= _CLIPPED else word[: _CLIPPED - 1] + '…'}"
