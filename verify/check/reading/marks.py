"""Tokens with their places."""

from __future__ import annotations

from typing import cast

from lark import Token


class Mark(Token):
    """A token: ``type`` and text as in Lark, ``start_pos`` and ``end_pos`` in the source.

    ``font`` is that of a letter; ``side`` where a delimiter says it: left, right, big; ``spaced`` says that the author
    put a space before it (\\, and the like).
    """

    font: str
    side: str
    spaced: bool

    def __new__(  # Lark's own has the same shape
        cls, kind: str, text: str, start: int, end: int, font: str = "", side: str = "", spaced: bool = False
    ) -> Mark:
        mark = cast(Mark, super().__new__(cls, kind, text, start, end_pos=end))
        mark.font, mark.side, mark.spaced = font, side, spaced
        return mark

    @property
    def start(self) -> int:
        return int(self.start_pos or 0)

    @property
    def end(self) -> int:
        return int(self.end_pos or 0)

    def become(self, kind: str, text: str | None = None, **changed: str) -> Mark:
        """The same token as another kind."""
        font, side = changed.get("font", self.font), changed.get("side", self.side)
        return Mark(kind, str(self) if text is None else text, self.start, self.end, font, side, self.spaced)
