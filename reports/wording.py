"""How a model is called in running text."""

from __future__ import annotations

from derive.model import Model

_SHORT = 4


def spoken_name(model: Model) -> str:
    """``tanh RNN``, ``leaky network (relu)``: a short key is an abbreviation, a long one a word."""
    cell = model.cell
    if len(cell.name) < _SHORT:
        return f"{cell.variant} {cell.name.upper()}".strip()
    return f"{cell.name} network" + (f" ({cell.variant})" if cell.variant else "")
