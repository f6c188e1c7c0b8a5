"""Running text cut into lines, for what cannot do it itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import groupby

from reports.document.inline import Inline, InlineLike, Part, as_inline
from reports.escaping.characters import is_cjk

Measure = Callable[[InlineLike], float]
_WORD = re.compile(r"[^ ]+ *| +")


def wrapped(inline: InlineLike, room: float, measure: Measure) -> tuple[Inline, ...]:
    """Lines, at least one, that are at most `room` wide, as `measure` has it.

    Words are parted at blanks, Chinese letters anywhere, and a word that is too long wherever it must be. A formula
    is one piece, however wide.
    """
    lines: list[Inline] = [()]
    for piece in _pieces(inline, room, measure):
        longer = _joined(lines[-1], piece)
        if lines[-1] and measure(_stripped(longer)) > room:
            lines.append((piece,))
        else:
            lines[-1] = longer
    return tuple(map(_stripped, lines))


def _pieces(inline: InlineLike, room: float, measure: Measure) -> Iterator[Part]:
    for part in as_inline(inline):
        if not isinstance(part, str):
            yield part
            continue
        for word in _WORD.findall(part):
            for chinese, run in groupby(word, is_cjk):
                shown = "".join(run)
                yield from shown if chinese or measure(shown.rstrip()) > room else (shown,)


def _joined(line: Inline, piece: Part) -> Inline:
    """Words that follow each other are one part."""
    if line and isinstance(line[-1], str) and isinstance(piece, str):
        return (*line[:-1], line[-1] + piece)
    return (*line, piece)


def _stripped(line: Inline) -> Inline:
    """Without the blanks at the end, where a line is cut."""
    return (*line[:-1], line[-1].rstrip(" ")) if line and isinstance(line[-1], str) else line
