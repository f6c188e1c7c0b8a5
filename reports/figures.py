"""Charts as files of their own: the same drawing as in a document, and the same bytes whenever it is the same chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from derive.errors import InputError
from reports.document.blocks import Block
from reports.document.figures import CHARTS, Chart
from reports.output import check_place, write_file

_DPI = 200.0


def figure_svg(block: Block) -> bytes:
    """A chart as SVG, 150 mm wide. Raises TypeError for any other block."""
    from reports.drawing.painting import painted

    return painted(_chart(block), "svg")


def figure_png(block: Block, dpi: float = _DPI) -> bytes:
    """A chart as PNG with `dpi` pixels an inch. Raises TypeError for any other block."""
    from reports.drawing.painting import painted

    return painted(_chart(block), "png", dpi)


def _chart(block: Block) -> Chart:
    if not isinstance(block, CHARTS):
        kinds = ", ".join(kind.__name__ for kind in CHARTS)
        raise TypeError(f"{type(block).__name__} is not a chart; there are {kinds}")
    return block


FORMATS: dict[str, Callable[[Block], bytes]] = {"svg": figure_svg, "png": figure_png}


def write_figures(
    blocks: Mapping[str, Block], folder: Path, formats: Sequence[str] = ("svg", "png")
) -> tuple[Path, ...]:
    """Write `<name>.<format>` for each chart into the folder, which is made if it is not there; returns the paths.

    Nothing is written before all charts are drawn. Raises InputError for a format that there is not, a name that
    is no plain file name, and a folder that cannot be made or written to.
    """
    for name in formats:
        if name not in FORMATS:
            raise InputError(f"no figure has the format '{name}'", "figures", f"use one of: {', '.join(FORMATS)}")
    for name in blocks:
        if not name or name != Path(name).name:
            raise InputError(f"'{name}' is not a file name", "figures", "use letters, digits and hyphens")
    drawn = {folder / f"{name}.{f}": FORMATS[f](block) for name, block in blocks.items() for f in formats}
    _make(folder)
    for path in drawn:
        check_place(path)
    for path, data in drawn.items():
        write_file(path, data)
    return tuple(drawn)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise InputError("is a file, expected a folder", str(folder), "choose another folder") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"the folder cannot be made: {reason}", str(folder), "choose another folder") from error
