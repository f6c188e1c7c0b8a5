"""A small valid cell file to break, and what reading a text gives."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from derive.cell import Cell
from derive.cellfile.reader import read_cell
from derive.errors import InputError

EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "cells").glob("*.toml"))

SMALL = '''name = "small"

[states]
h = "n"

[inputs]
x = "m"

[parameters]
W = ["n", "n"]
V = ["n", "m"]
b = "n"

[functions]
bend = "z / (1 + abs(z))"

[forward]
equations = """
z = W @ h[t-1] + V @ x + b
h = bend(z)
"""
'''
"""Line 15 holds the function, in column 9; lines 19 and 20 the equations."""


def read(text: str | bytes) -> Cell:
    """Raises InputError, whose place starts with the file's name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cell.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
        return read_cell(path)


def complaint(text: str | bytes) -> InputError:
    """The error that a broken file gives: on one line, with its place and a mend."""
    with pytest.raises(InputError) as caught:
        read(text)
    error = caught.value
    assert str(error).isprintable() and len(str(error)) < 1200
    assert error.what and error.mend and "cell.toml" in error.where
    return error


def place(error: InputError) -> str:
    """``20:5`` for line 20, column 5."""
    line, column = error.where.rpartition("cell.toml, ")[2].removeprefix("line ").split(", column ")
    return f"{line}:{column}"


def changed(old: str, new: str, text: str = SMALL) -> str:
    assert old in text
    return text.replace(old, new, 1)


def last_equation(equation: str) -> str:
    """The small file with another equation for h."""
    return changed("h = bend(z)", equation)


def function(formula: str) -> str:
    """The small file with another formula for its function."""
    return changed("z / (1 + abs(z))", formula)
