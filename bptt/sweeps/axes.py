"""The axes of a sweep.  A new axis is a new value in ``AXES``: what it is called, what it may be, and what it sets."""

from __future__ import annotations

from dataclasses import dataclass

Number = int | float


@dataclass(frozen=True)
class Kind:
    """What numbers an axis takes: ``whole`` ones only, and whether zero is among them."""

    title: str
    whole: bool
    zero: bool


POSITIVE_INT = Kind("a positive whole number", whole=True, zero=False)
NATURAL_INT = Kind("a whole number of at least 0", whole=True, zero=True)
POSITIVE_FLOAT = Kind("a positive number", whole=False, zero=False)
NATURAL_FLOAT = Kind("a number of at least 0", whole=False, zero=True)


@dataclass(frozen=True)
class Axis:
    """``sets`` is the option of ``verify.growth.drawing.network`` that the axis is the value of, and its column's name.

    ``default`` is the value where the axis is not swept (None: nothing is changed), ``most`` the largest value.
    Two axes of one ``group`` contradict each other.  With ``counted`` a lone number N means the N values 0 … N−1.
    """

    sets: str
    kind: Kind
    title: str
    unit: str
    default: Number | None
    most: Number
    group: str = ""
    counted: bool = False


AXES: dict[str, Axis] = {
    "hidden": Axis("hidden", POSITIVE_INT, "state size n", "units", 16, 10_000),
    "inputs": Axis("inputs", POSITIVE_INT, "input size m", "units", 2, 100_000),
    "drive": Axis("drive", NATURAL_FLOAT, "scale of inputs, biases and h_0", "1", 0.1, 1e100),
    "radius": Axis("radius", POSITIVE_FLOAT, "spectral radius of every recurrent matrix", "1", None, 1e100, "scale"),
    "gain": Axis("gain", POSITIVE_FLOAT, "factor on every recurrent matrix", "1", None, 1e100, "scale"),
    "steps": Axis("steps", POSITIVE_INT, "length T of the sequence", "steps", 100, 10_000_000),
    "seeds": Axis("seed", NATURAL_INT, "seed of the random numbers", "1", 0, 2**63 - 1, counted=True),
}  # fmt: skip
"""In the order of the grid: the last one changes fastest."""

SETTINGS: tuple[str, ...] = tuple(axis.sets for axis in AXES.values())
"""The names of the settings of a point, in the same order."""

EXAMPLE = "radius=0.5:1.5:0.05"
BY_SETTING: dict[str, Axis] = {axis.sets: axis for axis in AXES.values()}
