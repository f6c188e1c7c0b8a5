"""A sheet of characters to draw on."""

from __future__ import annotations


class Grid:
    """A rectangle of characters; what is drawn later covers what was there."""

    def __init__(self, width: int, height: int) -> None:
        self._rows = [[" "] * width for _ in range(height)]

    def put(self, x: int, y: int, shown: str) -> None:
        """Write text from (x, y) rightwards; what falls outside is dropped."""
        for offset in range(len(shown)):
            if 0 <= y < len(self._rows) and 0 <= x + offset < len(self._rows[y]):
                self._rows[y][x + offset] = shown[offset]

    def lines(self) -> list[str]:
        """The rows without trailing blanks."""
        return ["".join(row).rstrip() for row in self._rows]
