"""Panels of weights in a terminal: a character or a few for each term, side by side where the width allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reports.document.inline import InlineLike, as_inline
from reports.document.panels import Panel, every_weight, is_one, weight_text
from reports.document.ticks import spread
from reports.document.triangle_sheet import columns
from reports.document.triangles import CUT_NAME, KEY_NAME, Triangles, has_cuts
from reports.document.wrapping import wrapped
from reports.writers.text_inline import TextInline, cells, fill, pad

_NOTHING, _SHADES, _WHOLE, _MANY = "·", "░▒▓", "█", "+"
_HEAD = "late step t (rows) over early step i (columns)"
_GAP = 3
Shown = Callable[[float], str]
Level = tuple[Shown, str]


def text_triangles(triangles: Triangles, inline: TextInline, width: int) -> list[str]:
    """What the axes are, the panels, and what the signs mean."""
    panels = triangles.panels
    across, shown, words = _choice(panels, width)
    cell = _cell(panels, shown)
    titles = [inline(panel.title).replace("\u00a0", " ") for panel in panels]
    room = (width - _GAP * (across - 1)) // across
    wide = max(_width(panels, cell), min(room, max(map(cells, titles))))
    blocks = [
        [pad(line, wide) for line in [*_title(title, wide), *_grid(panel, shown, cell)]]
        for panel, title in zip(panels, titles, strict=True)
    ]
    rows = [_beside(blocks[start : start + across], wide) for start in range(0, len(blocks), across)]
    body = [line for row in rows for line in ("", *row)]
    return [*fill(_HEAD, width), *body, "", *fill(_key(triangles, words), width)]


def _digits(count: int) -> Shown:
    return lambda weight: weight_text(weight, count)


def _rounded(weight: float) -> str:
    return f"{weight:.0f}" if weight > 1 else _SHADES[int(len(_SHADES) * weight)]


def _one_sign(weight: float) -> str:
    return _MANY if weight >= 9.5 else _rounded(weight)


_ROUNDED = f"{_SHADES} between   numbers: more, rounded"
_PRECISE: tuple[Level, ...] = (
    (_digits(3), "numbers: other weights"),
    (_digits(2), "numbers: other weights, to two digits"),
)
_ROUGH: tuple[Level, ...] = ((_rounded, _ROUNDED), (_one_sign, f"{_ROUNDED}   {_MANY} more than 9"))


def _choice(panels: Sequence[Panel], width: int) -> tuple[int, Shown, str]:
    """As many panels beside each other as fit, two or more with digits before three that are rounded."""
    most = columns(len(panels))
    for levels, least in ((_PRECISE, min(most, 2)), (_ROUGH, 1)):
        for across in range(most, least - 1, -1):
            for shown, words in levels:
                if across * (_width(panels, _cell(panels, shown)) + _GAP) - _GAP <= width:
                    return across, shown, words
    return 1, *_ROUGH[-1]


def _sign(weight: float, shown: Shown) -> str:
    return _NOTHING if weight == 0 else _WHOLE if is_one(weight) else shown(weight)


def _cell(panels: Sequence[Panel], shown: Shown) -> int:
    return max(len(_sign(weight, shown)) for weight in every_weight(panels))


def _left(steps: int) -> int:
    return len(str(steps)) + 1


def _width(panels: Sequence[Panel], cell: int) -> int:
    return max(_left(panel.steps) + panel.steps * (cell + 1) for panel in panels)


def _title(title: str, wide: int) -> list[str]:
    return [_words(line) for line in wrapped(title, wide, lambda line: cells(_words(line)))]


def _words(line: InlineLike) -> str:
    return "".join(map(str, as_inline(line)))


def _grid(panel: Panel, shown: Shown, cell: int) -> list[str]:
    """The rows with a stepped line where the state is detached, and the numbers of the early steps."""
    left = _left(panel.steps)
    lines = []
    for t, row in enumerate(panel.weights, start=1):
        border = max((cut for cut in panel.cuts if cut < t), default=0)
        signs = [pad(_sign(weight, shown), cell, "right") for weight in row]
        bars = ["│" if border and i == border else " " for i in range(t)]
        body = "".join(bar + sign for bar, sign in zip(bars, signs, strict=True))
        lines.append(pad(str(t), left - 1, "right") + " " + body)
        if t in panel.cuts:
            corner = "└" if border else "─"
            level = " " * border * (cell + 1) + corner + "─" * ((t - border) * (cell + 1) - 1) + "┐"
            lines.append(" " * left + level)
    most = panel.steps * (cell + 1) // left
    named = {n + 1 for n in spread(tuple(range(1, panel.steps + 1)), most)}
    foot = (pad(str(i) if i in named else "", cell + 1, "right") for i in range(1, panel.steps + 1))
    return [*lines, " " * left + "".join(foot)]


def _beside(blocks: Sequence[Sequence[str]], wide: int) -> list[str]:
    """Blocks that end on one line."""
    height = max(map(len, blocks))
    padded = [[" " * wide] * (height - len(block)) + list(block) for block in blocks]
    return [(" " * _GAP).join(pieces).rstrip() for pieces in zip(*padded, strict=True)]


def _key(triangles: Triangles, words: str) -> str:
    every = every_weight(triangles.panels)
    parts = [f"{KEY_NAME}  {_NOTHING} 0   {_WHOLE} 1".replace(" ", "\u00a0")]
    parts += (
        [words.replace(" ", "\u00a0").replace("\u00a0" * 3, " " * 3)]
        if any(weight_text(weight) for weight in every)
        else []
    )
    parts += [f"─┐ {CUT_NAME}".replace(" ", "\u00a0")] if has_cuts(triangles) else []
    return "   ".join(parts)
