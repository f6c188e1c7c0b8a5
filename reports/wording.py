"""How a model is called in running text."""

from __future__ import annotations

from derive.cell import Cell
from derive.model import Model
from reports.escaping.characters import is_cjk

_SHORT = 4
_NUMBERS = ("", "", "two", "three", "four", "five", "six")


def spoken_name(model: Model) -> str:
    """``tanh RNN``, ``two-layer LSTM encoder–decoder``, ``GRU with one loss, at the last step``."""
    cell, wiring = model.cell, model.wiring
    parts = [*_layered(cell.layers), _spoken_cell(cell), *(["encoder–decoder"] if wiring.before else [])]
    more = [
        *(["its output fed back"] if cell.plain is not None else []),
        *(["one loss, at the last step"] if wiring.single else []),
    ]
    return " ".join(parts) + (f" with {' and '.join(more)}" if more else "")


def _layered(count: int) -> list[str]:
    if count == 1:
        return []
    return [f"{_NUMBERS[count] if count < len(_NUMBERS) else count}-layer"]


def _spoken_cell(cell: Cell) -> str:
    """A short key is an abbreviation; of any other cell the title begins with its name, if every font can print it."""
    if len(cell.name) <= _SHORT:
        return f"{cell.variant} {cell.name.upper()}".strip()
    title = cell.title.partition(", ")[0]
    name = cell.name if not title or any(map(is_cjk, title)) else title
    return f"{name} ({cell.variant})" if cell.variant else name


def short_name(model: Model) -> str:
    """The names that it was asked for by, as far as they say something: ``lstm, 2 layers, seq2seq, bridge softmax``."""
    named = model.names
    parts = [
        str(named["cell"]),
        *([f"{named['layers']} layers"] if model.cell.layers > 1 else []),
        *(["output fed back"] if model.cell.plain is not None else []),
        str(named["wiring"]),
        *([f"bridge {named['bridge']}"] if model.bridge != "identity" else []),
    ]
    return ", ".join(parts)
