"""A sheet of Braille dots, two across and four down in each character, for curves much finer than letters."""

from __future__ import annotations

from dataclasses import dataclass

_FIRST = 0x2800  # the character without a dot
_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))  # of the left and of the right column, downwards
ACROSS, DOWN = 2, 4


@dataclass(frozen=True)
class Cell:
    """A character, and which ink it has; None is that of the text."""

    char: str = " "
    ink: int | None = None


class Dots:
    """Dots by (x, y) from the top left corner; a character has the ink of its latest dot."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._bits = [[0] * width for _ in range(height)]
        self._inks: list[list[int | None]] = [[None] * width for _ in range(height)]

    def put(self, x: int, y: int, ink: int) -> None:
        """One dot; what falls outside is dropped."""
        column, row = x // ACROSS, y // DOWN
        if 0 <= row < self.height and 0 <= column < self.width:
            self._bits[row][column] |= _BITS[x % ACROSS][y % DOWN]
            self._inks[row][column] = ink

    def line(self, start: tuple[int, int], end: tuple[int, int], ink: int, on: int = 1, off: int = 0) -> None:
        """Dots from start to end, `on` of them and then `off` blanks, counted along the axis that is longer."""
        (x0, y0), (x1, y1) = start, end
        length = max(abs(x1 - x0), abs(y1 - y0))
        upright = abs(y1 - y0) > abs(x1 - x0)
        for n in range(length + 1):
            share = n / length if length else 0.0
            x, y = round(x0 + (x1 - x0) * share), round(y0 + (y1 - y0) * share)
            if (y if upright else x) % (on + off) < on:
                self.put(x, y, ink)

    def cells(self) -> list[list[Cell]]:
        """The characters, row by row; without a dot it is a blank."""
        return [
            [Cell(chr(_FIRST + bits), ink) if bits else Cell() for bits, ink in zip(*row, strict=True)]
            for row in zip(self._bits, self._inks, strict=True)
        ]
