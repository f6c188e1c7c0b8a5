"""Write yearly.csv and input.csv from the copy of the sunspot series in statsmodels:  python prepare.py"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent


def scaled(number: np.ndarray) -> np.ndarray:
    """x = (√number − 6) / 10: the root evens out a noise that grows with the number; then x is within ±1."""
    x: np.ndarray = (np.sqrt(number) - 6) / 10
    return x


def unscaled(x: np.ndarray) -> np.ndarray:
    """The sunspot number: (10 x + 6)², and 0 where 10 x + 6 is below 0."""
    number: np.ndarray = np.maximum(10 * x + 6, 0) ** 2
    return number


def write(path: Path, header: list[str], rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def main(folder: Path = HERE) -> None:
    """Needs statsmodels: pip install statsmodels"""
    from statsmodels.datasets import sunspots

    data = sunspots.load_pandas().data
    years, numbers = data["YEAR"].to_numpy().astype(int), data["SUNACTIVITY"].to_numpy()
    write(
        folder / "yearly.csv",
        ["year", "value"],
        ([f"{y}", f"{v:g}"] for y, v in zip(years, numbers, strict=True)),
    )
    write(folder / "input.csv", ["x"], ([f"{x:.9f}"] for x in scaled(numbers)))
    print(f"{len(years)} years, {years[0]}–{years[-1]}, into {folder}")


if __name__ == "__main__":
    main()
