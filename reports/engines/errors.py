"""What goes wrong while making a PDF."""

from __future__ import annotations


class EngineError(RuntimeError):
    """A PDF could not be made; the message says why in a line or two."""
